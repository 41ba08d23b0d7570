import assert from 'node:assert/strict';
import { inspect } from '../browser.mjs';
import {
  anotherBrowser,
  chooseLanguage,
  fits,
  focusedText,
  NOT_SIGNED_IN,
  saysAloud,
  signIn,
} from '../guests.mjs';
import { OWNER } from './setup.mjs';

const CHANGED = { email: OWNER.email, password: 'another horse entirely' };

export async function accountStory(world) {
  const { cases, complaints, page, server } = world;
  const rows = page.getByRole('list', { name: 'Where you are signed in' }).getByRole('listitem');
  const other = await anotherBrowser(world);
  const current = page.getByLabel('Current password', { exact: true });
  const wanted = page.getByLabel('New password', { exact: true });
  const change = page.getByRole('button', { name: 'Change the password' });
  /** The other browser is at the sign-in, without anybody touching it. */
  const otherIsOut = () => other.waitForURL('**/sign-in**');

  await cases.run('the account lists where one is signed in, this browser first', async () => {
    await complaints.expecting(NOT_SIGNED_IN, () => signIn(other, OWNER));
    await page.goto('/settings/account');
    await rows.nth(1).waitFor();
    await rows.first().getByText('this one').waitFor();
    await rows.first().getByText(/Chrom/).waitFor();
    assert.equal(await page.getByText('this one').count(), 1);
    await inspect(page, 'account');
  });

  await cases.run('a wrong password changes nothing', async () => {
    await complaints.expecting(/403/, async () => {
      await current.fill('not the password');
      await wanted.fill(CHANGED.password);
      await change.click();
      await page.getByRole('alert').getByText('The current password is wrong.').waitFor();
    });
    await inspect(page, 'account-password-wrong');
  });

  await cases.run('another password ends every other session', async () => {
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await current.fill(OWNER.password);
      await change.click();
      await page.getByRole('alert').getByText('The new password holds.').waitFor();
      await otherIsOut();
    });
    await rows.nth(1).waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 1);
    assert.equal(await current.inputValue(), '');
    await inspect(page, 'account-password-changed');
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await other.getByLabel('E-mail address').fill(OWNER.email);
      await other.getByLabel('Password', { exact: true }).fill(OWNER.password);
      await other.getByRole('button', { name: 'Sign in' }).click();
      await other.getByRole('alert').waitFor();
    });
    await signIn(other, CHANGED);
  });

  await cases.run('a session is ended from afar', async () => {
    await page.reload();
    await rows.nth(1).waitFor();
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await rows.nth(1).getByRole('button', { name: /^End / }).click();
      await saysAloud(page, 'It is signed out there.');
      await otherIsOut();
    });
    assert.equal(await rows.count(), 1);
    assert.equal(await focusedText(page), 'Where you are signed in');
  });

  await cases.run('signing out everywhere asks first, and means this browser too', async () => {
    await signIn(other, CHANGED);
    const everywhere = page.getByRole('button', { name: 'Sign out everywhere' });
    const dialog = page.getByRole('dialog', { name: 'Sign out everywhere?' });
    await everywhere.click();
    await dialog.getByText('this one too').waitFor();
    assert.equal(await focusedText(page), 'Stay signed in');
    await inspect(page, 'account-everywhere');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await everywhere.click();
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
      await page.waitForURL('**/sign-in**');
      await otherIsOut();
    });
  });

  await cases.run('without mail, a forgotten password is the operator’s to reset', async () => {
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.waitForURL('**/forgot-password');
    await page.getByText('rehome-server reset-password you@example.org').waitFor();
    await inspect(page, 'forgot-no-mail');
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await page.waitForURL('**/sign-in');
  });

  await cases.run('a link that the server’s command makes opens, and works once', async () => {
    await signIn(other, CHANGED);
    const printed = await server.operator('reset-password', OWNER.email);
    const [link] = printed.match(/http\S+/);
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await page.goto(link);
      await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
      assert.equal(new URL(page.url()).hash, '');
      await inspect(page, 'reset');
      await wanted.fill('short');
      await page.getByRole('button', { name: 'Save the new password' }).click();
      assert.equal(await page.getByRole('alert').count(), 0, 'a short password is sent');
      await wanted.fill(OWNER.password);
      await page.getByRole('button', { name: 'Save the new password' }).click();
      await page.getByRole('alert').getByText('The new password holds.').waitFor();
      await otherIsOut();
    });
    await inspect(page, 'reset-done');
    await complaints.expecting(/403/, async () => {
      // The same tab: only what is behind the # becomes another.
      await page.goto(link);
      await wanted.fill('yet another horse');
      await page.getByRole('button', { name: 'Save the new password' }).click();
      await page.getByRole('alert').getByText('This link was used or has expired.').waitFor();
    });
    await inspect(page, 'reset-used');
    await page.getByRole('link', { name: 'Get another link' }).click();
    await page.waitForURL('**/forgot-password');
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await page.waitForURL('**/sign-in');
    await signIn(page, OWNER);
  });

  await cases.run('the account fits a phone, in Polish too', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/settings/account');
    await rows.first().waitFor();
    await fits(page);
    await inspect(page, 'phone-account');
    await chooseLanguage(page, 'Language', 'pl');
    await page.getByRole('heading', { name: 'Gdzie jesteś w Rehome' }).waitFor();
    await fits(page);
    await inspect(page, 'phone-account-polish');
    await chooseLanguage(page, 'Język', 'en');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await other.context().close();
}
