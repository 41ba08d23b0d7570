// How fast the server applies an import, applies it again as it was and changed, and
// takes it back, how much memory that takes, and what browsers that follow it cost.
// Its speed is told beside that of plain inserts of the same rows, in the same run.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { OWNER } from '../e2e/journeys/setup.mjs';
import { startServer } from '../e2e/server.mjs';
import { mostASecond, openListeners } from './listeners.mjs';
import { megabytes, printTable } from './table.mjs';

const set = (name) => {
  const value = process.env[`REHOME_${name}`];
  assert.ok(value, 'run `cargo xtask bench server`');
  return value;
};
const COMMENTS = Number(set('BENCH_COMMENTS'));
const FOLLOWED = Number(set('BENCH_FOLLOWED_COMMENTS'));
const LISTENERS = Number(set('BENCH_LISTENERS'));

/** Comments of a first import a second, beside those that plain inserts write. */
const FIRST_SHARE = 0.4;
const AGAIN_TIMES = 2;
/** Comments that are all changed, a second, beside those of their first import. */
const CHANGED_SHARE = 0.25;
const SERVER_BYTES = 256e6;
const MESSAGES_A_SECOND = 4;
/** How often the server is asked where an import is. */
const ASK_MS = 20;
/** What `getconf CLK_TCK` says on Linux. */
const TICKS_A_SECOND = 100;
const FINAL = ['succeeded', 'failed', 'cancelled', 'expired', 'undone'];
const run = promisify(execFile);

