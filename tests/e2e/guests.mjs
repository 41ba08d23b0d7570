// Other people, each in a browser of their own.
import assert from 'node:assert/strict';

/** Chromium reports it where nobody is signed in yet. */
export const NOT_SIGNED_IN = /401.*\/api\/v1\//s;

/** A browser that knows nobody; what its pages complain about counts too. */
export async function anotherBrowser({ context, complaints, server }) {
  const other = await context.browser().newContext({
    baseURL: server.address,
    locale: 'en-GB',
    timezoneId: 'Europe/Warsaw',
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
  });
  other.setDefaultTimeout(20_000);
  other.on('page', (opened) => complaints.watch(opened));
  return other.newPage();
}

/** Signs in on a page that is not signed in. */
export async function signIn(page, { email, password }) {
  if (!new URL(page.url(), 'http://nowhere').pathname.startsWith('/sign-in')) {
    await page.goto('/sign-in');
  }
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** Waits until a screen reader is told this. */
export const saysAloud = (page, words) =>
  page.locator('[role=status]').filter({ hasText: words }).waitFor();

export const focusedText = (page) => page.evaluate(() => document.activeElement.textContent.trim());

export async function fits(page) {
  const { scroll, width } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: window.innerWidth,
  }));
  assert.ok(scroll <= width, `the page is ${scroll} wide on a screen of ${width}`);
}

/** In the language of the menu, on a phone. */
export async function chooseLanguage(page, label, code) {
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByLabel(label).selectOption(code);
  await page.getByRole('button', { name: 'Menu' }).click();
}

/** Fills the set-up form that a link opened, and sends it. */
export async function fillAccount(page, { email, password, site, address }) {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Site name').fill(site);
  await page.getByLabel('Site address').fill(address);
  await page.getByRole('button', { name: 'Create the account' }).click();
}

/** Makes an account of its own, by a link from the operator. */
export async function beginAccount({ cases, complaints, server }, page, person) {
  await cases.run(`${person.email} begins in an account of their own`, async () => {
    const [link] = (await server.operator('new-account')).match(/http\S+/);
    await complaints.expecting(NOT_SIGNED_IN, async () => {
      await page.goto(link);
      await page.getByLabel('E-mail address').waitFor();
    });
    await fillAccount(page, person);
    await page.waitForURL('**/import');
  });
}
