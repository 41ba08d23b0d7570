//! Who did what. An entry is written in the transaction of what it tells of, so
//! that neither is there without the other.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::accounts::AdminRow;
use super::imports::{moment, word};
use super::{Store, Stored, execute};
use crate::http::dto::{AuditAction, AuditEntry};

const INSERT: &str = "INSERT INTO audit (account_id, at, admin_id, token_name, action, details)
    VALUES ($1, $2, $3, $4, $5, $6)";
const LIST: &str = "SELECT e.id, e.at, e.admin_id, coalesce(a.removed_email, a.email) AS admin,
        e.token_name, e.action, e.details
    FROM audit e JOIN admins a ON a.id = e.admin_id
    WHERE e.account_id = $1 AND ($2 IS NULL OR e.id < $2) AND ($3 IS NULL OR e.action = $3)
        AND ($4 IS NULL OR e.admin_id = $4)
    ORDER BY e.id DESC LIMIT $5";

/// Who acts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Actor<'a> {
    /// The person, or whoever made the token.
    pub admin: &'a AdminRow,
    /// Name of the token.
    pub token: Option<&'a str>,
}

impl<'a> Actor<'a> {
    /// Somebody who is there themselves.
    pub(crate) fn person(admin: &'a AdminRow) -> Self {
        Self { admin, token: None }
    }
}

/// Which entries to list.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filter {
    /// This act alone.
    pub action: Option<AuditAction>,
    /// Of this person alone.
    pub admin: Option<i64>,
    /// Older than this one.
    pub before: Option<i64>,
}

/// Writes an entry, within the transaction of what it tells of. `details` are
/// ids and words of ours, names and addresses of members; never what people
/// wrote, and no secrets.
pub(crate) async fn note(
    tx: &mut SqliteConnection,
    actor: Actor<'_>,
    action: AuditAction,
    details: &[(&str, &str)],
    now: i64,
) -> Stored<()> {
    let details: BTreeMap<_, _> = details.iter().copied().collect();
    let insert = sqlx::query(INSERT)
        .bind(actor.admin.account_id)
        .bind(now)
        .bind(actor.admin.id)
        .bind(actor.token)
        .bind(action_word(action)?)
        .bind(serde_json::to_string(&details)?);
    execute(tx, insert).await?;
    Ok(())
}

/// The account's entries, the newest first.
pub(crate) async fn list(
    store: &Store,
    account_id: i64,
    filter: Filter,
    limit: u32,
) -> Stored<Vec<AuditEntry>> {
    let action = filter.action.map(action_word).transpose()?;
    let rows = sqlx::query(LIST)
        .bind(account_id)
        .bind(filter.before)
        .bind(action)
        .bind(filter.admin)
        .bind(limit)
        .fetch_all(store.reader())
        .await?;
    rows.iter().map(from_row).collect()
}

/// As the API spells it.
fn action_word(action: AuditAction) -> Stored<String> {
    Ok(serde_json::from_value(serde_json::to_value(action)?)?)
}

fn from_row(row: &SqliteRow) -> Stored<AuditEntry> {
    Ok(AuditEntry {
        id: row.try_get("id")?,
        at: moment(row.try_get("at")?),
        admin_id: row.try_get("admin_id")?,
        admin: row.try_get("admin")?,
        token: row.try_get("token_name")?,
        action: word(row, "action")?,
        details: serde_json::from_str(row.try_get("details")?)?,
    })
}
