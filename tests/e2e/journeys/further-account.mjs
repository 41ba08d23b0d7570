import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';
import { anotherBrowser, NOT_SIGNED_IN } from '../guests.mjs';

/** A second account on the server sees nothing of the first. */
export async function furtherAccountStory(world) {
  const { cases, complaints, server } = world;
  const other = await anotherBrowser(world);

  await cases.run('a link that the operator makes opens a further account, once', async () => {
    const printed = await server.operator('new-account');
    const [link] = printed.match(/http\S+/);
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await other.goto(link);
      await other.getByText('This makes an account of its own').waitFor();
      await inspect(other, 'further-account');
    });
    await other.getByLabel('E-mail address').fill('zoe@example.net');
    await other.getByLabel('Password', { exact: true }).fill('a house by the sea');
    await other.getByLabel('Site name').fill('Other blog');
    await other.getByLabel('Site address').fill('https://other.example.net');
    await other.getByRole('button', { name: 'Create the account' }).click();
    await other.waitForURL('**/import');
    await other.goto('/imports');
    await other.getByText('Nothing has been imported yet').waitFor();

    const used = await anotherBrowser(world);
    await complaints.expecting(/40[13].*\/api\/v1\//s, async () => {
      await used.goto(link);
      await used.getByLabel('E-mail address').fill('max@example.net');
      await used.getByLabel('Password', { exact: true }).fill('a house by the sea');
      await used.getByLabel('Site name').fill('Third blog');
      await used.getByLabel('Site address').fill('https://third.example.net');
      await used.getByRole('button', { name: 'Create the account' }).click();
      await used.getByRole('alert').waitFor();
    });
    assert.match(used.url(), /\/setup$/);
    await used.context().close();
  });

  await other.context().close();
}
