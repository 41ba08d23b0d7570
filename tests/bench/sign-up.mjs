// The first account of a server that is measured.
import { OWNER } from '../e2e/journeys/setup.mjs';

/** Makes the account, or signs in to it where it was made before. */
export async function signUp(page, server) {
  await page.goto(server.setupLink);
  const email = page.getByLabel('E-mail address');
  const isNew = page.getByLabel('Site name');
  const signIn = page.getByRole('button', { name: 'Sign in' });
  await isNew.or(signIn).first().waitFor();
  await email.fill(OWNER.email);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  if ((await isNew.count()) > 0) {
    await isNew.fill('Example blog');
    await page.getByLabel('Site address').fill('https://blog.example.org');
    await page.getByRole('button', { name: 'Create the account' }).click();
  } else {
    await signIn.click();
  }
  await page.waitForURL('**/import');
}
