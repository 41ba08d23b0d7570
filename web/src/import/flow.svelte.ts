import { isFinal } from '../activity/states';
import { type AfterStop, cancelImport } from '../api/endpoints';
import { tellSignedOut } from '../api/http';
import type { Choice } from '../generated/Choice';
import type { Detection } from '../generated/Detection';
import type { Import } from '../generated/Import';
import type { Preview } from '../generated/Preview';
import type { ReadProgress } from '../generated/ReadProgress';
import type { Samples } from '../generated/Samples';
import type { SendProgress } from '../generated/SendProgress';
import type { WorkerProblem } from '../generated/WorkerProblem';
import { liveImports } from '../live/live-imports.svelte';
import type { FromWorker } from '../worker/protocol';
import { type Listener, WorkerClient } from './worker-client';

export type Stage = 'idle' | 'reading' | 'read' | 'sending' | 'sent';

/** Why it stopped, in a code that has a sentence. */
export type Stop = {
  stage: 'reading' | 'sending';
  code: string;
  message: string;
  /** The file that it is about, where there are several. */
  file: string | null;
  crashed: boolean;
  /** The unfinished import that a new one could take the place of. */
  unfinished: string | null;
  /** What is not as it was when that one began: `file`, `reader`, … */
  differs: string[];
};

/** The server knows most of what was sent by another address: is it the same blog? */
export type Question = { known: string; sent: string };

/** `broken`: stops before its end, with comments before that. `unreadable`: with none. */
export type Verdict = 'ready' | 'broken' | 'unreadable' | 'empty' | 'nothing-kept';

/** Reads one export, of one file or several, and sends it. Lives longer than its screen: other screens may be looked at meanwhile. */
export class ImportFlow {
  stage = $state<Stage>('idle');
  files = $state.raw<readonly File[]>([]);
  detection = $state.raw<Detection | null>(null);
  reading = $state.raw<ReadProgress | null>(null);
  preview = $state.raw<Preview | null>(null);
  samples = $state.raw<Samples | null>(null);
  sending = $state.raw<SendProgress | null>(null);
  stop = $state.raw<Stop | null>(null);
  /** What the person must answer before the import can begin. */
  question = $state.raw<Question | null>(null);
  /** The person takes what can be read of a broken file. Never chosen for them. */
  takesIncomplete = $state(false);
  /** The person takes what was never public. Never chosen for them. */
  takesPrivate = $state(false);
  /** The format that the person says it is; null where what was detected counts. */
  readAs = $state.raw<string | null>(null);
  /** What was decided about the reading, by option. */
  options = $state.raw<Readonly<Record<string, string>>>({});
  /** What can be decided: what was decided once stays there to be changed. */
  choices = $state.raw<readonly Choice[]>([]);
  #created = $state.raw<Import | null>(null);
  #worker: WorkerClient | null = null;
  #siteId: number | null = null;
  /** The unfinished import that the next one takes the place of. */
  #replaces: string | null = null;

  /** The import on the server, as fresh as it is known. */
  readonly import: Import | null = $derived(
    this.#created && (liveImports.get(this.#created.id) ?? this.#created),
  );

  readonly verdict: Verdict | null = $derived(this.preview && verdictOf(this.preview));

  /** Comments that were never public, and that can be sent. */
  readonly withheld: number = $derived(
    Object.values(this.preview?.summary.comments.withheld_by_reason ?? {}).reduce(
      (sum, count) => sum + count,
      0,
    ),
  );

  /** Comments that would be sent now. */
  readonly sends: number = $derived(
    (this.preview?.summary.comments.kept ?? 0) - (this.takesPrivate ? 0 : this.withheld),
  );

  /** What must be decided before anything can be sent. */
  readonly undecided: readonly Choice[] = $derived(
    this.choices.filter(({ option, is_needed }) => is_needed && !this.options[option]),
  );

  /** Everything is read, and some of it could be sent. */
  readonly isRead: boolean = $derived(
    this.stage === 'read' &&
      this.stop === null &&
      (this.verdict === 'ready' || (this.verdict === 'broken' && this.takesIncomplete)),
  );

  /** There is something to send, and nothing left to choose. */
  readonly canSend: boolean = $derived(
    this.isRead && this.sends > 0 && this.undecided.length === 0,
  );

  /** Work that a closed tab would lose. */
  readonly losesWork: boolean = $derived(this.stage === 'sending');

  readonly over: boolean = $derived(
    this.stage === 'sent' && this.import !== null && isFinal(this.import.state),
  );

  constructor(private readonly makeWorker: (listener: Listener) => WorkerClient) {}

  choose(files: readonly File[]): void {
    this.reset();
    this.files = files;
    this.#read();
  }

  /** Reads the same files again, as a format that was not recognised or not the one meant. */
  readAsFormat(format: string | null): void {
    this.#forget();
    this.readAs = format;
    this.options = {};
    this.choices = [];
    this.#read();
  }

  /** Reads the same files again with something decided. The numbers stay until the new ones are there. */
  decide(option: string, value: string): void {
    this.options = { ...this.options, [option]: value };
    this.#read();
  }

  send(siteId: number): void {
    if (!this.canSend) return;
    this.#siteId = siteId;
    this.#send(siteId);
  }

  /** Takes the place of the unfinished import that this file cannot go on with. */
  replaceUnfinished(): void {
    const replaces = this.stop?.unfinished ?? null;
    if (replaces === null) return;
    if (this.#worker !== null && this.#siteId !== null) {
      this.stop = null;
      this.#replaces = replaces;
      this.#send(this.#siteId);
    } else if (this.files.length > 0) {
      // The lines that were read are used up: they are read once more.
      this.again();
      this.#replaces = replaces;
    }
  }

