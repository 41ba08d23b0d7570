-- What programs sign in with. Only the hash of a token is kept.
CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    admin_id INTEGER NOT NULL REFERENCES admins (id),
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX api_tokens_by_account ON api_tokens (account_id, id);

-- It comes as one body: a sender that stops cannot go on with it.
ALTER TABLE imports ADD COLUMN one_body INTEGER NOT NULL DEFAULT 0 CHECK (one_body IN (0, 1));
