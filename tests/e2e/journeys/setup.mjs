import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';

export const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };

/** Nobody is signed in yet: the browser reports the answer of `GET /session`. */
const NOT_SIGNED_IN = /401.*\/api\/v1\/session/s;

export async function setupStory({ cases, complaints, page, server }) {
  await cases.run('without the link, the set-up page says where to find it', async () => {
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await page.goto('/');
      await page.waitForURL('**/setup');
      await page.getByText('Look at the terminal in which the server runs').waitFor();
      await inspect(page, 'setup-no-link');
    });
  });

  await cases.run('the link opens the set-up and leaves the address bar', async () => {
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await page.goto('about:blank');
      await page.goto(server.setupLink);
      await page.getByLabel('E-mail address').waitFor();
    });
    assert.equal(new URL(page.url()).hash, '');
    await inspect(page, 'setup');
  });

  await cases.run('an account and its first site are made', async () => {
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('Site name').fill('Example blog');
    await page.getByLabel('Site address').fill('https://blog.example.org');
    await page.getByRole('button', { name: 'Create the account' }).click();
    assert.match(page.url(), /\/setup$/, 'a short password is taken');
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.waitForURL('**/import');
    await page.getByText('Nothing is sent until you say so').waitFor();
  });

  await cases.run('a used link says what to do', async () => {
    await page.goto('about:blank');
    await page.goto(server.setupLink);
    await page.getByText('Rehome is set up already').waitFor();
  });

  await cases.run('empty screens teach', async () => {
    await page.goto('/imports');
    await page.getByText('Nothing has been imported yet').waitFor();
    await inspect(page, 'activity-empty');
    await page.goto('/comments');
    await page.getByText('There are no comments on this site yet').waitFor();
    await inspect(page, 'comments-empty');
  });
}
