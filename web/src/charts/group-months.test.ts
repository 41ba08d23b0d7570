import { expect, it } from 'vitest';
import { groupMonths, MAX_BARS } from './group-months';

function months(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    month: `${2010 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
    comments: index,
  }));
}

it('keeps months while they can be told apart', () => {
  const { unit, bars, most } = groupMonths(months(MAX_BARS));
  expect(unit).toBe('month');
  expect(bars).toHaveLength(MAX_BARS);
  expect(bars[13]).toEqual({ period: '2011-02', comments: 13 });
  expect(most).toBe(59);
});

it('adds up years when there are more, and loses nothing', () => {
  const given = months(MAX_BARS + 3);
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

it('shows months without comments as gaps', () => {
  const { bars } = groupMonths([
    { month: '2019-11', comments: 2 },
    { month: '2020-02', comments: 1 },
  ]);
  expect(bars.map(({ period, comments }) => [period, comments])).toEqual([
    ['2019-11', 2],
    ['2019-12', 0],
    ['2020-01', 0],
    ['2020-02', 1],
  ]);
});

it('is not stretched by a date that is far off', () => {
  const { unit, bars } = groupMonths([
    { month: '0001-01', comments: 1 },
    { month: '2020-01', comments: 1 },
    { month: '2020-02', comments: 1 },
  ]);
  expect(unit).toBe('year');
  expect(bars.map(({ period, comments }) => [period, comments])).toEqual([
    ['0001', 1],
    ['2020', 2],
  ]);
});
