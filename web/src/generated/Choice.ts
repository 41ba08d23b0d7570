import type { ChoiceValue } from "./ChoiceValue";
export type Choice = { option: string, values: Array<ChoiceValue>, is_needed: boolean, };
