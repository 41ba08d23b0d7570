// A large export of each format through the page's own flow in a real browser: the bytes of its
// chunks are those that the command line writes, and its memory does not grow with the file.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { launchBrowser } from '../e2e/browser.mjs';
import { choose, numberIn, openImport, submitButton } from '../e2e/screens.mjs';
import { startServer } from '../e2e/server.mjs';
import { watchWorker } from './probes.mjs';
import { signUp } from './sign-up.mjs';
import { megabytes, printTable } from './table.mjs';

/** What a format may take more for each comment more: its id, where the checks need it. */
const BYTES_A_COMMENT = 64;
/** Memory comes in pages, and grows ahead of need. */
const SLACK_BYTES = 12_000_000;
const PATIENCE_MS = 30 * 60_000;
const CHUNKS = '**/chunks/*';

const { REHOME_BENCH_FILES, REHOME_SERVER_BIN, REHOME_CLI_BIN } = process.env;
assert.ok(
  REHOME_BENCH_FILES && REHOME_SERVER_BIN && REHOME_CLI_BIN,
  'run `cargo xtask bench browser`, which says what to measure',
);
const files = REHOME_BENCH_FILES.split('\n').map((line) => {
  const [format, comments, path] = line.split('\t');
  return { format, comments: Number(comments), path };
});

const server = await startServer(REHOME_SERVER_BIN);
const browser = await launchBrowser();
let isWithin = false;
try {
  const rows = [];
  // The small file stands before the large one of its format.
  for (let index = 0; index < files.length; index += 2) {
    const [small, large] = [await measure(files[index]), await measure(files[index + 1])];
    rows.push(...rowsOf(files[index].format, small, large));
  }
  isWithin = printTable(rows);
} finally {
  await browser.close();
  await server.stop();
  await Promise.all(files.map(({ path }) => rm(path, { force: true })));
}
process.exit(isWithin ? 0 : 1);

function rowsOf(format, small, large) {
  const most = small.wasmBytes + BYTES_A_COMMENT * (large.comments - small.comments) + SLACK_BYTES;
  const rate = (bytes, ms) => `${(bytes / 1e3 / ms).toFixed(1)} MB/s`;
  return [
    {
      name: `${format}: ${megabytes(large.sizeBytes)}, ${large.comments} comments`,
      value: `preview ${rate(large.sizeBytes, large.previewMs)}, sending ${rate(large.sizeBytes, large.sendMs)}`,
    },
    {
      name: `${format}: wasm memory, and that of a tenth`,
      value: `${megabytes(large.wasmBytes)}, ${megabytes(small.wasmBytes)}`,
      limit: megabytes(most),
      verdict: large.wasmBytes > 0 && large.wasmBytes <= most ? 'ok' : 'FAILED',
    },
    {
      name: `${format}: bytes as the command line writes them`,
      value: large.isSame && small.isSame ? 'the same' : 'others',
      verdict: large.isSame && small.isSame ? 'ok' : 'FAILED',
    },
  ];
}

async function measure({ format, comments, path }) {
  const context = await browser.newContext({ baseURL: server.address, locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE_MS);
  const worker = await watchWorker(context);
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(`the page complained: ${error.message}`));
  await signUp(page, server);
  await openImport(page);
  const began = performance.now();
  await choose(page, path);
  const numbers = page.getByRole('region', { name: 'What is in the file' });
  await numbers.waitFor();
  const previewMs = performance.now() - began;
  assert.equal(numberIn(await numbers.locator('dl .value').first().textContent()), comments);
  await page.locator('iframe').first().waitFor();
  await decide(page);

  const chunks = new Map();
  let id;
  await context.route(CHUNKS, async (route) => {
    const request = route.request();
    const [, ofImport, number] = request.url().match(/imports\/([^/]+)\/chunks\/(\d+)$/);
    id = ofImport;
    chunks.set(Number(number), gunzipSync(request.postDataBuffer()));
    // Nothing is to be applied: what counts is what the browser makes of the file.
    await route.fulfill({ status: 204 });
  });
  const submitted = new Promise((resolve) => {
    context.route('**/submit', (route) => {
      resolve();
      return route.abort();
    });
  });
  const sending = performance.now();
  await submitButton(page).click();
  await submitted;
  const sendMs = performance.now() - sending;
  const wasmBytes = worker.bytes();
  // An account has so many unfinished imports and no more.
  assert.equal((await page.request.delete(`/api/v1/imports/${id}`)).status(), 200);
  await context.close();
  const sent = createHash('sha256');
  for (let number = 1; number <= chunks.size; number += 1) sent.update(chunks.get(number));
  const isSame = sent.digest('hex') === (await converted(path));
  const sizeBytes = (await stat(path)).size;
  console.log(`${format}: ${megabytes(sizeBytes)} sent in ${chunks.size} chunks`);
  return { comments, sizeBytes, previewMs, sendMs, wasmBytes, isSame };
}

/** Some formats leave open where the site is. */
async function decide(page) {
  const address = page.getByLabel('What is the address of your site?');
  if ((await address.count()) === 0 || (await submitButton(page).count()) > 0) return;
  throw new Error('the export leaves something open: let the generator decide it');
}

/** SHA-256 of what `rehome convert` writes, in hex. */
function converted(path) {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256');
    const child = spawn(REHOME_CLI_BIN, ['convert', path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.on('data', (bytes) => hash.update(bytes));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(hash.digest('hex')) : reject(new Error(`convert ended with ${code}`)),
    );
  });
}
