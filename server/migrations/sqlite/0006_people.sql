-- What members of an account did stays, and names them: the row of somebody who
-- was removed is kept. Their address moves aside, so that it is free again, and
-- `email` becomes a word that is none.
ALTER TABLE admins ADD COLUMN removed_email TEXT;
ALTER TABLE admins ADD COLUMN removed_at INTEGER;
CREATE INDEX admins_by_account ON admins (account_id, id);

-- Sessions get ids that can be shown. AUTOINCREMENT, here and below: an id that
-- came back would hand one's live answers and log entries to another.
CREATE TABLE new_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    admin_id INTEGER NOT NULL REFERENCES admins (id),
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    -- Family of browser and system, like 'Firefox, Linux'. Nothing else of what it says.
    browser TEXT
) STRICT;
INSERT INTO new_sessions (token_hash, admin_id, created_at, used_at)
SELECT token_hash, admin_id, created_at, used_at FROM sessions ORDER BY created_at;
DROP TABLE sessions;
ALTER TABLE new_sessions RENAME TO sessions;
CREATE INDEX sessions_by_admin ON sessions (admin_id, id);

CREATE TABLE new_api_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    admin_id INTEGER NOT NULL REFERENCES admins (id),
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    -- Words with a space between.
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
-- What tokens could do before they had scopes.
INSERT INTO new_api_tokens
    (id, account_id, admin_id, name, token_hash, scopes, created_at, used_at)
SELECT id, account_id, admin_id, name, token_hash, 'read import', created_at, used_at
FROM api_tokens;
DROP TABLE api_tokens;
ALTER TABLE new_api_tokens RENAME TO api_tokens;
CREATE INDEX api_tokens_by_account ON api_tokens (account_id, id);

-- A link for a further account holds while others exist.
ALTER TABLE setup_links ADD COLUMN further INTEGER NOT NULL DEFAULT 0 CHECK (further IN (0, 1));

CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    token_hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
    -- The only address it is for, where one was named.
    email TEXT COLLATE NOCASE,
    invited_by INTEGER NOT NULL REFERENCES admins (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX invitations_by_account ON invitations (account_id, id);

CREATE TABLE password_resets (
    token_hash BLOB PRIMARY KEY,
    admin_id INTEGER NOT NULL REFERENCES admins (id),
    -- Asked for by mail; otherwise the operator made it.
    by_mail INTEGER NOT NULL CHECK (by_mail IN (0, 1)),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX password_resets_by_admin ON password_resets (admin_id);

-- Who did what. Words and ids; never what people wrote, and no secrets.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    at INTEGER NOT NULL,
    admin_id INTEGER NOT NULL REFERENCES admins (id),
    -- Of the token that they did it with, which may be revoked since.
    token_name TEXT,
    action TEXT NOT NULL,
    -- A flat JSON object of strings.
    details TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_account ON audit (account_id, id);
