import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { inspect } from '../browser.mjs';
import { anotherBrowser, focusedText, NOT_SIGNED_IN } from '../guests.mjs';
import { madeExport } from '../made-export.mjs';
import { choose, numberIn, openImport, readPreview, submit, submitButton } from '../screens.mjs';

const PERSON = { email: 'ida@example.net', password: 'a garden with a wall' };
const JOB_MS = 120_000;
/** So many that stopping comes in time, on a fast machine as well. */
const MANY = 60_000;

const first = madeExport({
  forum: 'garden',
  name: 'first.xml',
  firstId: 1_000,
  pages: [
    { link: 'https://garden.example.net/roses', title: 'Roses', comments: 9 },
    { link: 'https://garden.example.net/walls', title: 'Walls', comments: 3 },
  ],
});
const second = madeExport({
  forum: 'garden',
  name: 'second.xml',
  firstId: 2_000,
  pages: [{ link: 'https://garden.example.net/paths', title: 'Paths', comments: 5 }],
});
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
const many = () =>
  madeExport({
    forum: 'garden',
    name: 'many.xml',
    firstId: 1_000_000,
    pages: Array.from({ length: 40 }, (_, page) => ({
      link: `https://garden.example.net/many/${page}`,
      title: `Page ${page}`,
      comments: MANY / 40,
    })),
  });

