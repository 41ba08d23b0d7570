import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inspect } from '../browser.mjs';
import { choose, fileOf, openImport, readPreview, readResult } from '../screens.mjs';

const SCREENS = ['/import', '/imports', '/comments'];

export async function waysOfUseStory({ cases, page, fixtures }) {
  const basic = join(fixtures, 'basic.xml');

  await cases.run('the main path works with the keyboard alone', async () => {
    // Early: the browser must know that the dialog is ours before the key is pressed.
    const chooser = page.waitForEvent('filechooser');
    // Awaited below; a step that fails before it is the failure to tell.
    chooser.catch(() => {});
    await page.goto('/import');
    await page.getByRole('heading', { name: 'Import comments' }).waitFor();
    await tabTo(page, (focused) => focused.name === 'Choose files');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(await fileOf(basic));
    await readPreview(page);
    await tabTo(page, (focused) => /^Import [\d,]+ comments$/.test(focused.text));
    await page.keyboard.press('Enter');
    await readResult(page);
    await tabTo(page, (focused) => focused.text === 'See the comments');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/comments');
    await page.locator('main tbody tr').first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
  });

  await cases.run('the chart tells its values by keyboard', async () => {
    await openImport(page);
    await choose(page, await fileOf(basic));
    await readPreview(page);
    const chart = page.getByRole('slider', { name: /Comments per/ });
    await chart.focus();
    await page.keyboard.press('Home');
    const first = await chart.getAttribute('aria-valuetext');
    await page.keyboard.press('End');
    const last = await chart.getAttribute('aria-valuetext');
    assert.match(first, /\d{4}: \d+ comments?$/);
    assert.notEqual(first, last);
  });

  await cases.run('it fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await inspect(page, 'preview');
    await noSidewaysScroll(page, 'preview');
    for (const path of SCREENS) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      await page.locator('main .card, main label, main table').first().waitFor();
      await noSidewaysScroll(page, path);
      await inspect(page, `phone${path.replace('/', '-')}`);
    }
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await inspect(page, 'phone-menu');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await cases.run('a chosen theme stays', async () => {
    await page.goto('/imports');
    await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
    await page.reload();
    await page.locator('h1').waitFor();
    const paper = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await paper();
    await page.getByRole('radio', { name: 'Light' }).check({ force: true });
    assert.notEqual(await paper(), dark);
    await page.getByRole('radio', { name: 'As the system' }).check({ force: true });
  });

  await cases.run('Polish is spoken everywhere, and stays', async () => {
    await page.getByLabel('Language').selectOption('pl');
    await page.getByRole('heading', { name: 'Aktywność' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'pl');
    await page.goto('/import');
    await page.getByText('Upuść tutaj plik eksportu').waitFor();
    await choose(page, await fileOf(basic));
    await page.getByRole('button', { name: 'Importuj 14 komentarzy' }).waitFor();
    await page.locator('iframe').first().waitFor();
    await inspect(page, 'polish-preview');
    await page.goto('/comments');
    await page.getByText(/^\d+ stron[ay]?$/).waitFor();
    await page.getByLabel('Język').selectOption('en');
    await page.getByRole('heading', { name: 'Comments' }).waitFor();
  });
}

async function tabTo(page, isIt) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => ({
      name: document.activeElement?.getAttribute('aria-label') ?? '',
      text: document.activeElement?.textContent?.trim() ?? '',
    }));
    if (isIt(focused)) return;
  }
  throw new Error('60 presses of Tab did not get there');
}

async function noSidewaysScroll(page, name) {
  const { scroll, width } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: window.innerWidth,
  }));
  assert.ok(scroll <= width, `${name} is ${scroll} wide on a screen of ${width}`);
}
