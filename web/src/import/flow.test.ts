import { describe, expect, it, vi } from 'vitest';
import type { Choice } from '../generated/Choice';
import type { Preview } from '../generated/Preview';
import { anImport } from '../testing/an-import';
import type { FromWorker, ToWorker } from '../worker/protocol';
import { ImportFlow } from './flow.svelte';
import type { WorkerClient } from './worker-client';

/** A flow that has read a file, what it told its workers, and a way to answer. */
function read(preview: Preview) {
  const posted: ToWorker[] = [];
  let hear: (message: FromWorker) => void = () => undefined;
  const flow = new ImportFlow((listener) => {
    hear = listener;
    const worker = { post: (message: ToWorker) => posted.push(message), close: () => undefined };
    return worker as unknown as WorkerClient;
  });
  flow.choose([new File(['<disqus'], 'export.xml')]);
  hear({ type: 'preview', preview });
  const of = (type: ToWorker['type']) => () => posted.filter((message) => message.type === type);
  return {
    flow,
    sends: of('send'),
    opens: of('open'),
    answers: of('answer'),
    hear: (m: FromWorker) => hear(m),
  };
}

/** One of which some comments were never public. */
function aPrivatePreview(kept: number, withheld: number): Preview {
  const preview = aPreview(kept, false);
  preview.summary.comments.withheld_by_reason = { private_page: withheld };
  return preview;
}

const host = (values: string[], is_needed = true): Choice => ({
  option: 'host',
  values: values.map((value) => ({ value, comments: 2 })),
  is_needed,
});

function aPreview(kept: number, isCut: boolean): Preview {
  return {
    summary: {
      format: 'disqus',
      origin: 'forum',
      complete: isCut ? 'no' : 'yes',
      pages: { seen: 1, with_comments: 1 },
      comments: { seen: kept, kept, skipped: 0, skipped_by_reason: {} },
      issues: [],
    } as unknown as Preview['summary'],
    error: isCut
      ? { code: 'file_cut', message: 'It stops.', file: 'export.xml', line: 7, byte: 99 }
      : null,
    months: [],
    fields: [],
    choices: [],
  };
}

describe('a file that stops before its end', () => {
  it('is not sent until the person chooses that', () => {
    const { flow, sends } = read(aPreview(3, true));
    expect(flow.verdict).toBe('broken');
    expect(flow.canSend).toBe(false);
    flow.send(1);
    expect(sends()).toEqual([]);
    expect(flow.stage).toBe('read');
  });

  it('is sent as incomplete once that is chosen', () => {
    const { flow, sends } = read(aPreview(3, true));
    flow.takesIncomplete = true;
    expect(flow.canSend).toBe(true);
    flow.send(4);
    expect(sends()).toEqual([
      { type: 'send', siteId: 4, incomplete: true, private: false, replace: null },
    ]);
  });

  it('asks again when it is read again', () => {
    const { flow, hear } = read(aPreview(3, true));
    flow.takesIncomplete = true;
    flow.again();
    hear({ type: 'preview', preview: aPreview(3, true) });
    expect(flow.canSend).toBe(false);
  });

  it('is never sent where no comment was readable', () => {
    const { flow, sends } = read(aPreview(0, true));
    flow.takesIncomplete = true;
    expect(flow.verdict).toBe('unreadable');
    flow.send(1);
    expect(sends()).toEqual([]);
  });
});

it('sends a whole file as a whole one', () => {
  const { flow, sends } = read(aPreview(3, false));
  flow.send(1);
  expect(sends()).toEqual([
    { type: 'send', siteId: 1, incomplete: false, private: false, replace: null },
  ]);
});

describe('the question whether it is the same blog', () => {
  const question = {
    code: 'same_blog',
    message: 'Is it?',
    file: null,
    status: 409,
    import: null,
    differs: [],
    origin: 'blog.example.org',
  };
  const receiving = anImport({ id: 'sent', state: 'receiving', origin: 'new.example.org' });

  function asked() {
    const all = read(aPreview(3, false));
    all.flow.send(4);
    all.hear({ type: 'created', import: receiving });
    all.hear({ type: 'failed', stage: 'sending', problem: question });
    return all;
  }

  it('names both addresses, and is answered by nobody but the person', () => {
    const { flow, answers } = asked();
    expect(flow.question).toEqual({ known: 'blog.example.org', sent: 'new.example.org' });
    expect(flow.stop).toBeNull();
    expect(flow.stage).toBe('sending');
    expect(answers()).toEqual([]);
  });

  it.each([
    [true, 'blog.example.org'],
    [false, ''],
  ])('goes on with the answer %s', (isSame, sameOrigin) => {
    const { flow, answers, hear } = asked();
    flow.answer(isSame);
    flow.answer(isSame);
    expect(answers()).toEqual([{ type: 'answer', sameOrigin }]);
    expect(flow.question).toBeNull();
    hear({ type: 'sent', import: { ...receiving, state: 'queued', version: 8 } });
    expect(flow.stage).toBe('sent');
  });

  it('is over when the import is stopped, on the server too', async () => {
    const fetched = vi.fn(
      async () => new Response(JSON.stringify({ ...receiving, state: 'cancelled', version: 8 })),
    );
    vi.stubGlobal('fetch', fetched);
    const { flow } = asked();
    await flow.cancel();
    expect(fetched).toHaveBeenCalledWith(
      '/api/v1/imports/sent?then=keep',
      expect.objectContaining({ method: 'DELETE' }),
    );
    expect(flow.question).toBeNull();
    expect(flow.stop?.code).toBe('cancelled');
    vi.unstubAllGlobals();
  });
});

