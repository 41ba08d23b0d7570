import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from '../browser.mjs';
import {
  anotherBrowser,
  chooseLanguage,
  fits,
  focusedText,
  NOT_SIGNED_IN,
  saysAloud,
} from '../guests.mjs';
import { choose, fileOf, openImport, readPreview, submit } from '../screens.mjs';
import { OWNER } from './setup.mjs';

const VERA = { email: 'vera@example.org', password: 'a long walk home' };
const INVALID = 'This invitation was used, taken back, or is older than 7 days.';
/** More than the log shows at once. */
const TOKENS_MADE_AND_REVOKED = 30;

export async function peopleStory(world) {
  const { cases, complaints, page, server, fixtures } = world;
  const members = page.getByRole('list', { name: 'Members' }).getByRole('listitem');
  const open = page.getByRole('list', { name: 'Open invitations' }).getByRole('listitem');
  const linkField = page.getByLabel('Link of the invitation');
  const veras = members.filter({ hasText: VERA.email });
  const vera = await anotherBrowser(world);
  let link = '';
  let secret = '';
  const byToken = async () => {
    const headers = { authorization: `Bearer ${secret}` };
    return (await fetch(`${server.address}/api/v1/imports`, { headers })).status;
  };

  await cases.run('the only owner reads why they can neither go nor be less', async () => {
    await page.goto('/settings');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await page.getByRole('link', { name: 'People' }).click();
    await page.waitForURL('**/settings/people');
    await members.filter({ hasText: OWNER.email }).getByText('The only owner.').waitFor();
    assert.equal(await focusedText(page), 'People');
    assert.equal(await page.getByRole('button', { name: /^Remove/ }).count(), 0);
    await inspect(page, 'people-alone');
  });

  await cases.run('an invitation is made, and its link shown once', async () => {
    await page.getByRole('radio', { name: 'Viewer' }).check();
    await page.getByLabel('E-mail address (if you like)').fill(VERA.email);
    await page.getByRole('button', { name: 'Make a link' }).click();
    await saysAloud(page, 'The invitation is made.');
    link = await linkField.inputValue();
    assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/invite#\S{20,}$/);
    await page.getByText(`It is for ${VERA.email} alone.`).waitFor();
    await inspect(page, 'people-invitation-made');
    await page.getByRole('button', { name: 'I have copied it' }).click();
    assert.equal(await focusedText(page), 'Invite somebody');
    await page.reload();
    await open.filter({ hasText: VERA.email }).waitFor();
    assert.equal(await linkField.count(), 0);
    assert.ok(!(await page.content()).includes(link.split('#')[1]), 'the link is kept');
  });

  await cases.run('a link that is cut off says so', async () => {
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await vera.goto('/invite');
      await vera.getByText('A part of it is missing').waitFor();
    });
    await inspect(vera, 'invite-cut-off');
  });

  await cases.run('the invited person sees who invites to what, and is let in', async () => {
    // The same tab: only what is behind the # becomes another.
    await vera.goto(link);
    await vera.getByText(`${OWNER.email} invites you to this Rehome as a viewer.`).waitFor();
    assert.equal(new URL(vera.url()).hash, '');
    const email = vera.getByLabel('E-mail address');
    assert.equal(await email.inputValue(), VERA.email);
    assert.equal(await email.isEditable(), false);
    await inspect(vera, 'invite');
    await vera.getByLabel('Password', { exact: true }).fill(VERA.password);
    await vera.getByRole('button', { name: 'Accept and sign in' }).click();
    await vera.waitForURL('**/imports');
  });

  await cases.run('a used link says so, and what to do', async () => {
    const late = await anotherBrowser(world);
    await complaints.expecting(/40[13]/, async () => {
      await late.goto(link);
      await late.getByRole('alert').getByText(INVALID).waitFor();
    });
    await late.getByText('Whoever invited you can make a new link.').waitFor();
    await inspect(late, 'invite-used');
    await late.getByRole('link', { name: 'Sign in' }).click();
    await late.waitForURL('**/sign-in');
    await late.context().close();
  });

  await cases.run('an invitation that is taken back lets nobody in', async () => {
    await page.getByRole('radio', { name: 'Owner' }).check();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const taken = await linkField.inputValue();
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await open
      .filter({ hasText: 'Whoever has the link' })
      .getByRole('button', { name: /^Take back/ })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Take this invitation back?' });
    await dialog.waitFor();
    assert.equal(await focusedText(page), 'Keep it');
    await inspect(page, 'people-take-back');
    await dialog.getByRole('button', { name: 'Take it back' }).click();
    await saysAloud(page, 'The invitation is taken back.');
    const late = await anotherBrowser(world);
    await complaints.expecting(/40[13]/, async () => {
      await late.goto(taken);
      await late.getByRole('alert').getByText(INVALID).waitFor();
    });
    await late.context().close();
  });

  await cases.run('somebody who is signed in is asked to sign out first', async () => {
    await page.getByRole('button', { name: 'Make a link' }).click();
    const third = await linkField.inputValue();
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await vera.goto(third);
    await vera.getByText(`You are signed in as ${VERA.email}.`).waitFor();
    await inspect(vera, 'invite-signed-in');
    await vera.getByRole('link', { name: 'Stay signed in' }).click();
    await vera.waitForURL('**/imports');
  });

  await cases.run('a viewer sees what there is, and is told why they cannot import', async () => {
    await vera.getByText('You are a viewer here').waitFor();
    const places = vera.getByRole('navigation', { name: 'Main' }).getByRole('link');
    assert.deepEqual(await texts(places), ['Activity', 'Comments', 'Settings']);
    await inspect(vera, 'viewer-activity');
    await vera.goto('/import');
    await vera.getByText('To import, ask an owner to make you an admin.').waitFor();
    assert.equal(await vera.locator('input[type=file]').count(), 0);
    assert.equal(await vera.getByRole('button', { name: 'Add a site' }).count(), 0);
    await inspect(vera, 'viewer-import');
    await vera.getByRole('link', { name: 'See who the owners are' }).click();
    await vera.waitForURL('**/settings/people');
    const seen = vera.getByRole('list', { name: 'Members' }).getByRole('listitem');
    await seen.filter({ hasText: OWNER.email }).getByText('Owner', { exact: true }).waitFor();
    assert.equal(await seen.getByRole('button').count(), 0);
    assert.equal(await vera.getByRole('heading', { name: 'Invite somebody' }).count(), 0);
    assert.deepEqual(await sections(vera), ['Your account', 'People']);
    await inspect(vera, 'viewer-people');
    for (const section of ['tokens', 'sites', 'log']) {
      await vera.goto(`/settings/${section}`);
      await vera.getByText('not for your role').waitFor();
    }
    await inspect(vera, 'viewer-not-for-you');
  });

  await cases.run('the owner gives another role, and it holds at once', async () => {
    await page.reload();
    await veras.getByRole('button', { name: `Change role: ${VERA.email}` }).click();
    const dialog = page.getByRole('dialog', { name: `What may ${VERA.email} do?` });
    await dialog.getByRole('radio', { name: 'Admin' }).check();
    await inspect(page, 'people-role');
    await dialog.getByRole('button', { name: 'Save the role' }).click();
    await saysAloud(page, `The role of ${VERA.email} is changed.`);
    await veras.getByText('Admin', { exact: true }).waitFor();
    await inspect(page, 'people');
    await vera.goto('/import');
    await openImport(vera);
    assert.deepEqual(await sections(vera, '/settings'), ['Your account', 'People', 'API tokens']);
  });

  await cases.run('an admin imports', async () => {
    await openImport(vera);
    await choose(vera, await fileOf(join(fixtures, 'basic.xml')));
    await readPreview(vera);
    await submit(vera);
  });

  await cases.run('an admin makes a token, and the owner sees whose it is', async () => {
    await vera.goto('/settings/tokens');
    await vera.getByLabel('Name', { exact: true }).fill('Script of Vera');
    await vera.getByRole('checkbox', { name: 'import' }).uncheck();
    await vera.getByRole('button', { name: 'Make token' }).click();
    secret = await vera.getByLabel('Token “Script of Vera”').inputValue();
    assert.equal(await byToken(), 200);
    await page.getByRole('link', { name: 'API tokens' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'Script of Vera' });
    await row.getByText(VERA.email).waitFor();
    assert.match((await row.textContent()).replace(/\s+/g, ' '), /May: read /);
    await inspect(page, 'tokens-of-all');
  });

  await cases.run('a role that was lost meanwhile is noticed, and nothing is offered', async () => {
    await page.goto('/settings/people');
    await changeRole(page, veras, 'Viewer');
    await complaints.expecting(/403/, async () => {
      await vera.getByRole('button', { name: 'I have copied it' }).click();
      await vera.getByLabel('Name', { exact: true }).fill('One more');
      await vera.getByRole('button', { name: 'Make token' }).click();
      await vera.getByText('not for your role').waitFor();
    });
    await changeRole(page, veras, 'Admin');
  });

  await cases.run('a removed member is signed out, and their token ends', async () => {
    await vera.goto('/imports');
    await vera.locator('ul.imports > li').first().waitFor();
    await page.getByRole('button', { name: `Remove ${VERA.email}` }).click();
    const dialog = page.getByRole('dialog', { name: `Remove ${VERA.email}?` });
    await dialog.getByText('every token that they have made stops working').waitFor();
    assert.equal(await focusedText(page), 'Keep');
    await inspect(page, 'people-remove');
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await dialog.getByRole('button', { name: 'Remove from the account' }).click();
      await saysAloud(page, `${VERA.email} is removed.`);
      await veras.waitFor({ state: 'detached' });
      // By itself: nobody touches her page.
      await vera.waitForURL('**/sign-in**');
    });
    assert.equal(await byToken(), 401);
  });

  await logCases(world);
  await vera.context().close();
}

