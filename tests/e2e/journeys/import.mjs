import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from '../browser.mjs';
import {
  choose,
  fileOf,
  openImport,
  readPreview,
  readResult,
  readThreads,
  submit,
  submitButton,
} from '../screens.mjs';

export async function importStory({ cases, complaints, page, server, fixtures }) {
  const basic = join(fixtures, 'basic.xml');
  const text = await readFile(basic, 'utf8');
  const inFile = text.match(/<post /g).length;
  const firstTime = `${inFile} in the file = ${inFile} new + 0 changed + 0 the same + 0 rejected + 0 left out`;
  const nextTime = `${inFile} in the file = 0 new + 0 changed + ${inFile} the same + 0 rejected + 0 left out`;

  await cases.run('the import screen waits for a file', async () => {
    await openImport(page);
    await page.getByText('How do I get my export?').click();
    await page.locator('summary', { hasText: /^Disqus$/ }).click();
    await page.getByText('Disqus sends a link by e-mail').waitFor();
    await inspect(page, 'import');
  });

  await cases.run('a chosen file shows what is in it, and sends nothing', async () => {
    const sent = [];
    const note = (request) => {
      if (request.method() !== 'GET') sent.push(`${request.method()} ${request.url()}`);
    };
    page.on('request', note);
    await choose(page, await fileOf(basic));
    const preview = await readPreview(page);
    page.off('request', note);
    assert.equal(preview.comments, inFile);
    assert.deepEqual(sent, []);
    assert.deepEqual(await server.spoolFiles(), []);
    await page.getByRole('heading', { name: 'Disqus export of “example-blog”' }).waitFor();
    await page.getByText('complete', { exact: true }).waitFor();
    await page.getByText('Why do we think so?').click();
    await page.getByText('Its first element is “disqus”.').waitFor();
    assert.ok((await readThreads(page)).length > 0, 'no sample thread is shown');
    await page.getByText('What will happen').click();
    await inspect(page, 'preview');
  });

  await cases.run('each kind of sample thread can be looked at', async () => {
    const tabs = page.getByRole('tab');
    for (let index = 0; index < (await tabs.count()); index += 1) {
      await tabs.nth(index).click();
      assert.equal(await tabs.nth(index).getAttribute('aria-selected'), 'true');
      assert.ok((await readThreads(page)).length > 0);
    }
  });

  await cases.run('submitted, it goes in, and nothing serves what is staged', async () => {
    const staged = await withHeldSubmit(
      page,
      () => submitButton(page).click(),
      async () => {
        const files = await server.spoolFiles();
        await nothingServes(server.address, files);
        return files;
      },
    );
    assert.ok(staged.length > 0, 'nothing was staged while sending');
    assert.equal(await readResult(page), firstTime);
    assert.deepEqual(await server.spoolFiles(), []);
    await inspect(page, 'result');
  });

  await cases.run('the comments stand in their threads', async () => {
    await page.getByRole('link', { name: 'See the comments' }).click();
    const rows = page.locator('main tbody tr');
    await rows.first().waitFor();
    await inspect(page, 'comments');
    let shown = 0;
    for (let index = 0; index < (await rows.count()); index += 1) {
      const expected = Number(await rows.nth(index).locator('td').nth(1).textContent());
      if (expected === 0) continue;
      await rows.nth(index).getByRole('link').click();
      await page.locator('iframe').first().waitFor();
      const comments = await readThreads(page);
      assert.equal(comments.length, expected);
      assert.equal(comments[0].depth, 1);
      if (shown === 0) {
        assert.ok(
          comments.some(({ depth }) => depth > 1),
          'no reply stands under its parent',
        );
        await inspect(page, 'page-comments');
      }
      shown += comments.length;
      await page.goBack();
      await rows.first().waitFor();
    }
    assert.equal(shown, inFile);
  });

  await cases.run('pages can be searched, and the search stands in the address', async () => {
    await page.getByLabel('Search pages').fill('winter');
    await page.waitForURL(/q=winter/);
    await page.getByText('1 page', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('1 page', { exact: true }).waitFor();
    await page.getByLabel('Search pages').fill('no such page anywhere');
    await page.getByText('No page matches.').waitFor();
  });

  await cases.run('the same file again changes nothing', async () => {
    await openImport(page);
    await choose(page, await fileOf(basic));
    await readPreview(page);
    assert.equal(await submit(page), nextTime);
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('gzipped it is the same file', async () => {
    await openImport(page);
    await choose(page, await fileOf(basic, { gzip: true }));
    const preview = await readPreview(page);
    assert.equal(preview.comments, inFile);
    await page.getByText('gzip', { exact: true }).waitFor();
    assert.equal(await submit(page), nextTime);
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('hostile comments can do nothing, before and after', async () => {
    await openImport(page);
    await choose(page, await fileOf(join(fixtures, 'hostile.xml')));
    await readPreview(page);
    await framesAreHarmless(page);
    await submit(page);
    await page.getByRole('link', { name: 'See the comments' }).click();
    await page
      .getByRole('link', { name: /alert\(1\)/ })
      .first()
      .click();
    await page.locator('iframe').first().waitFor();
    await framesAreHarmless(page);
    complaints.check();
    assert.deepEqual(await server.spoolFiles(), []);
  });
}

/** Holds the last request of the import back, so that what is staged can be looked at. */
async function withHeldSubmit(page, begin, look) {
  let held;
  const arrival = new Promise((resolve) => {
    held = resolve;
  });
  const context = page.context();
  await context.route('**/submit', held);
  await begin();
  const route = await arrival;
  try {
    return await look();
  } finally {
    await route.continue();
    await context.unroute('**/submit');
  }
}

/** No address that a curious person would try answers with what is in the spool. */
async function nothingServes(address, files) {
  for (const file of files) {
    const paths = [
      `/${file}`,
      `/spool/${file}`,
      `/data/spool/${file}`,
      `/api/v1/spool/${file}`,
      `/assets/..%2f..%2fspool%2f${encodeURIComponent(file)}`,
      `/..%2fspool%2f${encodeURIComponent(file)}`,
      `/%2e%2e/spool/${file}`,
    ];
    for (const path of paths) {
      const response = await fetch(address + path);
      const type = response.headers.get('content-type') ?? '';
      const isPage = response.status === 200 && type.startsWith('text/html');
      assert.ok(isPage || response.status >= 400, `${path} answers ${response.status} ${type}`);
      const start = new Uint8Array(await response.arrayBuffer()).subarray(0, 2);
      assert.notDeepEqual([...start], [0x1f, 0x8b], `${path} answers with gzip`);
    }
  }
}

async function framesAreHarmless(page) {
  const found = await page.evaluate(() =>
    [...document.querySelectorAll('iframe')].map((frame) => ({
      sandbox: frame.getAttribute('sandbox'),
      hacked: frame.contentWindow.hacked ?? window.hacked ?? null,
      active: frame.contentDocument.querySelectorAll(
        'script, style, iframe, form, input, svg, meta[http-equiv], [onclick], [onerror], [onload]',
      ).length,
      remote: [...frame.contentDocument.querySelectorAll('img')].filter(
        (image) => !image.src.startsWith('data:'),
      ).length,
      badLinks: [...frame.contentDocument.querySelectorAll('a[href]')].filter(
        (link) => !/^(https?|mailto):/.test(link.getAttribute('href')),
      ).length,
    })),
  );
  assert.ok(found.length > 0);
  for (const { sandbox, ...rest } of found) {
    assert.ok(!sandbox.split(' ').includes('allow-scripts'));
    assert.deepEqual(rest, { hacked: null, active: 0, remote: 0, badLinks: 0 });
  }
}
