import type { Preview } from '../generated/Preview';
import type { Place } from '../worker/protocol';
import { WorkerClient } from './worker-client';

/** Where something is wrong in the files: first where the reading stopped, then what was lost. */
export function placesOf(preview: Preview | null): Place[] {
  if (!preview) return [];
  const { error, summary } = preview;
  const lost = [...summary.issues].sort((a, b) => rank(a.severity) - rank(b.severity));
  const places = lost.flatMap(({ examples }) =>
    examples.map(({ file, byte }): Place => [file, byte]),
  );
  return error ? [[error.file, error.byte], ...places] : places;
}

function rank(severity: string): number {
  return ['error', 'warning', 'info'].indexOf(severity);
}

/** A sample of one of the files without what people wrote in it. Fails with a sentence. */
export function makeSample(
  files: readonly File[],
  format: string | null,
  places: Place[],
): Promise<File> {
  return new Promise((resolve, reject) => {
    const worker = new WorkerClient((message) => {
      switch (message.type) {
        case 'redacted':
          resolve(new File([message.text], message.name));
          break;
        case 'failed':
          reject(new Error(message.problem.message));
          break;
        case 'crashed':
          reject(new Error(message.message));
          break;
        default:
          return;
      }
      worker.close();
    });
    worker.post({ type: 'redact', files: [...files], format, places });
  });
}
