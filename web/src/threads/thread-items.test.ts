import { expect, it } from 'vitest';
import type { CommentSample } from '../generated/CommentSample';
import { itemsOfSample, splitThreads } from './thread-items';

const comment = (change: Partial<CommentSample>): CommentSample => ({
  source_id: '1',
  parent: null,
  depth: 1,
  author: 'Ann',
  created_at: '2019-06-03T10:00:00Z',
  status: 'approved',
  body: 'Hello',
  body_format: 'text',
  ...change,
});

it('names whom a reply answers', () => {
  const items = itemsOfSample([
    comment({ source_id: 'a' }),
    comment({ source_id: 'b', parent: 'a', depth: 2, author: 'Bob' }),
    comment({ source_id: 'c', parent: 'not shown', author: 'Cy' }),
  ]);
  expect(items.map(({ isReply, replyTo }) => [isReply, replyTo])).toEqual([
    [false, null],
    [true, 'Ann'],
    [true, null],
  ]);
});

it('cuts a list into threads and loses no comment', () => {
  const items = itemsOfSample([
    comment({ source_id: 'x', depth: 2 }),
    comment({ source_id: 'a' }),
    comment({ source_id: 'b', depth: 2 }),
    comment({ source_id: 'c', depth: 3 }),
    comment({ source_id: 'd' }),
  ]);
  expect(splitThreads(items).map((thread) => thread.map((item) => item.id))).toEqual([
    ['x'],
    ['a', 'b', 'c'],
    ['d'],
  ]);
});
