import { expect, it } from 'vitest';
import type { UndoPage } from '../../generated/UndoPage';
import { barsOf } from './bars';

const page = (deleted: number, restored: number): UndoPage => ({
  page: { id: 1, url: null, title: null },
  deleted,
  restored,
});

it('measures every page by the most affected one', () => {
  expect(barsOf([page(30, 10), page(10, 0), page(0, 20)])).toEqual([
    { deleted: 75, restored: 25 },
    { deleted: 25, restored: 0 },
    { deleted: 0, restored: 50 },
  ]);
});

it('shows one of a hundred thousand, and never more than there is room for', () => {
  const [big, small] = barsOf([page(100_000, 1), page(1, 0)]);
  expect(small).toEqual({ deleted: 1, restored: 0 });
  expect((big?.deleted ?? 0) + (big?.restored ?? 0)).toBeLessThanOrEqual(100);
});

it('has nothing to say of no page, and does not divide by nothing', () => {
  expect(barsOf([])).toEqual([]);
  expect(barsOf([page(0, 0)])).toEqual([{ deleted: 0, restored: 0 }]);
});
