import { expect, it } from 'vitest';
import { anImport } from '../testing/an-import';
import { transferOf } from './transfer';

const sending = {
  comments_sent: 50,
  comments_total: 200,
  chunks_sent: 1,
  comments_held: 0,
  sent_bytes: 1000,
  comments_per_second: null,
  seconds_left: null,
  retry: null,
};

it('starts at nothing', () => {
  expect(transferOf(null, null)).toEqual({ sent: 0, applied: 0 });
});

it('follows the worker while it sends', () => {
  expect(transferOf(anImport({ state: 'receiving' }), sending)).toEqual({ sent: 0.25, applied: 0 });
});

it('follows the server in another tab', () => {
  const other = anImport({
    state: 'receiving',
    received: { pages: 1, authors: 0, comments: 53, removed: 0 },
  });
  expect(transferOf(other, null)).toEqual({ sent: 0.2, applied: 0 });
});

it('follows the passes once everything is sent', () => {
  const running = anImport({
    state: 'running',
    progress: { phase: 'comments', done: 30, total: 120 },
  });
  expect(transferOf(running, sending)).toEqual({ sent: 1, applied: 0.25 });
  expect(transferOf(anImport({ state: 'queued' }), sending)).toEqual({ sent: 1, applied: 0 });
});

it('is full at the end, and never before', () => {
  expect(transferOf(anImport(), null)).toEqual({ sent: 1, applied: 1 });
  const failed = anImport({ state: 'failed', progress: { phase: 'pages', done: 1, total: 4 } });
  expect(transferOf(failed, null)).toEqual({ sent: 1, applied: 0.25 });
});
