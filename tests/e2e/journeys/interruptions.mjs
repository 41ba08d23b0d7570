import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choose, fileOf, openImport, readPreview, readResult, submitButton } from '../screens.mjs';

const BIG_BYTES = 150 * 1024 * 1024;

export async function interruptionsStory({ cases, complaints, page, context, server, fixtures }) {
  const basic = join(fixtures, 'basic.xml');

  await cases.run('a lost connection is tried again, and nothing is lost', async () => {
    await openImport(page);
    await choose(page, await fileOf(basic));
    const { comments } = await readPreview(page);
    let refused = 0;
    await context.route('**/chunks/*', (route) => {
      refused += 1;
      return refused === 1 ? route.abort('connectionreset') : route.continue();
    });
    try {
      await complaints.expecting(/ERR_CONNECTION_RESET/, async () => {
        await submitButton(page).click();
        assert.match(await readResult(page), new RegExp(`0 new .* ${comments} the same`));
      });
    } finally {
      await context.unroute('**/chunks/*');
    }
    assert.ok(refused > 1, 'the chunk was not sent again');
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('a panic is told with its place, and a fresh worker reads on', async () => {
    await openImport(page);
    const script = '**/assets/import.worker-*.js';
    // The part that sends takes it for granted that a worker has this, and panics without it.
    const broken = 'self.AbortController = class { constructor() { throw new Error(); } };\n';
    await context.route(script, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: broken + (await response.text()) });
    });
    try {
      await complaints.expecting(/panicked at|unreachable/, async () => {
        await choose(page, await fileOf(basic));
        await readPreview(page);
        await submitButton(page).click();
        await page.getByText('Rehome made a mistake while working on this file').waitFor();
        await page.getByText(/crates\/wasm\/src\/send\/control\.rs:\d+/).waitFor();
      });
    } finally {
      await context.unroute(script);
    }
    await page.getByRole('button', { name: 'Read the file again' }).click();
    await readPreview(page);
  });

  await cases.run('sending can be cancelled, and leaves nothing behind', async () => {
    await openImport(page);
    await choose(page, await fileOf(basic));
    await readPreview(page);
    const held = [];
    await context.route('**/submit', (route) => held.push(route));
    try {
      await submitButton(page).click();
      await page.getByRole('button', { name: 'Stop…' }).click();
      await page.getByRole('button', { name: 'Stop the import' }).click();
      await page.getByRole('heading', { name: 'Sending has stopped' }).waitFor();
    } finally {
      // The worker that sent it is gone; only the browser still waits for an answer.
      for (const route of held) await route.abort().catch(() => {});
      await context.unroute('**/submit');
    }
    await page.getByText('This import was cancelled').waitFor();
    await until(async () => (await server.spoolFiles()).length === 0, 'the spool is not empty');
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.locator('.imports [data-state]').first().waitFor();
    await page.locator('[data-state=cancelled]').first().waitFor();
    await page.getByRole('link', { name: 'Import', exact: true }).click();
    await page.getByRole('button', { name: 'Read the file again' }).click();
    await submitButton(page).waitFor();
  });

  await cases.run('reading a big file can be cancelled at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rehome-big-'));
    try {
      const big = join(folder, 'big.xml');
      await writeBig(big, await readFile(basic, 'utf8'));
      await choose(page, big);
      await page.getByRole('progressbar', { name: 'Reading the file' }).waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('Drop your export here').waitFor();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

/** The posts of a small export over and over, each time with ids of their own. */
async function writeBig(path, text) {
  const start = text.indexOf('<post ');
  const end = text.lastIndexOf('</post>') + '</post>'.length;
  const posts = text.slice(start, end);
  const parts = [text.slice(0, start)];
  for (let size = 0, round = 1; size < BIG_BYTES; round += 1) {
    const part = posts.replace(/(<(?:post|parent) dsq:id=")(\d+)/g, `$1${round}$2`);
    parts.push(part);
    size += part.length;
  }
  parts.push(text.slice(end));
  await writeFile(path, parts.join('\n'));
}

async function until(condition, otherwise) {
  const deadline = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
