import { describe, expect, it } from 'vitest';
import type { ImportState } from '../generated/ImportState';
import type { JobProgress } from '../generated/JobProgress';
import { anImport } from '../testing/an-import';
import { FILTERS, filterOf, matches } from './filters';
import { isFinal, isIncomplete, isPastUndo, isUnderWay, lookOf, skippedComments } from './states';

const states: ImportState[] = [
  'receiving',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'expired',
  'undone',
];
const undo = (state: JobProgress['state']): JobProgress => ({
  job: 3,
  state,
  done: 1,
  total: 10,
  error: null,
});

it('knows which states are the end', () => {
  expect(states.filter(isFinal)).toEqual(['succeeded', 'failed', 'cancelled', 'expired', 'undone']);
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

describe('taking back', () => {
  it('is under way while its job waits or runs, whatever the import was', () => {
    for (const state of ['queued', 'running'] as const) {
      for (const of of ['succeeded', 'failed', 'cancelled'] as const) {
        const one = anImport({ state: of, undoing: undo(state) });
        expect(lookOf(one)).toBe('undoing');
        expect(isUnderWay(one)).toBe(true);
        expect(FILTERS.filter((filter) => matches(filter, one))).toEqual(['all', 'live']);
      }
    }
  });

  it('leaves the import as it was where it failed', () => {
    const one = anImport({ undoing: undo('failed') });
    expect(lookOf(one)).toBe('succeeded');
    expect(isUnderWay(one)).toBe(false);
  });

  it('is past only where there is something that could have been taken back', () => {
    expect(isPastUndo(anImport({ can_undo: false }))).toBe(true);
    expect(isPastUndo(anImport())).toBe(false);
    expect(isPastUndo(anImport({ can_undo: false, state: 'undone' }))).toBe(false);
    expect(isPastUndo(anImport({ can_undo: false, state: 'running' }))).toBe(false);
    expect(isPastUndo(anImport({ can_undo: false, undoing: undo('running') }))).toBe(false);
    const idle = anImport({ can_undo: false });
    idle.result.comments = { inserted: 0, updated: 0, unchanged: 265, rejected: 0 };
    expect(isPastUndo(idle)).toBe(false);
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