async function logCases({ cases, page }) {
  const rows = page.getByRole('list', { name: 'Activity log' }).getByRole('listitem');
  const what = page.getByLabel('What', { exact: true });
  const who = page.getByLabel('Who', { exact: true });

  await cases.run('the log tells the owner all of it, the newest first', async () => {
    await page.getByRole('link', { name: 'Activity log' }).click();
    await page.waitForURL('**/settings/log');
    await rows.first().waitFor();
    const told = (await rows.allTextContents()).map(tidy);
    assert.match(told[0], /^Removed a member vera@example\.org · Admin owner@example\.org /);
    const inOrder = [
      /^Changed a role vera@example\.org · from Viewer to Admin owner@/,
      /^Made an API token Script of Vera · may: read vera@/,
      /^Sent an import off basic\.xml · site: Example blog vera@/,
      /^Began an import basic\.xml · site: Example blog vera@/,
      /^Took an invitation back owner@/,
      /^Accepted an invitation Viewer vera@/,
      /^Invited somebody vera@example\.org · Viewer owner@/,
    ];
    let from = 0;
    for (const wanted of inOrder) {
      const at = told.findIndex((text, index) => index >= from && wanted.test(text));
      assert.ok(at >= 0, `${wanted} is not in its place:\n${told.join('\n')}`);
      from = at + 1;
    }
    const inCodes = told.filter((text) => /[a-z]_[a-z]/.test(text));
    assert.deepEqual(inCodes, []);
    await inspect(page, 'log');
  });

  await cases.run('the log is filtered by kind and by person, in the address', async () => {
    await what.selectOption({ label: 'Changed a role' });
    await page.waitForURL(/action=role_changed/);
    await waitForRows(rows, 3);
    assert.deepEqual(await actions(rows), ['role_changed']);
    await who.selectOption({ label: VERA.email });
    await page.getByRole('heading', { name: 'Nobody has done this' }).waitFor();
    await inspect(page, 'log-none');
    await what.selectOption({ label: 'Accepted an invitation' });
    await waitForRows(rows, 1);
    await page.reload();
    await waitForRows(rows, 1);
    assert.equal(await what.inputValue(), 'invitation_accepted');
    // She is no member any more, but stands in the list.
    assert.equal(await who.locator('option:checked').textContent(), VERA.email);
  });

  await cases.run('the log is saved as CSV and as NDJSON, as it is filtered', async () => {
    const csv = await saved(page, 'CSV (spreadsheet)');
    assert.equal(csv.name, 'rehome-audit.csv');
    const [head, line, ...more] = csv.text.trimEnd().split('\n');
    assert.equal(head, 'id,at,admin,token,action,details');
    assert.match(line, /^\d+,\d{4}-\S+Z,vera@example\.org,,invitation_accepted,/);
    assert.deepEqual(more, []);
    await what.selectOption({ label: 'Everything' });
    await page.waitForURL((url) => !url.searchParams.has('action'));
    await who.selectOption({ label: 'Everybody' });
    await page.waitForURL((url) => !url.searchParams.has('person'));
    const ndjson = await saved(page, 'NDJSON (programs)');
    assert.equal(ndjson.name, 'rehome-audit.ndjson');
    const entries = ndjson.text.trimEnd().split('\n').map(JSON.parse);
    assert.equal(entries[0].action, 'audit_exported');
    const removal = entries.find(({ action }) => action === 'member_removed');
    assert.equal(removal.admin, OWNER.email);
    assert.equal(removal.details.email, VERA.email);
    assert.equal(entries.at(-1).action, 'account_made');
  });

  await cases.run('older entries come when they are asked for', async () => {
    await makeAndRevoke(page, TOKENS_MADE_AND_REVOKED);
    await page.reload();
    await waitForRows(rows, 50);
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await rows.nth(50).waitFor();
    const ids = await rows.evaluateAll((items) => items.map((item) => item.textContent));
    assert.ok(ids.length > 50);
    await saysAloud(page, /older entr/);
  });

  await cases.run('people and log fit a phone, in Polish too', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/settings/people');
    await page.getByRole('heading', { name: 'Open invitations' }).waitFor();
    await fits(page);
    await inspect(page, 'phone-people');
    await chooseLanguage(page, 'Language', 'pl');
    await page.getByRole('heading', { name: 'Otwarte zaproszenia' }).waitFor();
    await fits(page);
    await inspect(page, 'phone-people-polish');
    await page.goto('/settings/log?action=role_changed');
    await page.getByRole('listitem').filter({ hasText: 'Zmiana roli' }).first().waitFor();
    await fits(page);
    await inspect(page, 'phone-log-polish');
    await chooseLanguage(page, 'Język', 'en');
    await page.setViewportSize({ width: 1280, height: 900 });
  });
}

