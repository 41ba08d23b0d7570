-- Kinds that exports of WordPress have. SQLite changes a check only with its
-- table, and the sources refer to the comments, so both are made anew.
CREATE TABLE new_comments (
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
    kind TEXT NOT NULL CHECK
        (kind IN ('comment', 'pingback', 'trackback', 'like', 'note', 'review', 'other')),
    body TEXT,
    body_format TEXT NOT NULL CHECK (body_format IN ('html', 'markdown', 'text')),
    votes_up INTEGER,
    votes_down INTEGER,
    ip TEXT,
    extras TEXT
) STRICT;
INSERT INTO new_comments (
    id, site_id, page_id, parent_id, author_id, author_source_id, author_name, author_email,
    author_url, created_at, edited_at, status, kind, body, body_format, votes_up, votes_down, ip,
    extras)
SELECT id, site_id, page_id, parent_id, author_id, author_source_id, author_name, author_email,
    author_url, created_at, edited_at, status, kind, body, body_format, votes_up, votes_down, ip,
    extras
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
    seen_in INTEGER NOT NULL,
    PRIMARY KEY (site_id, family, origin, source_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_comment_sources (
    site_id, family, origin, source_id, comment_id, hash, parent_source_id, page_source_id,
    aliases, seen_in)
SELECT site_id, family, origin, source_id, comment_id, hash, parent_source_id, page_source_id,
    aliases, seen_in
FROM comment_sources;

DROP TABLE comment_sources;
DROP TABLE comments;
-- What refers to a table follows its name.
ALTER TABLE new_comments RENAME TO comments;
ALTER TABLE new_comment_sources RENAME TO comment_sources;
-- Roots of a page, and the children of a comment, each in time order.
CREATE INDEX comments_by_page ON comments (site_id, page_id, parent_id, created_at, id);
