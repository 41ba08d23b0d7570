import { expect, it } from 'vitest';
import { groupMonths, MAX_MONTH_BARS } from './group-months';

function months(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    month: `${2010 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
    comments: index,
  }));
}

it('keeps months while they can be told apart', () => {
  const { unit, bars, most } = groupMonths(months(MAX_MONTH_BARS));
  expect(unit).toBe('month');
  expect(bars).toHaveLength(MAX_MONTH_BARS);
  expect(bars[13]).toEqual({ period: '2011-02', comments: 13 });
  expect(most).toBe(59);
});

it('adds up years when there are more, and loses nothing', () => {
  const given = months(MAX_MONTH_BARS + 3);
  const { unit, bars } = groupMonths(given);
  expect(unit).toBe('year');
  expect(bars.map((bar) => bar.period)).toEqual(['2010', '2011', '2012', '2013', '2014', '2015']);
  expect(bars.reduce((sum, bar) => sum + bar.comments, 0)).toBe(
    given.reduce((sum, month) => sum + month.comments, 0),
  );
});

it('has nothing to show for nothing', () => {
  expect(groupMonths([])).toEqual({ unit: 'month', bars: [], most: 0 });
});
