import { readSetting, writeSetting } from './settings';

export type Theme = 'auto' | 'light' | 'dark';

const SETTING = 'theme';

class ThemeChoice {
  #chosen = $state<Theme>(saved());
  #system = matchMedia('(prefers-color-scheme: dark)');
  #systemDark = $state(this.#system.matches);

  readonly dark: boolean = $derived(
    this.#chosen === 'dark' || (this.#chosen === 'auto' && this.#systemDark),
  );

  constructor() {
    this.#system.addEventListener('change', ({ matches }) => {
      this.#systemDark = matches;
    });
  }

  get chosen(): Theme {
    return this.#chosen;
  }

  choose(theme: Theme): void {
    this.#chosen = theme;
    writeSetting(SETTING, theme === 'auto' ? null : theme);
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }
}

function saved(): Theme {
  const theme = readSetting(SETTING);
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

export const theme = new ThemeChoice();
