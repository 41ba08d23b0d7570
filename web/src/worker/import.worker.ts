/**
 * The worker: one export from the choice to the last chunk. The parts of the
 * WebAssembly module do the work; this script keeps the order, and passes on
 * messages and the chunks of one part to the other.
 */

import type { WorkerProblem } from '../generated/WorkerProblem';
import type { Sender } from '../wasm/pkg/send/rehome_wasm';
import type { Session } from '../wasm/pkg/xml/rehome_wasm';
import { readers, sending } from './parts';
import type { FromWorker, ToWorker } from './protocol';
import { recognise, sessionFor } from './recognise';

/** A step this long keeps `cancel` quick and costs nothing. */
const STEP_MS = 40;
/** Progress is told at most this often. */
const PROGRESS_EVERY_MS = 100;

/** What a message of this type holds. */
type Of<Type extends ToWorker['type']> = Extract<ToWorker, { type: Type }>;

// What most exports are of, while the person still looks for the file.
readers.xml().catch(() => {});
let session: Session | undefined;
let sender: Sender | undefined;
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
  const known = await recognise(files, readers);
  tell({ type: 'detected', detection: known.detection });
  session = known.session;
  if (format !== null && format !== known.detection.format) {
    session.free();
    session = await sessionFor(format, files, readers);
  }
  session.startPreview(format, options);
  if (!(await readToEnd(session))) {
    return tell({ type: 'cancelled' });
  }
  const preview = session.finishPreview();
  tell({ type: 'preview', preview });
  if (preview.summary.comments.kept === 0) {
    return;
  }
  // It is needed next.
  sending().catch(() => {});
  session.startSamples();
  if (!(await readToEnd(session))) {
    return tell({ type: 'cancelled' });
  }
  tell({ type: 'samples', samples: session.finishSamples() });
}

async function redact({ files, format, places }: Of<'redact'>): Promise<void> {
  const of = await sessionFor(format, files, readers);
  of.startRedaction(format, places);
  while (!of.step(STEP_MS)) await breathe();
  tell({ type: 'redacted', ...of.finishRedaction() });
}

async function send({ siteId, incomplete, private: taken, replace }: Of<'send'>): Promise<void> {
  const of = session;
  if (of === undefined) {
    return;
  }
  const { Sender } = await sending();
  sender = new Sender();
  if (cancelled) {
    return tell({ type: 'cancelled' });
  }
  const frozen = of.freeze(incomplete, taken);
  await sender.open(siteId, { ...frozen, resume: null, replace }, tell);
  const submitted = await sender.run(
    () => of.nextChunk(),
    () => of.counts(),
    of.issues(),
  );
  tell({ type: 'sent', import: submitted });
}

async function answer({ sameOrigin }: Of<'answer'>): Promise<void> {
  if (sender === undefined) {
    return;
  }
  tell({ type: 'sent', import: await sender.answerOrigin(sameOrigin) });
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
    case 'answer':
      answer(data).catch((error: unknown) => failed('sending', error));
      break;
    case 'redact':
      redact(data).catch((error: unknown) => failed('reading', error));
      break;
    case 'try-now':
      sender?.tryNow();
      break;
    case 'cancel':
      cancelled = true;
      sender?.cancel();
      break;
  }
});
