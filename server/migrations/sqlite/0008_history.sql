-- What an import added and changed, so that it can be taken back; the ids by
-- which comments of two sources are one; and a queue for more than imports.

-- Without the reference to its page, which had every page that is deleted looked
-- for in the whole table. The sources refer to the comments, so both are made anew.
CREATE TABLE new_comments (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL,
    page_id INTEGER NOT NULL,
    parent_id INTEGER,
    author_id INTEGER,
    author_source_id TEXT,
    author_name TEXT,
    author_email TEXT,
    author_url TEXT,
    created_at INTEGER,
    edited_at INTEGER,
    status TEXT NOT NULL CHECK (status IN ('approved', 'pending', 'spam', 'deleted')),
    kind TEXT NOT NULL CHECK
        (kind IN ('comment', 'pingback', 'trackback', 'like', 'note', 'review', 'other')),
    body TEXT,
    body_format TEXT NOT NULL CHECK (body_format IN ('html', 'markdown', 'text')),
    votes_up INTEGER,
    votes_down INTEGER,
    ip TEXT,
    extras TEXT
) STRICT;
INSERT INTO new_comments SELECT id, site_id, page_id, parent_id, author_id, author_source_id,
    author_name, author_email, author_url, created_at, edited_at, status, kind, body, body_format,
    votes_up, votes_down, ip, extras
FROM comments;

