/**
 * The parts of the WebAssembly module, each loaded when it is first needed:
 * nobody waits for the readers of other vendors.
 */

import type { WorkerProblem } from '../generated/WorkerProblem';
import jsonUrl from '../wasm/pkg/json/rehome_wasm_bg.wasm?url';
import sendUrl from '../wasm/pkg/send/rehome_wasm_bg.wasm?url';
import tablesUrl from '../wasm/pkg/tables/rehome_wasm_bg.wasm?url';
import xmlUrl from '../wasm/pkg/xml/rehome_wasm_bg.wasm?url';
import type { Readers } from './recognise';

type Started = { default: (options: { module_or_path: string }) => Promise<unknown> };

/** Starts a part; one that is loaded already is taken. */
function once<Part extends Started>(load: () => Promise<Part>, url: string) {
  let started: Promise<Part> | undefined;
  return (): Promise<Part> => {
    started ??= load()
      .then(async (part) => {
        await part.default({ module_or_path: url });
        return part;
      })
      .catch(() => {
        // The next try loads it anew.
        started = undefined;
        throw notLoaded;
      });
    return started;
  };
}

const notLoaded: WorkerProblem = {
  code: 'part_not_loaded',
  message: 'A part of this page could not be loaded. Check your connection and try again.',
  file: null,
  status: null,
  import: null,
  differs: [],
  origin: null,
};

/** Those that read exports, in the order in which they are asked what a file is. */
export const readers = {
  xml: once(() => import('../wasm/pkg/xml/rehome_wasm'), xmlUrl),
  json: once(() => import('../wasm/pkg/json/rehome_wasm'), jsonUrl),
  tables: once(() => import('../wasm/pkg/tables/rehome_wasm'), tablesUrl),
} satisfies Readers;

/** The one that sends. */
export const sending = once(() => import('../wasm/pkg/send/rehome_wasm'), sendUrl);
