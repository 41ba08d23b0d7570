import assert from 'node:assert/strict';
import { anotherBrowser, beginAccount, NOT_SIGNED_IN } from '../guests.mjs';
import { madeExport } from '../made-export.mjs';
import { choose, openImport, readPreview, readResult, submitButton } from '../screens.mjs';

const PERSON = {
  email: 'nora@example.net',
  password: 'a shed with a bench',
  site: 'Shed',
  address: 'https://shed.example.net',
};
const COLLEAGUE = { email: 'otto@example.net', password: 'a bench with a vice' };
const MANY = 12_000;
const CHUNKS = '**/chunks/*';

const shared = madeExport({
  forum: 'shed',
  name: 'shared.xml',
  firstId: 5_000_000,
  pages: [{ link: 'https://shed.example.net/tools', title: 'Tools', comments: MANY }],
});

/** Somebody of another account, by the pages, by the API and live. */
async function seesNothing({ complaints, page }, place) {
  await page.goto('/imports');
  await page.locator('ul.imports > li').first().waitFor();
  assert.equal(await page.getByText(shared.name).count(), 0);
  await complaints.expecting(/404/, async () => {
    await page.goto(place);
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByText(shared.name).count(), 0);
    const api = `/api/v1${place}`;
    assert.equal(await page.evaluate(async (api) => (await fetch(api)).status, api), 404);
  });
  const live = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const events = new EventSource('/api/v1/events');
        events.addEventListener('snapshot', ({ data }) => {
          events.close();
          resolve(data);
        });
        events.addEventListener('error', () => reject(new Error('no events come')));
      }),
  );
  assert.ok(!live.includes(shared.name));
}

/** Two admins of an account follow one import, and somebody of another account sees none of it. */
export async function togetherStory(world) {
  const { cases, complaints } = world;
  const nora = await anotherBrowser(world);
  const otto = await anotherBrowser(world);
  await beginAccount(world, nora, PERSON);

  const progress = async (page) => {
    const bar = page.locator('main').getByText(/[1-9][\d,]* of 12,000 sent/);
    await bar.waitFor();
    return (await bar.textContent()).trim();
  };

  await cases.run('a colleague is invited and comes in', async () => {
    const link = await nora.evaluate(async (email) => {
      const made = await fetch('/api/v1/invitations', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ role: 'admin', email }),
      });
      return (await made.json()).link;
    }, COLLEAGUE.email);
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await otto.goto(link);
      await otto.getByLabel('Password', { exact: true }).fill(COLLEAGUE.password);
    });
    await otto.getByRole('button', { name: 'Accept and sign in' }).click();
    await otto.waitForURL('**/import');
  });

  await cases.run(
    'both see the same progress and the same end, and others see nothing',
    async () => {
      // The first chunk arrives; the others wait until everybody has looked.
      const waiting = [];
      let isOpen = false;
      await nora.context().route(CHUNKS, (route) => {
        if (isOpen || route.request().url().endsWith('/chunks/1')) return route.continue();
        return waiting.push(route);
      });
      await openImport(nora);
      await choose(nora, shared);
      await readPreview(nora);
      await submitButton(nora).click();

      await otto.getByRole('link', { name: /^Activity/ }).click();
      await otto
        .locator('ul.imports > li')
        .filter({ hasText: 'shared.xml' })
        .getByRole('link')
        .click();
      await otto.waitForURL(/\/imports\/.+/);
      const place = new URL(otto.url()).pathname;
      const beside = await nora.context().newPage();
      await beside.goto(place);
      const seen = await progress(otto);
      assert.equal(await progress(beside), seen);

      await seesNothing(world, place);

      isOpen = true;
      for (const route of waiting) await route.continue();
      await readResult(nora);
      const sums = await Promise.all([otto, beside].map(readResult));
      assert.equal(sums[0], sums[1]);
      assert.match(sums[0], /12,000 new/);
      await nora.context().unroute(CHUNKS);
    },
  );

  await nora.context().close();
  await otto.context().close();
}
