import type { FromWorker, ToWorker } from '../worker/protocol';

export type Listener = (message: FromWorker) => void;

/** One worker for one reading of an export. Other files, another reading, a cancelled one and a crash take a new client. */
export class WorkerClient {
  readonly #worker: Worker;
  #closed = false;

  constructor(listener: Listener) {
    this.#worker = new Worker(new URL('../worker/import.worker.ts', import.meta.url), {
      type: 'module',
    });
    const hear = (message: FromWorker) => {
      if (!this.#closed) listener(message);
    };
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
    this.#worker.onmessageerror = () =>
      hear({ type: 'crashed', message: 'a message of the worker could not be read' });
    this.#worker.onerror = (event) => {
      event.preventDefault();
      hear({ type: 'crashed', message: event.message || 'the worker could not be started' });
    };
  }

  post(message: ToWorker): void {
    if (!this.#closed) this.#worker.postMessage(message);
  }

  /** Ends the worker; nothing is heard of it any more. */
  close(): void {
    this.#closed = true;
    this.#worker.terminate();
  }
}
