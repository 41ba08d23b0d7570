-- Times are microseconds since 1970 in UTC. Keys of a site's data lead with site_id.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE admins (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL COLLATE NOCASE UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE setup_links (
    token_hash BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    admin_id INTEGER NOT NULL REFERENCES admins (id),
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sites_by_account ON sites (account_id);

-- One row: every change of an import takes the next number.
CREATE TABLE import_versions (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    latest INTEGER NOT NULL
) STRICT;
INSERT INTO import_versions (only, latest) VALUES (1, 0);

CREATE TABLE imports (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    site_id INTEGER NOT NULL REFERENCES sites (id),
    state TEXT NOT NULL CHECK (
        state IN ('receiving', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')
    ),
    -- The final state it is on its way to: its files are being deleted.
    ending TEXT CHECK (ending IN ('succeeded', 'failed', 'cancelled', 'expired')),
    version INTEGER NOT NULL,
    format TEXT NOT NULL,
    origin TEXT NOT NULL,
    reader TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_size_bytes INTEGER NOT NULL,
    file_fingerprint TEXT NOT NULL,
    seen TEXT NOT NULL,
    site_revision INTEGER NOT NULL,
    started_by INTEGER NOT NULL REFERENCES admins (id),
    created_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    finished_at INTEGER,
    -- The stream's first line; set with chunk 1.
    header TEXT,
    chunks INTEGER NOT NULL DEFAULT 0,
    pages INTEGER NOT NULL DEFAULT 0,
    authors INTEGER NOT NULL DEFAULT 0,
    comments INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0,
    phase TEXT CHECK (phase IN ('pages', 'comments', 'parents', 'cleanup')),
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    result TEXT NOT NULL,
    error TEXT
) STRICT;
CREATE INDEX imports_by_account ON imports (account_id, version);
CREATE INDEX imports_by_site ON imports (site_id, seq);
CREATE INDEX imports_open ON imports (state) WHERE state IN ('receiving', 'queued', 'running');

CREATE TABLE chunks (
    import INTEGER NOT NULL REFERENCES imports (seq),
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    pages INTEGER NOT NULL,
    authors INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    replies INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    -- The stream's last line, where this chunk holds it.
    end_line TEXT,
    PRIMARY KEY (import, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected_lines (
    import INTEGER NOT NULL REFERENCES imports (seq),
    chunk INTEGER NOT NULL,
    line INTEGER NOT NULL,
    code TEXT NOT NULL,
    source_id TEXT,
    PRIMARY KEY (import, chunk, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('import')),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    site_id INTEGER NOT NULL REFERENCES sites (id),
    import INTEGER NOT NULL UNIQUE REFERENCES imports (seq),
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    -- Counts up with every claim: a worker that lost its claim can write nothing more.
    lease_token INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    cursor TEXT NOT NULL,
    -- The cursor at which a process died the last time.
    interrupted_at TEXT,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE UNIQUE INDEX jobs_one_running_per_site ON jobs (site_id) WHERE state = 'running';
CREATE INDEX jobs_waiting ON jobs (site_id, id) WHERE state = 'queued';

CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    url TEXT,
    -- `url` without what is ignored when pages are matched.
    match_url TEXT,
    identifier TEXT,
    title TEXT,
    closed INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER,
    extras TEXT,
    comments INTEGER NOT NULL DEFAULT 0,
    last_comment_at INTEGER,
    -- The import that last changed the set of its comments.
    touched_in INTEGER
) STRICT;
CREATE UNIQUE INDEX pages_by_match_url ON pages (site_id, match_url) WHERE match_url IS NOT NULL;
CREATE INDEX pages_by_comments ON pages (site_id, comments DESC, id);
CREATE INDEX pages_by_touch ON pages (site_id, touched_in);

CREATE TABLE page_sources (
    site_id INTEGER NOT NULL,
    family TEXT NOT NULL,
    origin TEXT NOT NULL,
    source_id TEXT NOT NULL,
    page_id INTEGER NOT NULL REFERENCES pages (id),
    url TEXT,
    hash BLOB NOT NULL,
    seen_in INTEGER NOT NULL,
    PRIMARY KEY (site_id, family, origin, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    name TEXT,
    email TEXT,
    url TEXT
) STRICT;

CREATE TABLE author_sources (
    site_id INTEGER NOT NULL,
    family TEXT NOT NULL,
    origin TEXT NOT NULL,
    source_id TEXT NOT NULL,
    author_id INTEGER NOT NULL REFERENCES authors (id),
    hash BLOB NOT NULL,
    seen_in INTEGER NOT NULL,
    PRIMARY KEY (site_id, family, origin, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comments (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL,
    page_id INTEGER NOT NULL REFERENCES pages (id),
    parent_id INTEGER,
    author_id INTEGER,
    author_source_id TEXT,
    author_name TEXT,
    author_email TEXT,
    author_url TEXT,
    created_at INTEGER,
    edited_at INTEGER,
    status TEXT NOT NULL CHECK (status IN ('approved', 'pending', 'spam', 'deleted')),
    kind TEXT NOT NULL CHECK (kind IN ('comment', 'pingback', 'trackback')),
    body TEXT,
    body_format TEXT NOT NULL CHECK (body_format IN ('html', 'markdown', 'text')),
    votes_up INTEGER,
    votes_down INTEGER,
    ip TEXT,
    extras TEXT
) STRICT;
-- Roots of a page, and the children of a comment, each in time order.
CREATE INDEX comments_by_page ON comments (site_id, page_id, parent_id, created_at, id);

CREATE TABLE comment_sources (
    site_id INTEGER NOT NULL,
    family TEXT NOT NULL,
    origin TEXT NOT NULL,
    source_id TEXT NOT NULL,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    -- Of what this source last sent, before sanitising.
    hash BLOB NOT NULL,
    parent_source_id TEXT,
    page_source_id TEXT NOT NULL,
    aliases TEXT,
    seen_in INTEGER NOT NULL,
    PRIMARY KEY (site_id, family, origin, source_id)
) STRICT, WITHOUT ROWID;
