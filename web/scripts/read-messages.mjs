import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FluentResource } from '@fluent/bundle';

const locales = fileURLToPath(new URL('../src/locales/', import.meta.url));

/** The Fluent source of a language, all files of its folder in one. */
export function readLocale(language) {
  const folder = `${locales}${language}/`;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ftl'))
    .sort()
    .map((name) => readFileSync(folder + name, 'utf8'))
    .join('\n');
}

/** Every message with the names of its variables; refuses an id that occurs twice. */
export function messagesOf(source) {
  const messages = new Map();
  for (const { id, value } of new FluentResource(source).body) {
    if (messages.has(id)) throw new Error(`the message ${id} occurs twice`);
    messages.set(id, variablesOf(value));
  }
  return messages;
}

function variablesOf(node, found = new Set()) {
  if (Array.isArray(node)) {
    for (const part of node) variablesOf(part, found);
  } else if (node !== null && typeof node === 'object') {
    if (node.type === 'var') found.add(node.name);
    for (const part of Object.values(node)) variablesOf(part, found);
  }
  return found;
}
