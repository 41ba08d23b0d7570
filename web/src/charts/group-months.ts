import type { MonthCount } from '../generated/MonthCount';

/** More bars than this cannot be told apart on a phone. */
export const MAX_MONTH_BARS = 60;

export type Bar = {
  /** `2017-03` for a month, `2017` for a year. */
  period: string;
  comments: number;
};

export type Bars = { unit: 'month' | 'year'; bars: Bar[]; most: number };

/** Bars without gaps: per month, or per year where months would be too many. */
export function groupMonths(months: readonly MonthCount[]): Bars {
  if (months.length <= MAX_MONTH_BARS) {
    return withMost(
      'month',
      months.map(({ month, comments }) => ({ period: month, comments })),
    );
  }
  const years = new Map<string, number>();
  for (const { month, comments } of months) {
    const year = month.slice(0, 4);
    years.set(year, (years.get(year) ?? 0) + comments);
  }
  return withMost(
    'year',
    [...years].map(([period, comments]) => ({ period, comments })),
  );
}

function withMost(unit: Bars['unit'], bars: Bar[]): Bars {
  return { unit, bars, most: bars.reduce((most, bar) => Math.max(most, bar.comments), 0) };
}
