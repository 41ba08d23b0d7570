// How much memory a large import takes, in the worker and in the server, and how long it blocks
// the page: the page's own flow in a real browser, against the real server.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { launchBrowser } from '../e2e/browser.mjs';
import { choose, numberIn, submitButton } from '../e2e/screens.mjs';
import { startServer } from '../e2e/server.mjs';
import { blocksOfPage, watchPage, watchWorker } from './probes.mjs';
import { signUp } from './sign-up.mjs';
import { megabytes, printTable } from './table.mjs';

/** What the worker may take: a fixed part, and the ids that the checks need. */
const WASM_BYTES = 64_000_000;
const WASM_BYTES_A_COMMENT = 24;
const SERVER_BYTES = 256_000_000;
/** A guide: a person notices a longer one. Times are one machine's, so it fails nothing. */
const BLOCK_MS = 200;
/** The longest wait for anything, on a slow machine. */
const PATIENCE_MS = 60 * 60_000;
const POLL_MS = 250;

const file = process.env.REHOME_BENCH_FILE;
const comments = Number(process.env.REHOME_BENCH_COMMENTS);
const binary = process.env.REHOME_SERVER_BIN;
assert.ok(
  file && comments > 0 && binary,
  'run `cargo xtask bench memory`, which says what to measure',
);

const server = await startServer(binary);
const browser = await launchBrowser();
let withinLimits = false;
try {
  withinLimits = report(await measure());
} finally {
  await browser.close();
  await server.stop();
  if (!withinLimits && server.log.length > 0)
    console.log(`the server said:\n${server.log.join('\n')}`);
}
process.exit(withinLimits ? 0 : 1);

async function measure() {
  const context = await browser.newContext({ baseURL: server.address, locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE_MS);
  const worker = await watchWorker(context);
  await watchPage(context);
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(`the page complained: ${error.message}`));
  await signUp(page, server);
  const idleServerBytes = await peakOfServer();

  const clock = startClock();
  await blocksOfPage(page);
  await choose(page, file);
  const numbers = page.getByRole('region', { name: 'What is in the file' });
  await numbers.waitFor();
  const previewMs = clock.lap('previewed');
  assert.equal(numberIn(await numbers.locator('dl .value').first().textContent()), comments);
  await page.locator('iframe').first().waitFor();
  const samplesMs = clock.lap('samples shown');
  const afterPreview = { wasmBytes: worker.bytes(), blocks: await blocksOfPage(page) };

  const made = page.waitForResponse(isNewImport);
  await submitButton(page).click();
  const { id } = (await (await made).json()).import;
  await reach(page, id, (state) => state !== 'receiving');
  const sendMs = clock.lap('sent');
  const afterSending = { wasmBytes: worker.bytes(), blocks: await blocksOfPage(page) };

  const done = await reach(page, id, (state) => !['queued', 'running'].includes(state));
  const applyMs = clock.lap(done.state);
  const serverBytes = await peakOfServer();
  // The page shows the sum too, and says itself whether it adds up.
  await page.locator('[data-adds-up=true]').waitFor();
  return {
    times: { previewMs, samplesMs, sendMs, applyMs },
    afterPreview,
    afterSending,
    afterApplying: { blocks: await blocksOfPage(page) },
    idleServerBytes,
    serverBytes,
    done,
    sizeBytes: (await stat(file)).size,
  };
}

/** Prints what was measured; false where a limit is broken. */
function report({ times, afterPreview, afterSending, afterApplying, ...rest }) {
  const { idleServerBytes, serverBytes, done, sizeBytes } = rest;
  const wasmLimit = WASM_BYTES + WASM_BYTES_A_COMMENT * comments;
  const { inserted, updated, unchanged, rejected } = done.result.comments;
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
  const took = (name, ms) => ({ name, value: seconds(ms) });
  const block = (name, { taskMs, gapMs }) => ({
    name: `longest block of the page, ${name}`,
    value: `${taskMs.toFixed(0)} ms task, ${gapMs.toFixed(0)} ms gap`,
    limit: `${BLOCK_MS} ms (guide)`,
    verdict: Math.max(taskMs, gapMs) <= BLOCK_MS ? 'ok' : 'over the guide',
  });
  return printTable([
    { name: 'file', value: megabytes(sizeBytes) },
    { name: 'comments in it', value: comments.toLocaleString('en') },
    took('preview', times.previewMs),
    took('samples', times.samplesMs),
    took('sending', times.sendMs),
    took('applying', times.applyMs),
    atMost('wasm memory after preview', afterPreview.wasmBytes, wasmLimit),
    atMost('wasm memory after sending', afterSending.wasmBytes, wasmLimit),
    { name: "server's peak memory, idle", value: megabytes(idleServerBytes) },
    atMost("server's peak memory", serverBytes, SERVER_BYTES),
    block('preview', afterPreview.blocks),
    block('sending', afterSending.blocks),
    block('applying', afterApplying.blocks),
    exactly('end of the import', done.state, 'succeeded'),
    exactly('comments inserted', inserted, comments),
    exactly('comments updated, unchanged, rejected', updated + unchanged + rejected, 0),
  ]);
}

function atMost(name, bytes, limit) {
  return {
    name,
    value: megabytes(bytes),
    limit: megabytes(limit),
    // Nothing seen is nothing proven.
    verdict: bytes > 0 && bytes <= limit ? 'ok' : 'FAILED',
  };
}

function exactly(name, value, limit) {
  return {
    name,
    value: value.toLocaleString('en'),
    limit: limit.toLocaleString('en'),
    verdict: value === limit ? 'ok' : 'FAILED',
  };
}

function isNewImport(response) {
  return (
    response.request().method() === 'POST' &&
    /\/sites\/\d+\/imports$/.test(new URL(response.url()).pathname)
  );
}

/** Waits until the import stands where it should; gives it as it is then. */
async function reach(page, id, isThere) {
  for (;;) {
    const response = await page.request.get(`/api/v1/imports/${id}`);
    assert.ok(response.ok(), `the import answers ${response.status()}`);
    const { import: found } = await response.json();
    if (isThere(found.state)) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The most memory that the server's process ever held, in bytes, as Linux counts it. */
async function peakOfServer() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  const [, kibibytes] = status.match(/^VmHWM:\s+(\d+) kB$/m);
  return Number(kibibytes) * 1024;
}

function startClock() {
  let last = performance.now();
  return {
    lap(what) {
      const ms = performance.now() - last;
      last += ms;
      console.log(`${what} after ${(ms / 1000).toFixed(1)} s`);
      return ms;
    },
  };
}
