//! API tokens, known by the hash of their secret.

use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::accounts::{AdminRow, admin_from};
use super::imports::moment;
use super::{Store, Stored, execute, from_column};
use crate::http::dto::{ApiToken, Scope};

const INSERT: &str =
    "INSERT INTO api_tokens (account_id, admin_id, name, token_hash, scopes, created_at)
    VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
const COUNT: &str = "SELECT count(*) FROM api_tokens WHERE account_id = $1";
const LIST: &str = "SELECT t.id, t.name, t.scopes, a.email, t.created_at, t.used_at
    FROM api_tokens t JOIN admins a ON a.id = t.admin_id
    WHERE t.account_id = $1 AND ($2 IS NULL OR t.admin_id = $2) ORDER BY t.id";
/// The token's own account, so that it holds nowhere else.
const FIND: &str = "SELECT a.id, t.account_id, a.email, a.role, t.id AS token_id, t.name, t.scopes,
        t.used_at
    FROM api_tokens t JOIN admins a ON a.id = t.admin_id AND a.account_id = t.account_id
    WHERE t.token_hash = $1 AND a.removed_at IS NULL";
const TOUCH: &str = "UPDATE api_tokens SET used_at = $3 WHERE account_id = $1 AND id = $2";
const DELETE: &str = "DELETE FROM api_tokens
    WHERE account_id = $1 AND id = $2 AND ($3 IS NULL OR admin_id = $3) RETURNING name";

/// A token that was shown to the server.
#[derive(Debug)]
pub(crate) struct Found {
    /// Who made it: what it does is done in their name.
    pub admin: AdminRow,
    pub id: i64,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// In microseconds; none where it was never used.
    pub used_at: Option<i64>,
}

/// Keeps a token and gives what lists show of it.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    admin: &AdminRow,
    name: &str,
    scopes: &[Scope],
    token_hash: &[u8],
    now: i64,
) -> Stored<ApiToken> {
    let id = sqlx::query_scalar(INSERT)
        .bind(admin.account_id)
        .bind(admin.id)
        .bind(name)
        .bind(token_hash)
        .bind(words(scopes))
        .bind(now)
        .fetch_one(tx)
        .await?;
    Ok(ApiToken {
        id,
        name: name.to_owned(),
        scopes: scopes.to_vec(),
        created_by: admin.email.clone(),
        created_at: moment(now),
        last_used_at: None,
    })
}

/// Tokens of the account.
pub(crate) async fn count(connection: &mut SqliteConnection, account_id: i64) -> Stored<u64> {
    Ok(from_column(sqlx::query_scalar(COUNT).bind(account_id).fetch_one(connection).await?))
}

/// The account's tokens, or those of one of its members; the oldest first.
pub(crate) async fn list(store: &Store, account_id: i64, of: Option<i64>) -> Stored<Vec<ApiToken>> {
    let rows = sqlx::query(LIST).bind(account_id).bind(of).fetch_all(store.reader()).await?;
    rows.iter().map(from_row).collect()
}

/// Whose token it is; none where it is unknown or revoked.
pub(crate) async fn find(store: &Store, token_hash: &[u8]) -> Stored<Option<Found>> {
    let row = sqlx::query(FIND).bind(token_hash).fetch_optional(store.reader()).await?;
    row.map(|row| {
        Ok(Found {
            admin: admin_from(&row)?,
            id: row.try_get("token_id")?,
            name: row.try_get("name")?,
            scopes: scopes(row.try_get("scopes")?)?,
            used_at: row.try_get("used_at")?,
        })
    })
    .transpose()
}

/// Notes that it was used.
pub(crate) async fn touch(store: &Store, account_id: i64, id: i64, now: i64) -> Stored<()> {
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(TOUCH).bind(account_id).bind(id).bind(now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Revokes a token of the account, or of one of its members, and gives its
/// name; none where there is no such token.
pub(crate) async fn delete(
    tx: &mut SqliteConnection,
    account_id: i64,
    id: i64,
    of: Option<i64>,
) -> Stored<Option<String>> {
    let delete = sqlx::query_scalar(DELETE).bind(account_id).bind(id).bind(of);
    Ok(delete.fetch_optional(tx).await?)
}

/// Scopes with a space between.
pub(crate) fn words(scopes: &[Scope]) -> String {
    let words: Vec<_> = scopes
        .iter()
        .map(|scope| match scope {
            Scope::Read => "read",
            Scope::Import => "import",
            Scope::Export => "export",
        })
        .collect();
    words.join(" ")
}

fn scopes(words: &str) -> Stored<Vec<Scope>> {
    let scopes: Result<_, _> = words
        .split(' ')
        .map(|word| serde_json::from_value(Value::String(word.to_owned())))
        .collect();
    Ok(scopes?)
}

fn from_row(row: &SqliteRow) -> Stored<ApiToken> {
    let used_at: Option<i64> = row.try_get("used_at")?;
    Ok(ApiToken {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        scopes: scopes(row.try_get("scopes")?)?,
        created_by: row.try_get("email")?,
        created_at: moment(row.try_get("created_at")?),
        last_used_at: used_at.map(moment),
    })
}
