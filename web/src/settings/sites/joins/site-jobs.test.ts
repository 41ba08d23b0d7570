import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SiteJob } from '../../../generated/SiteJob';
import { SiteJobs } from './site-jobs.svelte';

const job = (state: SiteJob['state'], id = 1): SiteJob => ({
  id,
  kind: 'regroup',
  state,
  done: 0,
  total: 10,
  error: null,
  behind: null,
  undoes: null,
  undone: false,
  can_undo: state === 'succeeded',
  created_at: '2026-11-22T10:00:00Z',
  finished_at: null,
});

let answers: (SiteJob[] | null)[] = [];
const fetched = vi.fn(async () => {
  const answer = answers.shift();
  if (answer === undefined) throw new Error('nobody should ask again');
  if (answer === null) throw new TypeError('network');
  return new Response(JSON.stringify(answer));
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', fetched);
});

afterEach(() => {
  expect(answers).toEqual([]);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('looks again while something is under way, and says once that it has ended', async () => {
  answers = [[job('queued')], [job('running')], null, [job('succeeded')]];
  const ended = vi.fn();
  const jobs = new SiteJobs(7, ended);
  await jobs.look();
  expect(jobs.busy).toBe(true);
  await vi.runAllTimersAsync();
  expect(jobs.busy).toBe(false);
  expect(ended).toHaveBeenCalledTimes(1);
});

it('does not say of what was over before that it has ended', async () => {
  answers = [[job('succeeded')]];
  const ended = vi.fn();
  await new SiteJobs(7, ended).look();
  expect(ended).not.toHaveBeenCalled();
});

it('asks no more once it is stopped', async () => {
  answers = [[job('running')]];
  const jobs = new SiteJobs(7, () => undefined);
  await jobs.look();
  jobs.stop();
  await vi.runAllTimersAsync();
});

it('tells of a failure where it was not at work', async () => {
  answers = [null];
  await expect(new SiteJobs(7, () => undefined).look()).rejects.toMatchObject({
    code: 'network_lost',
  });
});
