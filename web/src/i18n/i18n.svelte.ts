import { FluentBundle, FluentResource } from '@fluent/bundle';
import { negotiateLanguages } from '@fluent/langneg';
import { readSetting, writeSetting } from '../ui/settings';
import type { Messages } from './generated/messages';
import { isolate } from './isolate';

export const LANGUAGES = { en: 'English', pl: 'Polski' } as const;
export type Language = keyof typeof LANGUAGES;

export type MessageKey = keyof Messages;
export type PlainKey = {
  [Key in MessageKey]: Messages[Key] extends undefined ? Key : never;
}[MessageKey];
type Arguments<Key extends MessageKey> = Messages[Key] extends undefined
  ? []
  : [values: Messages[Key]];

const SETTING = 'language';

const sources: Record<Language, () => Promise<{ default: string }>> = {
  en: () => import('../locales/en/index'),
  pl: () => import('../locales/pl/index'),
};

class I18n {
  language = $state<Language>('en');
  /** The language with the region that the browser asks for: it decides about dates and numbers. */
  locale = $state('en');
  #bundle = $state.raw<FluentBundle>(new FluentBundle('en'));

  async start(): Promise<void> {
    await this.#load(startLanguage());
  }

  async choose(language: Language): Promise<void> {
    await this.#load(language);
    writeSetting(SETTING, language);
  }

  has(key: string): key is MessageKey {
    return this.#bundle.hasMessage(key);
  }

  format(key: string, values: Record<string, string | number> | undefined): string {
    const pattern = this.#bundle.getMessage(key)?.value;
    if (!pattern) return key;
    return this.#bundle.formatPattern(pattern, isolated(values), []);
  }

  async #load(language: Language): Promise<void> {
    const { default: source } = await sources[language]();
    const locale = localeOf(language);
    this.#bundle = bundleOf(locale, source);
    this.language = language;
    this.locale = locale;
    document.documentElement.lang = language;
  }
}

export function bundleOf(language: string, source: string): FluentBundle {
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(source));
  return bundle;
}

function localeOf(language: Language): string {
  return navigator.languages.find((wanted) => wanted.split('-')[0] === language) ?? language;
}

function startLanguage(): Language {
  const saved = readSetting(SETTING);
  const wanted = saved === null ? [...navigator.languages] : [saved];
  const [best] = negotiateLanguages(wanted, Object.keys(LANGUAGES), {
    defaultLocale: 'en',
    strategy: 'lookup',
  });
  return best as Language;
}

function isolated(
  values: Record<string, string | number> | undefined,
): Record<string, string | number> | null {
  if (!values) return null;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? isolate(value) : value,
    ]),
  );
}

export const i18n = new I18n();

/** The message in the language of the pages. Reactive where it is called in markup. */
export function t<Key extends MessageKey>(key: Key, ...[values]: Arguments<Key>): string {
  return i18n.format(key, values);
}

/** What messages for codes begin with. */
type Prefix =
  | 'problem'
  | 'issue'
  | 'reason'
  | 'rejected'
  | 'differs'
  | 'waits'
  | 'halted'
  | 'choice'
  | 'means'
  | 'value'
  | 'blocked'
  | 'trouble'
  | 'withheld'
  | 'format';

/** The sentence for a stable code, or the English one that came with it. */
export function sentence(
  prefix: Prefix,
  code: string,
  fallback: string,
  values?: Record<string, string | number>,
): string {
  const key = `${prefix}-${code}`;
  return i18n.has(key) ? i18n.format(key, values) : fallback;
}