/** Without the marks that keep directions apart. */
const tidy = (text) =>
  text
    .replace(/[\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

const texts = async (links) => (await links.allTextContents()).map(tidy);

async function sections(page, address) {
  if (address) await page.goto(address);
  const links = page.getByRole('navigation', { name: 'Settings' }).getByRole('link');
  await links.first().waitFor();
  return texts(links);
}

async function changeRole(page, row, role) {
  await row.getByRole('button', { name: /^Change role/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: role }).check();
  await dialog.getByRole('button', { name: 'Save the role' }).click();
  await row.getByText(role, { exact: true }).waitFor();
}

const actions = async (rows) => [
  ...new Set(await rows.evaluateAll((items) => items.map((item) => item.dataset.action))),
];

async function waitForRows(rows, count) {
  await rows.nth(count - 1).waitFor();
  await rows.nth(count).waitFor({ state: 'detached' });
}

async function saved(page, name) {
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/** Fills the log, behind the back of the page. */
async function makeAndRevoke(page, count) {
  const statuses = await page.evaluate(async (times) => {
    const found = [];
    for (let index = 0; index < times; index += 1) {
      const made = await fetch('/api/v1/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Fleeting', scopes: ['read'] }),
      });
      const { token } = await made.json();
      found.push((await fetch(`/api/v1/tokens/${token.id}`, { method: 'DELETE' })).status);
    }
    return found;
  }, count);
  assert.deepEqual(new Set(statuses), new Set([204]));
}
