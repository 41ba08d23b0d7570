//! Sign-ins that failed, and what an admin is known to sign in from.

use sqlx::{Row, SqliteConnection};

use super::{Store, Stored, execute};

const FAILURES: &str = "SELECT failures, last_at FROM sign_in_failures WHERE key = $1";
const COUNT: &str = "INSERT INTO sign_in_failures (key, failures, last_at) VALUES ($1, 1, $2)
    ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN last_at < $3 THEN 1 ELSE failures + 1 END, last_at = $2";
const TAKE_BACK: &str = "UPDATE sign_in_failures SET failures = failures - 1
    WHERE key = $1 AND failures > 0";
const FORGET: &str = "DELETE FROM sign_in_failures WHERE key = $1";
const FORGET_OLD: &str = "DELETE FROM sign_in_failures WHERE last_at < $1";
/// Those that say least go first, so that a flood of new ones pushes out no old offender.
const FORGET_TOO_MANY: &str = "DELETE FROM sign_in_failures WHERE key IN (
    SELECT key FROM sign_in_failures ORDER BY failures DESC, last_at DESC LIMIT -1 OFFSET $1)";
const IS_FAMILIAR: &str =
    "SELECT EXISTS (SELECT 1 FROM familiar WHERE admin_id = $1 AND key = $2 AND used_at >= $3)";
const REMEMBER: &str = "INSERT INTO familiar (admin_id, key, used_at) VALUES ($1, $2, $3)
    ON CONFLICT (admin_id, key) DO UPDATE SET used_at = $3";
const KEEP_NEWEST: &str = "DELETE FROM familiar WHERE admin_id = $1 AND key IN (
    SELECT key FROM familiar WHERE admin_id = $1 ORDER BY used_at DESC LIMIT -1 OFFSET $2)";
const FORGET_UNFAMILIAR: &str = "DELETE FROM familiar WHERE used_at < $1";

/// Rows of failures that are kept.
const MOST_FAILURES: u32 = 100_000;
/// Browsers and networks that are kept of an admin.
const MOST_FAMILIAR: u32 = 50;

/// A digest of what sign-ins have in common.
pub(crate) type Key = [u8; 16];

/// What is counted under a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    pub count: u32,
    /// In microseconds.
    pub last_at: i64,
}

/// The failures under these keys, in their order.
pub(crate) async fn failures(
    connection: &mut SqliteConnection,
    keys: impl Iterator<Item = Key>,
) -> Stored<Vec<Failures>> {
    let mut all = Vec::new();
    for key in keys {
        let row = sqlx::query(FAILURES).bind(&key[..]).fetch_optional(&mut *connection).await?;
        all.push(match row {
            Some(row) => Failures { count: row.try_get(0)?, last_at: row.try_get(1)? },
            None => Failures::default(),
        });
    }
    Ok(all)
}

/// Counts one more failure. What was before `forgotten` does not count.
pub(crate) async fn count(
    tx: &mut SqliteConnection,
    key: &Key,
    now: i64,
    forgotten: i64,
) -> Stored<()> {
    execute(tx, sqlx::query(COUNT).bind(&key[..]).bind(now).bind(forgotten)).await?;
    Ok(())
}

/// One of them was none.
pub(crate) async fn take_back(tx: &mut SqliteConnection, key: &Key) -> Stored<()> {
    execute(tx, sqlx::query(TAKE_BACK).bind(&key[..])).await?;
    Ok(())
}

/// Starts anew.
pub(crate) async fn forget(tx: &mut SqliteConnection, key: &Key) -> Stored<()> {
    execute(tx, sqlx::query(FORGET).bind(&key[..])).await?;
    Ok(())
}

/// Whether the admin has signed in from it since then.
pub(crate) async fn is_familiar(
    store: &Store,
    admin_id: i64,
    key: &Key,
    since: i64,
) -> Stored<bool> {
    Ok(sqlx::query_scalar(IS_FAMILIAR)
        .bind(admin_id)
        .bind(&key[..])
        .bind(since)
        .fetch_one(store.reader())
        .await?)
}

/// Notes what an admin signed in from.
pub(crate) async fn remember(
    tx: &mut SqliteConnection,
    admin_id: i64,
    keys: &[Key],
    now: i64,
) -> Stored<()> {
    for key in keys {
        execute(tx, sqlx::query(REMEMBER).bind(admin_id).bind(&key[..]).bind(now)).await?;
    }
    execute(tx, sqlx::query(KEEP_NEWEST).bind(admin_id).bind(MOST_FAMILIAR)).await?;
    Ok(())
}

/// Removes what says nothing any more, and what there is too much of.
pub(crate) async fn sweep(store: &Store, forgotten: i64, unfamiliar: i64) -> Stored<()> {
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(FORGET_OLD).bind(forgotten)).await?;
    execute(&mut tx, sqlx::query(FORGET_TOO_MANY).bind(MOST_FAILURES)).await?;
    execute(&mut tx, sqlx::query(FORGET_UNFAMILIAR).bind(unfamiliar)).await?;
    tx.commit().await?;
    Ok(())
}
