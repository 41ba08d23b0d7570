//! Deletes sites and accounts with all that belongs to them, a batch at a time.
//!
//! They are marked first, and from then on nobody finds them. Whatever refers to
//! a row goes before it, so that a batch never leaves a row that points nowhere.

use sqlx::{Row, SqliteConnection};

use super::{Store, Stored, execute};

const NAME: &str = "SELECT name FROM sites
    WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL";
const MARK_SITE: &str = "UPDATE sites SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL";
const MARK_SITES: &str = "UPDATE sites SET deleted_at = coalesce(deleted_at, $2)
    WHERE account_id = $1";
const MARK_ACCOUNT: &str =
    "UPDATE accounts SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL";
/// Nobody signs in with these any more, and their addresses are free again.
const REMOVE_ADMINS: &str = "UPDATE admins SET email = 'removed-' || id, removed_email = NULL,
        removed_at = coalesce(removed_at, $2), password_hash = ''
    WHERE account_id = $1";
/// By which somebody of an account gets in.
const WAYS_IN: [&str; 4] = [
    "DELETE FROM sessions WHERE admin_id IN (SELECT id FROM admins WHERE account_id = $1)",
    "DELETE FROM api_tokens WHERE account_id = $1",
    "DELETE FROM invitations WHERE account_id = $1",
    "DELETE FROM password_resets WHERE admin_id IN (SELECT id FROM admins WHERE account_id = $1)",
];
const SITES_OF: &str = "SELECT id FROM sites WHERE account_id = $1";
const OPEN_IMPORTS: &str = "SELECT seq, id, state = 'running' AS runs FROM imports
    WHERE site_id IN (SELECT value FROM json_each($1))
        AND state IN ('receiving', 'queued', 'running')";
const DROP_WAITING: &str = "UPDATE jobs SET state = 'cancelled', finished_at = $2
    WHERE site_id IN (SELECT value FROM json_each($1)) AND state = 'queued'
        AND kind IN ('undo', 'regroup')";
/// Marked, and no job is about to delete it. The last one may have failed just now.
const LEFT_SITES: &str =
    "SELECT s.account_id, s.id FROM sites s JOIN accounts a ON a.id = s.account_id
    WHERE s.deleted_at IS NOT NULL AND a.deleted_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM jobs j WHERE j.site_id = s.id AND j.kind = 'delete'
            AND (j.state IN ('queued', 'running') OR j.finished_at > $1))";
const LEFT_ACCOUNTS: &str = "SELECT a.id FROM accounts a
    WHERE a.deleted_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM jobs j WHERE j.account_id = a.id AND j.site_id IS NULL AND j.kind = 'delete'
            AND (j.state IN ('queued', 'running') OR j.finished_at > $1))";

/// A part of a table's rows, by its key and by what says whose they are.
macro_rules! part {
    ($table:literal, $key:literal, $whose:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE (",
            $key,
            ") IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE ",
            $whose,
            " LIMIT $2)"
        )
    };
}

/// Rows that say which site they are of.
macro_rules! of_sites {
    ($table:literal, $key:literal) => {
        part!($table, $key, "site_id IN (SELECT value FROM json_each($1))")
    };
}

macro_rules! of_imports {
    ($table:literal, $key:literal) => {
        part!(
            $table,
            $key,
            "import IN (SELECT i.seq FROM json_each($1) s CROSS JOIN imports i ON i.site_id = s.value)"
        )
    };
}

macro_rules! of_jobs {
    ($table:literal, $key:literal) => {
        part!(
            $table,
            $key,
            "job IN (SELECT j.id FROM json_each($1) s CROSS JOIN jobs j ON j.site_id = s.value)"
        )
    };
}

