import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';

const NAME = 'Laptop';
/** As many as an account may have, and as long as a name may be. */
const MOST_TOKENS = 50;
const LONG_NAME = 'ąż'.repeat(50);
const RIGHT_TO_LEFT_NAME = 'جهاز محمول';
const SECRET = /^rehome_\S{20,}$/;

export async function tokensStory({ cases, complaints, page, context, server }) {
  let secret = '';
  const rows = page.getByRole('list', { name: 'Tokens in use' }).getByRole('listitem');
  const secretField = page.getByLabel(`Token “${NAME}”`);
  const nameField = page.getByLabel('Name', { exact: true });
  const commandField = page.getByLabel('Command', { exact: true });
  const importsByToken = async () => {
    const headers = { authorization: `Bearer ${secret}` };
    return (await fetch(`${server.address}/api/v1/imports`, { headers })).status;
  };

  await cases.run('without a token, the settings teach what one is for', async () => {
    await page.goto('/import');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.waitForURL('**/settings/account');
    await page.getByRole('link', { name: 'API tokens' }).click();
    await page.waitForURL('**/settings/tokens');
    await page.getByRole('heading', { name: 'No program has a token yet' }).waitFor();
    assert.equal(await focusedText(page), 'API tokens');
    await inspect(page, 'tokens-empty');
  });

  await cases.run('a name that is too long gets a sentence', async () => {
    await complaints.expecting(/422/, async () => {
      await nameField.fill('a'.repeat(101));
      await page.getByRole('button', { name: 'Make token' }).click();
      await page.getByRole('alert').getByText('a name of at most 100 characters').waitFor();
      assert.equal(await nameField.getAttribute('aria-invalid'), 'true');
      assert.equal(await nameField.evaluate((field) => field === document.activeElement), true);
      await inspect(page, 'tokens-refused');
    });
  });

  await cases.run('a token is made and shown, with the command that uses it', async () => {
    await nameField.fill(NAME);
    await nameField.press('Enter');
    await page.getByRole('heading', { name: 'Import from a terminal' }).waitFor();
    await page.getByRole('main').getByText('It will not be shown again').waitFor();
    await saysAloud(page, `The token ${NAME} is made.`);
    secret = await secretField.inputValue();
    assert.match(secret, SECRET);
    // It is ready to be copied by hand, too.
    assert.equal(await selectedIn(secretField), secret);
    assert.equal(await secretField.isEditable(), false);
    const { id } = await page.evaluate(
      async () => (await (await fetch('/api/v1/sites')).json())[0],
    );
    assert.equal(
      await commandField.inputValue(),
      `rehome push --server ${server.address} --token-file rehome-token.txt --site ${id} FILE`,
    );
    assert.equal(await rows.count(), 1);
    await rows.filter({ hasText: NAME }).getByText('never').waitFor();
    await inspect(page, 'tokens-made');
  });

  await cases.run('token and command are copied with the keyboard, and it is said', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await secretField.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await saysAloud(page, 'Copied: the token');
    assert.equal(await copied(), secret);
    await page.getByRole('button', { name: 'Copy the command' }).press('Enter');
    await saysAloud(page, 'Copied: the command');
    assert.match(await copied(), /^rehome push --server /);
    await context.clearPermissions();
  });

  await cases.run('the secret is not shown a second time', async () => {
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await nameField.waitFor();
    assert.ok(!(await page.content()).includes(secret), 'it is there after it was put away');
    await page.reload();
    await rows.filter({ hasText: NAME }).waitFor();
    assert.equal(await secretField.count(), 0);
    const kept = await page.evaluate(async () =>
      [
        document.documentElement.outerHTML,
        ...[...document.querySelectorAll('input, textarea')].map((field) => field.value),
        JSON.stringify({ ...localStorage, ...sessionStorage }),
        await (await fetch('/api/v1/tokens')).text(),
      ].join('\n'),
    );
    assert.ok(kept.includes(NAME));
    assert.ok(!kept.includes(secret), 'the secret is kept');
  });

  await cases.run('a program gets in with it, and the list says so', async () => {
    assert.equal(await importsByToken(), 200);
    await page.reload();
    const row = rows.filter({ hasText: NAME });
    await row.getByText('owner@example.org').waitFor();
    // Made and last used.
    await row.locator('time').nth(1).waitFor();
    await page.getByText('Import from a terminal').click();
    await commandField.waitFor();
    await inspect(page, 'tokens');
  });

  await cases.run('where the browser forbids copying, the text is selected', async () => {
    await page.route('**/settings/tokens', async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), 'permissions-policy': 'clipboard-write=()' };
      await route.fulfill({ response, headers });
    });
    await page.reload();
    await page.unroute('**/settings/tokens');
    await page.getByText('Import from a terminal').click();
    await complaints.expecting(/clipboard/i, async () => {
      await page.getByRole('button', { name: 'Copy the command' }).click();
      await page.getByRole('alert').getByText('does not let Rehome copy').waitFor();
    });
    assert.equal(await selectedIn(commandField), await commandField.inputValue());
  });

  await cases.run('revoking asks first, and shuts the program out', async () => {
    const revoke = page.getByRole('button', { name: `Revoke ${NAME}` });
    const dialog = page.getByRole('dialog', { name: `Revoke “${NAME}”?` });
    await revoke.click();
    await dialog.waitFor();
    assert.equal(await focusedText(page), 'Keep it');
    await inspect(page, 'tokens-revoke');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await importsByToken(), 200);
    assert.equal(await focusedText(page), 'Revoke');
    await revoke.click();
    await dialog.getByRole('button', { name: 'Revoke token' }).click();
    await page.getByRole('heading', { name: 'No program has a token yet' }).waitFor();
    await saysAloud(page, `The token ${NAME} is revoked.`);
    assert.equal(await focusedText(page), 'API tokens');
    assert.equal(await importsByToken(), 401);
  });

  await cases.run('many tokens with long names fit, one too many gets a sentence', async () => {
    await makeTokens(page, [
      LONG_NAME,
      RIGHT_TO_LEFT_NAME,
      ...Array(MOST_TOKENS - 2).fill('Server'),
    ]);
    await page.reload();
    await rows.nth(MOST_TOKENS - 1).waitFor();
    await complaints.expecting(/409/, async () => {
      await nameField.fill('One more');
      await page.getByRole('button', { name: 'Make token' }).click();
      await page.getByRole('alert').getByText('There are 50 tokens already').waitFor();
    });
    await revokeTokens(page, MOST_TOKENS - 2);
  });

  await cases.run('what another admin has revoked goes without a fuss', async () => {
    await page.reload();
    await rows.nth(1).waitFor();
    assert.equal(await rows.count(), 2);
    await page.getByRole('button', { name: RIGHT_TO_LEFT_NAME }).click();
    await revokeTokens(page, 1);
    await complaints.expecting(/404/, async () => {
      await page.getByRole('button', { name: 'Revoke token' }).click();
      await rows.nth(1).waitFor({ state: 'detached' });
    });
    assert.equal(await page.getByRole('alert').count(), 0);
  });

  await cases.run('a list that cannot be loaded says so, and is tried again', async () => {
    await page.route('**/api/v1/tokens', (route) => route.abort());
    await complaints.expecting(/ERR_FAILED/, async () => {
      await page.reload();
      await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    });
    await page.unroute('**/api/v1/tokens');
    await page.getByRole('button', { name: 'Try again' }).click();
    await rows.first().waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
  });

  await cases.run('the tokens fit a phone, in Polish too', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await fits(page);
    await inspect(page, 'phone-tokens');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByLabel('Language').selectOption('pl');
    await page.getByRole('heading', { name: 'Tokeny API' }).waitFor();
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByLabel('Nazwa', { exact: true }).fill('Laptop');
    await page.getByRole('button', { name: 'Utwórz token' }).click();
    await page.getByRole('main').getByText('Nie zostanie pokazany ponownie').waitFor();
    await fits(page);
    await inspect(page, 'phone-tokens-polish');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByLabel('Język').selectOption('en');
    await page.setViewportSize({ width: 1280, height: 900 });
    await revokeTokens(page, 2);
  });
}

