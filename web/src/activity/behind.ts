import type { Import } from '../generated/Import';
import type { JobKind } from '../generated/JobKind';

/** What goes first; `id` is that of an import, where it is one or takes one back. */
export type Ahead = { kind: JobKind; id: string | null };

/** What this import, or the taking back of it, waits for; null where that is not known. */
export function aheadOf(one: Import, all: readonly Import[]): Ahead | null {
  if (one.state === 'queued') {
    return one.behind || one.behind_kind
      ? { kind: one.behind_kind ?? 'import', id: one.behind }
      : null;
  }
  if (one.undoing?.state !== 'queued') return null;
  const others = all.filter(({ id, site_id }) => id !== one.id && site_id === one.site_id);
  const undoing = others.find(({ undoing }) => undoing?.state === 'running');
  if (undoing) return { kind: 'undo', id: undoing.id };
  const running = others.find(({ state }) => state === 'running');
  return running ? { kind: 'import', id: running.id } : null;
}
