// The whole story in a real browser, against the real server.
import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Complaints, launchBrowser, shot } from './browser.mjs';
import { Cases, Stuck } from './cases.mjs';
import { accessStory } from './journeys/access.mjs';
import { accountStory } from './journeys/account.mjs';
import { activityStory } from './journeys/activity.mjs';
import { badFilesStory } from './journeys/bad-files.mjs';
import { choicesStory } from './journeys/choices.mjs';
import { furtherAccountStory } from './journeys/further-account.mjs';
import { healthStory } from './journeys/health.mjs';
import { hostileStory } from './journeys/hostile.mjs';
import { importStory } from './journeys/import.mjs';
import { importAnywayStory } from './journeys/import-anyway.mjs';
import { interruptionsStory } from './journeys/interruptions.mjs';
import { peopleStory } from './journeys/people.mjs';
import { resumeStory } from './journeys/resume.mjs';
import { sameLinesStory } from './journeys/same-lines.mjs';
import { samplesStory } from './journeys/samples.mjs';
import { setupStory } from './journeys/setup.mjs';
import { severalFilesStory } from './journeys/several-files.mjs';
import { siteWorkStory } from './journeys/site-work.mjs';
import { sitesStory } from './journeys/sites.mjs';
import { takingBackStory } from './journeys/taking-back.mjs';
import { togetherStory } from './journeys/together.mjs';
import { tokensStory } from './journeys/tokens.mjs';
import { twoSourcesStory } from './journeys/two-sources.mjs';
import { waysOfUseStory } from './journeys/ways-of-use.mjs';
import { startServer } from './server.mjs';

const root = new URL('../../', import.meta.url);
const binary = process.env.REHOME_SERVER_BIN;
if (!binary) {
  console.error(
    'REHOME_SERVER_BIN names no server: run `cargo xtask test`, or set it to a built one.',
  );
  process.exit(2);
}
await access(binary);
const cli = process.env.REHOME_CLI_BIN;
if (!cli) {
  console.error('REHOME_CLI_BIN names no command line: run `cargo xtask test`, or set it.');
  process.exit(2);
}
await access(cli);

const server = await startServer(binary);
const browser = await launchBrowser();
const context = await browser.newContext({
  baseURL: server.address,
  locale: 'en-GB',
  timezoneId: 'Europe/Warsaw',
  viewport: { width: 1280, height: 900 },
  colorScheme: 'light',
  reducedMotion: 'reduce',
});
context.setDefaultTimeout(20_000);
const page = await context.newPage();
const complaints = new Complaints();
context.on('page', (opened) => complaints.watch(opened));
complaints.watch(page);

const cases = new Cases({
  afterEach: () => complaints.check(),
  onFailure: (name) => shot(page, `failed-${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 80)}`),
});
const world = {
  binary,
  cases,
  complaints,
  context,
  page,
  server,
  fixtures: fileURLToPath(new URL('tests/fixtures/disqus/', root)),
  allFixtures: fileURLToPath(new URL('tests/fixtures/', root)),
  cli,
  pageFormats: await formatsOfPage(),
  samples: process.env.REHOME_SAMPLES ?? fileURLToPath(new URL('../shared/samples', root)),
};

/** Ids of the formats that the page offers. */
async function formatsOfPage() {
  const list = await readFile(new URL('web/src/generated/formats.ts', root), 'utf8');
  return [...list.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
}

async function theRest() {
  await importStory(world);
  await badFilesStory(world);
  await severalFilesStory(world);
  await choicesStory(world);
  await interruptionsStory(world);
  await resumeStory(world);
  await activityStory(world);
  await samplesStory(world);
  await waysOfUseStory(world);
  await importAnywayStory(world);
  await sameLinesStory(world);
  await tokensStory(world);
  await peopleStory(world);
  await accountStory(world);
  await sitesStory(world);
  await takingBackStory(world);
  await siteWorkStory(world);
  await twoSourcesStory(world);
  await togetherStory(world);
  await healthStory(world);
  await furtherAccountStory(world);
  await accessStory(world);
  await hostileStory(world);
}

try {
  await setupStory(world);
  // Without an account every other case would only wait for what cannot come.
  if (cases.failed === 0) await theRest();
} catch (error) {
  // Reported as the failure of its case; the cases behind it were not run.
  if (!(error instanceof Stuck)) throw error;
} finally {
  await browser.close();
  await server.stop();
}

if (cases.failed > 0 && server.log.length > 0)
  console.log(`the server said:\n${server.log.join('\n')}`);
console.log(cases.summary());
process.exit(cases.failed > 0 ? 1 : 0);
