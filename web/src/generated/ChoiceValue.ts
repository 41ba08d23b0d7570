export type ChoiceValue = { value: string, comments: number | null, };
