/** Numbers, sizes and dates as people write them in the language of the pages. */

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    numberFormats.set(key, format);
  }
  return format;
}

export function formatNumber(locale: string, value: number): string {
  return numberFormat(locale, { useGrouping: true }).format(value);
}

export function formatPercent(locale: string, share: number): string {
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** `5.5 hours`. */
export function formatHours(locale: string, hours: number): string {
  return numberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'long' }).format(hours);
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Decimal units, as file managers and disks count; one digit after the point below 100. */
export function formatBytes(locale: string, bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.6 rounds up to the next unit: "1,000 kB" is never shown.
  while (unit < BYTE_UNITS.length - 1 && value >= (unit === 0 ? 1000 : 999.5)) {
    value /= 1000;
    unit += 1;
  }
  return numberFormat(locale, {
    style: 'unit',
    unit: BYTE_UNITS[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: unit === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}

export type RoughDuration =
  | { unit: 'moment' }
  | { unit: 'seconds' | 'minutes' | 'hours'; count: number };

/** A time left that does not pretend to be exact, and so does not flicker. */
export function roughDuration(seconds: number): RoughDuration {
  if (seconds < 3) return { unit: 'moment' };
  if (seconds < 50) return { unit: 'seconds', count: Math.ceil(seconds / 5) * 5 };
  if (seconds < 55 * 60) return { unit: 'minutes', count: Math.max(1, Math.round(seconds / 60)) };
  return { unit: 'hours', count: Math.max(1, Math.round(seconds / 3600)) };
}

export function formatDate(locale: string, iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(iso));
}

export function formatDateTime(locale: string, iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );
}

/** The exact time, for hovering: `2021-06-03 03:54:08 UTC`. */
export function formatUtc(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `2017-03` as `March 2017`. */
export function formatMonth(locale: string, month: string): string {
  return new Intl.DateTimeFormat(locale, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${month}-01T00:00:00Z`));
}
