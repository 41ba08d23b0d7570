/** What this browser remembers of its person: language, theme, site. */

const PREFIX = 'rehome.';

export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    // Storage can be switched off; the pages work without it.
    return null;
  }
}

export function writeSetting(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // As above: then the choice lasts as long as the tab.
  }
}
