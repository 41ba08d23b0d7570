/**
 * The messages between the page and the worker that reads and sends an export.
 *
 * A worker serves one export, of one file or several: `open` once, then `send`,
 * which may be asked again only where it failed with `import_differs`, and is
 * gone on with by `answer` where it failed with `same_blog`. Other
 * files, the same ones read in another way, a cancelled reading and a crash each
 * take a fresh worker.
 */
import type { Detection } from '../generated/Detection';
import type { Import } from '../generated/Import';
import type { Preview } from '../generated/Preview';
import type { ReadProgress } from '../generated/ReadProgress';
import type { Samples } from '../generated/Samples';
import type { SendProgress } from '../generated/SendProgress';
import type { WorkerProblem } from '../generated/WorkerProblem';

/** Name of a file, and an offset in its text. */
export type Place = [file: string, byte: number];

export type ToWorker =
  /**
   * `format`: what the person says it is; without it, what is detected counts.
   * `options`: what they decided about the reading, by name.
   */
  | { type: 'open'; files: File[]; format: string | null; options: Record<string, string> }
  /**
   * `incomplete`: what could be read of a broken file is sent all the same.
   * `private`: so is what was never public.
   * `replace`: the unfinished import that a new one takes the place of; without
   * it, the unfinished import of the same file is gone on with.
   */
  | {
      type: 'send';
      siteId: number;
      incomplete: boolean;
      private: boolean;
      replace: string | null;
    }
  /**
   * Instead of `open`: makes a sample of one file without what people wrote.
   * `places` are shown beside the file's start; the first tells which file.
   */
  | { type: 'redact'; files: File[]; format: string | null; places: Place[] }
  /** After `failed` with `same_blog`: the known origin where it is the same blog, '' where it is another. */
  | { type: 'answer'; sameOrigin: string }
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
  /** The redacted sample. */
  | { type: 'redacted'; name: string; text: Uint8Array<ArrayBuffer> }
  /** The answer to `cancel`. Nothing of this worker goes on. */
  | { type: 'cancelled' }
  /** Stopped by a problem that has a name. */
  | { type: 'failed'; stage: 'reading' | 'sending'; problem: WorkerProblem }
  /** A bug of ours: the worker is of no use any more. */
  | { type: 'crashed'; message: string };
