import type { MonthCount } from '../generated/MonthCount';

/** More bars than this cannot be told apart on a phone. */
export const MAX_BARS = 60;

export type Bar = {
  /** `2017-03` for a month, `2017` for a year. */
  period: string;
  comments: number;
};

export type Bars = { unit: 'month' | 'year'; bars: Bar[]; most: number };

/** Bars without gaps: per month, or per year where months would be too many. */
export function groupMonths(months: readonly MonthCount[]): Bars {
  const counts = months.map(({ month, comments }) => ({ at: monthNumber(month), comments }));
  const byMonth = filled(counts, monthName);
  if (byMonth !== undefined) {
    return withMost('month', byMonth);
  }
  const years = counts.map(({ at, comments }) => ({ at: Math.floor(at / 12), comments }));
  return withMost('year', filled(years, yearName) ?? summed(years, yearName));
}

type Count = { at: number; comments: number };

function monthNumber(month: string): number {
  const [year, ofYear] = month.split('-').map(Number);
  return (year ?? 0) * 12 + (ofYear ?? 1) - 1;
}

function monthName(at: number): string {
  return `${yearName(Math.floor(at / 12))}-${String((at % 12) + 1).padStart(2, '0')}`;
}

function yearName(at: number): string {
  return String(at).padStart(4, '0');
}

/** Every period from the first to the last; undefined where that is too many. */
function filled(counts: readonly Count[], name: (at: number) => string): Bar[] | undefined {
  const first = counts[0]?.at ?? 0;
  const last = counts.at(-1)?.at ?? -1;
  if (last - first >= MAX_BARS) {
    return undefined;
  }
  const bars = Array.from({ length: last - first + 1 }, (_, offset) => ({
    period: name(first + offset),
    comments: 0,
  }));
  for (const { at, comments } of counts) {
    const bar = bars[at - first];
    if (bar !== undefined) {
      bar.comments += comments;
    }
  }
  return bars;
}

/** Periods that have any: a date of the year 1 must not stretch the chart. */
function summed(counts: readonly Count[], name: (at: number) => string): Bar[] {
  const bars = new Map<string, number>();
  for (const { at, comments } of counts) {
    bars.set(name(at), (bars.get(name(at)) ?? 0) + comments);
  }
  return [...bars].map(([period, comments]) => ({ period, comments }));
}

function withMost(unit: Bars['unit'], bars: Bar[]): Bars {
  return { unit, bars, most: bars.reduce((most, bar) => Math.max(most, bar.comments), 0) };
}
