//! Members of an account: listed, given another role, removed.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::accounts::role_word;
use super::imports::{moment, word};
use super::{Store, Stored, execute};
use crate::http::dto::{Member, Role};

const LIST: &str = "SELECT id, email, role, created_at FROM admins
    WHERE account_id = $1 AND removed_at IS NULL ORDER BY id";
const FIND: &str = "SELECT id, email, role, created_at FROM admins
    WHERE account_id = $1 AND id = $2 AND removed_at IS NULL";
const OTHER_OWNER: &str = "SELECT EXISTS (SELECT 1 FROM admins
    WHERE account_id = $1 AND id <> $2 AND role = 'owner' AND removed_at IS NULL)";
const SET_ROLE: &str = "UPDATE admins SET role = $3 WHERE account_id = $1 AND id = $2";
const REMOVE: &str = "UPDATE admins SET removed_at = $3, removed_email = email,
        email = 'removed-' || id, password_hash = ''
    WHERE account_id = $1 AND id = $2 AND removed_at IS NULL";
const DELETE_SESSIONS: &str = "DELETE FROM sessions WHERE admin_id = $1";
const DELETE_TOKENS: &str = "DELETE FROM api_tokens WHERE admin_id = $1";
const DELETE_RESETS: &str = "DELETE FROM password_resets WHERE admin_id = $1";
const DELETE_INVITATIONS: &str = "DELETE FROM invitations WHERE invited_by = $1";

/// The account's members, the first ones first.
pub(crate) async fn list(store: &Store, account_id: i64) -> Stored<Vec<Member>> {
    let rows = sqlx::query(LIST).bind(account_id).fetch_all(store.reader()).await?;
    rows.iter().map(from_row).collect()
}

/// A member of the account.
pub(crate) async fn find(
    connection: &mut SqliteConnection,
    account_id: i64,
    id: i64,
) -> Stored<Option<Member>> {
    let row = sqlx::query(FIND).bind(account_id).bind(id).fetch_optional(connection).await?;
    row.as_ref().map(from_row).transpose()
}

/// Whether the account has an owner beside this member.
pub(crate) async fn other_owner(
    connection: &mut SqliteConnection,
    account_id: i64,
    id: i64,
) -> Stored<bool> {
    Ok(sqlx::query_scalar(OTHER_OWNER).bind(account_id).bind(id).fetch_one(connection).await?)
}

/// Gives a member another role. Whoever is no owner any more takes their open
/// invitations along: one may be meant for themselves.
pub(crate) async fn set_role(
    tx: &mut SqliteConnection,
    account_id: i64,
    id: i64,
    role: Role,
) -> Stored<()> {
    let update = sqlx::query(SET_ROLE).bind(account_id).bind(id).bind(role_word(role));
    if execute(tx, update).await? == 1 && role != Role::Owner {
        execute(tx, sqlx::query(DELETE_INVITATIONS).bind(id)).await?;
    }
    Ok(())
}

/// Removes a member with all by which they could get in. Their address is free again.
pub(crate) async fn remove(
    tx: &mut SqliteConnection,
    account_id: i64,
    id: i64,
    now: i64,
) -> Stored<()> {
    let update = sqlx::query(REMOVE).bind(account_id).bind(id).bind(now);
    if execute(tx, update).await? == 1 {
        for statement in [DELETE_SESSIONS, DELETE_TOKENS, DELETE_RESETS, DELETE_INVITATIONS] {
            execute(tx, sqlx::query(statement).bind(id)).await?;
        }
    }
    Ok(())
}

fn from_row(row: &SqliteRow) -> Stored<Member> {
    Ok(Member {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        role: word(row, "role")?,
        created_at: moment(row.try_get("created_at")?),
    })
}
