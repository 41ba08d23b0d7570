import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from '../browser.mjs';
import { Skip } from '../cases.mjs';
import { choose, fileOf, openImport, readPreview, submit } from '../screens.mjs';

const COMMENTS = 265;
const none = '0 changed + 0 the same + 0 rejected + 0 left out';
const allTheSame = `${COMMENTS} in the file = 0 new + 0 changed + ${COMMENTS} the same + 0 rejected + 0 left out`;

/** A real export, which is not part of the repository. */
export async function samplesStory({ cases, page, server, samples }) {
  const real = join(samples, 'disqus/real-2021-all.xml');

  async function importIt(options) {
    await access(real).catch(() => {
      throw new Skip(`${real} is not there; set REHOME_SAMPLES to the folder of real exports`);
    });
    await openImport(page);
    await choose(page, await fileOf(real, options));
    const preview = await readPreview(page);
    assert.equal(preview.comments, COMMENTS);
    return preview;
  }

  await cases.run('a real export goes in', async () => {
    const preview = await importIt();
    assert.ok(preview.replies > 0 && preview.pages > 0 && preview.people > 0);
    await inspect(page, 'real-preview');
    assert.equal(await submit(page), `${COMMENTS} in the file = ${COMMENTS} new + ${none}`);
    assert.deepEqual(await server.spoolFiles(), []);
    await inspect(page, 'real-result');
  });

  await cases.run('a second time it changes nothing', async () => {
    await importIt();
    assert.equal(await submit(page), allTheSame);
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('gzipped it changes nothing', async () => {
    await importIt({ gzip: true });
    assert.equal(await submit(page), allTheSame);
    assert.deepEqual(await server.spoolFiles(), []);
  });

  await cases.run('its comments stand in their threads', async () => {
    await importIt();
    await page.getByRole('link', { name: 'Comments', exact: true }).click();
    const rows = page.locator('main tbody tr');
    await rows.first().waitFor();
    await inspect(page, 'real-comments');
    await rows.first().getByRole('link').click();
    await page.locator('iframe').first().waitFor();
    await inspect(page, 'real-threads');
  });
}
