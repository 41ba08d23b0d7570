import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const SHOTS = fileURLToPath(new URL('shots/', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** A thread is a part of a page: the page around it has the landmarks and the heading. */
const RULES_OF_WHOLE_PAGES = ['region', 'landmark-one-main', 'page-has-heading-one', 'bypass'];
const ARGS = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser() {
  // Pictures of an earlier run would be taken for this one's.
  await rm(SHOTS, { recursive: true, force: true });
  await mkdir(SHOTS, { recursive: true });
  const given = (process.env.REHOME_CHROMIUM_ARGS ?? '').split(' ').filter(Boolean);
  const args = given.length > 0 ? given : ARGS;
  // Chromium has no sandbox for root.
  if (process.getuid?.() === 0 && !args.includes('--no-sandbox')) args.push('--no-sandbox');
  return chromium.launch({
    executablePath: process.env.REHOME_CHROMIUM ?? '/usr/bin/chromium',
    args,
  });
}

/** Collects what a page complains about: errors, warnings, broken policies, crashes. */
export class Complaints {
  #found = [];
  #expected = [];

  watch(page) {
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      this.#add(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.#add(`uncaught: ${error.stack ?? error.message}`));
    page.on('crash', () => this.#add('the page crashed'));
    page.on('dialog', (dialog) => {
      this.#add(`dialog: ${dialog.type()} ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
  }

  #add(text) {
    if (!this.#expected.some((pattern) => pattern.test(text))) this.#found.push(text);
  }

  /** Chromium reports every refused request; where a case asks for one, it says so. */
  async expecting(pattern, work) {
    this.#expected.push(pattern);
    try {
      return await work();
    } finally {
      this.#expected.splice(this.#expected.indexOf(pattern), 1);
    }
  }

  /** Throws what was found since the last call. */
  check() {
    const found = this.#found.splice(0);
    if (found.length > 0) throw new Error(`the page complained:\n${found.join('\n')}`);
  }
}

/**
 * Checks a screen in light and dark and keeps a picture of each. Threads on it
 * are left out where the server cannot say how they look.
 */
export async function inspect(page, name, { threads = true } = {}) {
  const viewport = page.viewportSize();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await noViolations(page, `${name}, ${colorScheme}`, []);
    if (threads) await threadsHaveNoViolations(page, `threads of ${name}, ${colorScheme}`);
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, `${name}-${colorScheme}-${viewport.width}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

export async function shot(page, name) {
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

async function noViolations(page, name, disabledRules) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(
    async ([tags, disabled]) => {
      const result = await globalThis.axe.run(document, {
        iframes: false,
        runOnly: { type: 'tag', values: tags },
        rules: Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }])),
      });
      return result.violations.map(
        ({ id, help, nodes }) =>
          `${id}: ${help}\n${nodes.map((node) => `    ${node.html} ${node.failureSummary}`).join('\n')}`,
      );
    },
    [AXE_TAGS, disabledRules],
  );
  if (violations.length > 0) throw new Error(`axe, ${name}:\n${violations.join('\n')}`);
}

/** Frames run no scripts, so axe looks at a copy of the first one in a page of its own. */
async function threadsHaveNoViolations(page, name) {
  const frame = page.locator('iframe').first();
  if ((await frame.count()) === 0) return;
  const { html, style } = await frame.evaluate((element) => {
    const copy = element.contentDocument.documentElement.cloneNode(true);
    const link = copy.querySelector('link');
    link.remove();
    return { html: copy.outerHTML, style: link.href };
  });
  const copy = await page.context().newPage();
  try {
    await copy.setContent(`<!doctype html>${html}`);
    await copy.addStyleTag({ content: await (await fetch(style)).text() });
    await noViolations(copy, name, RULES_OF_WHOLE_PAGES);
  } finally {
    await copy.close();
  }
}
