export function messageTypes(): string;
