import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect, shot } from '../browser.mjs';
import {
  choose,
  fileOf,
  openImport,
  readPreview,
  readResult,
  submit,
  submitButton,
} from '../screens.mjs';

const CHUNKS = '**/chunks/*';
/** Some chunks' worth. */
const FILE_BYTES = 12 * 1024 * 1024;

export async function resumeStory({ cases, complaints, page, context, server, fixtures }) {
  const basic = await readFile(join(fixtures, 'basic.xml'), 'utf8');
  const long = { name: 'long.xml', mimeType: 'text/xml', buffer: longExport(basic, '8') };
  const total = long.buffer.toString().match(/<post /g).length;
  const written = total.toLocaleString('en-GB');
  const allNew = new RegExp(`^${written} in the file = ${written} new`);

  await cases.run('after a closed tab, only the missing chunks are sent', async () => {
    const before = await sendAndClose(context, long, { chunks: 3 });
    assert.equal(before.length, 3);

    await openImport(page);
    const unfinished = page.getByText('The import of “long.xml” is unfinished');
    await unfinished.waitFor();
    await inspect(page, 'unfinished');
    await choose(page, long);
    assert.equal((await readPreview(page)).comments, total);
    const after = await chunksSent(context, async () => {
      assert.match(await submit(page), allNew);
    });
    const all = Array.from({ length: before.length + after.length }, (_, index) => index + 1);
    assert.deepEqual(
      [...before, ...after].sort((a, b) => a - b),
      all,
      'a chunk was sent twice, or not at all',
    );
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('a server that dies in between is waited for, and goes on', async () => {
    await openImport(page);
    await choose(page, { ...long, name: 'died.xml', buffer: longExport(basic, '7') });
    await readPreview(page);
    let passed = 0;
    await context.route(CHUNKS, async (route) => {
      passed += 1;
      if (passed === 3) await server.kill();
      await route.continue();
    });
    try {
      await complaints.expecting(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to load/, async () => {
        await submitButton(page).click();
        await page.getByText('The server cannot be reached. It goes on by itself').waitFor();
        await shot(page, 'waiting');
        await server.restart();
        // It may have gone on by itself before the button is reached.
        const tryNow = page.getByRole('button', { name: 'Try now' });
        await Promise.race([tryNow.click(), page.locator('[data-adds-up]').waitFor()]);
        assert.match(await readResult(page), allNew);
      });
    } finally {
      await context.unroute(CHUNKS);
      await server.restart();
    }
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('what differs from an unfinished import is explained', async () => {
    const other = { ...long, name: 'differs.xml', buffer: longExport(basic, '6') };
    await sendAndClose(context, other, { chunks: 2 });
    // Another import changes the site in between.
    await openImport(page);
    await choose(page, await fileOf(join(fixtures, 'deleted.xml')));
    await readPreview(page);
    await submit(page);

    await openImport(page);
    await choose(page, other);
    await readPreview(page);
    await complaints.expecting(/409/, async () => {
      await submitButton(page).click();
      await page.getByText('Another import has changed the site since.').waitFor();
    });
    await inspect(page, 'differs');
    const sent = await chunksSent(context, async () => {
      await page.getByRole('button', { name: 'Start a new import' }).click();
      assert.match(await readResult(page), allNew);
    });
    assert.deepEqual(sent.slice(0, 2).sort(), [1, 2]);
    await page.getByRole('link', { name: 'Activity' }).click();
    const rows = page.locator('ul.imports > li', { hasText: 'differs.xml' });
    await rows.locator('[data-state=cancelled]').waitFor();
    await rows.locator('[data-state=succeeded]').waitFor();
    assert.deepEqual(await server.spoolFiles(), []);
  });
}

/** Sends so many chunks of a file from a tab of its own, then closes it; gives their numbers. */
async function sendAndClose(context, file, { chunks }) {
  const tab = await context.newPage();
  const passed = [];
  let arrived;
  const held = new Promise((resolve) => {
    arrived = resolve;
  });
  let answered = 0;
  // Left without an answer, and ended before the route goes: what waits in it
  // then would still be sent.
  const waiting = [];
  const onRoute = async (route) => {
    const number = chunkNumber(route.request());
    if (passed.length >= chunks) {
      waiting.push(route);
      return;
    }
    passed.push(number);
    const response = await route.fetch();
    await route.fulfill({ response });
    answered += 1;
    if (answered === chunks) arrived();
  };
  await context.route(CHUNKS, onRoute);
  try {
    await tab.goto('/');
    await openImport(tab);
    await choose(tab, file);
    await readPreview(tab);
    await submitButton(tab).click();
    await held;
  } finally {
    await Promise.all(waiting.map((route) => route.abort().catch(() => {})));
    await tab.close();
    await context.unroute(CHUNKS, onRoute);
  }
  return passed;
}

/** The numbers of the chunks that go over the wire while `work` is done. */
async function chunksSent(context, work) {
  const numbers = [];
  const onRequest = (request) => {
    if (request.method() === 'PUT') numbers.push(chunkNumber(request));
  };
  context.on('request', onRequest);
  try {
    await work();
  } finally {
    context.off('request', onRequest);
  }
  return numbers;
}

const chunkNumber = (request) => Number(request.url().match(/chunks\/(\d+)$/)?.[1]);

/** The posts of a small export over and over, with ids of their own that begin with `digit`. */
function longExport(text, digit) {
  const start = text.indexOf('<post ');
  const end = text.lastIndexOf('</post>') + '</post>'.length;
  const posts = text.slice(start, end);
  const parts = [text.slice(0, start)];
  for (let size = 0, round = 1; size < FILE_BYTES; round += 1) {
    const part = posts.replace(/(<(?:post|parent) dsq:id=")(\d+)/g, `$1${digit}${round}0$2`);
    parts.push(part);
    size += part.length;
  }
  parts.push(text.slice(end));
  return Buffer.from(parts.join('\n'));
}
