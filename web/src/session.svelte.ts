import { deleteSession, getSession, getSetup } from './api/endpoints';
import { ApiError, onSignedOut } from './api/http';
import type { Admin } from './generated/Admin';
import type { Session as SessionData } from './generated/Session';
import type { Site } from './generated/Site';
import { readSetting, writeSetting } from './ui/settings';

export type SessionState = 'unknown' | 'unreachable' | 'setup-needed' | 'signed-out' | 'signed-in';

const SITE_SETTING = 'site';

/** Who is signed in, and which of the account's sites they look at. */
class Session {
  state = $state<SessionState>('unknown');
  #data = $state.raw<SessionData | null>(null);
  #siteId = $state(Number(readSetting(SITE_SETTING)));

  readonly admin: Admin | null = $derived(this.#data?.admin ?? null);
  readonly sites: Site[] = $derived(this.#data?.sites ?? []);
  readonly site: Site | null = $derived(
    this.sites.find((site) => site.id === this.#siteId) ?? this.sites[0] ?? null,
  );

  constructor() {
    onSignedOut(() => this.#forget());
  }

  async start(): Promise<void> {
    this.state = 'unknown';
    try {
      this.signIn(await getSession());
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) await this.#askForSetup();
      else this.state = 'unreachable';
    }
  }

  signIn(data: SessionData): void {
    this.#data = data;
    this.state = 'signed-in';
  }

  async signOut(): Promise<void> {
    await deleteSession();
    this.#forget();
  }

  chooseSite(id: number): void {
    this.#siteId = id;
    writeSetting(SITE_SETTING, String(id));
  }

  addSite(site: Site): void {
    if (!this.#data) return;
    const sites = [...this.#data.sites, site].sort((a, b) => a.name.localeCompare(b.name));
    this.#data = { ...this.#data, sites };
    this.chooseSite(site.id);
  }

  async #askForSetup(): Promise<void> {
    try {
      const { needed } = await getSetup();
      this.state = needed ? 'setup-needed' : 'signed-out';
    } catch {
      this.state = 'unreachable';
    }
  }

  #forget(): void {
    this.#data = null;
    if (this.state === 'signed-in') this.state = 'signed-out';
  }
}

export const session = new Session();
