/**
 * The worker: one export from the choice to the last chunk. The WebAssembly
 * module does the work; this script keeps the order and passes messages on.
 */

import type { WorkerProblem } from '../generated/WorkerProblem';
import init, { Session } from '../wasm/pkg/rehome_wasm';
import wasmUrl from '../wasm/pkg/rehome_wasm_bg.wasm?url';
import type { FromWorker, ToWorker } from './protocol';

/** A step this long keeps `cancel` quick and costs nothing. */
const STEP_MS = 40;
/** Progress is told at most this often. */
const PROGRESS_EVERY_MS = 100;

/** What a message of this type holds. */
type Of<Type extends ToWorker['type']> = Extract<ToWorker, { type: Type }>;

const ready = init({ module_or_path: wasmUrl });
let session: Session | undefined;
let cancelled = false;

function tell(message: FromWorker): void {
  postMessage(message);
}

/** Lets messages in between two steps. A timer would wait 4 ms each time. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}

/** Steps to the end of the pass at work; false where it was cancelled. */
async function readToEnd(of: Session): Promise<boolean> {
  let toldAt = 0;
  while (!of.step(STEP_MS)) {
    const now = performance.now();
    if (now - toldAt >= PROGRESS_EVERY_MS) {
      toldAt = now;
      tell({ type: 'reading', progress: of.readProgress() });
    }
    await breathe();
    if (cancelled) {
      return false;
    }
  }
  tell({ type: 'reading', progress: of.readProgress() });
  return true;
}

async function open({ files, format, options }: Of<'open'>): Promise<void> {
  await ready;
  session = new Session(files);
  tell({ type: 'detected', detection: session.detect() });
  session.startPreview(format, options);
  if (!(await readToEnd(session))) {
    return tell({ type: 'cancelled' });
  }
  const preview = session.finishPreview();
  tell({ type: 'preview', preview });
  if (preview.summary.comments.kept === 0) {
    return;
  }
  session.startSamples();
  if (!(await readToEnd(session))) {
    return tell({ type: 'cancelled' });
  }
  tell({ type: 'samples', samples: session.finishSamples() });
}

async function redact({ files, format, places }: Of<'redact'>): Promise<void> {
  await ready;
  const of = new Session(files);
  of.startRedaction(format, places);
  while (!of.step(STEP_MS)) await breathe();
  tell({ type: 'redacted', ...of.finishRedaction() });
}

async function send(asked: Of<'send'>): Promise<void> {
  if (session === undefined) {
    return;
  }
  const { siteId, incomplete, replace } = asked;
  const submitted = await session.send(siteId, incomplete, asked.private, null, replace, tell);
  tell({ type: 'sent', import: submitted });
}

function isProblem(error: unknown): error is WorkerProblem {
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error;
}

function failed(stage: 'reading' | 'sending', error: unknown): void {
  if (isProblem(error)) {
    tell(
      error.code === 'cancelled'
        ? { type: 'cancelled' }
        : { type: 'failed', stage, problem: error },
    );
  } else {
    // A panic has told the page already; this is what broke before or beside it.
    tell({ type: 'crashed', message: error instanceof Error ? error.message : String(error) });
  }
}

let reading: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'open':
      reading = open(data).catch((error: unknown) => failed('reading', error));
      break;
    case 'send':
      reading.then(() => send(data)).catch((error: unknown) => failed('sending', error));
      break;
    case 'redact':
      redact(data).catch((error: unknown) => failed('reading', error));
      break;
    case 'try-now':
      session?.tryNow();
      break;
    case 'cancel':
      cancelled = true;
      session?.cancel();
      break;
  }
});
