import { describe, expect, it } from 'vitest';
import type { ImportState } from '../generated/ImportState';
import { anImport } from '../testing/an-import';
import { FILTERS, filterOf, matches } from './filters';
import { isFinal, isIncomplete, lookOf, skippedComments } from './states';

const states: ImportState[] = [
  'receiving',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'expired',
];

it('knows which states are the end', () => {
  expect(states.filter(isFinal)).toEqual(['succeeded', 'failed', 'cancelled', 'expired']);
});

describe('lookOf', () => {
  it('is a plain success only when nothing was skipped', () => {
    expect(lookOf(anImport())).toBe('succeeded');
  });

  it('counts what the reader left out and what the server rejected', () => {
    const skipped = anImport({
      seen: { comments: 10, kept: 7, skipped_by_reason: { id_missing: 3 }, complete: 'yes' },
    });
    skipped.result.comments.rejected = 2;
    expect(skippedComments(skipped)).toBe(5);
    expect(lookOf(skipped)).toBe('skips');
    expect(lookOf({ ...skipped, state: 'failed' })).toBe('failed');
  });
});

describe('isIncomplete', () => {
  it('marks a file that stopped before its end, whatever came of the import', () => {
    const seen = { comments: 265, kept: 265, skipped_by_reason: {}, complete: 'no' as const };
    for (const state of states) {
      expect(isIncomplete(anImport({ state, seen }))).toBe(true);
      expect(isIncomplete(anImport({ state }))).toBe(false);
    }
  });

  it('keeps a part of a file from being a plain success', () => {
    const seen = { comments: 265, kept: 265, skipped_by_reason: {}, complete: 'no' as const };
    expect(lookOf(anImport({ seen }))).toBe('incomplete');
    expect(lookOf(anImport({ seen, state: 'failed' }))).toBe('failed');
  });
});

describe('filters', () => {
  it('each state is under "all" and exactly one other filter', () => {
    for (const state of states) {
      const under = FILTERS.filter((filter) => matches(filter, anImport({ state })));
      expect(under).toHaveLength(2);
      expect(under[0]).toBe('all');
    }
  });

  it('ignores what it does not know in an address', () => {
    expect(filterOf('failed')).toBe('failed');
    expect(filterOf('nonsense')).toBe('all');
    expect(filterOf(null)).toBe('all');
  });
});
