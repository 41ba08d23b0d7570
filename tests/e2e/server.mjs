import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';

const START_MS = 30_000;

/** Starts the real server on a free port, with a data folder of its own. */
export async function startServer(binary) {
  const data = await mkdtemp(join(tmpdir(), 'rehome-e2e-'));
  const child = spawn(binary, ['--listen', '127.0.0.1:0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, REHOME_LOG: 'warn' },
  });
  const log = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  let stopping = false;
  child.on('exit', (code, signal) => {
    if (!stopping) log.push(`the server ended before its time: ${signal ?? code}`);
  });
  const { address, setupLink } = await readAnnouncement(child, log);
  return {
    address,
    setupLink,
    log,
    pid: child.pid,
    spoolFiles: () => filesUnder(join(data, 'spool')),
    async stop() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The address and the set-up link, as an operator reads them on the terminal. */
function readAnnouncement(child, log) {
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
      if (found.address && found.setupLink) {
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
