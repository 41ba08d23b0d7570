import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const START_MS = 30_000;

/** Starts the real server on a free port, with a data folder of its own, and these settings. */
export async function startServer(binary, environment = {}) {
  const data = await mkdtemp(join(tmpdir(), 'rehome-e2e-'));
  const log = [];
  let child;
  let ending = false;
  const start = (listen) => {
    child = spawn(binary, ['--listen', listen, '--data', data], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, REHOME_LOG: 'warn' },
    });
    createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    child.on('exit', (code, signal) => {
      if (!ending) log.push(`the server ended before its time: ${signal ?? code}`);
    });
  };
  const end = async (signal) => {
    ending = true;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
  };
  start('127.0.0.1:0');
  const { address, setupLink } = await readAnnouncement(child, log, ({ setupLink }) => setupLink);
  return {
    address,
    setupLink,
    log,
    data,
    get pid() {
      return child.pid;
    },
    /** What a command of the server prints that the operator types beside it. */
    async operator(...command) {
      const options = ['--data', data, '--public-url', address];
      const { stdout } = await promisify(execFile)(binary, [...command, ...options]);
      return stdout;
    },
    spoolFiles: () => filesUnder(join(data, 'spool')),
    /** As a disk does that loses files: those of every import that is staged. */
    async loseStaged() {
      const spool = join(data, 'spool');
      for (const name of await readdir(spool)) await rm(join(spool, name), { recursive: true });
    },
    /** It stands still meanwhile, so that what it does is not over before it was looked at. */
    async standingStill(look) {
      child.kill('SIGSTOP');
      try {
        await look();
      } finally {
        child.kill('SIGCONT');
      }
    },
    kill: () => end('SIGKILL'),
    /** Starts it again where it was, over what it left; nothing where it runs. */
    async restart() {
      if (child.exitCode === null && child.signalCode === null) return;
      ending = false;
      start(new URL(address).host);
      await readAnnouncement(child, log, () => true);
    },
    async stop() {
      await end('SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The address, and what else is awaited, as an operator reads them on the terminal. */
function readAnnouncement(child, log, isWhole) {
  return new Promise((resolve, reject) => {
    const found = {};
    const timer = setTimeout(() => fail('has not announced itself'), START_MS);
    const fail = (what) => {
      clearTimeout(timer);
      reject(new Error(`the server ${what}\n${log.join('\n')}`));
    };
    child.once('error', (error) => fail(`cannot be started: ${error.message}`));
    child.once('exit', (code) => fail(`ended with ${code}`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const link = line.match(/https?:\/\/\S+/)?.[0];
      if (!link) return;
      if (link.includes('/setup#')) found.setupLink = link;
      else found.address = link.replace(/\/$/, '');
      if (found.address && isWhole(found)) {
        clearTimeout(timer);
        resolve(found);
      }
    });
  });
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
}