const server = await startServer(set('SERVER_BIN'));
const folder = await mkdtemp(join(tmpdir(), 'rehome-bench-'));
let cookie = '';
let isWithin = false;
try {
  isWithin = printTable(await measure());
} finally {
  if (process.env.REHOME_BENCH_KEEP) {
    await server.kill();
    console.log(`\nthe server's data: ${server.data}\nthe plain inserts: ${folder}`);
  } else {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
process.exit(isWithin ? 0 : 1);

async function measure() {
  const { token, site } = await signUp();
  const file = set('BENCH_FILE');
  const rows = [memory('memory of the server, idle', await peakBytes())];

  const first = await push(token, site, file, COMMENTS, 'inserted');
  rows.push(...speeds('first import', first), memory('peak memory after it', await peakBytes()));
  const plain = await insertLoop();
  const plainRate = (plain.comments * 1000) / plain.ms;
  rows.push(
    {
      name: 'plain inserts of the same rows',
      value: `${perSecond(plainRate)}, ${seconds(plain.ms)}`,
    },
    { name: '  CPU time', value: `${plain.cpuSeconds.toFixed(1)} s` },
    ...plain.tables.map(({ table, rows, ms }) => ({
      name: `  ${table}`,
      value: `${rows.toLocaleString('en')} rows, ${seconds(ms)}`,
    })),
    atLeast('first import, share of plain inserts', first.rate / plainRate, FIRST_SHARE),
  );

  const again = await push(token, site, file, COMMENTS, 'unchanged');
  rows.push(
    ...speeds('the same import again', again),
    atLeast('again, times as fast as first', again.rate / first.rate, AGAIN_TIMES),
    memory('peak memory after it', await peakBytes()),
  );
  rows.push(...(await undone(first)));
  const smaller = set('BENCH_FOLLOWED_FILE');
  const twice = await addSite('alone');
  const alone = await push(token, twice, smaller, FOLLOWED, 'inserted');
  rows.push(...(await changed(token, twice, smaller, alone)));
  rows.push(...(await followed(token, smaller, alone)));
  return rows;
}

/** The same import with other words in every comment. */
async function changed(token, site, file, alone) {
  const later = await push(token, site, await withOtherWords(file), FOLLOWED, 'updated');
  return [
    ...speeds(`${FOLLOWED.toLocaleString('en')} comments, all changed`, later),
    atLeast('changed, share of their first import', later.rate / alone.rate, CHANGED_SHARE),
    memory('peak memory after it', await peakBytes()),
  ];
}

async function withOtherWords(file) {
  const to = join(folder, 'changed.ndjson');
  const converting = spawn(set('CLI_BIN'), ['convert', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  async function* lines() {
    for await (const line of createInterface({ input: converting.stdout })) {
      const record = JSON.parse(line);
      if (record.type === 'comment') record.body += ' Edited.';
      yield `${JSON.stringify(record)}\n`;
    }
  }
  await pipeline(lines, createWriteStream(to));
  return to;
}

/** The same import without anybody who follows it, and with. */
async function followed(token, file, alone) {
  const listeners = await openListeners(server.address, cookie, LISTENERS);
  const watched = await push(token, await addSite('followed'), file, FOLLOWED, 'inserted');
  const isTold = () => listeners.every(({ last }) => FINAL.includes(last.get(watched.id)));
  while (!isTold()) await delay(ASK_MS);
  const rate = mostASecond(listeners, watched.id);
  for (const listener of listeners) listener.end();
  return [
    ...speeds(`${FOLLOWED.toLocaleString('en')} comments, not followed`, alone),
    ...speeds(`the same with ${LISTENERS} who follow it`, watched),
    { name: '  share of the speed without them', value: (watched.rate / alone.rate).toFixed(2) },
    {
      name: '  messages a second, of the listener with most',
      value: rate.toFixed(2),
      limit: `at most ${MESSAGES_A_SECOND}`,
      verdict: rate <= MESSAGES_A_SECOND ? 'ok' : 'FAILED',
    },
    memory('peak memory after it', await peakBytes()),
  ];
}

/** Takes the first import back, and with it what came later. */
async function undone({ id }) {
  const { paths } = await call('GET', '/api/v1/openapi.json', 200);
  if (!Object.keys(paths).some((path) => path.endsWith('/imports/{id}/undo'))) {
    return [{ name: 'undo', value: 'this server cannot yet' }];
  }
  console.log('\ntaken back');
  const cpu = await cpuSeconds();
  const began = performance.now();
  await call('POST', `/api/v1/imports/${id}/undo`, 202, { with_later: true });
  for (;;) {
    const { import: found } = await call('GET', `/api/v1/imports/${id}`, 200);
    if (found.state === 'undone') break;
    assert.notEqual(found.undoing?.state, 'failed', JSON.stringify(found.undoing));
    await delay(ASK_MS);
  }
  const ms = performance.now() - began;
  return [
    { name: 'undo of all of it', value: `${perSecond((COMMENTS * 1000) / ms)}, ${seconds(ms)}` },
    { name: '  CPU time of the server', value: `${((await cpuSeconds()) - cpu).toFixed(1)} s` },
    memory('peak memory after it', await peakBytes()),
  ];
}

/** Sends the file and waits for its end; every comment must have come to `came`. */
async function push(token, site, file, comments, came) {
  console.log(`\n${comments.toLocaleString('en')} comments, to be ${came}`);
  const began = performance.now();
  const options = ['--server', server.address, '--site', String(site), '--no-wait', '--json', file];
  const before = new Set((await imports()).map(({ id }) => id));
  const sending = run(set('CLI_BIN'), ['push', ...options], {
    env: { ...process.env, REHOME_TOKEN: token },
  }).then(() => performance.now());
  sending.catch(() => {});
  let running;
  let cpu;
  let done;
  while (!done) {
    const mine = (await imports()).find(({ id }) => !before.has(id));
    if (mine?.state === 'running') {
      running ??= performance.now();
      cpu ??= await cpuSeconds();
    }
    if (FINAL.includes(mine?.state)) done = mine;
    else await Promise.race([delay(ASK_MS), sending.then(() => delay(ASK_MS))]);
  }
  const ended = performance.now();
  const sent = await sending;
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error));
  assert.equal(done.result.comments[came], comments, JSON.stringify(done.result));
  assert.ok(running, 'it was never seen running');
  const applyMs = ended - running;
  console.log(`sent in ${seconds(sent - began)}, applied in ${seconds(applyMs)}`);
  return {
    id: done.id,
    comments,
    sendMs: sent - began,
    applyMs,
    allMs: ended - began,
    rate: (comments * 1000) / applyMs,
    cpuSeconds: (await cpuSeconds()) - cpu,
  };
}

function speeds(name, { comments, rate, sendMs, applyMs, allMs, cpuSeconds }) {
  return [
    { name, value: `${perSecond(rate)}, ${seconds(applyMs)}` },
    {
      name: '  with sending it',
      value: `${perSecond((comments * 1000) / allMs)}, ${seconds(sendMs)} to send`,
    },
    { name: '  CPU time of the server, without that', value: `${cpuSeconds.toFixed(1)} s` },
  ];
}

/** Copies what the import wrote by plain inserts, and times these. */
async function insertLoop() {
  console.log('\nplain inserts of the same rows');
  const database = join(server.data, 'rehome.sqlite');
  const { stdout } = await run(set('INSERT_LOOP_BIN'), [database, join(folder, 'plain.sqlite')]);
  return JSON.parse(stdout);
}

/** The account, a token for `rehome push`, and the site to import into. */
async function signUp() {
  const [, token] = server.setupLink.split('#');
  const site = { name: 'Example blog', url: 'https://blog.example.org' };
  const response = await fetch(`${server.address}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, ...OWNER, site }),
  });
  assert.equal(response.status, 200);
  cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { sites } = await response.json();
  const made = await call('POST', '/api/v1/tokens', 201, {
    name: 'bench',
    scopes: ['read', 'import'],
  });
  return { token: made.secret, site: sites[0].id };
}

async function addSite(name) {
  const site = { name, url: `https://${name}.example.org` };
  return (await call('POST', '/api/v1/sites', 201, site)).id;
}

async function imports() {
  return call('GET', '/api/v1/imports', 200);
}

async function call(method, path, status, body) {
  const response = await fetch(`${server.address}${path}`, {
    method,
    headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.equal(response.status, status, `${method} ${path}: ${text}`);
  return JSON.parse(text);
}

/** The most memory that the server ever held; Linux only. */
async function peakBytes() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(status.match(/VmHWM:\s+(\d+) kB/)[1]) * 1024;
}

async function cpuSeconds() {
  const stat = await readFile(`/proc/${server.pid}/stat`, 'utf8');
  // Behind the program's name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

function memory(name, bytes) {
  const verdict = bytes <= SERVER_BYTES ? 'ok' : 'FAILED';
  return { name, value: megabytes(bytes), limit: megabytes(SERVER_BYTES), verdict };
}

function atLeast(name, value, limit) {
  const verdict = value >= limit ? 'ok' : 'FAILED';
  return { name, value: value.toFixed(2), limit: `at least ${limit.toFixed(2)}`, verdict };
}

function perSecond(rate) {
  return `${Math.round(rate).toLocaleString('en')} comments/s`;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