  /** Ends the wait for the next try. */
  tryNow(): void {
    this.#worker?.post({ type: 'try-now' });
  }

  /** The answer to the question whether it is the same blog. Never given for them. */
  answer(isSame: boolean): void {
    if (!this.question) return;
    this.#worker?.post({ type: 'answer', sameOrigin: isSame ? this.question.known : '' });
    this.question = null;
  }

  /** Stops what is going on: reading, sending, or the server's part. */
  async cancel(then: AfterStop = 'keep'): Promise<void> {
    if (this.question && this.import) {
      // Nothing is on its way that the worker could stop.
      liveImports.put(await cancelImport(this.import.id));
      this.#cancelled();
    } else if (this.stage === 'reading' || this.stage === 'sending') {
      this.#worker?.post({ type: 'cancel' });
    } else if (this.import && !this.over) {
      liveImports.put(await cancelImport(this.import.id, then));
    }
  }

  /** Reads the same files again, as before, with a fresh worker. */
  again(): void {
    this.#forget();
    this.#read();
  }

  reset(): void {
    this.#endWorker();
    this.#forget();
    this.stage = 'idle';
    this.files = [];
    this.readAs = null;
    this.options = {};
    this.choices = [];
    this.takesPrivate = false;
  }

  #read(): void {
    this.#endWorker();
    this.stage = 'reading';
    this.reading = null;
    this.stop = null;
    this.takesIncomplete = false;
    this.#worker = this.makeWorker((message) => this.#hear(message));
    this.#worker.post({
      type: 'open',
      files: [...this.files],
      format: this.readAs,
      options: { ...this.options },
    });
  }

  /** Of what was read and sent; not of what was chosen. */
  #forget(): void {
    this.detection = null;
    this.reading = null;
    this.preview = null;
    this.samples = null;
    this.sending = null;
    this.stop = null;
    this.question = null;
    this.takesIncomplete = false;
    this.#created = null;
    this.#siteId = null;
    this.#replaces = null;
  }

  #send(siteId: number): void {
    this.stage = 'sending';
    this.sending = null;
    this.#worker?.post({
      type: 'send',
      siteId,
      incomplete: this.verdict === 'broken',
      private: this.takesPrivate && this.withheld > 0,
      replace: this.#replaces,
    });
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'detected':
        this.detection = message.detection;
        break;
      case 'reading':
        this.reading = message.progress;
        break;
      case 'preview':
        this.preview = message.preview;
        this.samples = null;
        this.choices = this.#choicesOf(message.preview);
        this.stage = 'read';
        break;
      case 'samples':
        this.samples = message.samples;
        break;
      case 'created':
        this.#created = message.import;
        liveImports.put(message.import);
        break;
      case 'sending':
        this.sending = message.progress;
        break;
      case 'sent':
        this.#created = message.import;
        liveImports.put(message.import);
        this.stage = 'sent';
        this.#endWorker();
        break;
      case 'cancelled':
        this.#cancelled();
        break;
      case 'failed':
        this.#failed(message.stage, message.problem);
        if (message.problem.status === 401) tellSignedOut();
        break;
      case 'crashed':
        this.#stopped({
          stage: this.stage === 'sending' ? 'sending' : 'reading',
          code: 'worker_crashed',
          message: message.message,
          file: null,
          crashed: true,
          unfinished: null,
          differs: [],
        });
        break;
    }
  }

  #choicesOf({ choices }: Preview): Choice[] {
    const isOld = ({ option }: Choice) =>
      option in this.options && !choices.some((choice) => choice.option === option);
    return [...choices, ...this.choices.filter(isOld)];
  }

  #cancelled(): void {
    const created = this.#created;
    if (this.stage !== 'sending') {
      this.reset();
      return;
    }
    this.#stopped({
      stage: 'sending',
      code: 'cancelled',
      message: '',
      file: null,
      crashed: false,
      unfinished: null,
      differs: [],
    });
    this.#created = created;
  }

  #failed(
    stage: Stop['stage'],
    { code, message, file, import: unfinished, differs, origin }: WorkerProblem,
  ): void {
    if (code === 'same_blog' && origin !== null && this.#created) {
      this.question = { known: origin, sent: this.#created.origin };
      return;
    }
    const stop = { stage, code, message, file, crashed: false, unfinished, differs };
    if (code === 'import_differs') {
      // Nothing was read for it yet, so this worker can send to a new import.
      this.stop = stop;
      this.stage = 'read';
    } else {
      this.#stopped(stop);
    }
  }

  #stopped(stop: Stop): void {
    if (this.stage === 'reading') {
      // Numbers of another reading say nothing of this one.
      this.preview = null;
      this.samples = null;
    }
    this.stop = stop;
    this.question = null;
    this.stage = 'read';
    this.#endWorker();
  }

  #endWorker(): void {
    this.#worker?.close();
    this.#worker = null;
  }
}

function verdictOf({ error, summary }: Preview): Verdict {
  if (error) return summary.comments.kept > 0 ? 'broken' : 'unreadable';
  if (summary.comments.seen === 0) return 'empty';
  if (summary.comments.kept === 0) return 'nothing-kept';
  return 'ready';
}

export const importFlow = new ImportFlow((listener) => new WorkerClient(listener));
