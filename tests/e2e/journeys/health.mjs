import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { inspect } from '../browser.mjs';
import {
  anotherBrowser,
  chooseLanguage,
  fillAccount,
  fits,
  NOT_SIGNED_IN,
  saysAloud,
} from '../guests.mjs';
import { startServer } from '../server.mjs';
import { OWNER } from './setup.mjs';

const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** What the server has to tell, and whether it gets out. */
export async function healthStory(world) {
  const { binary, cases, page } = world;

  await cases.run('a server without mail says so where one asks for mail', async () => {
    await page.goto('/settings/account');
    await page.getByText('This server does not send mail').waitFor();
    const mine = page.getByLabel('Mine', { exact: true });
    assert.equal(await page.getByLabel('Never', { exact: true }).isChecked(), true);
    await mine.check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText('Saved.').waitFor();
    await inspect(page, 'account-told');
    await page.reload();
    await mine.waitFor();
    assert.equal(await mine.isChecked(), true, 'it is kept');
  });

  await cases.run('where nothing waits, the health page says so', async () => {
    await page.goto('/settings/health');
    await page.getByText('Every message has been sent.').waitFor();
    await page.getByText('No webhook is set up.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Try again now' }).count(), 0);
    await inspect(page, 'health');
  });

  const receiver = await startReceiver();
  const server = await startServer(binary, {
    REHOME_WEBHOOK_URL: receiver.address,
    REHOME_WEBHOOK_SECRET: SECRET,
    REHOME_WEBHOOK_ALLOW_PRIVATE: 'true',
  });
  const other = await anotherBrowser({ ...world, server });
  try {
    await unsent({ ...world, server, receiver, page: other });
  } finally {
    await other.context().close();
    await server.stop();
    receiver.stop();
  }
}

async function unsent({ cases, complaints, page, receiver, server }) {
  await cases.run('a message that its receiver refuses shows with its reason', async () => {
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await page.goto(server.setupLink);
      await page.getByLabel('E-mail address').waitFor();
    });
    const site = { site: 'Example blog', address: 'https://blog.example.org' };
    await fillAccount(page, { ...OWNER, ...site });
    await page.waitForURL('**/import');
    receiver.status = 503;
    await failImport(page.request, server);
    await page.goto('/settings/health');
    const failing = page.getByText('1 message could not be sent so far.');
    await lookUntil(page, failing);
    await page.getByText('reported a fault of its own').waitFor();
    await inspect(page, 'health-failing');
  });

  await cases.run('what was given up is tried again when an owner says so', async () => {
    receiver.status = 410;
    const again = page.getByRole('button', { name: 'Try again now' });
    const givenUp = page.getByText('1 message was given up.');
    await again.click();
    await saysAloud(page, 'They are being tried again.');
    await lookUntil(page, givenUp);
    await page.getByText('wants no more messages').waitFor();
    await inspect(page, 'health-given-up');
    await page.setViewportSize({ width: 390, height: 844 });
    await fits(page);
    await chooseLanguage(page, 'Language', 'pl');
    await page.getByText('Rehome przestało wysyłać 1 wiadomość.').waitFor();
    await fits(page);
    await inspect(page, 'phone-health-polish');
    await chooseLanguage(page, 'Język', 'en');
    await page.setViewportSize({ width: 1280, height: 900 });

    receiver.status = 200;
    const sent = page.getByText('Every message has been sent.');
    await again.click();
    await lookUntil(page, sent);
    assert.equal(await again.count(), 0);
  });
}

/** Looks again and again until it shows. */
async function lookUntil(page, words) {
  const end = Date.now() + 60_000;
  while (!(await words.isVisible())) {
    assert.ok(Date.now() < end, `it never shows: ${words}`);
    await page.getByRole('button', { name: 'Look again' }).click();
    await saysAloud(page, 'This is how it is now.');
  }
}

/** An import whose staged file is gone when it is applied. */
async function failImport(request, server) {
  const api = `${server.address}/api/v1`;
  const counts = { pages: 1, authors: 0, comments: 0, removed: 0 };
  const header = {
    type: 'header',
    schema: 1,
    format: 'disqus',
    family: 'disqus',
    origin: 'forum',
    reader: 'disqus/1',
    fields: ['page.url'],
  };
  const place = { type: 'page', source_id: 'p', url: 'https://blog.example.org/p' };
  const lines = [header, place, { type: 'end', counts, complete: 'yes' }];
  const plain = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const file = { name: 'export.xml', size_bytes: plain.length, fingerprint: '00' };
  const seen = { comments: 0, kept: 0, skipped_by_reason: {}, complete: 'yes' };
  const [site] = (await (await request.get(`${api}/session`)).json()).sites;
  const created = await request.post(`${api}/sites/${site.id}/imports`, {
    data: { format: 'disqus', origin: 'forum', reader: 'disqus/1', file, seen },
  });
  assert.equal(created.status(), 201, await created.text());
  const { id } = (await created.json()).import;
  const digest = createHash('sha256').update(plain).digest('base64');
  const put = await request.put(`${api}/imports/${id}/chunks/1`, {
    headers: {
      'content-encoding': 'gzip',
      'content-type': 'application/x-ndjson',
      'unencoded-digest': `sha-256=:${digest}:`,
    },
    data: gzipSync(plain),
  });
  assert.equal(put.status(), 204, await put.text());
  await server.loseStaged();
  const submitted = await request.post(`${api}/imports/${id}/submit`, {
    data: { chunks: 1, counts },
  });
  assert.equal(submitted.status(), 200, await submitted.text());
  for (;;) {
    const { state } = (await (await request.get(`${api}/imports/${id}`)).json()).import;
    if (!['queued', 'running'].includes(state)) return assert.equal(state, 'failed');
  }
}

/** Answers every request with its `status`. */
async function startReceiver() {
  const receiver = { status: 200 };
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(receiver.status).end());
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  receiver.address = `http://127.0.0.1:${server.address().port}/`;
  receiver.stop = () => server.close();
  return receiver;
}
