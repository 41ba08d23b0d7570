import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { choose, openImport, readResult, submitButton } from '../screens.mjs';

const run = promisify(execFile);
const CHUNKS = '**/chunks/*';
const MOST_BYTES = 64 * 1024 * 1024;

/** The browser sends the very bytes that `rehome convert` writes on this machine. */
export async function sameLinesStory({
  cases,
  complaints,
  context,
  page,
  allFixtures,
  pageFormats,
  cli,
}) {
  for (const format of pageFormats) {
    await cases.run(`${format}: the browser sends what the command line writes`, async () => {
      let compared = 0;
      for (const path of await files(join(allFixtures, format))) {
        const native = await convert(cli, path);
        if (native === null) continue;
        await openImport(page);
        await choose(page, path);
        // A file with an open question, or with nothing to send, has its own cases.
        if (!(await canBeSent(page))) continue;
        const { sent, result } = await chunksOf(context, async () => {
          await submitButton(page).click();
          return readResult(page);
        });
        assert.ok(sent.equals(native), `${path}: ${sent.length} and ${native.length} bytes`);
        assert.match(result, / in the file .*= /);
        compared += 1;
      }
      assert.ok(compared > 0, `no fixture of ${format} could be compared`);
      complaints.check();
    });
  }
}

/** Standard output of `rehome convert`; none where the file cannot be sent as it is. */
async function convert(cli, path) {
  try {
    const { stdout } = await run(cli, ['convert', path], {
      encoding: 'buffer',
      maxBuffer: MOST_BYTES,
    });
    return stdout.includes('"type":"comment"') ? stdout : null;
  } catch {
    return null;
  }
}

async function canBeSent(page) {
  const numbers = page.getByRole('region', { name: 'What is in the file' });
  await numbers.or(page.getByRole('alert')).first().waitFor();
  if ((await numbers.count()) === 0) return false;
  await page.locator('iframe').first().waitFor();
  return (await submitButton(page).count()) === 1 && (await submitButton(page).isEnabled());
}

/** The plain lines of all chunks that go over the wire while `work` is done. */
async function chunksOf(context, work) {
  const chunks = new Map();
  const onRoute = async (route) => {
    const request = route.request();
    const number = Number(request.url().match(/chunks\/(\d+)$/)[1]);
    chunks.set(number, gunzipSync(request.postDataBuffer()));
    await route.continue();
  };
  await context.route(CHUNKS, onRoute);
  try {
    const result = await work();
    const inOrder = [...chunks.keys()].sort((a, b) => a - b).map((number) => chunks.get(number));
    return { sent: Buffer.concat(inOrder), result };
  } finally {
    await context.unroute(CHUNKS, onRoute);
  }
}

async function files(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map(({ name }) => join(folder, name))
    .sort();
}
