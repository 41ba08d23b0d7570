-- What the reader found wrong with the file, as its sender said with submitting: JSON.
ALTER TABLE imports ADD COLUMN issues TEXT;

-- `match_url` without what often tells no pages apart: pages that share it may be
-- one. The server fills it in after the page was written or has moved: it stands
-- for the address in `loose_for`.
ALTER TABLE pages ADD COLUMN loose_url TEXT;
ALTER TABLE pages ADD COLUMN loose_for TEXT;
CREATE INDEX pages_by_loose_url ON pages (site_id, loose_url, comments)
    WHERE loose_url IS NOT NULL;
CREATE INDEX pages_to_loosen ON pages (id) WHERE loose_for IS NOT match_url;

-- Addresses of pages that were joined to another one: by `match_url`.
CREATE TABLE joined_addresses (
    site_id INTEGER NOT NULL,
    match_url TEXT NOT NULL,
    page_id INTEGER NOT NULL,
    PRIMARY KEY (site_id, match_url)
) STRICT, WITHOUT ROWID;
CREATE INDEX joined_addresses_by_page ON joined_addresses (site_id, page_id);

-- Rows as a join of pages found them, so that it can be taken back: JSON by column.
CREATE TABLE page_moves (
    job INTEGER NOT NULL,
    page_id INTEGER NOT NULL,
    -- The page that it became a part of; none of the page that took it in.
    to_page INTEGER,
    before TEXT NOT NULL,
    PRIMARY KEY (job, page_id)
) STRICT, WITHOUT ROWID;
-- Comments that stood on another page before, and those that found their parent.
CREATE TABLE comment_moves (
    job INTEGER NOT NULL,
    comment_id INTEGER NOT NULL,
    from_page INTEGER NOT NULL,
    PRIMARY KEY (job, comment_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE parent_joins (
    job INTEGER NOT NULL,
    comment_id INTEGER NOT NULL,
    -- As they waited.
    family TEXT NOT NULL,
    origin TEXT NOT NULL,
    parent_source_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    PRIMARY KEY (job, comment_id)
) STRICT, WITHOUT ROWID;
-- What led to a page that became a part of another.
CREATE TABLE page_source_moves (
    job INTEGER NOT NULL,
    family TEXT NOT NULL,
    origin TEXT NOT NULL,
    source_id TEXT NOT NULL,
    is_address INTEGER NOT NULL CHECK (is_address IN (0, 1)),
    -- The address, where it is one; empty for the source itself.
    url TEXT NOT NULL,
    from_page INTEGER NOT NULL,
    PRIMARY KEY (job, family, origin, source_id, is_address, url)
) STRICT, WITHOUT ROWID;
CREATE TABLE joined_address_moves (
    job INTEGER NOT NULL,
    match_url TEXT NOT NULL,
    -- None where the address was not yet one of these.
    from_page INTEGER,
    PRIMARY KEY (job, match_url)
) STRICT, WITHOUT ROWID;

-- Gone for everybody; the rows follow.
ALTER TABLE sites ADD COLUMN deleted_at INTEGER;
ALTER TABLE accounts ADD COLUMN deleted_at INTEGER;
CREATE INDEX sites_deleted ON sites (id) WHERE deleted_at IS NOT NULL;
CREATE INDEX accounts_deleted ON accounts (id) WHERE deleted_at IS NOT NULL;
-- For deletes of what they refer to.
CREATE INDEX jobs_of_import ON jobs (import) WHERE import IS NOT NULL;
CREATE INDEX jobs_by_undoing ON jobs (undone_by) WHERE undone_by IS NOT NULL;
