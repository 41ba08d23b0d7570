/** Shown as they are; other elements lose their tags and keep their words. */
const KEPT = new Set(
  `a abbr b bdi bdo blockquote br cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5
   h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strike strong sub summary sup
   table tbody td tfoot th thead time tr tt u ul var wbr`
    .trim()
    .split(/\s+/),
);

/** Dropped with all that is in them: their content is not words for readers. */
const DROPPED = new Set(
  `script style template noscript iframe frame frameset object embed applet form input button select
   textarea option link meta base title head svg math audio video source track canvas portal
   noembed noframes xmp plaintext`
    .trim()
    .split(/\s+/),
);

const KEPT_ATTRIBUTES = new Set([
  'title',
  'lang',
  'dir',
  'datetime',
  'colspan',
  'rowspan',
  'start',
]);

const SAFE_LINK = /^(?:https?:|mailto:)/i;
const INLINE_IMAGE = /^data:image\/(?:png|gif|jpeg|webp|avif);base64,/i;

/** Stands in no text: Unicode has promised never to give it a meaning. */
const MARK = '\ufdd0';

/** Deeper nesting than this is an attack or an accident; its words are shown flat. */
const MAX_NESTING = 100;

export type CleanOptions = {
  /** The document that the result is for. */
  document: Document;
  /** What stands in the place of an image on another host. */
  imageLabel: (host: string | null, alt: string) => string;
};

/**
 * A vendor's HTML as nodes that can do nothing.
 *
 * The frame that they go to runs no scripts and loads nothing from elsewhere;
 * this is the second fence, and the one that keeps a thread readable.
 */
export function cleanBody(html: string, options: CleanOptions): DocumentFragment {
  // What is in a template is in no document: there is no base, no style and nothing to load.
  const template = document.createElement('template');
  template.innerHTML = quieten(html);
  const fragment = options.document.createDocumentFragment();
  copyChildren(template.content, fragment, options, 0);
  return fragment;
}

/**
 * Takes the meaning from inline styles and handlers before the parser sees them.
 *
 * They could do nothing, but browsers report each as a breach of the page's
 * policy, and among hundreds of such reports nobody would see a real one. What
 * slips through is dropped below all the same. Words are marked too, since
 * `onclick/=` is an attribute as well, and get their own face back.
 */
function quieten(html: string): string {
  return html
    .replace(/<(\/?)style(?![\w-])/gi, '<$1textarea')
    .replace(/([\s"'/])(on[a-z]|style)/gi, `$1${MARK}$2`);
}

function unmarked(text: string | null): string {
  return (text ?? '').replaceAll(MARK, '');
}

function copyChildren(from: Node, to: Node, options: CleanOptions, nesting: number): void {
  if (nesting > MAX_NESTING) {
    to.appendChild(options.document.createTextNode(unmarked(from.textContent)));
    return;
  }
  for (const child of from.childNodes) copyNode(child, to, options, nesting);
}

function copyNode(node: Node, to: Node, options: CleanOptions, nesting: number): void {
  if (node.nodeType === Node.TEXT_NODE) {
    to.appendChild(options.document.createTextNode(unmarked(node.nodeValue)));
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  const element = node as Element;
  const name = element.localName;
  if (DROPPED.has(name)) return;
  if (!KEPT.has(name)) {
    copyChildren(element, to, options, nesting + 1);
    return;
  }
  if (name === 'img') {
    to.appendChild(imageOf(element, options));
    return;
  }
  const copy = options.document.createElement(name);
  copyAttributes(element, copy);
  copyChildren(element, copy, options, nesting + 1);
  to.appendChild(copy);
}

function copyAttributes(from: Element, to: Element): void {
  for (const { name, value } of from.attributes) {
    if (KEPT_ATTRIBUTES.has(name)) to.setAttribute(name, unmarked(value));
  }
  if (to.localName === 'a') copyLink(from, to);
}

function copyLink(from: Element, to: Element): void {
  const href = unmarked(from.getAttribute('href')).trim();
  if (!SAFE_LINK.test(href)) return;
  to.setAttribute('href', href);
  to.setAttribute('target', '_blank');
  to.setAttribute('rel', 'noopener noreferrer nofollow');
}

function imageOf(image: Element, { document, imageLabel }: CleanOptions): Element {
  const address = unmarked(image.getAttribute('src')).trim();
  const alt = unmarked(image.getAttribute('alt'));
  if (INLINE_IMAGE.test(address)) {
    const copy = document.createElement('img');
    copy.setAttribute('src', address);
    copy.setAttribute('alt', alt);
    return copy;
  }
  const placeholder = document.createElement('span');
  placeholder.className = 'image';
  placeholder.textContent = imageLabel(hostOf(address), alt);
  return placeholder;
}

function hostOf(address: string): string | null {
  try {
    return (
      new URL(address, 'https://relative.invalid').host.replace(/^relative\.invalid$/, '') || null
    );
  } catch {
    return null;
  }
}
