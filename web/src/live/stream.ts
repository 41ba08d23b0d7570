import { EVENTS_URL } from '../api/endpoints';
import type { Import } from '../generated/Import';

export type StreamEvents = {
  snapshot: (imports: Import[]) => void;
  change: (changed: Import) => void;
  open: () => void;
  /** It is gone for now, and the browser tries to have it back. */
  broken: () => void;
  /** The stream does not come back by itself any more. */
  lost: () => void;
};

/** EventSource gives up by itself on an HTTP error, and never on a network one. */
const MAX_ERRORS_IN_A_ROW = 3;

/** Listens to the server's live events until the returned function is called. */
export function openStream(events: StreamEvents): () => void {
  const source = new EventSource(EVENTS_URL);
  let errors = 0;
  source.addEventListener('open', () => {
    errors = 0;
    events.open();
  });
  source.addEventListener('snapshot', (event) => events.snapshot(JSON.parse(event.data)));
  source.addEventListener('import', (event) => events.change(JSON.parse(event.data)));
  source.addEventListener('error', () => {
    errors += 1;
    if (source.readyState !== EventSource.CLOSED && errors < MAX_ERRORS_IN_A_ROW) {
      events.broken();
      return;
    }
    source.close();
    events.lost();
  });
  return () => source.close();
}
