//! Accounts, how people sign in to them, and the links that make them.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::imports::word;
use super::{Store, Stored, execute};
use crate::http::dto::Role;

const ADMIN_EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM admins)";
const FORGET_FIRST_LINKS: &str = "DELETE FROM setup_links WHERE further = 0";
const INSERT_LINK: &str =
    "INSERT INTO setup_links (token_hash, expires_at, further) VALUES ($1, $2, $3)";
const LINK_VALID: &str = "SELECT EXISTS (SELECT 1 FROM setup_links
    WHERE token_hash = $1 AND expires_at > $2 AND (further = 1 OR NOT EXISTS (SELECT 1 FROM admins)))";
const TAKE_LINK: &str = "DELETE FROM setup_links
    WHERE token_hash = $1 AND expires_at > $2 AND (further = 1 OR NOT EXISTS (SELECT 1 FROM admins))";
const DELETE_EXPIRED_LINKS: &str = "DELETE FROM setup_links WHERE expires_at <= $1";
const INSERT_ACCOUNT: &str = "INSERT INTO accounts (created_at) VALUES ($1) RETURNING id";
const INSERT_ADMIN: &str = "INSERT INTO admins (account_id, email, password_hash, role, created_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id";
const BY_EMAIL: &str = "SELECT id, account_id, email, role, password_hash FROM admins
    WHERE email = $1 AND removed_at IS NULL";
const PASSWORD: &str = "SELECT password_hash FROM admins WHERE id = $1 AND account_id = $2";
const SET_PASSWORD: &str =
    "UPDATE admins SET password_hash = $3 WHERE id = $1 AND account_id = $2 AND removed_at IS NULL";

/// A person of an account, as the session knows them.
#[derive(Debug, Clone)]
pub(crate) struct AdminRow {
    pub id: i64,
    pub account_id: i64,
    pub email: String,
    /// What they may do now.
    pub role: Role,
}

/// Which account a set-up link makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkFor {
    /// The server's first. A new link takes the place of the one before.
    First,
    /// One beside those that exist.
    Further,
}

/// Whether anybody can sign in.
pub(crate) async fn admin_exists(store: &Store) -> Stored<bool> {
    Ok(sqlx::query_scalar(ADMIN_EXISTS).fetch_one(store.reader()).await?)
}

/// Keeps a set-up link.
pub(crate) async fn put_setup_link(
    store: &Store,
    for_: LinkFor,
    token_hash: &[u8],
    expires_at: i64,
) -> Stored<()> {
    let mut tx = store.begin().await?;
    if for_ == LinkFor::First {
        execute(&mut tx, sqlx::query(FORGET_FIRST_LINKS)).await?;
    }
    let further = for_ == LinkFor::Further;
    let insert = sqlx::query(INSERT_LINK).bind(token_hash).bind(expires_at).bind(further);
    execute(&mut tx, insert).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the link could be used now.
pub(crate) async fn setup_link_valid(store: &Store, token_hash: &[u8], now: i64) -> Stored<bool> {
    Ok(sqlx::query_scalar(LINK_VALID).bind(token_hash).bind(now).fetch_one(store.reader()).await?)
}

/// Uses the link up. False where it is unknown, used or expired, or was for
/// the first account and there is one.
pub(crate) async fn take_setup_link(
    tx: &mut SqliteConnection,
    token_hash: &[u8],
    now: i64,
) -> Stored<bool> {
    let take = sqlx::query(TAKE_LINK).bind(token_hash).bind(now);
    Ok(execute(tx, take).await? == 1)
}

/// Removes links that nobody used in time.
pub(crate) async fn delete_expired_links(tx: &mut SqliteConnection, now: i64) -> Stored<u64> {
    execute(tx, sqlx::query(DELETE_EXPIRED_LINKS).bind(now)).await
}

/// Makes an account and its owner. None where the address is somebody's.
pub(crate) async fn insert_owner(
    tx: &mut SqliteConnection,
    email: &str,
    password_hash: &str,
    now: i64,
) -> Stored<Option<AdminRow>> {
    let account_id: i64 = sqlx::query_scalar(INSERT_ACCOUNT).bind(now).fetch_one(&mut *tx).await?;
    insert_admin(tx, account_id, email, password_hash, Role::Owner, now).await
}

/// Adds a person to an account. None where the address is somebody's, on the whole server.
pub(crate) async fn insert_admin(
    tx: &mut SqliteConnection,
    account_id: i64,
    email: &str,
    password_hash: &str,
    role: Role,
    now: i64,
) -> Stored<Option<AdminRow>> {
    let id: Option<i64> = sqlx::query_scalar(INSERT_ADMIN)
        .bind(account_id)
        .bind(email)
        .bind(password_hash)
        .bind(role_word(role))
        .bind(now)
        .fetch_optional(tx)
        .await?;
    Ok(id.map(|id| AdminRow { id, account_id, email: email.to_owned(), role }))
}

/// The admin of this address, and the hash of their password.
pub(crate) async fn admin_by_email(
    store: &Store,
    email: &str,
) -> Stored<Option<(AdminRow, String)>> {
    let row = sqlx::query(BY_EMAIL).bind(email).fetch_optional(store.reader()).await?;
    row.map(|row| Ok((admin_from(&row)?, row.try_get("password_hash")?))).transpose()
}

/// The hash of a person's password.
pub(crate) async fn password_hash(store: &Store, admin: &AdminRow) -> Stored<Option<String>> {
    let hash = sqlx::query_scalar(PASSWORD).bind(admin.id).bind(admin.account_id);
    Ok(hash.fetch_optional(store.reader()).await?)
}

/// Gives a member another password. False where they were removed.
pub(crate) async fn set_password(
    tx: &mut SqliteConnection,
    admin: &AdminRow,
    password_hash: &str,
) -> Stored<bool> {
    let update =
        sqlx::query(SET_PASSWORD).bind(admin.id).bind(admin.account_id).bind(password_hash);
    Ok(execute(tx, update).await? == 1)
}

/// From a row with `id`, `account_id`, `email` and `role`.
pub(super) fn admin_from(row: &SqliteRow) -> Stored<AdminRow> {
    Ok(AdminRow {
        id: row.try_get("id")?,
        account_id: row.try_get("account_id")?,
        email: row.try_get("email")?,
        role: word(row, "role")?,
    })
}

/// As the tables spell it.
pub(crate) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Viewer => "viewer",
    }
}
