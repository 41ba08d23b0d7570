// 397 published strings that would like to do something, from the file to the site's readers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { choose, openImport, readPreview, readThreads, submit } from '../screens.mjs';

/** Threads of the preview: the first page, the biggest, the deepest and the last. */
const PAGES = ['first', 'biggest', 'deepest', 'last'];
/** The preview shows at most 30 comments of each, so all of a file are shown. */
const MOST_IN_A_THREAD = 30;
const MOST_IN_A_FILE = 4 * 27;

/** XML has no way to write these; the test of the sanitiser has them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const NOT_IN_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/** Paths that the pages ask their own server for. */
const OWN_PATHS =
  /^\/(?:$|import$|imports$|comments(?:\/\d+)?$|assets\/|theme\.js$|favicon\.svg$|api\/v1\/)/;

export async function hostileStory({ cases, complaints, context, page, server }) {
  const strings = await hostileStrings();
  const readers = await startSite();
  const kinds = { disqus, wxr };
  const files = Object.keys(kinds).flatMap((kind) =>
    filesOf(kind, kinds[kind], strings, readers.origin),
  );
  const watch = await Watch.begin(context, complaints);
  const cdp = await watch.page(page);
  const site = await page.evaluate(async () => (await (await fetch('/api/v1/sites')).json())[0]);

  await cases.run('what runs, is fetched or breaks the policy would be seen', async () => {
    // Its hooks are there from the next document on.
    await page.goto('/import');
    // The browser's own words of these breaches may come late: until the page is another one.
    const told = /Content Security Policy|evil\.example|Blocked script execution/;
    await complaints.expecting(told, async () => {
      await page.evaluate(() => {
        document.body.setAttribute('style', 'color: red');
        document.body.removeAttribute('style');
        const frame = document.createElement('iframe');
        frame.sandbox = 'allow-same-origin';
        document.body.append(frame);
        frame.contentDocument.body.innerHTML = '<img src="https://evil.example/a.png">';
        window.__ran('the hook');
      });
      await watch.untilSeen(2);
      const noted = await happened(page);
      assert.ok(noted.includes('the hook') && noted.some((note) => /style-src/.test(note)), noted);
      const { breaches } = watch.take();
      for (const directive of [/style-src/, /img-src/]) {
        assert.ok(
          breaches.some((breach) => directive.test(breach)),
          breaches.join('\n'),
        );
      }
      await page.reload();
      await page.locator('input[type=file]').waitFor({ state: 'attached' });
    });
    watch.take();
  });

  for (const file of files) {
    await cases.run(`all of ${file.name} can do nothing in the preview, and go in`, async () => {
      await openImport(page);
      await choose(page, file);
      assert.equal((await readPreview(page)).comments, file.cases.length);
      const tabs = page.getByRole('tab');
      const shown = new Set();
      assert.equal(await tabs.count(), PAGES.length);
      for (let index = 0; index < PAGES.length; index += 1) {
        await tabs.nth(index).click();
        for (const { author } of await readThreads(page)) shown.add(caseOf(author));
        await framesAreHarmless(page);
      }
      assert.deepEqual(sorted(shown), file.cases, 'not all were shown');
      const all = file.cases.length;
      assert.match(await submit(page), new RegExp(`^${all} in the file = ${all} new `));
      assert.deepEqual(await happened(page), []);
      watch.isQuiet(server.address);
    });
  }

  await cases.run('all can do nothing where the comments are looked at', async () => {
    const pages = await page.evaluate(async (id) => {
      const all = [];
      let after = '';
      do {
        const answer = await fetch(`/api/v1/sites/${id}/pages?limit=200${after}`);
        const list = await answer.json();
        all.push(...list.pages);
        after = list.next ? `&after=${encodeURIComponent(list.next)}` : '';
      } while (after);
      return all;
    }, site.id);
    const shown = { disqus: new Set(), wxr: new Set() };
    for (const { id, url } of pages.filter(({ url }) => url?.startsWith(readers.origin))) {
      await page.goto(`/comments/${id}`);
      const kind = new URL(url).pathname.split('/')[1];
      for (const { author } of await readThreads(page)) shown[kind].add(caseOf(author));
      await framesAreHarmless(page);
      assert.deepEqual(await happened(page), []);
    }
    for (const kind of ['disqus', 'wxr']) {
      assert.deepEqual(sorted(shown[kind]), [...strings.keys()], `not all of ${kind} were shown`);
    }
    watch.isQuiet(server.address);
  });

  await cases.run('a site that nobody opened shows its readers nothing', async () => {
    await readers.set(server.address, site.id);
    await nothingIsShown(context, complaints, readers.origin);
    watch.take();
  });

  await cases.run('opened, all can do nothing where readers of the site see them', async () => {
    await change(page, site.id, { public_comments: true, url: readers.origin });
    const reader = await context.newPage();
    await watch.page(reader);
    const shown = { disqus: new Set(), wxr: new Set() };
    for (const file of files) {
      for (const [index, name] of PAGES.entries()) {
        const expected = file.sizes[index];
        await reader.goto(`${readers.origin}/${file.kind}/${file.number}/${name}`);
        const articles = reader.locator('#rehome-comments article');
        await articles.nth(expected - 1).waitFor();
        for (const author of await articles.locator('header strong').allTextContents()) {
          shown[file.kind].add(caseOf(author));
        }
        assert.equal(await articles.count(), expected);
        await placeIsHarmless(reader);
        // What is loaded and what runs by itself has had its chance.
        await reader.waitForLoadState('networkidle');
        assert.deepEqual(await happened(reader), []);
      }
    }
    for (const kind of ['disqus', 'wxr']) {
      assert.deepEqual(sorted(shown[kind]), [...strings.keys()], `not all of ${kind} were shown`);
    }
    const asked = watch.isQuiet(server.address, readers.origin);
    assert.ok(
      asked.some((url) => url.startsWith(`${server.address}/api/v1/sites/${site.id}/comm`)),
    );
    await reader.close();
  });

  await cases.run('another site cannot read them', async () => {
    const other = await startSite();
    await other.set(server.address, site.id);
    await nothingIsShown(context, complaints, other.origin);
    await other.stop();
  });

  await change(page, site.id, { public_comments: false, url: site.url });
  await cdp.detach();
  await watch.end();
  await readers.stop();
}

