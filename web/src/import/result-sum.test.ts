import { describe, expect, it } from 'vitest';
import { anImport } from '../testing/an-import';
import { resultSum } from './result-sum';

const seen = (comments: number, kept: number, skipped: Record<string, number> = {}) => ({
  comments,
  kept,
  skipped_by_reason: skipped,
  complete: 'yes' as const,
});
const received = (comments: number, removed = 0) => ({
  pages: 0,
  authors: 0,
  comments,
  removed,
});
const result = (inserted: number, updated: number, unchanged: number, rejected: number) => ({
  ...anImport().result,
  comments: { inserted, updated, unchanged, rejected },
});

describe('resultSum', () => {
  it('adds up when every comment has become something', () => {
    const sum = resultSum(
      anImport({
        seen: seen(270, 265, { page_not_in_file: 3, id_missing: 2 }),
        received: received(265),
        result: result(200, 10, 54, 1),
      }),
    );
    expect(sum).toEqual({
      inFile: 270,
      removed: 0,
      inserted: 200,
      updated: 10,
      unchanged: 54,
      rejected: 1,
      leftOut: 5,
      addsUp: true,
    });
  });

  it('counts what the source no longer has', () => {
    const removed = anImport({
      seen: seen(2, 2),
      received: received(2, 1),
      result: result(2, 1, 0, 0),
    });
    expect(resultSum(removed)).toMatchObject({ inFile: 2, removed: 1, addsUp: true });
  });

  it('does not add up when a comment is lost on the server', () => {
    const lost = anImport({
      seen: seen(265, 265),
      received: received(265),
      result: result(264, 0, 0, 0),
    });
    expect(resultSum(lost).addsUp).toBe(false);
  });

  it('does not add up when a comment is lost on the way', () => {
    const lost = anImport({
      seen: seen(265, 265),
      received: received(264),
      result: result(265, 0, 0, 0),
    });
    expect(resultSum(lost).addsUp).toBe(false);
  });

  it('does not add up when the reader left something out without a reason', () => {
    const lost = anImport({
      seen: seen(266, 265),
      received: received(265),
      result: result(265, 0, 0, 0),
    });
    expect(resultSum(lost).addsUp).toBe(false);
  });
});
