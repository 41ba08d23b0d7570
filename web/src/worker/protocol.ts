/**
 * The messages between the page and the worker that reads and sends an export.
 *
 * A worker serves one file: `open` once, then `send`, which may be asked again
 * only where it failed with `import_differs`. A new file, a cancelled one and a
 * crash each take a fresh worker.
 */
import type { Detection } from '../generated/Detection';
import type { Import } from '../generated/Import';
import type { Preview } from '../generated/Preview';
import type { ReadProgress } from '../generated/ReadProgress';
import type { Samples } from '../generated/Samples';
import type { SendProgress } from '../generated/SendProgress';
import type { WorkerProblem } from '../generated/WorkerProblem';

export type ToWorker =
  | { type: 'open'; file: File }
  /**
   * `incomplete`: what could be read of a broken file is sent all the same.
   * `replace`: the unfinished import that a new one takes the place of; without
   * it, the unfinished import of the same file is gone on with.
   */
  | { type: 'send'; siteId: number; incomplete: boolean; replace: string | null }
  /** Ends the wait for the next try. */
  | { type: 'try-now' }
  | { type: 'cancel' };

export type FromWorker =
  /** What the file is. Comes first; an unknown file is followed by `failed`. */
  | { type: 'detected'; detection: Detection }
  /** At most ten times a second. */
  | { type: 'reading'; progress: ReadProgress }
  /** The numbers. `preview.error` is set where the file cannot be read to its end. */
  | { type: 'preview'; preview: Preview }
  /** Sample threads and biggest pages, a second pass later. */
  | { type: 'samples'; samples: Samples }
  /** The server made the import; its id is known from here on. */
  | { type: 'created'; import: Import }
  /** At most ten times a second. */
  | { type: 'sending'; progress: SendProgress }
  /** Everything is sent and submitted; the server goes on by itself. */
  | { type: 'sent'; import: Import }
  /** The answer to `cancel`. Nothing of this worker goes on. */
  | { type: 'cancelled' }
  /** Stopped by a problem that has a name. */
  | { type: 'failed'; stage: 'reading' | 'sending'; problem: WorkerProblem }
  /** A bug of ours: the worker is of no use any more. */
  | { type: 'crashed'; message: string };
