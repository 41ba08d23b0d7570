/** So many comments whose times differ by so many hours. */
export type TimeShift = { hours: number; count: number };

/** What the server tells as `{"+4": 120}`, the most comments first. */
export function timeShifts(told: Record<string, number> | undefined): TimeShift[] {
  return Object.entries(told ?? {})
    .map(([hours, count]) => ({ hours: Number(hours), count }))
    .filter(({ hours, count }) => Number.isFinite(hours) && hours !== 0 && count > 0)
    .sort((a, b) => b.count - a.count || a.hours - b.hours);
}
