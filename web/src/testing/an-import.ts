import type { Import } from '../generated/Import';

/** An import of 265 comments that went well, for tests; `change` replaces parts of it. */
export function anImport(change: Partial<Import> = {}): Import {
  const none = { inserted: 0, updated: 0, unchanged: 0, rejected: 0 };
  return {
    id: '0192f0c1',
    site_id: 1,
    site_name: 'Example',
    state: 'succeeded',
    version: 7,
    format: 'disqus',
    origin: 'forum',
    file: { name: 'export.xml', size_bytes: 217_000, fingerprint: 'ab' },
    seen: { comments: 265, kept: 265, skipped_by_reason: {}, complete: 'yes' },
    started_by: 'ann@example.org',
    created_at: '2026-11-22T10:00:00Z',
    finished_at: '2026-11-22T10:00:04Z',
    received: { pages: 89, authors: 0, comments: 265, removed: 0 },
    chunks_received: 1,
    progress: null,
    result: {
      pages: { ...none, inserted: 89 },
      authors: none,
      comments: { ...none, inserted: 265 },
      rejected_by_reason: {},
      orphans: 0,
      joined: 0,
      possible_doubles: 0,
      time_shifts: {},
      vanished: 0,
    },
    error: null,
    behind: null,
    behind_kind: null,
    can_undo: true,
    undoing: null,
    ...change,
  };
}
