import { describe, expect, it } from 'vitest';
import type { Preview } from '../generated/Preview';
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
  flow.choose(new File(['<disqus'], 'export.xml'));
  hear({ type: 'preview', preview });
  return { flow, sends: () => posted.filter(({ type }) => type === 'send'), hear };
}

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
    expect(sends()).toEqual([{ type: 'send', siteId: 4, incomplete: true, replace: null }]);
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
  expect(sends()).toEqual([{ type: 'send', siteId: 1, incomplete: false, replace: null }]);
});

describe('an unfinished import that was begun with something else', () => {
  const problem = (code: string) => ({
    code,
    message: 'It differs.',
    status: 409,
    import: 'old-one',
    differs: ['reader'],
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
    expect(sends()[1]).toEqual({ type: 'send', siteId: 4, incomplete: false, replace: 'old-one' });
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
    flow.choose(new File(['<disqus'], 'other.xml'));
    hear({ type: 'preview', preview: aPreview(3, false) });
    flow.send(4);
    expect(sends()[1]).toMatchObject({ replace: null });
  });
});
