//! The way of notices out: a worker claims one, sends it, and stores what came
//! of that ([`crate::notify`]).

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::imports::word;
use super::notices::{Event, Kind, select_told};
use super::{SqliteQuery, Store, StoreError, Stored, execute, from_column};
use crate::http::dto::{ImportError, ImportResult, ImportState};

/// What is neither sent nor given up.
macro_rules! unsent {
    ($before:literal, $rest:literal) => {
        concat!($before, " sent_at IS NULL AND given_up_at IS NULL ", $rest)
    };
}

const CLAIM: &str = unsent!(
    "UPDATE notices
    SET lease_token = lease_token + 1, lease_until = $3, attempts = attempts + 1
    WHERE id = (
        SELECT id FROM notices WHERE kind = $1 AND next_at <= $2
            AND (lease_until IS NULL OR lease_until <= $2) AND",
    "ORDER BY next_at, id LIMIT 1
    )
    RETURNING *"
);
const NEXT_DUE: &str = unsent!(
    "SELECT min(max(next_at, coalesce(lease_until, 0))) FROM notices WHERE kind = $1 AND",
    ""
);
const RELEASE_ALL: &str = unsent!(
    "UPDATE notices SET lease_until = NULL, lease_token = lease_token + 1
    WHERE lease_until IS NOT NULL AND",
    ""
);
const SENT: &str = "UPDATE notices SET sent_at = $3, lease_until = NULL
    WHERE id = $1 AND lease_token = $2 AND sent_at IS NULL AND given_up_at IS NULL";
const FAILED: &str = "UPDATE notices
    SET lease_until = NULL, last_error_code = $3, last_error_at = $4,
        next_at = coalesce($5, next_at), given_up_at = CASE WHEN $5 IS NULL THEN $4 END
    WHERE id = $1 AND lease_token = $2 AND sent_at IS NULL AND given_up_at IS NULL";
const WITHDRAW: &str = "DELETE FROM notices
    WHERE id = $1 AND lease_token = $2 AND sent_at IS NULL AND given_up_at IS NULL";
const STILL_TOLD: &str = select_told!("a.email", "AND a.id = $2");
const DELETE_OLD: &str = "DELETE FROM notices WHERE sent_at <= $1 OR given_up_at <= $1";
const ABOUT_IMPORT: &str =
    "SELECT id, site_id, state, error, comments, result FROM imports WHERE seq = $1";

/// A notice that this process sends.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub id: i64,
    lease_token: i64,
    /// How often it was tried, this time included.
    pub attempts: u32,
    pub tried_since: i64,
    pub event: Event,
    pub message_id: String,
    /// When what it tells of happened, in microseconds.
    pub created_at: i64,
    pub account_id: Option<i64>,
    pub about: About,
    pub to: Recipient,
}

/// What a notice says.
#[derive(Debug, Clone)]
pub(crate) enum About {
    Import(AboutImport),
    Job { id: i64, kind: String, code: String, site_id: Option<i64> },
}

/// What a notice says of an import.
#[derive(Debug, Clone)]
pub(crate) struct AboutImport {
    pub id: String,
    pub site_id: i64,
    pub state: ImportState,
    pub code: Option<String>,
    /// Comments received.
    pub received: u64,
    /// What came of the lines.
    pub result: ImportResult,
}

/// Whom a notice goes to.
#[derive(Debug, Clone)]
pub(crate) enum Recipient {
    /// The operator's webhook.
    Webhook,
    /// The operator whose address has this digest.
    Operator(String),
    /// A member's address; none where they are gone or want it no more.
    Member(Option<String>),
}

/// Takes the notice that is due for the longest time.
pub(crate) async fn claim(
    store: &Store,
    kind: Kind,
    now: i64,
    lease_until: i64,
) -> Stored<Option<Claimed>> {
    let mut tx = store.begin().await?;
    let claim = sqlx::query(CLAIM).bind(kind.word()).bind(now).bind(lease_until);
    let Some(row) = claim.fetch_optional(&mut *tx).await? else { return Ok(None) };
    let (about, to) = (about(&mut tx, &row).await?, recipient(&mut tx, &row, kind).await?);
    tx.commit().await?;
    Ok(Some(Claimed {
        id: row.try_get("id")?,
        lease_token: row.try_get("lease_token")?,
        attempts: row.try_get("attempts")?,
        tried_since: row.try_get("tried_since")?,
        event: Event::of(row.try_get("event")?),
        message_id: row.try_get("message_id")?,
        created_at: row.try_get("created_at")?,
        account_id: row.try_get("account_id")?,
        about,
        to,
    }))
}

