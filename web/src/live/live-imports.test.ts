import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Import } from '../generated/Import';
import { anImport } from '../testing/an-import';
import { LiveImports } from './live-imports.svelte';

/** The server's stream, driven by the test. */
class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly CLOSED = 2;
  static all: FakeEventSource[] = [];
  readyState = 1;

  constructor(readonly url: string) {
    super();
    FakeEventSource.all.push(this);
  }

  static get newest(): FakeEventSource {
    const newest = FakeEventSource.all.at(-1);
    if (!newest) throw new Error('nobody listens');
    return newest;
  }

  says(type: string, data?: unknown): void {
    this.dispatchEvent(
      data === undefined ? new Event(type) : new MessageEvent(type, { data: JSON.stringify(data) }),
    );
  }

  fails(readyState: number): void {
    this.readyState = readyState;
    this.says('error');
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }
}

/** Tabs of one browser: what one says, the others hear at once. */
class FakeChannel {
  static all = new Set<FakeChannel>();
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor() {
    FakeChannel.all.add(this);
  }

  postMessage(data: unknown): void {
    for (const other of FakeChannel.all) if (other !== this) other.onmessage?.({ data });
  }

  close(): void {
    FakeChannel.all.delete(this);
  }
}

/** One holder at a time, in the order of asking. */
function fakeLocks() {
  let last = Promise.resolve();
  return {
    request(_name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>) {
      const before = last;
      last = before.then(() => (signal.aborted ? undefined : work()));
      return last;
    },
  };
}

const undoing = (done: number, version: number): Import =>
  anImport({ version, undoing: { job: 1, state: 'running', done, total: 10, error: null } });

let polled: Import[] | null = [];
const stops: (() => void)[] = [];

function tab(): LiveImports {
  const imports = new LiveImports();
  stops.push(imports.start());
  return imports;
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.all = [];
  vi.stubGlobal('EventSource', FakeEventSource);
  vi.stubGlobal('BroadcastChannel', FakeChannel);
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => {
      if (polled === null) throw new TypeError('network');
      return new Response(JSON.stringify(polled));
    }),
  );
  Object.defineProperty(navigator, 'locks', { value: fakeLocks(), configurable: true });
});

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('live imports', () => {
  it('come over one stream to every tab, the taking back of one too', async () => {
    const [first, second] = [tab(), tab()];
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeEventSource.all).toHaveLength(1);
    FakeEventSource.newest.says('open');
    FakeEventSource.newest.says('snapshot', [anImport()]);
    FakeEventSource.newest.says('import', undoing(4, 8));
    for (const one of [first, second]) {
      expect(one.connection).toBe('live');
      expect(one.get('0192f0c1')?.undoing?.done).toBe(4);
    }
    FakeEventSource.newest.says('import', undoing(2, 7));
    expect(second.get('0192f0c1')?.undoing?.done).toBe(4);
  });

  it('are asked for every few seconds where the stream is refused, and every tab says so', async () => {
    const [first, second] = [tab(), tab()];
    await vi.advanceTimersByTimeAsync(0);
    polled = [undoing(5, 9)];
    FakeEventSource.newest.fails(FakeEventSource.CLOSED);
    await vi.advanceTimersByTimeAsync(0);
    for (const one of [first, second]) {
      expect(one.connection).toBe('polling');
      expect(one.get('0192f0c1')?.undoing?.done).toBe(5);
    }
    polled = [anImport({ version: 12, state: 'undone' })];
    await vi.advanceTimersByTimeAsync(3_000);
    expect(second.get('0192f0c1')?.state).toBe('undone');

    polled = null;
    await vi.advanceTimersByTimeAsync(3_000);
    expect([first.connection, second.connection]).toEqual(['offline', 'offline']);
  });

  it('go back to a stream after a while', async () => {
    const one = tab();
    await vi.advanceTimersByTimeAsync(0);
    polled = [];
    FakeEventSource.newest.fails(FakeEventSource.CLOSED);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(FakeEventSource.all).toHaveLength(2);
    FakeEventSource.newest.says('open');
    expect(one.connection).toBe('live');
  });

  it('do not pretend to be live while the browser tries to have the stream back', async () => {
    const one = tab();
    await vi.advanceTimersByTimeAsync(0);
    FakeEventSource.newest.says('open');
    FakeEventSource.newest.fails(FakeEventSource.CONNECTING);
    expect(one.connection).toBe('connecting');
    FakeEventSource.newest.says('open');
    expect(one.connection).toBe('live');
    expect(FakeEventSource.all).toHaveLength(1);
  });

  it('forget those of a deleted site in every tab', async () => {
    const [first, second] = [tab(), tab()];
    await vi.advanceTimersByTimeAsync(0);
    FakeEventSource.newest.says('snapshot', [
      anImport(),
      anImport({ id: 'stays', site_id: 2, version: 3 }),
    ]);
    second.forgetSite(1);
    expect(first.list.map(({ id }) => id)).toEqual(['stays']);
    expect(second.list.map(({ id }) => id)).toEqual(['stays']);
  });

  it('pass to another tab when the one that listens is closed', async () => {
    tab();
    const second = tab();
    await vi.advanceTimersByTimeAsync(0);
    stops.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeEventSource.all).toHaveLength(2);
    FakeEventSource.newest.says('open');
    FakeEventSource.newest.says('snapshot', [anImport()]);
    expect(second.connection).toBe('live');
    expect(second.list).toHaveLength(1);
  });
});
