// Made from the list of formats by `cargo xtask generate`. Do not edit.

/** What is known of a format without a file. */
export type FormatFacts = {
  id: string;
  name: string;
  /** What its files are called. */
  files: string;
  /** Whether real files were seen. */
  evidence: 'confirmed' | 'inferred';
  /** Steps to get the export: messages `format-<id>-step-<number>`, from 1. */
  steps: number;
};

export const FORMATS: readonly FormatFacts[] = [
  {"evidence":"confirmed","files":".xml, .xml.gz","id":"disqus","name":"Disqus","steps":4},
  {"evidence":"confirmed","files":".xml","id":"disqus-import-wxr","name":"File for an import into Disqus","steps":2},
  {"evidence":"confirmed","files":".xml, .zip","id":"wordpress-wxr","name":"WordPress","steps":4},
];
