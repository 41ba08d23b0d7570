import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inspect } from '../browser.mjs';
import {
  choose,
  fileOf,
  numberIn,
  openImport,
  readPreview,
  redactedSample,
  submit,
  submitButton,
} from '../screens.mjs';

/** What a file leaves open, and what the person decides about it. */
export async function choicesStory({ cases, page, allFixtures }) {
  async function fixture(format, name) {
    return fileOf(join(allFixtures, format, name));
  }
  const deciding = page.getByRole('region', { name: 'One thing to decide' });

  await cases.run('a file of several sites is not sent until one is chosen', async () => {
    await openImport(page);
    await choose(page, await fixture('commento', 'several-hosts.json'));
    const all = (await readPreview(page)).comments;
    await deciding.waitFor();
    assert.equal(await deciding.getByRole('radio', { checked: true }).count(), 0);
    await page.getByText('Decide above whose comments are to be imported.').waitFor();
    assert.equal(await submitButton(page).count(), 0);
    await inspect(page, 'choice');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    assert.equal(await page.evaluate(() => document.activeElement.type), 'radio');

    const labelled = deciding.locator('label', { hasText: 'blog.example.net' });
    const host = deciding.getByRole('radio', { name: /^blog\.example\.net/ });
    const wanted = numberIn((await labelled.textContent()).split('·')[1]);
    assert.ok(wanted > 0 && wanted < all, `${wanted} of ${all}`);
    await host.check();
    await page.getByRole('button', { name: `Import ${wanted} comments` }).waitFor();
    assert.equal(await deciding.getByRole('radio', { checked: true }).count(), 1);
    assert.equal((await readPreview(page)).comments, wanted);
    await inspect(page, 'choice-made');
    const sum = await submit(page);
    assert.match(
      sum,
      new RegExp(`^${all} in the file = ${wanted} new .* ${all - wanted} left out$`),
    );
  });

  await cases.run('paths alone need the address of the site', async () => {
    await openImport(page);
    await choose(page, await fixture('commento', 'no-host.json'));
    await readPreview(page);
    const address = deciding.getByLabel('What is the address of your site?');
    await address.fill('not an address');
    await address.press('Enter');
    await deciding.getByRole('alert').getByText('This is not an address.').waitFor();
    await inspect(page, 'address');
    await address.fill('paths.example.org');
    await address.press('Enter');
    await submitButton(page).waitFor();
    await page.getByText('paths.example.org/a').first().waitFor();
    assert.equal(await address.inputValue(), 'https://paths.example.org');
  });

  await cases.run('what was never public is left out unless that is chosen', async () => {
    await openImport(page);
    await choose(page, await fixture('wordpress-wxr', 'private.xml'));
    const all = (await readPreview(page)).comments;
    const take = page.getByRole('checkbox', { name: 'Import them too' });
    assert.equal(await take.isChecked(), false);
    const title = await page.getByText(/comments? (was|were) never public$/).textContent();
    const hidden = numberIn(title);
    assert.equal(numberIn(await submitButton(page).textContent()), all - hidden);
    await inspect(page, 'private');
    await take.check();
    assert.equal(numberIn(await submitButton(page).textContent()), all);
    await inspect(page, 'private-taken');
    await take.uncheck();
    const sum = await submit(page);
    assert.match(sum, new RegExp(`= ${all - hidden} new .* [1-9]\\d* left out$`));

    await openImport(page);
    await choose(page, await fixture('wordpress-wxr', 'private.xml'));
    await readPreview(page);
    await take.check();
    assert.match(await submit(page), new RegExp(`= ${hidden} new .* ${all - hidden} the same`));
  });

  await cases.run('files of two kinds are a tie, and the person says which', async () => {
    await openImport(page);
    await choose(page, [
      await fixture('disqus', 'basic.xml'),
      await fixture('commento', 'commento-v1.json'),
    ]);
    const alert = page.getByRole('alert');
    await alert.getByText('This could be 2 kinds of export').waitFor();
    await inspect(page, 'tie');
    await alert.getByLabel('Read it as').selectOption('disqus');
    await alert.getByRole('button', { name: 'Read', exact: true }).click();
    await readPreview(page);
    await page.getByRole('heading', { name: 'Disqus export of “example-blog”' }).waitFor();
    await page.getByText('Files that are no export of this kind.').waitFor();
  });

  await cases.run('a format that nobody has seen a file of asks for one', async () => {
    await openImport(page);
    await choose(page, await fixture('muut', 'flat.json'));
    await readPreview(page);
    await page.getByText('No real export of Muut was at hand').waitFor();
    await inspect(page, 'inferred');
    const { name, text } = await redactedSample(page);
    assert.equal(name, 'redacted-flat.json');
    const values = [...text.matchAll(/:\s*"([^"]*)"/g)].map(([, value]) => value);
    assert.ok(values.length > 5);
    for (const value of values) assert.match(value, /^(?:[^A-Za-z0-9]|[xX0]|\\[ntu])*$/);
  });
}