async function hostileStrings() {
  const list = JSON.parse(await readFile(new URL('../../hostile/strings.json', import.meta.url)));
  assert.ok(list.length >= 200, `${list.length} strings`);
  return list.map(({ text }) => text.replace(NOT_IN_XML, ''));
}

/** The strings as files of a format, each of four pages. */
function filesOf(kind, write, strings, origin) {
  const count = Math.ceil(strings.length / MOST_IN_A_FILE);
  const each = Math.ceil(strings.length / count);
  return Array.from({ length: count }, (_, at) => {
    const cases = [...strings.keys()].slice(at * each, (at + 1) * each);
    const small = Math.floor((cases.length - 1) / 4);
    const sizes = [small, cases.length - 3 * small, small, small];
    assert.ok(Math.max(...sizes) <= MOST_IN_A_THREAD && sizes[1] > small);
    const number = at + 1;
    const rest = [...cases];
    const pages = PAGES.map((name, index) => ({
      name,
      key: `${number}/${name}`,
      comments: rest.splice(0, sizes[index]).map((id) => ({ id, text: strings[id] })),
    }));
    const buffer = Buffer.from(write(pages, strings, origin));
    return {
      kind,
      number,
      name: `${kind}-${number}.xml`,
      mimeType: 'text/xml',
      buffer,
      cases,
      sizes,
    };
  });
}

const cdata = (text) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** A second apart, so that they stand in this order. */
const second = (id) => new Date(Date.UTC(2020, 0, 1, 0, 0, id)).toISOString().slice(0, 19);
/** In the deepest thread, the second answers the first. */
const parentOf = (page, index) =>
  page.name === 'deepest' && index === 1 ? page.comments[0].id + 1 : null;

