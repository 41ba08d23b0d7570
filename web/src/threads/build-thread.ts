import type { Status } from '../generated/Status';
import { cleanBody } from './clean-body';
import type { ThreadItem } from './thread-items';

/** The visible indent ends here; deeper replies say whom they answer. */
export const MAX_INDENT = 8;

/** Words and formats of the thread, in the language of the pages. */
export type ThreadWords = {
  noName: string;
  purged: string;
  emptyBody: string;
  status: Record<Status, string>;
  replyTo: (name: string) => string;
  replyToUnknown: string;
  image: (host: string | null, alt: string) => string;
  date: (iso: string) => string;
  utc: (iso: string) => string;
};

/** The list of comments, as nodes of the frame's own document. */
export function buildThread(
  document: Document,
  items: readonly ThreadItem[],
  words: ThreadWords,
): HTMLElement {
  const list = document.createElement('ol');
  list.className = 'thread';
  for (const item of items) list.appendChild(commentNode(document, item, words));
  return list;
}

function commentNode(document: Document, item: ThreadItem, words: ThreadWords): HTMLElement {
  const node = document.createElement('li');
  node.className = `comment ${item.status} depth-${Math.min(item.depth, MAX_INDENT)}`;
  const article = document.createElement('article');
  article.append(headNode(document, item, words), bodyNode(document, item, words));
  node.appendChild(article);
  return node;
}

function headNode(document: Document, item: ThreadItem, words: ThreadWords): HTMLElement {
  const head = document.createElement('header');
  const name = document.createElement('bdi');
  name.className = item.author === null ? 'name none' : 'name';
  name.textContent = item.author ?? words.noName;
  head.appendChild(name);
  if (item.isReply) head.appendChild(replyNode(document, item, words));
  if (item.createdAt !== null) head.appendChild(timeNode(document, item.createdAt, words));
  if (item.status !== 'approved') {
    head.appendChild(spanNode(document, 'status', words.status[item.status]));
  }
  return head;
}

function replyNode(document: Document, item: ThreadItem, words: ThreadWords): HTMLElement {
  const text = item.replyTo === null ? words.replyToUnknown : words.replyTo(item.replyTo);
  return spanNode(document, 'reply', text);
}

function timeNode(document: Document, iso: string, words: ThreadWords): HTMLElement {
  const time = document.createElement('time');
  time.dateTime = iso;
  time.title = words.utc(iso);
  time.textContent = words.date(iso);
  return time;
}

function spanNode(document: Document, className: string, text: string): HTMLElement {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}

function bodyNode(document: Document, item: ThreadItem, words: ThreadWords): HTMLElement {
  const body = document.createElement('div');
  body.className = 'body';
  body.dir = 'auto';
  if (item.body === null || item.body.trim() === '') {
    body.classList.add('none');
    body.textContent = item.status === 'deleted' ? words.purged : words.emptyBody;
  } else if (item.bodyFormat === 'html') {
    body.appendChild(cleanBody(item.body, { document, imageLabel: words.image }));
  } else {
    body.classList.add('plain');
    body.textContent = item.body;
  }
  return body;
}
