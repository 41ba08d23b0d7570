/** Which part of the module reads the files that were chosen. */

import type { Detection } from '../generated/Detection';
import { FORMATS } from '../generated/formats';
import type { Session } from '../wasm/pkg/xml/rehome_wasm';

/** What a reading part is used for. */
export type Reading = { Session: new (files: File[]) => Session };
/** By name, in the order in which they are asked. */
export type Readers = Record<(typeof FORMATS)[number]['part'], () => Promise<Reading>>;

/** Formats that a part found the files to be of. */
function found({ format, candidates }: Detection): string[] {
  return format === null ? candidates : [format];
}

/**
 * Asks part after part what the files are, until one knows every file. Files
 * that two parts know are a tie, which no part can see by itself: then the
 * session has no format, since the person has to say which it is.
 */
export async function recognise(
  files: File[],
  readers: Readers,
): Promise<{ session: Session; detection: Detection }> {
  const asked: { session: Session; detection: Detection }[] = [];
  for (const load of Object.values(readers)) {
    const { Session } = await load();
    const session = new Session(files);
    const detection = session.detect();
    asked.push({ session, detection });
    if (found(detection).length > 0 && detection.unknown_files === 0) break;
  }
  const knowing = asked.filter(({ detection }) => found(detection).length > 0);
  const { session, detection } = (knowing[0] ?? asked[0]) as (typeof asked)[number];
  for (const other of asked) {
    if (other.session !== session) other.session.free();
  }
  if (knowing.length < 2) return { session, detection };
  session.free();
  const of = knowing.map((one) => one.detection);
  return {
    session: await sessionFor(null, files, readers),
    detection: {
      ...detection,
      format: null,
      name: null,
      candidates: of.flatMap(found),
      reasons: of.flatMap(({ reasons }) => reasons),
    },
  };
}

/** A session of the part that reads this format; of the first one where none is known. */
export async function sessionFor(
  format: string | null,
  files: File[],
  readers: Readers,
): Promise<Session> {
  const part = FORMATS.find(({ id }) => id === format)?.part ?? 'xml';
  const { Session } = await readers[part]();
  return new Session(files);
}
