import { expect, it } from 'vitest';
import { timeShifts } from './time-shifts';

it('reads the hours, the most comments first', () => {
  expect(timeShifts({ '+4': 59, '+5': 120, '-5.5': 1 })).toEqual([
    { hours: 5, count: 120 },
    { hours: 4, count: 59 },
    { hours: -5.5, count: 1 },
  ]);
});

it('passes over what is no shift', () => {
  expect(timeShifts({ '+0': 3, later: 2, '+1': 0 })).toEqual([]);
  expect(timeShifts({})).toEqual([]);
});
