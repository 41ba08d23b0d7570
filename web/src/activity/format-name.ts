/** Vendors write their names their own way; an unknown format shows its id. */
const NAMES: Record<string, string> = { disqus: 'Disqus' };

export function formatName(format: string): string {
  return NAMES[format] ?? format;
}
