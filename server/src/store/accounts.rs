//! Accounts, their admins, and the link that makes the first of both.

use sqlx::{Row, SqliteConnection};

use super::{Store, Stored, execute};

const ADMIN_EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM admins)";
const REPLACE_LINKS: &str = "DELETE FROM setup_links";
const INSERT_LINK: &str = "INSERT INTO setup_links (token_hash, expires_at) VALUES ($1, $2)";
const LINK_VALID: &str =
    "SELECT EXISTS (SELECT 1 FROM setup_links WHERE token_hash = $1 AND expires_at > $2)";
const TAKE_LINK: &str = "DELETE FROM setup_links WHERE token_hash = $1 AND expires_at > $2";
const INSERT_ACCOUNT: &str = "INSERT INTO accounts (created_at) VALUES ($1) RETURNING id";
const INSERT_ADMIN: &str = "INSERT INTO admins (account_id, email, password_hash, role, created_at)
    VALUES ($1, $2, $3, 'owner', $4) RETURNING id";
const IS_OWNER: &str = "SELECT EXISTS (SELECT 1 FROM admins WHERE id = $1 AND role = 'owner')";
const BY_EMAIL: &str = "SELECT id, account_id, email, password_hash FROM admins WHERE email = $1";

/// A person of an account, as the session knows them.
#[derive(Debug, Clone)]
pub(crate) struct AdminRow {
    pub id: i64,
    pub account_id: i64,
    pub email: String,
}

/// Whether anybody can sign in.
pub(crate) async fn admin_exists(store: &Store) -> Stored<bool> {
    Ok(sqlx::query_scalar(ADMIN_EXISTS).fetch_one(store.reader()).await?)
}

/// Makes this the only setup link.
pub(crate) async fn put_setup_link(
    store: &Store,
    token_hash: &[u8],
    expires_at: i64,
) -> Stored<()> {
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(REPLACE_LINKS)).await?;
    let insert = sqlx::query(INSERT_LINK).bind(token_hash).bind(expires_at);
    execute(&mut tx, insert).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the link could be used now.
pub(crate) async fn setup_link_valid(store: &Store, token_hash: &[u8], now: i64) -> Stored<bool> {
    Ok(sqlx::query_scalar(LINK_VALID).bind(token_hash).bind(now).fetch_one(store.reader()).await?)
}

/// Uses the link up. False where it is unknown, used or expired, or an admin exists.
pub(crate) async fn take_setup_link(
    tx: &mut SqliteConnection,
    token_hash: &[u8],
    now: i64,
) -> Stored<bool> {
    let exists: bool = sqlx::query_scalar(ADMIN_EXISTS).fetch_one(&mut *tx).await?;
    let take = sqlx::query(TAKE_LINK).bind(token_hash).bind(now);
    Ok(!exists && execute(tx, take).await? == 1)
}

/// Makes an account and its owner.
pub(crate) async fn insert_owner(
    tx: &mut SqliteConnection,
    email: &str,
    password_hash: &str,
    now: i64,
) -> Stored<AdminRow> {
    let account_id: i64 = sqlx::query_scalar(INSERT_ACCOUNT).bind(now).fetch_one(&mut *tx).await?;
    let id = sqlx::query_scalar(INSERT_ADMIN)
        .bind(account_id)
        .bind(email)
        .bind(password_hash)
        .bind(now)
        .fetch_one(tx)
        .await?;
    Ok(AdminRow { id, account_id, email: email.to_owned() })
}

/// Whether this admin may decide about their account.
pub(crate) async fn is_owner(store: &Store, admin_id: i64) -> Stored<bool> {
    Ok(sqlx::query_scalar(IS_OWNER).bind(admin_id).fetch_one(store.reader()).await?)
}

/// The admin of this address, and the hash of their password.
pub(crate) async fn admin_by_email(
    store: &Store,
    email: &str,
) -> Stored<Option<(AdminRow, String)>> {
    let row = sqlx::query(BY_EMAIL).bind(email).fetch_optional(store.reader()).await?;
    row.map(|row| {
        let admin = AdminRow {
            id: row.try_get("id")?,
            account_id: row.try_get("account_id")?,
            email: row.try_get("email")?,
        };
        Ok((admin, row.try_get("password_hash")?))
    })
    .transpose()
}
