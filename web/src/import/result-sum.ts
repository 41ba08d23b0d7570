import type { Import } from '../generated/Import';

/** What became of every comment in the file. */
export type ResultSum = {
  inFile: number;
  /** Comments of which the file says that the source no longer has them. */
  removed: number;
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: number;
  leftOut: number;
  /** Nothing is lost and nothing is counted twice. */
  addsUp: boolean;
};

/**
 * The sum under an import: `in file + removed = new + changed + same + rejected + left out`.
 *
 * The left side is what the reader counted in the browser, the right side what
 * the server did, so a comment that is lost in between shows.
 */
export function resultSum({ seen, received, result }: Import): ResultSum {
  const { inserted, updated, unchanged, rejected } = result.comments;
  const leftOut = Object.values(seen.skipped_by_reason).reduce((sum, count) => sum + count, 0);
  const applied = inserted + updated + unchanged + rejected;
  return {
    inFile: seen.comments,
    removed: received.removed,
    inserted,
    updated,
    unchanged,
    rejected,
    leftOut,
    addsUp:
      seen.comments + received.removed === applied + leftOut &&
      seen.comments === seen.kept + leftOut &&
      received.comments + received.removed === applied,
  };
}
