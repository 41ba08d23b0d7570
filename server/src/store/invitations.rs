//! Invitations, known by the hash of their link's token.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::accounts::{AdminRow, role_word};
use super::imports::{moment, word};
use super::{Store, Stored, execute, from_column};
use crate::http::dto::{Invitation, Role};

const INSERT: &str = "INSERT INTO invitations
        (account_id, token_hash, role, email, invited_by, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
const COUNT: &str = "SELECT count(*) FROM invitations WHERE account_id = $1 AND expires_at > $2";
const LIST: &str = "SELECT i.id, i.role, i.email, a.email AS invited_by, i.created_at, i.expires_at
    FROM invitations i JOIN admins a ON a.id = i.invited_by
    WHERE i.account_id = $1 AND i.expires_at > $2 ORDER BY i.id";
const FIND: &str = "SELECT i.id, i.account_id, i.role, i.email, a.email AS invited_by,
        i.created_at, i.expires_at
    FROM invitations i JOIN admins a ON a.id = i.invited_by AND a.account_id = i.account_id
    WHERE i.token_hash = $1 AND i.expires_at > $2";
const TAKE: &str = "DELETE FROM invitations WHERE token_hash = $1 AND expires_at > $2";
const DELETE: &str = "DELETE FROM invitations WHERE account_id = $1 AND id = $2";
const DELETE_EXPIRED: &str = "DELETE FROM invitations WHERE expires_at <= $1";

/// An invitation to be kept.
#[derive(Debug)]
pub(crate) struct NewRow<'a> {
    pub invited_by: &'a AdminRow,
    pub token_hash: &'a [u8],
    pub role: Role,
    pub email: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
}

/// Keeps an invitation and gives what lists show of it.
pub(crate) async fn insert(tx: &mut SqliteConnection, new: NewRow<'_>) -> Stored<Invitation> {
    let id = sqlx::query_scalar(INSERT)
        .bind(new.invited_by.account_id)
        .bind(new.token_hash)
        .bind(role_word(new.role))
        .bind(&new.email)
        .bind(new.invited_by.id)
        .bind(new.created_at)
        .bind(new.expires_at)
        .fetch_one(tx)
        .await?;
    Ok(Invitation {
        id,
        role: new.role,
        email: new.email,
        invited_by: new.invited_by.email.clone(),
        created_at: moment(new.created_at),
        expires_at: moment(new.expires_at),
    })
}

/// Open invitations of the account.
pub(crate) async fn count(
    connection: &mut SqliteConnection,
    account_id: i64,
    now: i64,
) -> Stored<u64> {
    let count = sqlx::query_scalar(COUNT).bind(account_id).bind(now).fetch_one(connection).await?;
    Ok(from_column(count))
}

/// The account's open invitations, the oldest first.
pub(crate) async fn list(store: &Store, account_id: i64, now: i64) -> Stored<Vec<Invitation>> {
    let rows = sqlx::query(LIST).bind(account_id).bind(now).fetch_all(store.reader()).await?;
    rows.iter().map(from_row).collect()
}

/// What a link offers, and in which account; none where it was used, revoked or has expired.
pub(crate) async fn find(
    connection: &mut SqliteConnection,
    token_hash: &[u8],
    now: i64,
) -> Stored<Option<(Invitation, i64)>> {
    let row = sqlx::query(FIND).bind(token_hash).bind(now).fetch_optional(connection).await?;
    row.map(|row| Ok((from_row(&row)?, row.try_get("account_id")?))).transpose()
}

/// Uses a link up. False where it cannot be used.
pub(crate) async fn take(tx: &mut SqliteConnection, token_hash: &[u8], now: i64) -> Stored<bool> {
    Ok(execute(tx, sqlx::query(TAKE).bind(token_hash).bind(now)).await? == 1)
}

/// Takes an invitation back. False where the account has no such open one.
pub(crate) async fn delete(tx: &mut SqliteConnection, account_id: i64, id: i64) -> Stored<bool> {
    Ok(execute(tx, sqlx::query(DELETE).bind(account_id).bind(id)).await? == 1)
}

/// Removes those that nobody accepted in time.
pub(crate) async fn delete_expired(tx: &mut SqliteConnection, now: i64) -> Stored<u64> {
    execute(tx, sqlx::query(DELETE_EXPIRED).bind(now)).await
}

fn from_row(row: &SqliteRow) -> Stored<Invitation> {
    Ok(Invitation {
        id: row.try_get("id")?,
        role: word(row, "role")?,
        email: row.try_get("email")?,
        invited_by: row.try_get("invited_by")?,
        created_at: moment(row.try_get("created_at")?),
        expires_at: moment(row.try_get("expires_at")?),
    })
}
