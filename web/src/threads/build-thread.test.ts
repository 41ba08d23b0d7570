import { expect, it } from 'vitest';
import { buildThread, MAX_INDENT, type ThreadWords } from './build-thread';
import type { ThreadItem } from './thread-items';

const words: ThreadWords = {
  noName: 'no name',
  purged: 'deleted comment',
  emptyBody: 'no text',
  status: { approved: 'approved', pending: 'pending', spam: 'spam', deleted: 'deleted' },
  replyTo: (name) => `to ${name}`,
  replyToUnknown: 'to somebody',
  image: () => 'image',
  date: (iso) => iso.slice(0, 10),
  utc: (iso) => iso,
};

const item = (change: Partial<ThreadItem> = {}): ThreadItem => ({
  id: '1',
  depth: 1,
  author: 'Ann',
  createdAt: '2019-06-03T10:00:00Z',
  status: 'approved',
  body: '<b>Hi</b>',
  bodyFormat: 'html',
  isReply: false,
  replyTo: null,
  ...change,
});

it('shows names and plain text as text, never as HTML', () => {
  const list = buildThread(
    document,
    [item({ author: '<img src=x>', body: '<b>1 < 2</b>\nnext', bodyFormat: 'text' })],
    words,
  );
  expect(list.querySelector('img, b')).toBeNull();
  expect(list.querySelector('.name')?.textContent).toBe('<img src=x>');
  expect(list.querySelector('.body.plain')?.textContent).toBe('<b>1 < 2</b>\nnext');
});

it('marks what is not shown on the site, and keeps its words', () => {
  const list = buildThread(document, [item({ status: 'deleted' })], words);
  expect(list.querySelector('.comment.deleted .status')?.textContent).toBe('deleted');
  expect(list.querySelector('.body b')?.textContent).toBe('Hi');
});

it('leaves a quiet trace of a purged comment', () => {
  const list = buildThread(
    document,
    [item({ status: 'deleted', author: null, body: null, createdAt: null })],
    words,
  );
  expect(list.querySelector('.name.none')?.textContent).toBe('no name');
  expect(list.querySelector('.body.none')?.textContent).toBe('deleted comment');
  expect(list.querySelector('time')).toBeNull();
});

it('caps the indent and says whom a reply answers', () => {
  const list = buildThread(
    document,
    [item(), item({ depth: 30, isReply: true, replyTo: 'Bob' }), item({ isReply: true })],
    words,
  );
  const replies = [...list.querySelectorAll('.reply')].map((reply) => reply.textContent);
  expect(replies).toEqual(['to Bob', 'to somebody']);
  expect(list.children[1]?.className).toBe(`comment approved depth-${MAX_INDENT}`);
});
