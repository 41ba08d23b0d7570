// The account of a server that is measured.
import { OWNER } from '../e2e/journeys/setup.mjs';

/** Servers that have their account. */
const made = new WeakSet();

/** Makes the account, or signs in to it where it was made before. */
export async function signUp(page, server) {
  const isMade = made.has(server);
  await page.goto(isMade ? '/' : server.setupLink);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  if (isMade) {
    await page.getByRole('button', { name: 'Sign in' }).click();
  } else {
    await page.getByLabel('Site name').fill('Example blog');
    await page.getByLabel('Site address').fill('https://blog.example.org');
    await page.getByRole('button', { name: 'Create the account' }).click();
    made.add(server);
  }
  await page.waitForURL('**/import');
}
