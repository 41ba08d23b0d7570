import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { inspect } from '../browser.mjs';
import { anotherBrowser, beginAccount, NOT_SIGNED_IN } from '../guests.mjs';
import { madeExport } from '../made-export.mjs';
import { heldOn, importFile, JOB_MS, prepare, submitButton } from '../screens.mjs';

const PERSON = {
  email: 'max@garden.example.net',
  password: 'a pond with a frog',
  site: 'Garden',
  address: 'https://garden.example.net',
};

const alike = madeExport({
  forum: 'garden',
  name: 'alike.xml',
  firstId: 3_000,
  pages: [
    { link: 'https://garden.example.net/pond', title: 'The pond', comments: 4 },
    { link: 'http://www.garden.example.net/pond/', title: 'The pond', comments: 2 },
    { link: 'https://garden.example.net/gate', title: 'The gate', comments: 1 },
  ],
});

/** What is done to a site beside imports, and the end of it: all in an account of its own. */
export async function siteWorkStory(world) {
  const { cases, complaints } = world;
  const page = await anotherBrowser(world);
  const dialog = page.getByRole('dialog');
  const held = () => heldOn(page);

  await beginAccount(world, page, PERSON);

  await cases.run('the report of an import is saved, without a word of the comments', async () => {
    await importFile(page, alike);
    await page.getByRole('link', { name: 'About this import' }).click();
    for (const name of ['CSV (spreadsheet)', 'NDJSON (programs)']) {
      const saved = page.waitForEvent('download');
      await page.getByRole('link', { name }).click();
      const file = await saved;
      const text = await readFile(await file.path(), 'utf8');
      assert.match(file.suggestedFilename(), name.startsWith('CSV') ? /\.csv$/ : /\.ndjson$/);
      assert.match(text, /alike\.xml/);
      assert.doesNotMatch(text, /Words of comment|Person \d/);
    }
  });

  await cases.run('pages that seem to be the same are joined, and taken apart again', async () => {
    assert.deepEqual(await held(), { pages: 3, comments: 7 });
    await page.goto('/settings/sites');
    await page.getByText('Pages that seem to be the same', { exact: true }).click();
    const groups = page.getByRole('list', { name: 'Pages that seem to be the same' });
    const one = groups.getByRole('listitem');
    await one.waitFor();
    assert.equal(await one.count(), 1);
    const words = await one.textContent();
    for (const part of [
      'The pond',
      '4 comments',
      '2 comments',
      'www. in front',
      'slash at the end',
    ])
      assert.ok(words.includes(part), `${part} in ${words}`);
    await inspect(page, 'page-joins');
    await one.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Join the chosen one' }).click();
    await page.getByRole('heading', { name: 'No pages seem to be the same' }).waitFor();
    assert.deepEqual(await held(), { pages: 2, comments: 7 });
    await inspect(page, 'page-joined');
    await page.getByRole('button', { name: 'Take back', exact: true }).click();
    await one.waitFor({ timeout: JOB_MS });
    assert.deepEqual(await held(), { pages: 3, comments: 7 });
  });

  await cases.run('a moved blog is asked about, and nothing is doubled', async () => {
    const moved = madeExport({
      forum: 'new-garden',
      name: 'moved.xml',
      firstId: 3_000,
      pages: [
        { link: 'https://new.example.net/pond', title: 'The pond', comments: 4 },
        { link: 'https://new.example.net/gate', title: 'The gate', comments: 3 },
      ],
    });
    await prepare(page, moved);
    await complaints.expecting(/409.*\/submit/s, async () => {
      await submitButton(page).click();
      await page.getByRole('heading', { name: 'Is this the same blog?' }).waitFor();
    });
    const question = page.getByRole('group', { name: 'Is this the same blog?' });
    assert.deepEqual(await question.locator('dd').allTextContents(), ['garden', 'new-garden']);
    await inspect(page, 'same-blog');
    await question.getByRole('button', { name: 'Yes, it has moved' }).click();
    await page.locator('[data-adds-up=true]').waitFor({ timeout: JOB_MS });
    assert.equal((await held()).comments, 7);
  });

  await cases.run('a site is deleted once its name is typed', async () => {
    await page.goto('/settings/sites');
    await page.getByRole('button', { name: 'Delete this site…' }).click();
    const doIt = dialog.getByRole('button', { name: 'Delete the site for good' });
    assert.ok(await doIt.isDisabled());
    await inspect(page, 'site-delete');
    await dialog.getByRole('textbox').fill('Gardn');
    assert.ok(await doIt.isDisabled());
    await dialog.getByRole('textbox').fill('Garden');
    await doIt.click();
    await page.getByRole('heading', { name: 'Garden', exact: true }).waitFor({ state: 'detached' });
    const menu = page.getByRole('navigation', { name: 'Main' });
    await menu.getByRole('link', { name: /^Activity/ }).click();
    await page.getByText('Nothing has been imported yet').waitFor();
  });

  await cases.run('an account is deleted by its owner alone, with the password', async () => {
    await page.goto('/settings/account');
    await page.getByRole('button', { name: 'Delete this account…' }).click();
    await inspect(page, 'account-delete');
    const doIt = dialog.getByRole('button', { name: 'Delete the account for good' });
    await complaints.expecting(/4\d\d.*\/account/s, async () => {
      await dialog.getByLabel('Your password', { exact: true }).fill('not the password');
      await doIt.click();
      await dialog.getByRole('alert').waitFor();
    });
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await dialog.getByLabel('Your password', { exact: true }).fill(PERSON.password);
      await doIt.click();
      await page.waitForURL(/\/sign-in/);
      await page.getByLabel('E-mail address').fill(PERSON.email);
      await page.getByLabel('Password', { exact: true }).fill(PERSON.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
    });
  });

  await page.context().close();
}
