const LOCK = 'rehome.live';

/**
 * Runs `lead` in one tab of the browser at a time: HTTP/1.1 allows six
 * connections to a server, and every open tab with a stream of its own would
 * soon have them all.
 *
 * `lead` returns what ends it. The returned function gives the lead up.
 */
export function leadOneTab(lead: () => () => void): () => void {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return lead();

  const gaveUp = new AbortController();
  const untilGivenUp = () =>
    new Promise<void>((resolve) => {
      const stop = lead();
      const end = () => {
        stop();
        resolve();
      };
      if (gaveUp.signal.aborted) end();
      else gaveUp.signal.addEventListener('abort', end, { once: true });
    });
  locks.request(LOCK, { signal: gaveUp.signal }, untilGivenUp).catch((error: unknown) => {
    // Given up while waiting for the lead: that is what the signal is for.
    if (!gaveUp.signal.aborted) throw error;
  });
  return () => gaveUp.abort();
}
