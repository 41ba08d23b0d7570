import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from '../browser.mjs';
import { choose, numberIn, openImport, submit, submitButton } from '../screens.mjs';

export async function importAnywayStory({ cases, page, fixtures }) {
  await cases.run(
    'what is readable of a cut file is imported by choice, and stays marked',
    async () => {
      const basic = await readFile(join(fixtures, 'basic.xml'));
      const at = basic.lastIndexOf('<message>') + 20;
      await openImport(page);
      await choose(page, {
        name: 'cut-anyway.xml',
        mimeType: 'text/xml',
        buffer: basic.subarray(0, at),
      });
      const choice = page.getByRole('checkbox', {
        name: /^Import the .* readable comments? anyway$/,
      });
      await choice.waitFor();
      assert.equal(await choice.isChecked(), false);
      assert.equal(await submitButton(page).count(), 0);
      await choice.check();
      await inspect(page, 'import-anyway');

      const label = await page.locator('label', { has: choice }).textContent();
      const button = await submitButton(page).textContent();
      assert.equal(numberIn(button), numberIn(label));
      await submit(page);
      await page.getByText('The file stopped before its end', { exact: false }).waitFor();
      assert.equal(await choice.count(), 0);
      await inspect(page, 'import-anyway-result');

      await page.getByRole('link', { name: 'Activity' }).click();
      const row = page.locator('ul.imports > li', { hasText: 'cut-anyway.xml' });
      await row.getByText('Incomplete file').waitFor();
      await row.getByRole('link').click();
      await page.waitForURL(/\/imports\/.+/);
      await page.reload();
      await page.locator('[data-adds-up=true]').waitFor();
      await page.locator('[data-incomplete]').waitFor();
      await inspect(page, 'import-anyway-detail');
    },
  );
}
