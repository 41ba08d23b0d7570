import type { Import } from '../generated/Import';
import { isUnderWay } from './states';

export const FILTERS = ['all', 'live', 'succeeded', 'failed', 'stopped', 'undone'] as const;
export type Filter = (typeof FILTERS)[number];

/** The filter stands in the address, so that it survives a reload and can be sent to somebody. */
export function filterOf(param: string | null): Filter {
  return FILTERS.find((filter) => filter === param) ?? 'all';
}

export function matches(filter: Filter, one: Import): boolean {
  if (filter === 'all') return true;
  if (filter === 'live' || isUnderWay(one)) return filter === 'live' && isUnderWay(one);
  if (filter === 'stopped') return one.state === 'cancelled' || one.state === 'expired';
  return one.state === filter;
}
