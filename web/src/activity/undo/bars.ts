import type { UndoPage } from '../../generated/UndoPage';

/** How long the two parts of a page's bar are, in percent of the longest bar. */
export type Bar = { deleted: number; restored: number };

/** Bars for pages, the longest of them whole. What is there at all can be seen. */
export function barsOf(pages: readonly UndoPage[]): Bar[] {
  const longest = Math.max(1, ...pages.map(({ deleted, restored }) => deleted + restored));
  const part = (count: number) => (count === 0 ? 0 : Math.max(1, (count / longest) * 100));
  return pages.map(({ deleted, restored }) => {
    const first = part(deleted);
    return { deleted: first, restored: Math.min(part(restored), 100 - first) };
  });
}
