import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';

/** What an owner decides about a site. */
export async function sitesStory({ cases, page, server }) {
  const publicly = async () => {
    const address = encodeURIComponent('https://blog.example.org/none');
    return fetch(`${server.address}/api/v1/sites/1/comments?url=${address}`);
  };

  await cases.run('an owner opens a site to its readers, and closes it again', async () => {
    assert.equal((await publicly()).status, 404);
    const closed = await (await publicly()).json();
    await page.goto('/settings/sites');
    const anyone = page.getByRole('checkbox', { name: 'Anyone may read' });
    await anyone.waitFor();
    assert.equal(await anyone.isChecked(), false);
    await anyone.check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByLabel('The address that a page asks').waitFor();
    await inspect(page, 'sites');
    // Now the site answers, though this page is not one of its own.
    const open = await (await publicly()).json();
    assert.notDeepEqual(open, closed);

    await page.reload();
    assert.equal(await anyone.isChecked(), true);
    await anyone.uncheck();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    assert.deepEqual(await (await publicly()).json(), closed);
  });

  await cases.run('a site gets another name, which the menu shows', async () => {
    await page.getByLabel('Site name').fill('Renamed blog');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Renamed blog' }).waitFor();
    await page.getByLabel('Site name').fill('Example blog');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Example blog' }).waitFor();
  });
}
