import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';
import { anotherBrowser, beginAccount, focusedText } from '../guests.mjs';
import { madeExport } from '../made-export.mjs';
import { heldOn, importFile, JOB_MS, numberIn, prepare, submitButton } from '../screens.mjs';

const PERSON = {
  email: 'ida@example.net',
  password: 'a garden with a wall',
  site: 'Garden',
  address: 'https://garden.example.net',
};
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
const third = madeExport({
  forum: 'garden',
  name: 'third.xml',
  firstId: 2_500,
  pages: [{ link: 'https://garden.example.net/gates', title: 'Gates', comments: 2 }],
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

/** Imports are taken back, and stopped in two ways, in an account of its own. */
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
  const held = () => heldOn(page);

  await beginAccount(world, page, PERSON);

  await cases.run('an import is taken back once what that changes has been seen', async () => {
    await importFile(page, first);
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
    await importFile(page, first);
    await importFile(page, second);
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
    // What ends while the plan is looked at is shown before it is taken back.
    const other = await page.context().newPage();
    await other.goto('/');
    await importFile(other, third);
    await other.close();
    await complaints.expecting(/409.*\/undo/s, async () => {
      await dialog.getByRole('button', { name: 'Take back all 2' }).click();
      await dialog.getByText('this is not what was shown before').waitFor();
    });
    await dialog.getByText('third.xml').waitFor();
    assert.deepEqual(await numbers(), [19, 0, 4]);
    assert.deepEqual(await held(), { pages: 4, comments: 19 });
    await dialog.getByRole('button', { name: 'Take back all 3' }).click();
    await state('undone').waitFor({ timeout: JOB_MS });
    assert.deepEqual(await held(), { pages: 0, comments: 0 });
    await page.getByRole('link', { name: /^Activity/ }).click();
    await page.locator('[data-state=undone]').nth(3).waitFor();
  });

  /** Begins a big import, and opens the dialog that stops it once some of it is in. */
  const stopMany = async () => {
    await prepare(page, many());
    await submitButton(page).click();
    await page.locator('main [data-state=running]').waitFor({ timeout: JOB_MS });
    await page.getByRole('button', { name: 'Stop…' }).click();
    await dialog.getByText('comments are on your site already').waitFor({ timeout: JOB_MS });
    assert.equal(await focusedText(page), 'Go on importing');
  };

  await cases.run('a running import is stopped, and what is in stays', async () => {
    await stopMany();
    await server.standingStill(() => inspect(page, 'stop', { threads: false }));
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

  await page.context().close();
}
