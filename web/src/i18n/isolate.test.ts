import { expect, it } from 'vitest';
import { isolate } from './isolate';

it('wraps right-to-left names and touches nothing else', () => {
  expect(isolate('forum')).toBe('forum');
  expect(isolate('日本語')).toBe('日本語');
  expect(isolate('שלום')).toBe('\u2068שלום\u2069');
  expect(isolate('a مدونة')).toBe('\u2068a مدونة\u2069');
});
