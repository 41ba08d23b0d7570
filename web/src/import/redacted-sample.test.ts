import { expect, it } from 'vitest';
import type { Preview } from '../generated/Preview';
import { placesOf } from './redacted-sample';

const example = (byte: number) => ({ file: 'b.xml', byte, line: 1, record: null, source_id: null });

it('looks first where the reading stopped, then at what was lost', () => {
  const preview = {
    error: { code: 'file_cut', message: '', file: 'a.xml', byte: 9, line: 1 },
    summary: {
      issues: [
        { code: 'bad_date', severity: 'warning', count: 1, examples: [example(1)] },
        { code: 'record_broken', severity: 'error', count: 2, examples: [example(5), example(7)] },
      ],
    },
  } as unknown as Preview;
  expect(placesOf(preview)).toEqual([
    ['a.xml', 9],
    ['b.xml', 5],
    ['b.xml', 7],
    ['b.xml', 1],
  ]);
  expect(placesOf({ ...preview, error: null })[0]).toEqual(['b.xml', 5]);
  expect(placesOf(null)).toEqual([]);
});
