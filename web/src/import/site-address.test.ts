import { expect, it } from 'vitest';
import { siteAddress } from './site-address';

it.each([
  ['https://blog.example.org', 'https://blog.example.org'],
  [' blog.example.org/notes/ ', 'https://blog.example.org/notes/'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['', null],
  ['blog', null],
  ['two words.example.org', null],
  ['javascript://example.org/%0aalert(1)', null],
  ['ftp://example.org', null],
])('%j is the site %j', (typed, address) => {
  expect(siteAddress(typed)).toBe(address);
});
