import type { Import } from '../generated/Import';
import { isFinal } from './states';

export const FILTERS = ['all', 'live', 'succeeded', 'failed', 'stopped'] as const;
export type Filter = (typeof FILTERS)[number];

/** The filter stands in the address, so that it survives a reload and can be sent to somebody. */
export function filterOf(param: string | null): Filter {
  return FILTERS.find((filter) => filter === param) ?? 'all';
}

export function matches(filter: Filter, { state }: Import): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'live':
      return !isFinal(state);
    case 'succeeded':
    case 'failed':
      return state === filter;
    case 'stopped':
      return state === 'cancelled' || state === 'expired';
  }
}
