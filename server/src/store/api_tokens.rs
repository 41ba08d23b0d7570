//! API tokens, known by the hash of their secret.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::accounts::AdminRow;
use super::imports::moment;
use super::{Store, Stored, execute, from_column};
use crate::http::dto::ApiToken;

const INSERT: &str = "INSERT INTO api_tokens (account_id, admin_id, name, token_hash, created_at)
    VALUES ($1, $2, $3, $4, $5) RETURNING id";
const COUNT: &str = "SELECT count(*) FROM api_tokens WHERE account_id = $1";
const LIST: &str = "SELECT t.id, t.name, a.email, t.created_at, t.used_at
    FROM api_tokens t JOIN admins a ON a.id = t.admin_id
    WHERE t.account_id = $1 ORDER BY t.id";
/// The token's own account, so that it holds nowhere else.
const FIND: &str = "SELECT a.id, t.account_id, a.email, t.id AS token_id, t.used_at
    FROM api_tokens t JOIN admins a ON a.id = t.admin_id AND a.account_id = t.account_id
    WHERE t.token_hash = $1";
const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM api_tokens WHERE account_id = $1 AND id = $2)";
const TOUCH: &str = "UPDATE api_tokens SET used_at = $3 WHERE account_id = $1 AND id = $2";
const DELETE: &str = "DELETE FROM api_tokens WHERE account_id = $1 AND id = $2";

/// A token that was shown to the server.
#[derive(Debug)]
pub(crate) struct Found {
    /// Who made it: what it does is done in their name.
    pub admin: AdminRow,
    pub id: i64,
    /// In microseconds; none where it was never used.
    pub used_at: Option<i64>,
}

/// Keeps a token and gives what lists show of it.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    admin: &AdminRow,
    name: &str,
    token_hash: &[u8],
    now: i64,
) -> Stored<ApiToken> {
    let id = sqlx::query_scalar(INSERT)
        .bind(admin.account_id)
        .bind(admin.id)
        .bind(name)
        .bind(token_hash)
        .bind(now)
        .fetch_one(tx)
        .await?;
    Ok(ApiToken {
        id,
        name: name.to_owned(),
        created_by: admin.email.clone(),
        created_at: moment(now),
        last_used_at: None,
    })
}

/// Tokens of the account.
pub(crate) async fn count(connection: &mut SqliteConnection, account_id: i64) -> Stored<u64> {
    Ok(from_column(sqlx::query_scalar(COUNT).bind(account_id).fetch_one(connection).await?))
}

/// The account's tokens, the oldest first.
pub(crate) async fn list(store: &Store, account_id: i64) -> Stored<Vec<ApiToken>> {
    let rows = sqlx::query(LIST).bind(account_id).fetch_all(store.reader()).await?;
    rows.iter().map(from_row).collect()
}

/// Whose token it is; none where it is unknown or revoked.
pub(crate) async fn find(store: &Store, token_hash: &[u8]) -> Stored<Option<Found>> {
    let row = sqlx::query(FIND).bind(token_hash).fetch_optional(store.reader()).await?;
    row.map(|row| {
        let admin = AdminRow {
            id: row.try_get("id")?,
            account_id: row.try_get("account_id")?,
            email: row.try_get("email")?,
        };
        Ok(Found { admin, id: row.try_get("token_id")?, used_at: row.try_get("used_at")? })
    })
    .transpose()
}

/// Whether the account still has this token.
pub(crate) async fn exists(store: &Store, account_id: i64, id: i64) -> Stored<bool> {
    Ok(sqlx::query_scalar(EXISTS).bind(account_id).bind(id).fetch_one(store.reader()).await?)
}

/// Notes that it was used.
pub(crate) async fn touch(store: &Store, account_id: i64, id: i64, now: i64) -> Stored<()> {
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(TOUCH).bind(account_id).bind(id).bind(now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Revokes a token. False where the account has no such token.
pub(crate) async fn delete(store: &Store, account_id: i64, id: i64) -> Stored<bool> {
    let mut tx = store.begin().await?;
    let gone = execute(&mut tx, sqlx::query(DELETE).bind(account_id).bind(id)).await? == 1;
    tx.commit().await?;
    Ok(gone)
}

fn from_row(row: &SqliteRow) -> Stored<ApiToken> {
    let used_at: Option<i64> = row.try_get("used_at")?;
    Ok(ApiToken {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        created_by: row.try_get("email")?,
        created_at: moment(row.try_get("created_at")?),
        last_used_at: used_at.map(moment),
    })
}
