import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inspect } from '../browser.mjs';
import { choose, fileOf, openImport, readPreview, submit } from '../screens.mjs';

export async function activityStory({ cases, page, context, fixtures }) {
  await cases.run('the list shows every import and filters by state', async () => {
    await page.getByRole('link', { name: 'Activity' }).click();
    const rows = page.locator('ul.imports > li');
    await rows.first().waitFor();
    const all = await rows.count();
    assert.ok(all >= 3, `${all} imports`);
    await page.getByText('live', { exact: true }).waitFor();
    await inspect(page, 'activity');
    await page.getByRole('button', { name: 'Succeeded' }).click();
    await page.waitForURL(/show=succeeded/);
    const states = await rows
      .locator('[data-state]')
      .evaluateAll((chips) => chips.map((chip) => chip.dataset.state));
    assert.ok(states.length > 0);
    assert.deepEqual(new Set(states), new Set(['succeeded']));
    await page.getByRole('button', { name: 'Failed' }).click();
    await page.getByText('No import is in this state.').waitFor();
    await page.getByRole('button', { name: 'All' }).click();
    assert.equal(await rows.count(), all);
  });

  await cases.run('an import has a page of its own', async () => {
    await page
      .locator('ul.imports > li', { hasText: 'basic.xml' })
      .last()
      .getByRole('link')
      .click();
    await page.waitForURL(/\/imports\/.+/);
    await page.locator('[data-adds-up=true]').waitFor();
    await page.getByRole('heading', { name: 'What came of it' }).waitFor();
    await inspect(page, 'import-detail');
    await page.reload();
    await page.locator('[data-adds-up=true]').waitFor();
  });

  await cases.run('another tab sees an import come in without a reload', async () => {
    const other = await context.newPage();
    await other.goto('/imports');
    const rows = other.locator('ul.imports > li');
    await rows.first().waitFor();
    const before = await rows.count();
    await openImport(page);
    await choose(page, await fileOf(join(fixtures, 'entities.xml')));
    await readPreview(page);
    await submit(page);
    await rows.nth(before).waitFor();
    await rows.first().getByText('entities.xml').waitFor();
    await rows.first().locator('[data-state=succeeded]').waitFor();
    await other.close();
  });
}
