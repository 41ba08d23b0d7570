// Writes the types of all messages from the English files, so that a wrong key
// or a forgotten variable does not compile.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { messagesOf, readLocale } from './read-messages.mjs';

const target = fileURLToPath(new URL('../src/i18n/generated/messages.ts', import.meta.url));

/** The text of `src/i18n/generated/messages.ts`. */
export function messageTypes() {
  const lines = [...messagesOf(readLocale('en'))]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([id, variables]) => `  '${id}': ${argumentsType(variables)};`);
  return [
    '// Made from locales/en by `npm run i18n`. Do not edit.',
    '',
    'export type Messages = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

function argumentsType(variables) {
  if (variables.size === 0) return 'undefined';
  const fields = [...variables].sort().map((name) => `${name}: string | number`);
  return `{ ${fields.join('; ')} }`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = messageTypes();
  if (process.argv.includes('--check')) {
    if (readFileSync(target, 'utf8') !== text) {
      console.error('src/i18n/generated/messages.ts is out of date: run `npm run i18n`.');
      process.exit(1);
    }
  } else {
    writeFileSync(target, text);
  }
}