const focusedText = (page) => page.evaluate(() => document.activeElement.textContent.trim());

/** What is marked in a field that has the focus. */
const selectedIn = (field) =>
  field.evaluate((element) =>
    element === document.activeElement
      ? element.value.slice(element.selectionStart, element.selectionEnd)
      : '',
  );

/** Waits until a screen reader is told this. */
const saysAloud = (page, words) =>
  page.locator('[role=status]').filter({ hasText: words }).waitFor();

async function makeTokens(page, names) {
  const statuses = await page.evaluate(async (all) => {
    const found = [];
    for (const name of all) {
      const answer = await fetch('/api/v1/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, scopes: ['read'] }),
      });
      found.push(answer.status);
    }
    return found;
  }, names);
  assert.deepEqual(new Set(statuses), new Set([201]));
}

/** Revokes the newest tokens, behind the back of the page. */
async function revokeTokens(page, count) {
  const statuses = await page.evaluate(async (last) => {
    const tokens = await (await fetch('/api/v1/tokens')).json();
    const found = [];
    for (const { id } of tokens.slice(-last)) {
      found.push((await fetch(`/api/v1/tokens/${id}`, { method: 'DELETE' })).status);
    }
    return found;
  }, count);
  assert.deepEqual(statuses, Array(count).fill(204));
}

async function fits(page) {
  const { scroll, width } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: window.innerWidth,
  }));
  assert.ok(scroll <= width, `the tokens are ${scroll} wide on a screen of ${width}`);
}