function disqus(pages, strings, origin) {
  const threads = pages.map(
    ({ key, comments }) => `<thread dsq:id="h${key}"><id /><forum>hostile</forum>
<link>${origin}/disqus/${key}</link><title>${escaped(strings[comments[0].id])}</title>
<createdAt>2020-01-01T00:00:00Z</createdAt><isClosed>false</isClosed><isDeleted>false</isDeleted></thread>`,
  );
  const posts = pages.flatMap((page) =>
    page.comments.map(({ id, text }, index) => {
      const parent = parentOf(page, index);
      return `<post dsq:id="${id + 1}"><id /><message>${cdata(text)}</message>
<createdAt>${second(id)}Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
<author><name>case-${id}</name><isAnonymous>true</isAnonymous></author>
<thread dsq:id="h${page.key}" />${parent === null ? '' : `<parent dsq:id="${parent}" />`}</post>`;
    }),
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
${threads.join('\n')}\n${posts.join('\n')}\n</disqus>\n`;
}

/** Here the strings are names as well. */
function wxr(pages, strings, origin) {
  const items = pages.map((page, at) => {
    const comments = page.comments.map(
      ({ id, text }, index) => `<wp:comment><wp:comment_id>${id + 1}</wp:comment_id>
<wp:comment_author>${cdata(`case-${id} ${text.replace(/\s+/g, ' ').slice(0, 120)}`)}</wp:comment_author>
<wp:comment_author_url>javascript:__ran(1)</wp:comment_author_url>
<wp:comment_date_gmt>${second(id).replace('T', ' ')}</wp:comment_date_gmt>
<wp:comment_content>${cdata(text)}</wp:comment_content><wp:comment_approved>1</wp:comment_approved>
<wp:comment_parent>${parentOf(page, index) ?? 0}</wp:comment_parent></wp:comment>`,
    );
    const id = page.comments[0].id * 10 + at;
    return `<item><title>${cdata(strings[page.comments[0].id])}</title>
<link>${origin}/wxr/${page.key}</link><wp:post_id>${id}</wp:post_id>
<wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt><wp:comment_status>open</wp:comment_status>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_password></wp:post_password>
${comments.join('\n')}</item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Hostile</title><link>${origin}</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>${origin}</wp:base_site_url><wp:base_blog_url>${origin}</wp:base_blog_url>
${items.join('\n')}\n</channel></rss>\n`;
}

const caseOf = (author) => Number(author.match(/^case-(\d+)/)[1]);
const sorted = (numbers) => [...numbers].sort((one, other) => one - other);

/** A site on an origin of its own, whose every page is the one that the documentation gives. */
async function startSite() {
  const text = await readFile(new URL('../../../docs/reading-back.md', import.meta.url), 'utf8');
  const snippet = text.match(/```html\n([\s\S]*?)```/)[1];
  let html = '';
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${server.address().port}`,
    async set(address, site) {
      const own = snippet
        .replace("'https://rehome.example.org'", () => `'${address}'`)
        .replace('const site = 1;', `const site = ${site};`);
      assert.ok(own.includes(address) && own.includes(`site = ${site};`));
      html = `<!doctype html><html lang="en"><head><title>A blog</title>
<link rel="icon" href="data:,"></head><body>${own}</body></html>`;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The browser keeps the answer from the page, and says so. */
async function nothingIsShown(context, complaints, origin) {
  const reader = await context.newPage();
  const told = [/CORS policy/, /Failed to load resource/];
  await complaints.expecting(/CORS policy|Failed to load resource/, async () => {
    const all = told.map((words) =>
      reader.waitForEvent('console', (message) => words.test(message.text())),
    );
    await reader.goto(`${origin}/disqus/1/first`);
    await Promise.all(all);
  });
  assert.equal(await reader.locator('article').count(), 0);
  await reader.close();
}

async function change(page, site, what) {
  const status = await page.evaluate(
    async ([id, body]) => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'PATCH', headers, body: JSON.stringify(body) };
      return (await fetch(`/api/v1/sites/${id}`, init)).status;
    },
    [site, what],
  );
  assert.equal(status, 200);
}

/** What called a hook, in the page and in the frames that scripts of it could reach. */
const happened = (page) => page.evaluate(() => globalThis.__happened ?? []);

/** Records what is asked for, and what breaks a policy, as the browser itself reports it. */
class Watch {
  #requests = [];
  #breaches = [];
  #onRequest = (request) => this.#requests.push(request.url());

  static async begin(context) {
    const watch = new Watch();
    watch.context = context;
    context.on('request', watch.#onRequest);
    await context.addInitScript(() => {
      globalThis.__happened = [];
      const note = (what) => globalThis.__happened.push(String(what));
      Object.defineProperty(globalThis, '__ran', { value: note });
      for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'xss', 'evil', 'x']) {
        Object.defineProperty(globalThis, name, { value: () => note(name), configurable: true });
      }
      addEventListener('securitypolicyviolation', (event) => note(event.violatedDirective), true);
    });
    return watch;
  }

  /** Every frame of the page, those that run no scripts as well. */
  async page(page) {
    const cdp = await this.context.newCDPSession(page);
    cdp.on('Audits.issueAdded', ({ issue }) => {
      const details = issue.details.contentSecurityPolicyIssueDetails;
      if (details) this.#breaches.push(`${details.violatedDirective} ${details.blockedURL ?? ''}`);
    });
    await cdp.send('Audits.enable');
    return cdp;
  }

  async untilSeen(breaches) {
    while (this.#breaches.length < breaches) await new Promise((done) => setTimeout(done, 20));
  }

  take() {
    return { requests: this.#requests.splice(0), breaches: this.#breaches.splice(0) };
  }

  /** Nothing broke a policy, and nothing was asked for but what is known. */
  isQuiet(address, site) {
    const { requests, breaches } = this.take();
    assert.deepEqual(breaches, []);
    const strange = requests.filter((asked) => {
      const { protocol, origin: from, pathname } = new URL(asked);
      if (protocol === 'data:' || asked.startsWith(`blob:${address}/`)) return false;
      if (site && from === site) return !/^\/(?:disqus|wxr)\/\d+\/[a-z]+$/.test(pathname);
      return from !== address || !OWN_PATHS.test(pathname);
    });
    assert.deepEqual(strange, []);
    assert.ok(requests.length > 0, 'no request was seen at all');
    return requests;
  }

  async end() {
    this.context.off('request', this.#onRequest);
  }
}

async function framesAreHarmless(page) {
  const found = await page.evaluate(() =>
    [...document.querySelectorAll('iframe')].flatMap((frame) => {
      const inside = frame.contentDocument;
      const bad = [...inside.querySelectorAll('*')].filter((element) => {
        if (element.closest('head')) return element.localName === 'script';
        const attributes = [...element.attributes];
        return (
          element.namespaceURI !== 'http://www.w3.org/1999/xhtml' ||
          /^(?:script|style|iframe|object|embed|form|input|template|link|base|meta)$/.test(
            element.localName,
          ) ||
          attributes.some(({ name }) => name.startsWith('on') || name === 'style') ||
          (element.href && !/^(?:https?|mailto):/.test(element.href)) ||
          (element.src && !/^data:image\//.test(element.src))
        );
      });
      const sandbox = frame.sandbox.contains('allow-scripts') ? ['a frame runs scripts'] : [];
      return [...sandbox, ...bad.map((element) => element.outerHTML.slice(0, 200))];
    }),
  );
  assert.deepEqual(found, []);
}

/** As readers get it there are no frames: the server's sanitising alone stands between. */
async function placeIsHarmless(page) {
  const found = await page.evaluate(() =>
    [...document.querySelectorAll('#rehome-comments article > div *')]
      .filter((element) => {
        const kept =
          /^(?:a|b|blockquote|br|code|del|em|i|ins|li|ol|p|pre|q|s|strong|sub|sup|u|ul)$/;
        const attributes = [...element.attributes].map(({ name }) => name);
        return (
          element.namespaceURI !== 'http://www.w3.org/1999/xhtml' ||
          !kept.test(element.localName) ||
          attributes.some((name) => !['href', 'rel', 'title', 'lang'].includes(name)) ||
          (element.hasAttribute('href') && !/^(?:https?|mailto):$/.test(element.protocol))
        );
      })
      .map((element) => element.outerHTML.slice(0, 200)),
  );
  assert.deepEqual(found, []);
}
