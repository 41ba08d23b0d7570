-- What people are to be told, on its way out: a row is made in the transaction of
-- what it tells of, and sent afterwards. It holds ids and words of ours alone; whom
-- it goes to is looked up when it is sent.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('email', 'webhook')),
    event TEXT NOT NULL CHECK (event IN ('import.ended', 'import.failed', 'job.failed')),
    -- None where a job of the whole server failed.
    account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
    site_id INTEGER REFERENCES sites (id) ON DELETE CASCADE,
    import INTEGER REFERENCES imports (seq) ON DELETE CASCADE,
    job INTEGER,
    job_kind TEXT,
    -- Why the job failed; imports know it themselves.
    code TEXT,
    -- To a member of the account.
    admin_id INTEGER REFERENCES admins (id) ON DELETE CASCADE,
    -- To an operator: which of the addresses that are set, by its digest.
    operator TEXT,
    -- The same in every try, so that who gets it twice can tell.
    message_id TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    -- Since when it is tried: an owner may have it begin anew.
    tried_since INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    -- Counts up with every claim: a worker that lost its claim stores nothing more.
    lease_token INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    last_error_code TEXT,
    last_error_at INTEGER,
    sent_at INTEGER,
    given_up_at INTEGER,
    CHECK ((import IS NULL) = (event = 'job.failed')),
    CHECK (account_id IS NOT NULL OR event = 'job.failed'),
    CHECK ((job IS NOT NULL AND job_kind IS NOT NULL AND code IS NOT NULL) = (event = 'job.failed')),
    CHECK ((admin_id IS NOT NULL) = (event = 'import.ended')),
    CHECK ((operator IS NOT NULL) = (kind = 'email' AND admin_id IS NULL)),
    CHECK (sent_at IS NULL OR given_up_at IS NULL)
) STRICT;
-- One event makes one notice for each whom it goes to.
CREATE UNIQUE INDEX notices_once ON notices (
    coalesce(import, 0), coalesce(job, 0), event, kind, coalesce(admin_id, 0), coalesce(operator, '')
);
CREATE INDEX notices_due ON notices (kind, next_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
CREATE INDEX notices_unsent ON notices (account_id) WHERE sent_at IS NULL;
-- For deletes of what they refer to.
CREATE INDEX notices_by_site ON notices (site_id);
CREATE INDEX notices_by_import ON notices (import);
CREATE INDEX notices_by_admin ON notices (admin_id);
CREATE INDEX notices_by_account ON notices (account_id);

-- Of which imports a member is told the end by mail.
ALTER TABLE admins ADD COLUMN mail_on_import_end TEXT NOT NULL DEFAULT 'never'
    CHECK (mail_on_import_end IN ('mine', 'all', 'never'));
