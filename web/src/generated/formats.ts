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
  /** The part of the module that reads it. */
  part: 'json' | 'tables' | 'xml';
};

export const FORMATS: readonly FormatFacts[] = [
  {"evidence":"confirmed","files":".json.gz, .json","id":"commento","name":"Commento, Commento++ and Comentario","part":"json","steps":4},
  {"evidence":"inferred","files":".json, .csv, .gz","id":"cusdis","name":"Cusdis","part":"tables","steps":3},
  {"evidence":"confirmed","files":".xml, .xml.gz","id":"disqus","name":"Disqus","part":"xml","steps":4},
  {"evidence":"confirmed","files":".xml","id":"disqus-import-wxr","name":"File for an import into Disqus","part":"xml","steps":2},
  {"evidence":"inferred","files":".csv, .csv.gz","id":"fastcomments-csv","name":"FastComments (CSV)","part":"tables","steps":3},
  {"evidence":"confirmed","files":".json","id":"hyvor-talk","name":"Hyvor Talk","part":"json","steps":3},
  {"evidence":"inferred","files":".xml, .xml.gz","id":"intensedebate","name":"IntenseDebate","part":"xml","steps":4},
  {"evidence":"inferred","files":".json, .jsonl, .csv, .gz","id":"just-comments","name":"Just-Comments","part":"tables","steps":2},
  {"evidence":"inferred","files":".json, .json.gz","id":"muut","name":"Muut","part":"tables","steps":3},
  {"evidence":"confirmed","files":".ndjson, .ndjson.gz","id":"rehome-ndjson","name":"Rehome (normalized NDJSON)","part":"json","steps":2},
  {"evidence":"confirmed","files":".xml, .zip","id":"wordpress-wxr","name":"WordPress","part":"xml","steps":4},
];
