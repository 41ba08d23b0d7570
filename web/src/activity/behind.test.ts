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
const queued = anImport({ id: 'waits', state: 'queued' });

describe('aheadOf', () => {
  it('is the import that the server names', () => {
    const one = anImport({ id: 'waits', state: 'queued', behind: 'first' });
    expect(aheadOf(one, [one])).toEqual({ id: 'first', isUndone: false });
  });

  it('is an import of the same site that is being taken back', () => {
    const other = anImport({ id: 'back', undoing: undo('running') });
    expect(aheadOf(queued, [queued, other])).toEqual({ id: 'back', isUndone: true });
    expect(aheadOf(queued, [queued, { ...other, site_id: 2 }])).toBeNull();
    expect(aheadOf(queued, [queued, { ...other, undoing: undo('failed') }])).toBeNull();
  });

  it('is what runs before what waits too', () => {
    const waiting = anImport({ id: 'back', undoing: undo('queued') });
    const running = anImport({ id: 'runs', state: 'running' });
    expect(aheadOf(queued, [waiting, running])).toEqual({ id: 'runs', isUndone: false });
    expect(aheadOf(waiting, [waiting, running])).toEqual({ id: 'runs', isUndone: false });
    expect(aheadOf(queued, [waiting])).toEqual({ id: 'back', isUndone: true });
  });

  it('is nothing for what does not wait', () => {
    const running = anImport({ id: 'runs', state: 'running' });
    expect(aheadOf(running, [running, queued])).toBeNull();
    expect(aheadOf(anImport({ undoing: undo('running') }), [running])).toBeNull();
    expect(aheadOf(queued, [queued])).toBeNull();
  });
});