async fn about(tx: &mut SqliteConnection, row: &SqliteRow) -> Stored<About> {
    let Some(seq) = row.try_get::<Option<i64>, _>("import")? else {
        return Ok(About::Job {
            id: row.try_get("job")?,
            kind: row.try_get("job_kind")?,
            code: row.try_get("code")?,
            site_id: row.try_get("site_id")?,
        });
    };
    let row = sqlx::query(ABOUT_IMPORT).bind(seq).fetch_one(tx).await?;
    let error: Option<&str> = row.try_get("error")?;
    let error: Option<ImportError> = error.map(serde_json::from_str).transpose()?;
    Ok(About::Import(AboutImport {
        id: row.try_get("id")?,
        site_id: row.try_get("site_id")?,
        state: word(&row, "state")?,
        code: error.map(|error| error.code),
        received: from_column(row.try_get("comments")?),
        result: serde_json::from_str(row.try_get("result")?)?,
    }))
}

async fn recipient(tx: &mut SqliteConnection, row: &SqliteRow, kind: Kind) -> Stored<Recipient> {
    if kind == Kind::Webhook {
        return Ok(Recipient::Webhook);
    }
    if let Some(operator) = row.try_get("operator")? {
        return Ok(Recipient::Operator(operator));
    }
    let (import, admin): (i64, i64) = (row.try_get("import")?, row.try_get("admin_id")?);
    let email = sqlx::query_scalar(STILL_TOLD).bind(import).bind(admin);
    Ok(Recipient::Member(email.fetch_optional(tx).await?))
}

/// When the next one is due; none where nothing waits.
pub(crate) async fn next_due(store: &Store, kind: Kind) -> Stored<Option<i64>> {
    Ok(sqlx::query_scalar(NEXT_DUE).bind(kind.word()).fetch_one(store.reader()).await?)
}

/// Takes all claims back: whoever held them is gone.
pub(crate) async fn release_all(store: &Store) -> Stored<()> {
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(RELEASE_ALL)).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes that it is sent.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another process has taken it over.
pub(crate) async fn sent(store: &Store, notice: &Claimed, now: i64) -> Stored<()> {
    settle(store, sqlx::query(SENT).bind(notice.id).bind(notice.lease_token).bind(now)).await
}

/// Notes that it could not be sent, and when it is tried again; without that it
/// is given up.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another process has taken it over.
pub(crate) async fn failed(
    store: &Store,
    notice: &Claimed,
    code: &str,
    now: i64,
    next_at: Option<i64>,
) -> Stored<()> {
    let failed = sqlx::query(FAILED)
        .bind(notice.id)
        .bind(notice.lease_token)
        .bind(code)
        .bind(now)
        .bind(next_at);
    settle(store, failed).await
}

/// Takes it out: whom it was for wants it no more, or is gone.
///
/// # Errors
/// [`StoreError::LeaseLost`] where another process has taken it over.
pub(crate) async fn withdraw(store: &Store, notice: &Claimed) -> Stored<()> {
    settle(store, sqlx::query(WITHDRAW).bind(notice.id).bind(notice.lease_token)).await
}

async fn settle(store: &Store, query: SqliteQuery<'_>) -> Stored<()> {
    let mut tx = store.begin().await?;
    if execute(&mut tx, query).await? != 1 {
        return Err(StoreError::LeaseLost);
    }
    tx.commit().await?;
    Ok(())
}

/// Forgets what was sent or given up by then.
pub(crate) async fn delete_old(tx: &mut SqliteConnection, before: i64) -> Stored<()> {
    execute(tx, sqlx::query(DELETE_OLD).bind(before)).await?;
    Ok(())
}
