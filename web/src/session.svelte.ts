import { deleteSession, endAllSessions, getSession, getSetup } from './api/endpoints';
import { ApiError, onRoleNeeded, onSignedOut } from './api/http';
import type { Admin } from './generated/Admin';
import type { Role } from './generated/Role';
import type { Session as SessionData } from './generated/Session';
import type { Site } from './generated/Site';
import { paths } from './router/routes';
import { readSetting, writeSetting } from './ui/settings';

export type SessionState = 'unknown' | 'unreachable' | 'setup-needed' | 'signed-out' | 'signed-in';

const SITE_SETTING = 'site';

/** Who is signed in, and which of the account's sites they look at. */
class Session {
  state = $state<SessionState>('unknown');
  #data = $state.raw<SessionData | null>(null);
  #siteId = $state(Number(readSetting(SITE_SETTING)));

  readonly admin: Admin | null = $derived(this.#data?.admin ?? null);
  readonly role: Role | null = $derived(this.#data?.role ?? null);
  /** Imports, sites and tokens are for admins and owners. */
  readonly mayImport: boolean = $derived(this.role === 'admin' || this.role === 'owner');
  readonly isOwner: boolean = $derived(this.role === 'owner');
  /** Where somebody of this role begins. */
  readonly home: string = $derived(this.mayImport ? paths.import : paths.imports);
  readonly sites: Site[] = $derived(this.#data?.sites ?? []);
  readonly site: Site | null = $derived(
    this.sites.find((site) => site.id === this.#siteId) ?? this.sites[0] ?? null,
  );

  constructor() {
    onSignedOut(() => this.#forget());
    onRoleNeeded(() => this.refresh());
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

  /** Learns of another role, and of sites that others have made. */
  async refresh(): Promise<void> {
    if (this.state !== 'signed-in') return;
    try {
      this.signIn(await getSession());
    } catch (error) {
      // Nothing else is worth a word: whoever asks for more will hear it.
      if (error instanceof ApiError && error.problem.status === 401) this.#forget();
    }
  }

  async signOut(): Promise<void> {
    await deleteSession();
    this.#forget();
  }

  /** Here too. */
  async signOutEverywhere(): Promise<void> {
    await endAllSessions();
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

  changeSite(changed: Site): void {
    if (!this.#data) return;
    const sites = this.#data.sites.map((site) => (site.id === changed.id ? changed : site));
    this.#data = { ...this.#data, sites };
  }

  forgetSite(id: number): void {
    if (!this.#data) return;
    this.#data = { ...this.#data, sites: this.#data.sites.filter((site) => site.id !== id) };
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
