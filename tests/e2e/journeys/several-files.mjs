import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from '../browser.mjs';
import {
  choose,
  fileOf,
  openImport,
  readPreview,
  submit,
  submitButton,
  zipOf,
} from '../screens.mjs';

const picture = {
  name: 'picture.png',
  mimeType: 'image/png',
  buffer: Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0', 'latin1'),
};

/** Exports of several files, in any order and packed together. */
export async function severalFilesStory({ cases, page, server, fixtures }) {
  const parts = await inParts(join(fixtures, 'basic.xml'));
  const inFiles = parts.reduce((sum, { comments }) => sum + comments, 0);
  const files = parts.map(({ file }) => file);

  await cases.run('several files are read as one, and a strange one is named', async () => {
    await openImport(page);
    await choose(page, [files[1], picture, files[0]]);
    assert.equal((await readPreview(page)).comments, inFiles);
    const card = page.getByRole('region', { name: 'The chosen files' });
    await card.getByText('3 files').waitFor();
    await card.getByText('Which files?').click();
    assert.deepEqual(await card.locator('details[open] li').allTextContents(), [
      'part-1.xml',
      'part-2.xml',
      'picture.png',
    ]);
    await page.getByText('Files that are no export of this kind.').waitFor();
    await page.getByText('Show the place').first().click();
    await page.getByRole('cell', { name: 'picture.png' }).waitFor();
    await inspect(page, 'several-files');
  });

  await cases.run('they go in as one import, named after the first', async () => {
    assert.match(await submit(page), new RegExp(`^${inFiles} in the file = `));
    await page.getByRole('link', { name: 'About this import' }).click();
    await page.getByText('part-1.xml + 2 more').first().waitFor();
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('a zip of them is the same, and changes nothing', async () => {
    await openImport(page);
    await choose(page, zipOf('export.zip', [...files, picture]));
    assert.equal((await readPreview(page)).comments, inFiles);
    await page.getByText('3 files in it').waitFor();
    await inspect(page, 'zip');
    const all = `${inFiles} in the file = 0 new + 0 changed + ${inFiles} the same`;
    assert.match(await submit(page), new RegExp(`^${all.replaceAll('+', '\\+')}`));
  });

  await cases.run('of several files the one that stops is named', async () => {
    await openImport(page);
    const cut = { ...files[1], buffer: files[1].buffer.subarray(0, -40) };
    await choose(page, [files[0], cut]);
    const alert = page.getByRole('alert');
    await alert.getByText('In the file “part-2.xml”').waitFor();
    await alert.getByText(/^Line .* byte /).waitFor();
    await inspect(page, 'several-cut');
  });

  await cases.run('a zip of pictures says what is in it', async () => {
    await choose(page, zipOf('holiday.zip', [picture, { ...picture, name: 'beach.png' }]));
    const alert = page.getByRole('alert');
    await alert.getByText('This is not an export that Rehome knows').waitFor();
    await alert.getByText('It is a picture.').waitFor();
    await alert.getByText('In it: holiday.zip/beach.png, holiday.zip/picture.png.').waitFor();
    await inspect(page, 'zip-of-pictures');
  });

  await cases.run('an archive that cannot be opened says so, with its name', async () => {
    const packed = zipOf('export.zip', files);
    await choose(page, [{ ...packed, buffer: packed.buffer.subarray(0, -30) }, files[0]]);
    const alert = page.getByRole('alert');
    await alert.getByText('This ZIP archive is damaged').waitFor();
    await alert.getByText('In the file “export.zip”').waitFor();
  });

  await cases.run('a file is read as what the person says it is', async () => {
    await choose(page, {
      name: 'list.html',
      mimeType: 'text/html',
      buffer: Buffer.from('<html><body>Comments</body></html>'),
    });
    const alert = page.getByRole('alert');
    await alert.getByText('This is not an export that Rehome knows').waitFor();
    await alert.getByLabel('Read it as').selectOption('disqus');
    await alert.getByRole('button', { name: 'Read', exact: true }).click();
    await page.getByRole('heading', { name: 'Disqus export' }).waitFor();
    await page.getByRole('alert').getByText('There is no comment in this file').waitFor();
    assert.equal(await submitButton(page).count(), 0);
  });

  await cases.run('what was recognised can be changed', async () => {
    await openImport(page);
    await choose(page, await fileOf(join(fixtures, 'basic.xml')));
    await readPreview(page);
    const card = page.getByRole('region', { name: 'The chosen files' });
    await card.getByText('Change', { exact: true }).click();
    await inspect(page, 'change-format');
    await card.getByLabel('Read it as').selectOption('disqus');
    await card.getByRole('button', { name: 'Read', exact: true }).click();
    await readPreview(page);
    await submitButton(page).waitFor();
  });
}

/** An export in two files, each with all pages and a part of the comments. */
async function inParts(path) {
  const text = await readFile(path, 'utf8');
  const posts = text.match(/<post [\s\S]*?<\/post>\n?/g);
  const half = Math.floor(posts.length / 2);
  return [posts.slice(0, half), posts.slice(half)].map((of, index) => {
    const others = posts.filter((post) => !of.includes(post));
    const part = others.reduce((rest, post) => rest.replace(post, ''), text);
    const name = `part-${index + 1}.xml`;
    return {
      comments: of.length,
      file: { name, mimeType: 'text/xml', buffer: Buffer.from(part) },
    };
  });
}
