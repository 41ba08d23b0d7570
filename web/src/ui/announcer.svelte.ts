const EVERY_MS = 5_000;

/** What screen readers are told, politely: results at once, progress now and then. */
class Announcer {
  message = $state('');
  #lastProgressMs = Number.NEGATIVE_INFINITY;

  say(message: string): void {
    this.message = message;
  }

  progress(message: string): void {
    const now = performance.now();
    if (now - this.#lastProgressMs < EVERY_MS) return;
    this.#lastProgressMs = now;
    this.message = message;
  }
}

export const announcer = new Announcer();
