export type FormatFacts = { id: string; name: string; files: string; evidence: 'confirmed' | 'inferred'; steps: number };
export const FORMATS: readonly FormatFacts[] = [{ id: 'disqus', name: 'Disqus', files: '.xml, .xml.gz', evidence: 'confirmed', steps: 4 }];
