import { SvelteMap } from 'svelte/reactivity';
import { getImports } from '../api/endpoints';
import { ApiError } from '../api/http';
import type { Import } from '../generated/Import';
import { leadOneTab } from './leader';
import { openStream } from './stream';

const CHANNEL = 'rehome.live';
const POLL_MS = 3_000;
/** A lost stream is tried again after this many polls. */
const POLLS_BEFORE_RETRY = 10;

type FromLeader =
  | { type: 'snapshot'; imports: Import[] }
  /** How the one tab that asks the server hears from it. */
  | { type: 'connection'; connection: Connection }
  | { type: 'import'; import: Import }
  /** Deleted, with its imports. */
  | { type: 'site-gone'; site: number }
  /** A tab that just opened asks for all that is known. */
  | { type: 'ask' };

export type Connection = 'connecting' | 'live' | 'polling' | 'offline';

/** The account's imports, as they are right now, in every tab. */
export class LiveImports {
  readonly #byId = new SvelteMap<string, Import>();
  #connection = $state<Connection>('connecting');
  #known = $state(false);
  #channel: BroadcastChannel | null = null;
  #giveUpLead: (() => void) | null = null;
  #leads = false;

  /** Newest first. */
  readonly list: Import[] = $derived(
    [...this.#byId.values()].sort((a, b) => b.created_at.localeCompare(a.created_at)),
  );

  get connection(): Connection {
    return this.#connection;
  }

  /** Whether the list has been heard of at all. */
  get known(): boolean {
    return this.#known;
  }

  get(id: string): Import | undefined {
    return this.#byId.get(id);
  }

  /** Takes what another answer of the server told, unless it is older. */
  put(changed: Import): void {
    const held = this.#byId.get(changed.id);
    if (!held || held.version <= changed.version) this.#byId.set(changed.id, changed);
  }

  /** The site is deleted, and its imports with it: nothing more will be heard of them. */
  forgetSite(site: number): void {
    this.#dropSite(site);
    this.#tell({ type: 'site-gone', site });
  }

  /** Listens while the tab can be seen, until the returned function is called. */
  start(): () => void {
    this.#channel = new BroadcastChannel(CHANNEL);
    this.#channel.onmessage = ({ data }: MessageEvent<FromLeader>) => this.#hear(data);
    const onVisibility = () => (document.hidden ? this.#rest() : this.#listen());
    document.addEventListener('visibilitychange', onVisibility);
    onVisibility();
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      this.#rest();
      this.#channel?.close();
      this.#channel = null;
      this.#byId.clear();
      this.#known = false;
      this.#connection = 'connecting';
    };
  }

  #listen(): void {
    if (this.#giveUpLead) return;
    this.#tell({ type: 'ask' });
    this.#giveUpLead = leadOneTab(() => this.#lead());
  }

  #rest(): void {
    this.#giveUpLead?.();
    this.#giveUpLead = null;
  }

  #lead(): () => void {
    this.#leads = true;
    let stop = this.#stream(() => {
      stop = this.#poll(() => {
        stop = this.#lead();
      });
    });
    return () => {
      this.#leads = false;
      stop();
    };
  }

  #stream(onLost: () => void): () => void {
    return openStream({
      open: () => this.#connected('live'),
      broken: () => this.#connected('connecting'),
      snapshot: (imports) => {
        this.#replace(imports);
        this.#tell({ type: 'snapshot', imports });
      },
      change: (changed) => {
        this.put(changed);
        this.#tell({ type: 'import', import: changed });
      },
      lost: onLost,
    });
  }

  #poll(onRetryStream: () => void): () => void {
    let polls = 0;
    let timer = 0;
    let stopped = false;
    const again = () => {
      if (stopped) return;
      polls += 1;
      if (polls > POLLS_BEFORE_RETRY) onRetryStream();
      else timer = window.setTimeout(poll, POLL_MS);
    };
    const poll = () => {
      this.#pollOnce().then(again);
    };
    poll();
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }

  async #pollOnce(): Promise<void> {
    try {
      const imports = await getImports();
      this.#connected('polling');
      this.#replace(imports);
      this.#tell({ type: 'snapshot', imports });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#connected('offline');
    }
  }

  #connected(connection: Connection): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    this.#tell({ type: 'connection', connection });
  }

  #replace(imports: Import[]): void {
    const ids = new Set(imports.map((one) => one.id));
    for (const id of this.#byId.keys()) if (!ids.has(id)) this.#byId.delete(id);
    for (const one of imports) this.put(one);
    this.#known = true;
  }

  #dropSite(site: number): void {
    for (const [id, one] of this.#byId) if (one.site_id === site) this.#byId.delete(id);
  }

  #hear(message: FromLeader): void {
    switch (message.type) {
      case 'snapshot':
        this.#replace(message.imports);
        break;
      case 'connection':
        if (!this.#leads) this.#connection = message.connection;
        break;
      case 'import':
        this.put(message.import);
        break;
      case 'site-gone':
        this.#dropSite(message.site);
        break;
      case 'ask':
        if (this.#leads && this.#known) {
          this.#tell({ type: 'snapshot', imports: [...this.list] });
          this.#tell({ type: 'connection', connection: this.#connection });
        }
        break;
    }
  }

  #tell(message: FromLeader): void {
    this.#channel?.postMessage(message);
  }
}

export const liveImports = new LiveImports();
