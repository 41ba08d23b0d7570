//! Sessions, known by the hash of their cookie.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::accounts::{AdminRow, admin_from};
use super::imports::moment;
use super::{Store, Stored, execute};
use crate::http::dto::OpenSession;

const INSERT: &str = "INSERT INTO sessions (token_hash, admin_id, created_at, used_at, browser)
    VALUES ($1, $2, $3, $3, $4)";
const FIND: &str = "SELECT a.id, a.account_id, a.email, a.role, s.id AS session_id, s.used_at
    FROM sessions s JOIN admins a ON a.id = s.admin_id
    WHERE s.token_hash = $1 AND s.used_at > $2 AND s.created_at > $3 AND a.removed_at IS NULL";
const LIST: &str = "SELECT id, created_at, used_at, browser FROM sessions
    WHERE admin_id = $1 AND used_at > $2 AND created_at > $3 ORDER BY used_at DESC, id DESC";
const TOUCH: &str = "UPDATE sessions SET used_at = $2 WHERE token_hash = $1";
const DELETE: &str = "DELETE FROM sessions WHERE admin_id = $1 AND id = $2";
const DELETE_ALL: &str = "DELETE FROM sessions WHERE admin_id = $1";
const DELETE_OTHERS: &str = "DELETE FROM sessions WHERE admin_id = $1 AND id <> $2";
const DELETE_OLD: &str = "DELETE FROM sessions WHERE used_at <= $1 OR created_at <= $2";

/// Moments before which a session is over, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expiry {
    /// Last used.
    pub idle_since: i64,
    /// Made.
    pub created: i64,
}

/// A session that was shown to the server.
#[derive(Debug)]
pub(crate) struct Found {
    pub admin: AdminRow,
    pub id: i64,
    /// In microseconds.
    pub used_at: i64,
}

/// Starts a session.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    token_hash: &[u8],
    admin_id: i64,
    browser: Option<&str>,
    now: i64,
) -> Stored<()> {
    let insert = sqlx::query(INSERT).bind(token_hash).bind(admin_id).bind(now).bind(browser);
    execute(tx, insert).await?;
    Ok(())
}

/// Whose session it is and when it was last used; none where it is over.
pub(crate) async fn find(
    store: &Store,
    token_hash: &[u8],
    expiry: Expiry,
) -> Stored<Option<Found>> {
    let row = sqlx::query(FIND)
        .bind(token_hash)
        .bind(expiry.idle_since)
        .bind(expiry.created)
        .fetch_optional(store.reader())
        .await?;
    row.map(|row| {
        Ok(Found {
            admin: admin_from(&row)?,
            id: row.try_get("session_id")?,
            used_at: row.try_get("used_at")?,
        })
    })
    .transpose()
}

/// The person's sessions, the last used first; `this` is the one that asks.
pub(crate) async fn list(
    store: &Store,
    admin_id: i64,
    this: i64,
    expiry: Expiry,
) -> Stored<Vec<OpenSession>> {
    let rows = sqlx::query(LIST)
        .bind(admin_id)
        .bind(expiry.idle_since)
        .bind(expiry.created)
        .fetch_all(store.reader())
        .await?;
    rows.iter().map(|row| from_row(row, this)).collect()
}

/// Notes that it was used.
pub(crate) async fn touch(store: &Store, token_hash: &[u8], now: i64) -> Stored<()> {
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(TOUCH).bind(token_hash).bind(now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a session of the person. False where they have no such one.
pub(crate) async fn delete(tx: &mut SqliteConnection, admin_id: i64, id: i64) -> Stored<bool> {
    Ok(execute(tx, sqlx::query(DELETE).bind(admin_id).bind(id)).await? == 1)
}

/// Ends all sessions of the person.
pub(crate) async fn delete_all(tx: &mut SqliteConnection, admin_id: i64) -> Stored<u64> {
    execute(tx, sqlx::query(DELETE_ALL).bind(admin_id)).await
}

/// Ends all sessions of the person but one.
pub(crate) async fn delete_others(
    tx: &mut SqliteConnection,
    admin_id: i64,
    kept: i64,
) -> Stored<u64> {
    execute(tx, sqlx::query(DELETE_OTHERS).bind(admin_id).bind(kept)).await
}

/// Removes sessions that are over.
pub(crate) async fn delete_old(store: &Store, expiry: Expiry) -> Stored<u64> {
    let mut tx = store.begin().await?;
    let delete = sqlx::query(DELETE_OLD).bind(expiry.idle_since).bind(expiry.created);
    let gone = execute(&mut tx, delete).await?;
    tx.commit().await?;
    Ok(gone)
}

fn from_row(row: &SqliteRow, this: i64) -> Stored<OpenSession> {
    let id = row.try_get("id")?;
    Ok(OpenSession {
        id,
        created_at: moment(row.try_get("created_at")?),
        used_at: moment(row.try_get("used_at")?),
        is_this: id == this,
        browser: row.try_get("browser")?,
    })
}
