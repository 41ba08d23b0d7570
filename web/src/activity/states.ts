import type { Import } from '../generated/Import';
import type { ImportState } from '../generated/ImportState';

/** How a state looks: never by colour alone, so each has an icon and a word too. */
export type Look =
  | 'receiving'
  | 'queued'
  | 'running'
  | 'succeeded'
  | 'skips'
  | 'incomplete'
  | 'failed'
  | 'cancelled'
  | 'expired'
  | 'undoing'
  | 'undone';

export function isFinal(state: ImportState): boolean {
  return state !== 'receiving' && state !== 'queued' && state !== 'running';
}

/** It is being taken back, or waits for it. */
export function isUndoing({ undoing }: Import): boolean {
  return undoing?.state === 'queued' || undoing?.state === 'running';
}

/** The server has something left to do with it, or its sender has. */
export function isUnderWay(one: Import): boolean {
  return !isFinal(one.state) || isUndoing(one);
}

/** Records that did not go in, by the reader's doing or the server's. */
export function skippedComments({ seen, result }: Import): number {
  const leftOut = Object.values(seen.skipped_by_reason).reduce((sum, count) => sum + count, 0);
  return leftOut + result.comments.rejected;
}

/** What was sent is a part: the file stopped before its end, and the person took what there was. */
export function isIncomplete({ seen }: Import): boolean {
  return seen.complete === 'no';
}

/** Skipped records make "succeeded, N skipped", never a plain success; nor is a part of a file one. */
export function lookOf(one: Import): Look {
  if (isUndoing(one)) return 'undoing';
  if (one.state !== 'succeeded') return one.state;
  if (skippedComments(one) > 0) return 'skips';
  if (isIncomplete(one)) return 'incomplete';
  return one.state;
}

/** Comments that it wrote, as far as it went. */
export function written({ result }: Import): number {
  return result.comments.inserted + result.comments.updated;
}

/** It wrote something, and what was there before is not kept any more. */
export function isPastUndo(one: Import): boolean {
  return (
    isFinal(one.state) &&
    one.state !== 'undone' &&
    !one.can_undo &&
    one.undoing === null &&
    written(one) > 0
  );
}
