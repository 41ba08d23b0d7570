// What a person does on the screens, and what they read there.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';

const FILE_INPUT = 'input[type=file]';
/** Imports and other jobs, on a busy machine. */
export const JOB_MS = 120_000;

export const numberIn = (text) => Number(text.replace(/[^\d]/g, ''));

export async function fileOf(path, { gzip = false } = {}) {
  const content = await readFile(path);
  return gzip
    ? { name: `${basename(path)}.gz`, mimeType: 'application/gzip', buffer: gzipSync(content) }
    : { name: basename(path), mimeType: 'text/xml', buffer: content };
}

/** A new import: the one before, if there was one, is put away. */
export async function openImport(page) {
  await page
    .getByRole('link', { name: /^Import/ })
    .first()
    .click();
  const another = page.getByRole('button', { name: 'Import something else' });
  await page.locator(FILE_INPUT).or(another).first().waitFor({ state: 'attached' });
  if (await another.isVisible()) await another.click();
}

/** Chooses one file, or several as a list. */
export async function choose(page, files) {
  await page.locator(FILE_INPUT).setInputFiles(files);
}

/** A zip archive of files, not compressed: what is in it is what counts. */
export function zipOf(name, files) {
  const local = [];
  const directory = [];
  let offset = 0;
  for (const { name: inside, buffer } of files) {
    const path = Buffer.from(inside);
    const sizes = Buffer.alloc(26);
    sizes.writeUInt16LE(20, 0);
    sizes.writeUInt32LE(crc32(buffer), 10);
    sizes.writeUInt32LE(buffer.length, 14);
    sizes.writeUInt32LE(buffer.length, 18);
    sizes.writeUInt16LE(path.length, 22);
    local.push(Buffer.from('PK\x03\x04'), sizes, path, buffer);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), sizes, rest, path);
    offset += 30 + path.length + buffer.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  const buffer = Buffer.concat([...local, list, end]);
  return { name, mimeType: 'application/zip', buffer };
}

/** What the browser saves when the redacted sample is asked for. */
export async function redactedSample(page) {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download a redacted sample' }).click();
  const file = await download;
  const text = await readFile(await file.path(), 'utf8');
  return { name: file.suggestedFilename(), text };
}

/** Chooses a file for a new import, up to its preview. */
export async function prepare(page, file) {
  await openImport(page);
  await choose(page, file);
  return readPreview(page);
}

/** The whole of it, up to the sum. */
export async function importFile(page, file) {
  await prepare(page, file);
  return submit(page);
}

/** Waits for the numbers of the file, and for its threads. */
export async function readPreview(page) {
  const numbers = page.getByRole('region', { name: 'What is in the file' });
  await numbers.waitFor();
  await page.locator('iframe').first().waitFor();
  const values = await numbers.locator('dl .value').allTextContents();
  const [comments, pages, replies, people] = values.map(numberIn);
  return { comments, pages, replies, people };
}

export async function submit(page) {
  await submitButton(page).click();
  return readResult(page);
}

export const submitButton = (page) =>
  page.getByRole('button', { name: /^Import [\d,]+ comments?$/ });

/** The sum under a finished import, as it is written there. */
export async function readResult(page) {
  const sum = page.locator('[data-adds-up]');
  await sum.waitFor({ timeout: JOB_MS });
  assert.equal(await sum.getAttribute('data-adds-up'), 'true', 'the sum does not add up');
  return sum.evaluate((element) =>
    [...element.children].map((term) => term.textContent.replace(/\s+/g, ' ').trim()).join(' '),
  );
}

/** All comments in the threads of the page that is shown, in their order. */
export async function readThreads(page) {
  await page.locator('iframe').first().waitFor();
  return page.evaluate(() =>
    [...document.querySelectorAll('iframe')].flatMap((frame) =>
      [...frame.contentDocument.querySelectorAll('.comment')].map((comment) => ({
        depth: Number(comment.className.match(/depth-(\d+)/)[1]),
        author: comment.querySelector('.name').textContent,
        text: comment.querySelector('.body').textContent,
      })),
    ),
  );
}

/** Comments and pages of the first site of whoever is signed in, as the server has them. */
export async function heldOn(page) {
  const { pages } = await page.evaluate(async () => {
    const session = await (await fetch('/api/v1/session')).json();
    return (await fetch(`/api/v1/sites/${session.sites[0].id}/pages?limit=200`)).json();
  });
  return { pages: pages.length, comments: pages.reduce((sum, one) => sum + one.comments, 0) };
}
