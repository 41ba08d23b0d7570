import { FORMATS } from '../generated/formats';

/** Vendors write their names their own way; an unknown format shows its id. */
export function formatName(format: string): string {
  return FORMATS.find(({ id }) => id === format)?.name ?? format;
}
