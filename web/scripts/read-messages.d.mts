export function readLocale(language: string): string;
export function messagesOf(source: string): Map<string, Set<string>>;
