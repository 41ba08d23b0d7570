/** An address as people type it, made whole; null where it is none. */
export function siteAddress(typed: string): string | null {
  const text = typed.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return null;
  const { protocol, hostname } = new URL(whole);
  const isSite = /^https?:$/.test(protocol) && /^[^.\s]+(\.[^.\s]+)+$|^localhost$/.test(hostname);
  return isSite ? whole : null;
}
