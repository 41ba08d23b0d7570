import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';
import { anotherBrowser, beginAccount } from '../guests.mjs';
import { heldOn, importFile } from '../screens.mjs';

const PERSON = {
  email: 'lea@example.net',
  password: 'an orchard with bees',
  site: 'Orchard',
  address: 'https://orchard.example.net',
};
const FIELDS = [
  'page.url',
  'page.title',
  'comment.author',
  'author.name',
  'comment.created_at',
  'comment.status',
  'comment.body',
  'comment.aliases',
];

/** The same comments as two systems have them: an alias names the one that it was. */
const blog = stream('wordpress', 'orchard.example.net', '2020-05-01T10:00:00Z', [
  { id: '1', author: 'Ann', body: 'Apples.' },
  { id: '2', author: 'Bob', body: 'Pears.' },
  { id: '3', author: 'Cleo', body: 'Plums.' },
]);
const all = [
  { id: '901', author: 'Ann', body: 'Apples.', was: '1' },
  { id: '902', author: 'Bob', body: 'Pears, and quinces.', was: '2' },
  { id: '903', author: 'Somebody', body: 'Something else.', was: '3' },
  { id: '904', author: 'Dan', body: 'Cherries.' },
];
const forum = (comments) => stream('disqus', 'orchard', '2020-05-01T14:00:00Z', comments);

function stream(family, origin, at, comments) {
  const lines = [
    { type: 'header', schema: 1, format: family, family, origin, reader: 'e2e/1', fields: FIELDS },
    { type: 'page', source_id: 'p', url: 'https://orchard.example.net/trees', title: 'Trees' },
    ...comments.map(({ id, author, body, was }) => ({
      type: 'comment',
      source_id: id,
      page: 'p',
      author: { name: author },
      created_at: at,
      status: 'approved',
      body,
      body_format: 'text',
      ...(was ? { aliases: [{ family: 'wordpress', source_id: was }] } : {}),
    })),
    {
      type: 'end',
      counts: { pages: 1, authors: 0, comments: comments.length, removed: 0 },
      complete: 'yes',
    },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const name = `${family}-${comments.length}.ndjson`;
  return { name, mimeType: 'application/x-ndjson', buffer: Buffer.from(text) };
}

/** What two systems know of the same comments, in an account of its own. */
export async function twoSourcesStory(world) {
  const { cases } = world;
  const page = await anotherBrowser(world);
  const lookAtIt = async () => {
    await page.getByRole('link', { name: 'About this import' }).click();
    await page.waitForURL(/\/imports\/.+/);
  };
  const has = (text) => page.getByText(text).first().waitFor();

  await beginAccount(world, page, PERSON);

  await cases.run(
    'comments of two systems are joined, and those that may be one are listed',
    async () => {
      assert.match(await importFile(page, blog), /^3 in the file = 3 new/);
      assert.match(
        await importFile(page, forum(all)),
        /^4 in the file = 2 new \+ 0 changed \+ 2 the same/,
      );
      assert.deepEqual(await heldOn(page), { pages: 1, comments: 5 });
      await lookAtIt();
      const pages = page.locator('tbody tr').filter({ hasText: 'Pages' });
      assert.deepEqual(await pages.locator('td').allTextContents(), ['0', '0', '1', '0']);
      const doubles = page.getByRole('region', { name: 'Possibly here twice' });
      const cells = await doubles.locator('tbody td').allTextContents();
      assert.equal(cells.length, 3);
      assert.match(cells[0], /Trees/);
      assert.equal(cells[1].trim(), '903');
      assert.match(cells[2], /3\s+orchard\.example\.net/);
      await has('The time that was here first stays.');
      await inspect(page, 'possible-doubles');
    },
  );

  await cases.run('what a later file no longer has is named, and stays', async () => {
    assert.match(
      await importFile(page, forum(all.slice(0, 3))),
      /^3 in the file = 0 new \+ 0 changed \+ 3 the same/,
    );
    assert.deepEqual(await heldOn(page), { pages: 1, comments: 5 });
    await lookAtIt();
    await has('No longer in the file');
    await page.getByText('Show their ids').click();
    await page.locator('ul.ids li').first().waitFor();
    assert.deepEqual(await page.locator('ul.ids li').allTextContents(), ['904']);
    await inspect(page, 'vanished');
  });

  await page.context().close();
}
