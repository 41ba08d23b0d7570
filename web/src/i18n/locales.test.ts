// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messageTypes } from '../../scripts/message-types.mjs';
import { messagesOf, readLocale } from '../../scripts/read-messages.mjs';
import { FORMATS } from '../generated/formats';
import en from '../locales/en/index';
import pl from '../locales/pl/index';
import { bundleOf } from './i18n.svelte';

const SRC = new URL('../', import.meta.url);
/** Codes come from the worker and the server: their keys are put together at run time. */
const BY_CODE =
  /^(?:issue|problem|reason|rejected|differs|waits|halted|choice|means|value|blocked|withheld|trouble)-[a-z0-9]+(?:_[a-z0-9]+)*$/;
/** So are those of the formats, which are all looked for below. */
const OF_FORMAT = /^format-.+-(?:looks|step-\d+)$/;
const english = messagesOf(readLocale('en'));
const polish = messagesOf(readLocale('pl'));

function sources(): string {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        /\.(?:svelte|ts)$/.test(name) && !/\.test\.ts$|i18n\/generated\/messages\.ts$/.test(name),
    )
    .map((name) => readFileSync(new URL(name, SRC), 'utf8'))
    .join('\n');
}

describe('the messages', () => {
  it('are the same in every language, with the same variables', () => {
    expect([...polish.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [id, variables] of english) {
      expect([id, [...(polish.get(id) ?? [])].sort()]).toEqual([id, [...variables].sort()]);
    }
  });

  it('are all used', () => {
    const source = sources();
    const unused = [...english.keys()].filter(
      (id) => !BY_CODE.test(id) && !OF_FORMAT.test(id) && !source.includes(`'${id}'`),
    );
    expect(unused).toEqual([]);
  });

  it('tell of every format what it looks like and how to get it, and of no other', () => {
    const wanted = FORMATS.flatMap(({ id, steps }) => [
      `format-${id}-looks`,
      ...Array.from({ length: steps }, (_, index) => `format-${id}-step-${index + 1}`),
    ]);
    for (const messages of [english, polish]) {
      const found = [...messages.keys()].filter((id) => OF_FORMAT.test(id));
      expect(found.sort()).toEqual(wanted.sort());
    }
  });

  it('have fresh types: a wrong key does not compile', () => {
    const written = readFileSync(new URL('i18n/generated/messages.ts', SRC), 'utf8');
    expect(written, 'run `npm run i18n`').toBe(messageTypes());
  });

  it.each([
    ['en', en, english],
    ['pl', pl, polish],
  ])('can be formatted in %s with no error', (language, source, messages) => {
    const bundle = bundleOf(language, source);
    for (const [id, variables] of messages) {
      for (const count of [0, 1, 2, 5, 22, 1.5]) {
        const values = Object.fromEntries([...variables].map((name) => [name, count]));
        const errors: Error[] = [];
        const pattern = bundle.getMessage(id)?.value;
        if (!pattern) throw new Error(`${id} has no text`);
        bundle.formatPattern(pattern, values, errors);
        expect([id, errors]).toEqual([id, []]);
      }
    }
  });
});

describe('plural forms', () => {
  const submit = (language: string, source: string, count: number) => {
    const bundle = bundleOf(language, source);
    const pattern = bundle.getMessage('submit')?.value;
    return pattern ? bundle.formatPattern(pattern, { count }).replace(/\u00a0/g, ' ') : '';
  };

  it.each([
    [1, 'Importuj 1 komentarz'],
    [2, 'Importuj 2 komentarze'],
    [5, 'Importuj 5 komentarzy'],
    [12, 'Importuj 12 komentarzy'],
    [22, 'Importuj 22 komentarze'],
    [98_101, 'Importuj 98 101 komentarzy'],
  ])('Polish, %d', (count, text) => {
    expect(submit('pl', pl, count)).toBe(text);
  });

  it.each([
    [1, 'Import 1 comment'],
    [265, 'Import 265 comments'],
  ])('English, %d', (count, text) => {
    expect(submit('en', en, count)).toBe(text);
  });
});
