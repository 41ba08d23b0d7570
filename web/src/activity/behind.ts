import type { Import } from '../generated/Import';
import { isUndoing } from './states';

/** What goes first: the work on another import. */
export type Ahead = { id: string; isUndone: boolean };

/** What this import, or the taking back of it, waits for; null where that is not known. */
export function aheadOf(one: Import, all: readonly Import[]): Ahead | null {
  const waits = one.state === 'queued' || one.undoing?.state === 'queued';
  if (!waits) return null;
  if (one.behind) return { id: one.behind, isUndone: false };
  const others = all.filter(({ id, site_id }) => id !== one.id && site_id === one.site_id);
  const undoing = others.find(({ undoing }) => undoing?.state === 'running');
  if (undoing) return { id: undoing.id, isUndone: true };
  const running = others.find(({ state }) => state === 'running');
  if (running) return { id: running.id, isUndone: false };
  const waiting = one.state === 'queued' ? others.find(isUndoing) : undefined;
  return waiting ? { id: waiting.id, isUndone: true } : null;
}
