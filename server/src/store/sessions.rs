//! Sessions, known by the hash of their cookie.

use sqlx::{Row, SqliteConnection};

use super::accounts::AdminRow;
use super::{Store, Stored, execute};

const INSERT: &str = "INSERT INTO sessions (token_hash, admin_id, created_at, used_at)
    VALUES ($1, $2, $3, $3)";
const FIND: &str = "SELECT a.id, a.account_id, a.email, s.used_at
    FROM sessions s JOIN admins a ON a.id = s.admin_id
    WHERE s.token_hash = $1 AND s.used_at > $2 AND s.created_at > $3";
const TOUCH: &str = "UPDATE sessions SET used_at = $2 WHERE token_hash = $1";
const DELETE: &str = "DELETE FROM sessions WHERE token_hash = $1";
const DELETE_OLD: &str = "DELETE FROM sessions WHERE used_at <= $1 OR created_at <= $2";

/// Moments before which a session is over, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expiry {
    /// Last used.
    pub idle_since: i64,
    /// Made.
    pub created: i64,
}

/// Starts a session.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    token_hash: &[u8],
    admin_id: i64,
    now: i64,
) -> Stored<()> {
    let insert = sqlx::query(INSERT).bind(token_hash).bind(admin_id).bind(now);
    execute(tx, insert).await?;
    Ok(())
}

/// Whose session it is and when it was last used; none where it is over.
pub(crate) async fn find(
    store: &Store,
    token_hash: &[u8],
    expiry: Expiry,
) -> Stored<Option<(AdminRow, i64)>> {
    let row = sqlx::query(FIND)
        .bind(token_hash)
        .bind(expiry.idle_since)
        .bind(expiry.created)
        .fetch_optional(store.reader())
        .await?;
    row.map(|row| {
        let admin = AdminRow {
            id: row.try_get("id")?,
            account_id: row.try_get("account_id")?,
            email: row.try_get("email")?,
        };
        Ok((admin, row.try_get("used_at")?))
    })
    .transpose()
}

/// Notes that it was used.
pub(crate) async fn touch(store: &Store, token_hash: &[u8], now: i64) -> Stored<()> {
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(TOUCH).bind(token_hash).bind(now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a session.
pub(crate) async fn delete(store: &Store, token_hash: &[u8]) -> Stored<()> {
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(DELETE).bind(token_hash)).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes sessions that are over.
pub(crate) async fn delete_old(store: &Store, expiry: Expiry) -> Stored<u64> {
    let mut tx = store.begin().await?;
    let delete = sqlx::query(DELETE_OLD).bind(expiry.idle_since).bind(expiry.created);
    let gone = execute(&mut tx, delete).await?;
    tx.commit().await?;
    Ok(gone)
}
