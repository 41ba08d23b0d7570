import { describe, expect, it } from 'vitest';
import { formatBytes, formatMonth, formatNumber, formatUtc, roughDuration } from './quantities';

const spaces = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [12_400_000, '12.4 MB'],
    [999_400, '999 kB'],
    [999_600, '1 MB'],
    [123_456_789, '123 MB'],
    [3_210_000_000, '3.2 GB'],
  ])('%d', (bytes, text) => {
    expect(spaces(formatBytes('en', bytes))).toBe(text);
  });

  it('speaks Polish', () => {
    expect(spaces(formatBytes('pl', 12_400_000))).toBe('12,4 MB');
    expect(spaces(formatBytes('pl', 5))).toBe('5 bajtów');
  });
});

describe('roughDuration', () => {
  it.each([
    [0, { unit: 'moment' }],
    [2.9, { unit: 'moment' }],
    [3, { unit: 'seconds', count: 5 }],
    [11, { unit: 'seconds', count: 15 }],
    [49, { unit: 'seconds', count: 50 }],
    [50, { unit: 'minutes', count: 1 }],
    [130, { unit: 'minutes', count: 2 }],
    [54 * 60, { unit: 'minutes', count: 54 }],
    [56 * 60, { unit: 'hours', count: 1 }],
    [3 * 3600 + 5, { unit: 'hours', count: 3 }],
  ])('%d seconds', (seconds, rough) => {
    expect(roughDuration(seconds)).toEqual(rough);
  });
});

describe('dates and numbers', () => {
  it('shows UTC exactly', () => {
    expect(formatUtc('2021-06-03T03:54:08Z')).toBe('2021-06-03 03:54:08 UTC');
    expect(formatUtc('2021-06-03T03:54:08+02:00')).toBe('2021-06-03 01:54:08 UTC');
    expect(formatUtc('never')).toBe('never');
  });

  it('names months in the language', () => {
    expect(formatMonth('en', '2017-03')).toBe('March 2017');
    expect(formatMonth('pl', '2017-03')).toBe('marzec 2017');
  });

  it('groups digits as the language does', () => {
    expect(formatNumber('en', 1204)).toBe('1,204');
    expect(formatNumber('en', 98_113)).toBe('98,113');
    expect(spaces(formatNumber('pl', 98_113))).toBe('98 113');
  });
});