/// All that belongs to sites but their jobs, in this order. `$1`: their ids, as JSON.
const OF_SITES: &[&str] = &[
    of_imports!("import_changed", "import, kind, id"),
    of_imports!("import_changed_sources", "import, kind, source_id"),
    of_imports!("import_added", "import, kind, first_id"),
    of_imports!("import_pages", "import, page_id"),
    of_imports!("possible_doubles", "import, source_id, other_id"),
    of_imports!("rejected_lines", "import, chunk, line"),
    of_imports!("chunks", "import, number"),
    of_jobs!("comment_moves", "job, comment_id"),
    of_jobs!("parent_joins", "job, comment_id"),
    of_jobs!("page_source_moves", "job, family, origin, source_id, is_address, url"),
    of_jobs!("joined_address_moves", "job, match_url"),
    of_jobs!("page_moves", "job, page_id"),
    of_sites!("comment_aliases", "site_id, family, source_id, origin, comment_id"),
    of_sites!("waiting_replies", "site_id, family, origin, parent_source_id, source_id"),
    of_sites!("comment_sources", "site_id, family, origin, source_id"),
    of_sites!("comments", "id"),
    of_sites!("page_addresses", "site_id, family, origin, source_id, url"),
    of_sites!("joined_addresses", "site_id, match_url"),
    of_sites!("page_sources", "site_id, family, origin, source_id"),
    of_sites!("pages", "id"),
    of_sites!("author_sources", "site_id, family, origin, source_id"),
    of_sites!("authors", "id"),
];

/// What a deletion's own job refers to is let go first.
const LET_GO: &str = "UPDATE jobs SET site_id = NULL, import = NULL WHERE id = $1";
const LET_ALL_GO: &str =
    "UPDATE jobs SET site_id = NULL, account_id = NULL, asked_by = NULL WHERE id = $1";
const DELETE_JOBS: &str = "DELETE FROM jobs
    WHERE site_id IN (SELECT value FROM json_each($1)) AND id <> $2";
const DELETE_IMPORTS: &str = "DELETE FROM imports
    WHERE site_id IN (SELECT value FROM json_each($1))";
const DELETE_SITES: &str = "DELETE FROM sites WHERE id IN (SELECT value FROM json_each($1))";

/// All else that belongs to an account, in this order. `$1`: its id.
const OF_ACCOUNT: [&str; 3] = [
    "DELETE FROM jobs WHERE account_id = $1",
    "DELETE FROM admins WHERE account_id = $1",
    "DELETE FROM accounts WHERE id = $1",
];
const AUDIT_OF_ACCOUNT: &str = part!("audit", "id", "account_id = $1");

/// An import of a site that is deleted, which has not ended.
#[derive(Debug, Clone)]
pub(crate) struct OpenImport {
    pub seq: i64,
    pub id: String,
    /// A job works on it.
    pub runs: bool,
}

/// The name of a site of the account, which has to be typed in.
pub(crate) async fn name(
    tx: &mut SqliteConnection,
    account_id: i64,
    site_id: i64,
) -> Stored<Option<String>> {
    Ok(sqlx::query_scalar(NAME).bind(account_id).bind(site_id).fetch_optional(tx).await?)
}

/// From now on nobody finds the site.
pub(crate) async fn mark_site(tx: &mut SqliteConnection, site_id: i64, now: i64) -> Stored<()> {
    execute(tx, sqlx::query(MARK_SITE).bind(site_id).bind(now)).await?;
    Ok(())
}

/// From now on nobody finds the account, and nobody gets in: people, programs, guests.
pub(crate) async fn mark_account(
    tx: &mut SqliteConnection,
    account_id: i64,
    now: i64,
) -> Stored<()> {
    for sql in [MARK_ACCOUNT, MARK_SITES] {
        execute(tx, sqlx::query(sql).bind(account_id).bind(now)).await?;
    }
    for sql in WAYS_IN {
        execute(tx, sqlx::query(sql).bind(account_id)).await?;
    }
    execute(tx, sqlx::query(REMOVE_ADMINS).bind(account_id).bind(now)).await?;
    Ok(())
}