describe('an unfinished import that was begun with something else', () => {
  const problem = (code: string) => ({
    code,
    message: 'It differs.',
    file: null,
    status: 409,
    import: 'old-one',
    differs: ['reader'],
    origin: null,
  });

  it('is explained, and a new import takes its place only when that is chosen', () => {
    const { flow, sends, hear } = read(aPreview(3, false));
    flow.send(4);
    hear({ type: 'failed', stage: 'sending', problem: problem('import_differs') });
    expect(flow.stop).toMatchObject({ unfinished: 'old-one', differs: ['reader'] });
    expect(sends()).toHaveLength(1);
    flow.replaceUnfinished();
    expect(flow.stop).toBeNull();
    expect(flow.stage).toBe('sending');
    expect(sends()[1]).toEqual({
      type: 'send',
      siteId: 4,
      incomplete: false,
      private: false,
      replace: 'old-one',
    });
  });

  it('is replaced after another reading where its lines differ', () => {
    const { flow, sends, hear } = read(aPreview(3, false));
    flow.send(4);
    hear({ type: 'failed', stage: 'sending', problem: problem('chunk_differs') });
    flow.replaceUnfinished();
    expect(flow.stage).toBe('reading');
    hear({ type: 'preview', preview: aPreview(3, false) });
    expect(sends()).toHaveLength(1);
    flow.send(4);
    expect(sends()[1]).toMatchObject({ replace: 'old-one' });
  });

  it('is left alone by another file', () => {
    const { flow, sends, hear } = read(aPreview(3, false));
    flow.send(4);
    hear({ type: 'failed', stage: 'sending', problem: problem('import_differs') });
    flow.choose([new File(['<disqus'], 'other.xml')]);
    hear({ type: 'preview', preview: aPreview(3, false) });
    flow.send(4);
    expect(sends()[1]).toMatchObject({ replace: null });
  });
});

describe('comments that were never public', () => {
  it('are left out, and count for nothing, until the person takes them', () => {
    const { flow, sends } = read(aPrivatePreview(5, 2));
    expect([flow.withheld, flow.sends]).toEqual([2, 3]);
    flow.takesPrivate = true;
    expect(flow.sends).toBe(5);
    flow.send(1);
    expect(sends()[0]).toMatchObject({ private: true });
  });

  it('are nothing to send where there are no others', () => {
    const { flow, sends } = read(aPrivatePreview(2, 2));
    expect([flow.isRead, flow.canSend]).toEqual([true, false]);
    flow.send(1);
    expect(sends()).toEqual([]);
    flow.takesPrivate = true;
    expect(flow.canSend).toBe(true);
  });

  it('are not asked about again when the next file is chosen', () => {
    const { flow } = read(aPrivatePreview(5, 2));
    flow.takesPrivate = true;
    flow.choose([new File([''], 'next.xml')]);
    expect(flow.takesPrivate).toBe(false);
  });
});

describe('a choice', () => {
  const withChoice = (choice: Choice) => ({ ...aPreview(4, false), choices: [choice] });

  it('that is needed keeps everything from being sent until it is made', () => {
    const { flow, sends, opens, hear } = read(withChoice(host(['a.example.org', 'b.example.org'])));
    expect(flow.undecided.map(({ option }) => option)).toEqual(['host']);
    expect(flow.canSend).toBe(false);
    flow.send(1);
    expect(sends()).toEqual([]);

    flow.decide('host', 'b.example.org');
    expect(opens()[1]).toMatchObject({ options: { host: 'b.example.org' } });
    expect([flow.stage, flow.canSend]).toEqual(['reading', false]);
    // The numbers stay until the new ones are there.
    expect(flow.preview?.summary.comments.kept).toBe(4);
    hear({ type: 'preview', preview: aPreview(2, false) });
    expect([flow.sends, flow.canSend]).toEqual([2, true]);
    // It can still be made otherwise.
    expect(flow.choices.map(({ option }) => option)).toEqual(['host']);
  });

  it('that is not needed keeps nothing back', () => {
    expect(read(withChoice(host(['url', 'id'], false))).flow.canSend).toBe(true);
  });

  it('is forgotten with the files, and not with another reading of them', () => {
    const { flow, opens } = read(withChoice(host(['a.example.org', 'b.example.org'])));
    flow.decide('host', 'a.example.org');
    flow.again();
    expect(opens()[2]).toMatchObject({ options: { host: 'a.example.org' } });
    flow.choose([new File([''], 'next.xml')]);
    expect(opens()[3]).toMatchObject({ options: {}, format: null });
    expect(flow.choices).toEqual([]);
  });

  it('that cannot be read leaves no numbers of another reading', () => {
    const { flow, hear } = read(withChoice(host(['a.example.org', 'b.example.org'])));
    flow.decide('host', 'a.example.org');
    const problem = { code: 'read_failed', message: '', file: null, status: null };
    const none = { import: null, differs: [], origin: null };
    hear({ type: 'failed', stage: 'reading', problem: { ...problem, ...none } });
    expect(flow.preview).toBeNull();
    expect(flow.canSend).toBe(false);
  });
});

describe('several files, and a format by hand', () => {
  it('are read as one, and again as what the person says', () => {
    const { flow, opens } = read(aPreview(3, false));
    const files = ['a.json', 'b.json'].map((name) => new File([''], name));
    flow.choose(files);
    expect(opens()[1]).toEqual({ type: 'open', files, format: null, options: {} });
    flow.readAsFormat('disqus');
    expect(opens()[2]).toEqual({ type: 'open', files, format: 'disqus', options: {} });
    expect(flow.preview).toBeNull();
    flow.decide('host', 'a.example.org');
    expect(opens()[3]).toMatchObject({ files, format: 'disqus' });
  });
});
