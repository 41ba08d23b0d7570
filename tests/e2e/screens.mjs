// What a person does on the screens, and what they read there.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';

const FILE_INPUT = 'input[type=file]';
/** The last step of a big import on a busy machine. */
const IMPORT_MS = 120_000;

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
  const another = page.getByRole('button', { name: 'Import another file' });
  await page.locator(FILE_INPUT).or(another).first().waitFor({ state: 'attached' });
  if (await another.isVisible()) await another.click();
}

export async function choose(page, file) {
  await page.locator(FILE_INPUT).setInputFiles(file);
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
  await sum.waitFor({ timeout: IMPORT_MS });
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
