import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';
import { OWNER } from './setup.mjs';

const REFUSED = /401/;

export async function accessStory({ cases, complaints, page, context, server }) {
  await cases.run('an address that does not exist says so', async () => {
    await page.goto('/nothing/here');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await inspect(page, 'not-found');
  });

  await cases.run('the API is described on a page without scripts', async () => {
    const viewport = page.viewportSize();
    await page.goto('/api/docs');
    await page
      .getByRole('link', { name: 'PUT /api/v1/imports/{id}/chunks/{number}' })
      .first()
      .click();
    await page.getByRole('row', { name: 'unencoded-digest' }).first().waitFor();
    assert.equal(await page.locator('script').count(), 0);
    assert.equal(await page.locator('[style]').count(), 0);
    await inspect(page, 'api-docs');
    await page.setViewportSize({ width: 390, height: 844 });
    await inspect(page, 'api-docs');
    await page.setViewportSize(viewport);
    await page.goBack();
  });

  await cases.run('signing out leads to the sign-in', async () => {
    await page.goto('/imports?show=succeeded');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in**');
    await inspect(page, 'sign-in');
    const response = await fetch(`${server.address}/api/v1/imports`);
    assert.equal(response.status, 401);
  });

  await cases.run('a wrong password is refused with a sentence', async () => {
    await complaints.expecting(REFUSED, async () => {
      await page.getByLabel('E-mail address').fill(OWNER.email);
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page
        .getByRole('alert')
        .getByText('The e-mail address or the password is wrong.')
        .waitFor();
      await inspect(page, 'sign-in-refused');
    });
  });

  await cases.run('signing in leads back to where one was', async () => {
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/imports?show=succeeded');
    await page.locator('ul.imports > li').first().waitFor();
  });

  await cases.run('a lost session leads to the sign-in and back', async () => {
    await context.clearCookies();
    await complaints.expecting(REFUSED, async () => {
      await page.getByRole('link', { name: 'Comments', exact: true }).click();
      await page.waitForURL('**/sign-in**');
      await page.getByLabel('E-mail address').fill(OWNER.email);
      await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL('**/comments');
      await page.locator('main tbody tr').first().waitFor();
    });
  });
}