/** Imports are taken back, stopped in two ways, joined and deleted: all in an account of its own. */
export async function takingBackStory(world) {
  const { cases, complaints, server } = world;
  const page = await anotherBrowser(world);

  const openLast = async () => {
    await page.getByRole('link', { name: /^Activity/ }).click();
    await page.locator('ul.imports > li').first().getByRole('link').click();
    await page.waitForURL(/\/imports\/.+/);
  };
  const state = (name) => page.locator(`main [data-state=${name}]`);
  const dialog = page.getByRole('dialog');
  const numbers = async () => {
    await dialog.locator('dl.numbers dd').first().waitFor();
    return (await dialog.locator('dl.numbers dd').allTextContents()).map(numberIn);
  };
  /** Comments and pages of the site, as the server has them. */
  const held = async () => {
    const { pages } = await page.evaluate(async () => {
      const session = await (await fetch('/api/v1/session')).json();
      return (await fetch(`/api/v1/sites/${session.sites[0].id}/pages?limit=200`)).json();
    });
    return { pages: pages.length, comments: pages.reduce((sum, one) => sum + one.comments, 0) };
  };
  const importing = async (file) => {
    await openImport(page);
    await choose(page, file);
    await readPreview(page);
    return submit(page);
  };

  await cases.run('somebody begins in an account of their own', async () => {
    const [link] = (await server.operator('new-account')).match(/http\S+/);
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await page.goto(link);
      await page.getByLabel('E-mail address').fill(PERSON.email);
    });
    await page.getByLabel('Password', { exact: true }).fill(PERSON.password);
    await page.getByLabel('Site name').fill('Garden');
    await page.getByLabel('Site address').fill('https://garden.example.net');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.waitForURL('**/import');
  });

  await cases.run('an import is taken back once what that changes has been seen', async () => {
    await importing(first);
    await page.getByRole('link', { name: 'About this import' }).click();
    await state('succeeded').waitFor();
    const ask = page.getByRole('button', { name: 'Take back this import…' });
    await ask.click();
    assert.deepEqual(await numbers(), [12, 0, 2]);
    assert.equal(await focusedText(page), 'Keep it');
    const rows = await dialog.locator('tbody tr').allTextContents();
    assert.match(rows[0], /Roses.*9\s*0/s);
    assert.match(rows[1], /Walls.*3\s*0/s);
    await inspect(page, 'undo-plan');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await focusedText(page), 'Take back this import…');
    assert.deepEqual(await held(), { pages: 2, comments: 12 });

    const other = await page.context().newPage();
    await other.goto('/imports');
    await other.locator('[data-state=succeeded]').waitFor();
    await ask.click();
    await numbers();
    await dialog.getByRole('button', { name: 'Take back', exact: true }).click();
    await state('undone').waitFor({ timeout: JOB_MS });
    await page.getByText('This import was taken back.').waitFor();
    await other.locator('[data-state=undone]').waitFor();
    await other.getByRole('button', { name: 'Taken back' }).click();
    assert.equal(await other.locator('ul.imports > li').count(), 1);
    await other.close();
    assert.deepEqual(await held(), { pages: 0, comments: 0 });
    assert.equal(await ask.count(), 0);
    await inspect(page, 'undone');
  });

  await cases.run('what came later goes with it, and is named', async () => {
    await importing(first);
    await importing(second);
    assert.deepEqual(await held(), { pages: 3, comments: 17 });
    await page.getByRole('link', { name: /^Activity/ }).click();
    await page
      .locator('ul.imports > li')
      .filter({ hasText: 'first.xml' })
      .filter({ has: page.locator('[data-state=succeeded]') })
      .getByRole('link')
      .click();
    await page.getByRole('button', { name: 'Take back this import…' }).click();
    assert.deepEqual(await numbers(), [17, 0, 3]);
    await dialog.getByText('What came after it goes with it').waitFor();
    await dialog.getByText('second.xml').waitFor();
    await inspect(page, 'undo-plan-later');
    await dialog.getByRole('button', { name: 'Take back all 2' }).click();
    await state('undone').waitFor({ timeout: JOB_MS });
    assert.deepEqual(await held(), { pages: 0, comments: 0 });
    await page.getByRole('link', { name: /^Activity/ }).click();
    await page.locator('[data-state=undone]').nth(2).waitFor();
  });

  /** Begins a big import, and opens the dialog that stops it once some of it is in. */
  const stopMany = async () => {
    await openImport(page);
    await choose(page, many());
    await readPreview(page);
    await submitButton(page).click();
    await page.locator('main [data-state=running]').waitFor({ timeout: JOB_MS });
    await page.getByText(/^[1-9][\d,]* of [\d,]+ applied/).waitFor({ timeout: JOB_MS });
    await page.getByRole('button', { name: 'Stop…' }).click();
    await dialog.getByText('comments are on your site already').waitFor();
    assert.equal(await focusedText(page), 'Go on importing');
  };

  await cases.run('a running import is stopped, and what is in stays', async () => {
    await stopMany();
    await inspect(page, 'stop');
    await dialog.getByRole('button', { name: 'Stop and keep what is in' }).click();
    await page.getByText('This import was cancelled').waitFor({ timeout: JOB_MS });
    const { comments } = await held();
    assert.ok(comments > 0 && comments < MANY, `${comments} comments are in`);
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('what stayed is taken back later', async () => {
    await openLast();
    await page.getByRole('button', { name: 'Take back this import…' }).click();
    const { comments } = await held();
    assert.equal((await numbers())[0], comments);
    await dialog.getByRole('button', { name: 'Take back', exact: true }).click();
    await state('undone').waitFor({ timeout: JOB_MS });
    assert.deepEqual(await held(), { pages: 0, comments: 0 });
  });

  await cases.run('a running import is stopped, and what is in is taken out', async () => {
    await stopMany();
    await dialog.getByRole('button', { name: 'Stop and take it out' }).click();
    await page.getByText('This import was taken back.').waitFor({ timeout: JOB_MS });
    assert.deepEqual(await held(), { pages: 0, comments: 0 });
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('the report of an import is saved, without a word of the comments', async () => {
    await importing(alike);
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
    await openImport(page);
    await choose(page, moved);
    await readPreview(page);
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
    await page.getByRole('heading', { name: 'Garden' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /^Activity/ }).click();
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
      await page.waitForURL('**/sign-in');
      await page.getByLabel('E-mail address').fill(PERSON.email);
      await page.getByLabel('Password', { exact: true }).fill(PERSON.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
    });
  });

  await page.context().close();
}
