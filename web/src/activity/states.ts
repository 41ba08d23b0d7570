import type { Import } from '../generated/Import';
import type { ImportState } from '../generated/ImportState';

/** How a state looks: never by colour alone, so each has an icon and a word too. */
export type Look =
  | 'receiving'
  | 'queued'
  | 'running'
  | 'succeeded'
  | 'skips'
  | 'failed'
  | 'cancelled'
  | 'expired';

export function isFinal(state: ImportState): boolean {
  return state !== 'receiving' && state !== 'queued' && state !== 'running';
}

/** Records that did not go in, by the reader's doing or the server's. */
export function skippedComments({ seen, result }: Import): number {
  const leftOut = Object.values(seen.skipped_by_reason).reduce((sum, count) => sum + count, 0);
  return leftOut + result.comments.rejected;
}

/** Skipped records make "succeeded, N skipped", never a plain success. */
export function lookOf(one: Import): Look {
  if (one.state === 'succeeded' && skippedComments(one) > 0) return 'skips';
  return one.state;
}
