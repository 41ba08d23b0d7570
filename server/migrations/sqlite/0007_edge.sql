-- Sign-ins that failed, counted for what they have in common. Keys are digests:
-- no address of a person or of a network is kept in the clear.
CREATE TABLE sign_in_failures (
    key BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Browsers and networks that an admin has signed in from.
CREATE TABLE familiar (
    admin_id INTEGER NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
    key BLOB NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (admin_id, key)
) STRICT, WITHOUT ROWID;

-- What an account may have staged is counted over its open imports.
ALTER TABLE imports ADD COLUMN staged_bytes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX imports_open_by_account ON imports (account_id)
    WHERE state IN ('receiving', 'queued', 'running');

-- Whether strangers may read the approved comments.
ALTER TABLE sites ADD COLUMN public_comments INTEGER NOT NULL DEFAULT 0
    CHECK (public_comments IN (0, 1));
CREATE INDEX pages_by_identifier ON pages (site_id, identifier) WHERE identifier IS NOT NULL;