CREATE TABLE new_comment_sources (
    site_id INTEGER NOT NULL,
    family TEXT NOT NULL,
    origin TEXT NOT NULL,
    source_id TEXT NOT NULL,
    comment_id INTEGER NOT NULL REFERENCES new_comments (id),
    -- Of what this source last sent, before sanitising.
    hash BLOB NOT NULL,
    parent_source_id TEXT,
    page_source_id TEXT NOT NULL,
    aliases TEXT,
    -- The import by which this id became known; not known of those before there was undo.
    added_in INTEGER,
    seen_in INTEGER NOT NULL,
    PRIMARY KEY (site_id, family, origin, source_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_comment_sources SELECT site_id, family, origin, source_id, comment_id, hash,
    parent_source_id, page_source_id, aliases, NULL, seen_in
FROM comment_sources;

DROP TABLE comment_sources;
DROP TABLE comments;
-- What refers to a table follows its name.
ALTER TABLE new_comments RENAME TO comments;
ALTER TABLE new_comment_sources RENAME TO comment_sources;
-- Roots of a page, and the children of a comment, each in time order.
CREATE INDEX comments_by_page ON comments (site_id, page_id, parent_id, created_at, id);
CREATE INDEX comment_sources_by_comment ON comment_sources (comment_id);

ALTER TABLE page_sources ADD COLUMN added_in INTEGER;
ALTER TABLE author_sources ADD COLUMN added_in INTEGER;
CREATE INDEX page_sources_by_page ON page_sources (page_id);
CREATE INDEX author_sources_by_author ON author_sources (author_id);
CREATE INDEX page_addresses_of_page ON page_addresses (page_id);
CREATE INDEX authors_by_site ON authors (site_id, id);

-- Ids of the same comments elsewhere: `comment_sources.aliases`, to be found by.
CREATE TABLE comment_aliases (
    site_id INTEGER NOT NULL,
    family TEXT NOT NULL,
    source_id TEXT NOT NULL,
    -- Empty where the source does not say it: any origin of the family.
    origin TEXT NOT NULL,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    PRIMARY KEY (site_id, family, source_id, origin, comment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX comment_aliases_by_comment ON comment_aliases (comment_id);
INSERT OR IGNORE INTO comment_aliases
SELECT s.site_id, a.value ->> 'family', a.value ->> 'source_id', coalesce(a.value ->> 'origin', ''),
    s.comment_id
FROM comment_sources s JOIN json_each(s.aliases) a
WHERE s.aliases IS NOT NULL;

-- Replies whose parent is not known yet.
CREATE TABLE waiting_replies (
    site_id INTEGER NOT NULL,
    family TEXT NOT NULL,
    origin TEXT NOT NULL,
    parent_source_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    PRIMARY KEY (site_id, family, origin, parent_source_id, source_id)
) STRICT, WITHOUT ROWID;
INSERT INTO waiting_replies
SELECT s.site_id, s.family, s.origin, s.parent_source_id, s.source_id
FROM comment_sources s JOIN comments c ON c.id = s.comment_id
WHERE s.parent_source_id IS NOT NULL AND c.parent_id IS NULL;

-- Ids that an import gave to new rows, from the first to the last: all are its own.
CREATE TABLE import_added (
    import INTEGER NOT NULL REFERENCES imports (seq),
    kind TEXT NOT NULL CHECK (kind IN ('page', 'author', 'comment')),
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    PRIMARY KEY (import, kind, first_id)
) STRICT, WITHOUT ROWID;

-- Rows as they were before an import changed them, as JSON by column.
CREATE TABLE import_changed (
    import INTEGER NOT NULL REFERENCES imports (seq),
    kind TEXT NOT NULL CHECK (kind IN ('page', 'author', 'comment')),
    id INTEGER NOT NULL,
    before TEXT NOT NULL,
    PRIMARY KEY (import, kind, id)
) STRICT, WITHOUT ROWID;
-- The same for what the import's own family and origin knew them by.
CREATE TABLE import_changed_sources (
    import INTEGER NOT NULL REFERENCES imports (seq),
    kind TEXT NOT NULL CHECK (kind IN ('page', 'author', 'comment')),
    source_id TEXT NOT NULL,
    before TEXT NOT NULL,
    PRIMARY KEY (import, kind, source_id)
) STRICT, WITHOUT ROWID;

-- Pages whose comments an import changed, and how many of them.
CREATE TABLE import_pages (
    import INTEGER NOT NULL REFERENCES imports (seq),
    page_id INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (import, page_id)
) STRICT, WITHOUT ROWID;
DROP INDEX pages_by_touch;
ALTER TABLE pages DROP COLUMN touched_in;

-- Comments that another source names as the same, but neither author nor words agree.
CREATE TABLE possible_doubles (
    import INTEGER NOT NULL REFERENCES imports (seq),
    source_id TEXT NOT NULL,
    other_id INTEGER NOT NULL,
    PRIMARY KEY (import, source_id, other_id)
) STRICT, WITHOUT ROWID;

-- Whether what it added and changed is still known, so that it can be taken back.
ALTER TABLE imports ADD COLUMN undoable INTEGER NOT NULL DEFAULT 0 CHECK (undoable IN (0, 1));
ALTER TABLE imports ADD COLUMN undone_at INTEGER;
-- Whoever cancelled it wants it taken back as well.
ALTER TABLE imports ADD COLUMN undo_at_end INTEGER REFERENCES admins (id);
-- The origin under which its comments are known, where that is not its own: the blog moved.
ALTER TABLE imports ADD COLUMN known_origin TEXT;

-- The queue is the history of a site, in the order of its ids, which never come back.
CREATE TABLE new_jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('import', 'undo', 'regroup', 'sweep', 'delete')),
    -- The server's own work has neither account nor site.
    account_id INTEGER REFERENCES accounts (id),
    site_id INTEGER REFERENCES sites (id),
    import INTEGER REFERENCES imports (seq),
    -- The job that an undo takes back, and the undo that took this one back.
    undoes INTEGER REFERENCES new_jobs (id),
    undone_by INTEGER REFERENCES new_jobs (id),
    asked_by INTEGER REFERENCES admins (id),
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    -- Counts up with every claim: a worker that lost its claim can write nothing more.
    lease_token INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    cursor TEXT NOT NULL,
    -- The cursor at which a process died the last time.
    interrupted_at TEXT,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    -- Rows; of an import they stand with it.
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    -- What it is to do, and why it failed, as JSON.
    task TEXT,
    error TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER
) STRICT;
INSERT INTO new_jobs (id, kind, account_id, site_id, import, state, lease_token, lease_until,
    attempt, cursor, interrupted_at, cancel_requested, created_at, finished_at)
SELECT id, kind, account_id, site_id, import, state, lease_token, lease_until,
    attempt, cursor, interrupted_at, cancel_requested, created_at, finished_at
FROM jobs;
DROP TABLE jobs;
ALTER TABLE new_jobs RENAME TO jobs;
CREATE UNIQUE INDEX jobs_one_running_per_site ON jobs (site_id)
    WHERE state = 'running' AND site_id IS NOT NULL;
CREATE INDEX jobs_waiting ON jobs (site_id, id) WHERE state IN ('queued', 'running');
CREATE UNIQUE INDEX jobs_by_import ON jobs (import) WHERE kind = 'import';
CREATE INDEX jobs_by_undone ON jobs (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX jobs_by_site ON jobs (site_id, id);
CREATE INDEX jobs_by_account ON jobs (account_id, id);
CREATE UNIQUE INDEX jobs_one_sweep ON jobs (kind)
    WHERE kind = 'sweep' AND state IN ('queued', 'running');
