import { getSiteJobs } from '../../../api/endpoints';
import { ApiError } from '../../../api/http';
import type { SiteJob } from '../../../generated/SiteJob';

const POLL_MS = 1_000;

export function isUnderWay({ state }: SiteJob): boolean {
  return state === 'queued' || state === 'running';
}

/** The work on a site that is no import, asked for again as long as some of it is under way. */
export class SiteJobs {
  list = $state.raw<readonly SiteJob[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  readonly busy: boolean = $derived(this.list.some(isUnderWay));

  constructor(
    private readonly site: number,
    /** Something that was under way has ended. */
    private readonly onended: () => void,
  ) {}

  /** Looks now, and again while there is something to see. */
  async look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.#take(await getSiteJobs(this.site));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The server is looked for again as long as it was at work.
      if (!this.busy) throw error;
    }
    if (this.busy && !this.#stopped) this.#timer = setTimeout(() => void this.look(), POLL_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #take(list: readonly SiteJob[]): void {
    const was = new Set(this.list.filter(isUnderWay).map(({ id }) => id));
    this.list = list;
    if (list.some((job) => was.has(job.id) && !isUnderWay(job))) this.onended();
  }
}