/// All sites of an account, deleted ones included.
pub(crate) async fn sites_of(tx: &mut SqliteConnection, account_id: i64) -> Stored<Vec<i64>> {
    Ok(sqlx::query_scalar(SITES_OF).bind(account_id).fetch_all(tx).await?)
}

/// Imports of these sites that have not ended.
pub(crate) async fn open_imports(
    connection: &mut SqliteConnection,
    sites: &[i64],
) -> Stored<Vec<OpenImport>> {
    let rows =
        sqlx::query(OPEN_IMPORTS).bind(serde_json::to_string(sites)?).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let (seq, id, runs) = (row.try_get("seq")?, row.try_get("id")?, row.try_get("runs")?);
            Ok(OpenImport { seq, id, runs })
        })
        .collect()
}

/// Takes other work on these sites out of the queue.
pub(crate) async fn drop_waiting(tx: &mut SqliteConnection, sites: &[i64], now: i64) -> Stored<()> {
    let drop = sqlx::query(DROP_WAITING).bind(serde_json::to_string(sites)?).bind(now);
    execute(tx, drop).await?;
    Ok(())
}

/// Marked ones whose deletion nobody is about to do: `(account, site)`, without
/// the site where it is the account. Not those of which a try failed since `tried_since`.
pub(crate) async fn left(store: &Store, tried_since: i64) -> Stored<Vec<(i64, Option<i64>)>> {
    let mut left = Vec::new();
    for row in sqlx::query(LEFT_SITES).bind(tried_since).fetch_all(store.reader()).await? {
        left.push((row.try_get(0)?, Some(row.try_get(1)?)));
    }
    for row in sqlx::query(LEFT_ACCOUNTS).bind(tried_since).fetch_all(store.reader()).await? {
        left.push((row.try_get(0)?, None));
    }
    Ok(left)
}

/// Tables that are emptied of a site's rows, one after the other.
pub(crate) fn stages() -> usize {
    OF_SITES.len()
}

/// Deletes some rows of one stage; none where nothing is left of it.
pub(crate) async fn some_of_sites(
    tx: &mut SqliteConnection,
    stage: usize,
    sites: &[i64],
    limit: usize,
) -> Stored<u64> {
    let Some(sql) = OF_SITES.get(stage).copied() else { return Ok(0) };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    execute(tx, sqlx::query(sql).bind(serde_json::to_string(sites)?).bind(limit)).await
}

/// Deletes the sites themselves, with the jobs that were about them but this one.
pub(crate) async fn last_of_sites(
    tx: &mut SqliteConnection,
    sites: &[i64],
    job: i64,
) -> Stored<()> {
    let sites = serde_json::to_string(sites)?;
    execute(tx, sqlx::query(LET_GO).bind(job)).await?;
    execute(tx, sqlx::query(DELETE_JOBS).bind(&sites).bind(job)).await?;
    for sql in [DELETE_IMPORTS, DELETE_SITES] {
        execute(tx, sqlx::query(sql).bind(&sites)).await?;
    }
    Ok(())
}

/// Deletes some of an account's log; none where nothing is left of it.
pub(crate) async fn some_of_audit(
    tx: &mut SqliteConnection,
    account_id: i64,
    limit: usize,
) -> Stored<u64> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    execute(tx, sqlx::query(AUDIT_OF_ACCOUNT).bind(account_id).bind(limit)).await
}

/// Deletes an account itself, whose sites and log are gone.
pub(crate) async fn last_of_account(
    tx: &mut SqliteConnection,
    account_id: i64,
    job: i64,
) -> Stored<()> {
    execute(tx, sqlx::query(LET_ALL_GO).bind(job)).await?;
    for sql in OF_ACCOUNT {
        execute(tx, sqlx::query(sql).bind(account_id)).await?;
    }
    Ok(())
}

/// For the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = OF_SITES;
