const WINDOW_MS = 8_000;
const MIN_SPAN_MS = 800;

type Sample = { atMs: number; done: number };

/** How fast something goes, over the last seconds only. */
export class Rate {
  #samples: Sample[] = [];

  add(atMs: number, done: number): void {
    const last = this.#samples.at(-1);
    // A count that goes back belongs to other work: nothing before it tells about it.
    if (last && done < last.done) this.#samples = [];
    this.#samples.push({ atMs, done });
    while (this.#samples.length > 2 && atMs - (this.#samples[0]?.atMs ?? atMs) > WINDOW_MS) {
      this.#samples.shift();
    }
  }

  /** None until it can be told, or while nothing moves. */
  get perSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last) return null;
    const spanMs = last.atMs - first.atMs;
    const done = last.done - first.done;
    if (spanMs < MIN_SPAN_MS || done <= 0) return null;
    return (done * 1000) / spanMs;
  }

  secondsLeft(total: number): number | null {
    const perSecond = this.perSecond;
    const last = this.#samples.at(-1);
    if (perSecond === null || !last) return null;
    return Math.max(0, total - last.done) / perSecond;
  }
}
