import { describe, expect, it } from 'vitest';
import type { JobProgress } from '../generated/JobProgress';
import { anImport } from '../testing/an-import';
import { aheadOf } from './behind';

const undo = (state: JobProgress['state']): JobProgress => ({
  job: 3,
  state,
  done: 0,
  total: 10,
  error: null,
});

describe('aheadOf', () => {
  it('is what the server names', () => {
    const queued = anImport({ id: 'waits', state: 'queued' });
    expect(aheadOf({ ...queued, behind: 'first', behind_kind: 'undo' }, [])).toEqual({
      kind: 'undo',
      id: 'first',
    });
    expect(aheadOf({ ...queued, behind_kind: 'regroup' }, [])).toEqual({
      kind: 'regroup',
      id: null,
    });
    expect(aheadOf(queued, [anImport({ id: 'runs', state: 'running' })])).toBeNull();
  });

  it('is, for what waits to be taken back, what runs on the same site', () => {
    const waits = anImport({ id: 'waits', undoing: undo('queued') });
    const runs = anImport({ id: 'runs', state: 'running' });
    const back = anImport({ id: 'back', undoing: undo('running') });
    expect(aheadOf(waits, [waits, runs])).toEqual({ kind: 'import', id: 'runs' });
    expect(aheadOf(waits, [waits, back])).toEqual({ kind: 'undo', id: 'back' });
    expect(aheadOf(waits, [waits, { ...runs, site_id: 2 }])).toBeNull();
    expect(aheadOf(waits, [waits, anImport({ id: 'over' })])).toBeNull();
  });

  it('is nothing for what does not wait', () => {
    const other = anImport({ id: 'other', state: 'running' });
    expect(aheadOf(anImport({ id: 'runs', state: 'running', behind: 'x' }), [other])).toBeNull();
    expect(aheadOf(anImport({ undoing: undo('running') }), [other])).toBeNull();
  });
});
