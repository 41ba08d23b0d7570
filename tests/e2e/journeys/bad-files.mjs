import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inspect } from '../browser.mjs';
import { choose, fileOf, numberIn, openImport, redactedSample, submitButton } from '../screens.mjs';

/** Of a redacted sample: flags, and how characters are written. */
const WORDS_LEFT = ['amp', 'false', 'true'];

const xml = (name, content) => ({ name, mimeType: 'text/xml', buffer: Buffer.from(content) });

export async function badFilesStory({ cases, page, server, fixtures }) {
  const basic = await readFile(join(fixtures, 'basic.xml'));

  await cases.run('a cut file names the line and the byte, and cannot be submitted', async () => {
    // In the middle of a later comment.
    const at = basic.lastIndexOf('<message>') + 20;
    await openImport(page);
    await choose(page, xml('cut.xml', basic.subarray(0, at)));
    const alert = page.getByRole('alert');
    await alert.getByText('This file stops before its end').waitFor();
    const place = await alert.getByText(/^Line .* byte /).textContent();
    const [line, byte] = place.split(', byte').map(numberIn);
    const lines = basic.subarray(0, at).toString().split('\n').length;
    assert.ok(line >= lines - 1 && line <= lines, `line ${line} of ${lines}`);
    assert.ok(byte > 0 && byte <= at, `byte ${byte} of ${at}`);
    assert.equal(await submitButton(page).count(), 0);
    await inspect(page, 'cut');

    const sample = await redactedSample(page);
    assert.equal(sample.name, 'redacted-cut.xml');
    assert.match(sample.text, /<message><!\[CDATA\[<x>/);
    const content = sample.text.replace(/<[^<>!]*>/g, '').replaceAll('<![CDATA[', '');
    const left = content.match(/[A-Za-z0-9]+/g).filter((word) => !/^[xX0]+$/.test(word));
    assert.deepEqual([...new Set(left)].sort(), WORDS_LEFT);
  });

  await cases.run('a cut gzip file cannot be submitted either', async () => {
    const packed = gzipSync(basic);
    await choose(page, {
      name: 'cut.xml.gz',
      mimeType: 'application/gzip',
      buffer: packed.subarray(0, packed.length - 100),
    });
    const alert = page.getByRole('alert');
    await alert.getByText('This packed file stops before its end').waitFor();
    await alert.getByText(/^Line .* byte /).waitFor();
    assert.equal(await submitButton(page).count(), 0);
  });

  await cases.run('a file of another kind says what it seems to be', async () => {
    await choose(page, xml('page.html', '<!doctype html><html><body>Comments</body></html>'));
    const alert = page.getByRole('alert');
    await alert.getByText('This is not an export that Rehome knows').waitFor();
    await alert.getByText('It is a web page').waitFor();
    await alert.getByText('What did Rehome look for?').click();
    await alert.getByText('An XML file whose first element is “disqus”.').waitFor();
    assert.equal(await submitButton(page).count(), 0);
    await inspect(page, 'unknown');
  });

  await cases.run('an empty file says so', async () => {
    await choose(page, xml('nothing.xml', ''));
    await page.getByRole('alert').getByText('It is empty.').waitFor();
    assert.equal(await submitButton(page).count(), 0);
  });

  await cases.run('an export without comments is loud about it', async () => {
    await choose(page, await fileOf(join(fixtures, 'pages-only.xml')));
    await page.getByRole('alert').getByText('There is no comment in this file').waitFor();
    assert.equal(await submitButton(page).count(), 0);
    await inspect(page, 'no-comments');
  });

  await cases.run('what is left out is said, with its places, and the sum counts it', async () => {
    const lost = basic.toString().replace(/(<post [\s\S]*?<thread dsq:id=")\d+/, '$1999');
    await choose(page, xml('lost-page.xml', lost));
    await page.getByRole('heading', { name: /^Needs a look/ }).waitFor();
    await page.getByText('Comments that stand on a page which is not in the file').waitFor();
    await page.getByText('Show the place').first().click();
    await page.getByLabel('show bytes').first().check();
    await page.getByRole('columnheader', { name: 'Byte' }).first().waitFor();
    await inspect(page, 'needs-a-look');
    const all = basic.toString().match(/<post /g).length;
    await page.getByRole('button', { name: `Import ${all - 1} comments` }).waitFor();
  });

  await cases.run('none of these has sent anything', async () => {
    assert.deepEqual(await server.spoolFiles(), []);
  });
}
