// What somebody who guesses passwords costs others: how long a sign-in takes before and during it.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { OWNER } from '../e2e/journeys/setup.mjs';
import { startServer } from '../e2e/server.mjs';
import { printTable } from './table.mjs';

const { REHOME_SERVER_BIN, REHOME_BENCH_GUESSES } = process.env;
assert.ok(REHOME_SERVER_BIN && REHOME_BENCH_GUESSES, 'run `cargo xtask bench sign-ins`');
const GUESSES = Number(REHOME_BENCH_GUESSES);
/** Guesses on their way at the same time. */
const AT_ONCE = 8;
const SIGN_INS = 15;
/** Loopback addresses are as different to the server as those of two people. */
const GUESSER = '127.0.0.2';
const ADMIN = '127.0.0.3';

const server = await startServer(REHOME_SERVER_BIN);
let isWithin = false;
try {
  isWithin = printTable(await measure());
} finally {
  await server.stop();
}
process.exit(isWithin ? 0 : 1);

async function measure() {
  const [, token] = server.setupLink.split('#');
  const site = { name: 'Example blog', url: 'https://blog.example.org' };
  assert.equal((await post('/setup', ADMIN, { token, ...OWNER, site })).status, 200);

  const before = await signIns();
  const answers = new Map();
  const guessMs = [];
  let left = GUESSES;
  const guessing = Array.from({ length: AT_ONCE }, async () => {
    while (left > 0) {
      left -= 1;
      const guess = { email: OWNER.email, password: `no such password ${left}` };
      const { status, ms } = await post('/session', GUESSER, guess);
      answers.set(status, (answers.get(status) ?? 0) + 1);
      guessMs.push(ms);
    }
  });
  const during = await signIns();
  await Promise.all(guessing);
  const after = await signIns();

  const ms = (times) => `${median(times.map(({ ms }) => ms)).toFixed(1)} ms`;
  const ratio = median(during.map(({ ms }) => ms)) / median(before.map(({ ms }) => ms));
  const all = [...before, ...during, ...after];
  const signedIn = all.filter(({ status }) => status === 200).length;
  const seen = [...answers].map(([status, count]) => `${count} × ${status}`).join(', ');
  return [
    { name: `${GUESSES} guesses from one address`, value: seen },
    { name: 'a guess, median', value: `${median(guessMs).toFixed(1)} ms` },
    { name: 'a sign-in of the same admin from elsewhere, before', value: ms(before) },
    { name: 'while somebody guesses', value: `${ms(during)}, ${ratio.toFixed(2)} times` },
    { name: 'after it', value: ms(after) },
    {
      name: 'sign-ins that went through',
      value: `${signedIn} of ${all.length}`,
      limit: 'all',
      verdict: signedIn === all.length ? 'ok' : 'FAILED',
    },
    {
      name: 'guesses that went through',
      value: String(answers.get(200) ?? 0),
      limit: '0',
      verdict: answers.has(200) ? 'FAILED' : 'ok',
    },
  ];
}

async function signIns() {
  const times = [];
  for (let count = 0; count < SIGN_INS; count += 1) {
    times.push(await post('/session', ADMIN, OWNER));
  }
  return times;
}

function median(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** Status and milliseconds of a request from that address. */
function post(path, localAddress, body) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(
      `${server.address}/api/v1${path}`,
      { method: 'POST', localAddress, headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        response.on('end', () =>
          resolve({ status: response.statusCode, ms: performance.now() - began }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}
