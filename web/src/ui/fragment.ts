/**
 * The secret that a link carries behind its `#`. It is taken out of the address:
 * it must not stay in the history, nor in a screenshot.
 */
export function takeFragment(): string {
  const secret = location.hash.slice(1);
  if (secret !== '') history.replaceState(null, '', location.pathname);
  return secret;
}
