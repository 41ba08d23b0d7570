import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';
import { anotherBrowser, fillAccount, NOT_SIGNED_IN } from '../guests.mjs';

const PASSWORD = 'a house by the sea';

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
    await fillAccount(other, {
      email: 'zoe@example.net',
      password: PASSWORD,
      site: 'Other blog',
      address: 'https://other.example.net',
    });
    await other.waitForURL('**/import');
    await other.goto('/imports');
    await other.getByText('Nothing has been imported yet').waitFor();

    const used = await anotherBrowser(world);
    await complaints.expecting(/40[139].*\/api\/v1\//s, async () => {
      await used.goto(link);
      await fillAccount(used, {
        email: 'max@example.net',
        password: PASSWORD,
        site: 'Third blog',
        address: 'https://third.example.net',
      });
      await used.getByRole('alert').waitFor();
    });
    assert.match(used.url(), /\/setup$/);
    await used.context().close();
  });

  await other.context().close();
}
