//! What people are to be told: made in the transaction of what it tells of,
//! counted, and chosen by each for themselves. [`super::outbox`] has the way out.

use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, SqliteConnection};
use uuid::Uuid;

use super::imports::word;
use super::{Store, Stored, execute, from_column};
use crate::http::dto::{ImportEndedMails, ImportState, JobKind};

const INSERT: &str = "INSERT INTO notices (kind, event, account_id, site_id, import, job, job_kind,
        code, admin_id, operator, message_id, created_at, tried_since, next_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12)
    ON CONFLICT DO NOTHING";
const ENDED: &str = "SELECT account_id, site_id, state, error FROM imports WHERE seq = $1";

/// Who is told of an import's end now: `$1` is its number.
macro_rules! select_told {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM imports i JOIN admins a ON a.account_id = i.account_id
            WHERE i.seq = $1 AND a.removed_at IS NULL AND (a.mail_on_import_end = 'all'
                OR (a.mail_on_import_end = 'mine' AND a.id = i.started_by)) ",
            $rest
        )
    };
}

pub(super) use select_told;

const TOLD: &str = select_told!("a.id", "ORDER BY a.id");
const RETRY: &str = "UPDATE notices SET given_up_at = NULL, attempts = 0, tried_since = $2,
        next_at = $2
    WHERE account_id = $1 AND sent_at IS NULL AND last_error_code IS NOT NULL
        AND lease_until IS NULL";

/// The numbers of what is not sent; the caller adds of whom.
macro_rules! select_counts {
    ($rest:literal) => {
        concat!(
            "SELECT count(*) FILTER (WHERE given_up_at IS NULL AND last_error_code IS NULL) AS waiting,
                count(*) FILTER (WHERE given_up_at IS NULL AND last_error_code IS NOT NULL) AS failing,
                count(*) FILTER (WHERE given_up_at IS NOT NULL) AS given_up,
                min(created_at) FILTER (WHERE given_up_at IS NULL) AS oldest
            FROM notices WHERE sent_at IS NULL ",
            $rest
        )
    };
}

const COUNTS: &str = select_counts!("");
const COUNTS_OF: &str = select_counts!("AND account_id = $1");
const LAST_ERROR: &str = "SELECT last_error_code FROM notices
    WHERE account_id = $1 AND sent_at IS NULL AND last_error_code IS NOT NULL
    ORDER BY last_error_at DESC, id DESC LIMIT 1";
const SETTING: &str = "SELECT mail_on_import_end FROM admins WHERE id = $1 AND account_id = $2 AND removed_at IS NULL";
const SET_SETTING: &str = "UPDATE admins SET mail_on_import_end = $3
    WHERE id = $1 AND account_id = $2 AND removed_at IS NULL";

/// How a notice travels. Each has a worker of its own: a mail server that does
/// not answer holds up no webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Email,
    Webhook,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    ImportEnded,
    ImportFailed,
    JobFailed,
}

impl Event {
    /// As the outbox and webhooks call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::ImportEnded => "import.ended",
            Self::ImportFailed => "import.failed",
            Self::JobFailed => "job.failed",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        match word {
            "import.ended" => Self::ImportEnded,
            "import.failed" => Self::ImportFailed,
            _ => Self::JobFailed,
        }
    }
}

/// Whom the operator has told, and by what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Audience {
    /// Digests of the operators' addresses.
    pub operators: Vec<String>,
    /// A webhook is set.
    pub webhook: bool,
    /// Mail is sent at all.
    pub mail: bool,
}

/// A job that failed and is no import: imports tell of themselves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FailedJob<'a> {
    /// None where it is of the whole server.
    pub account_id: Option<i64>,
    pub site_id: Option<i64>,
    pub job: i64,
    pub kind: JobKind,
    /// A stable word for why.
    pub code: &'a str,
}

/// Numbers of what is not sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Not tried yet.
    pub waiting: u64,
    /// Tried in vain; will be tried again.
    pub failing: u64,
    /// Not tried again by itself.
    pub given_up: u64,
    /// When the oldest that is not given up was made, in microseconds.
    pub oldest: Option<i64>,
}

/// A row of the outbox, as it is made.
#[derive(Debug, Clone, Copy)]
struct New<'a> {
    event: Event,
    account_id: Option<i64>,
    site_id: Option<i64>,
    import: Option<i64>,
    job: Option<&'a FailedJob<'a>>,
    now: i64,
}

/// Tells of an import that has reached its final state, in the transaction in
/// which it does: operators of a failure, members of the end where they asked
/// for that. True where somebody is told.
pub(crate) async fn import_ended(
    tx: &mut SqliteConnection,
    seq: i64,
    audience: &Audience,
    now: i64,
) -> Stored<bool> {
    let row = sqlx::query(ENDED).bind(seq).fetch_one(&mut *tx).await?;
    let state: ImportState = word(&row, "state")?;
    let error: Option<&str> = row.try_get("error")?;
    let new = New {
        event: Event::ImportFailed,
        account_id: row.try_get("account_id")?,
        site_id: row.try_get("site_id")?,
        import: Some(seq),
        job: None,
        now,
    };
    let mut made = 0;
    if state == ImportState::Failed {
        made += to_operators(tx, new, audience).await?;
    }
    // Whoever stopped an import knows; one that was cut off was stopped by nobody.
    let by_a_person = state == ImportState::Cancelled && error.is_none();
    if audience.mail && !by_a_person {
        let told: Vec<i64> = sqlx::query_scalar(TOLD).bind(seq).fetch_all(&mut *tx).await?;
        for admin in told {
            let new = New { event: Event::ImportEnded, ..new };
            made += insert(tx, new, Kind::Email, Some(admin), None).await?;
        }
    }
    Ok(made > 0)
}

/// Tells operators of a job that failed, in the transaction in which it does.
/// True where somebody is told.
pub(crate) async fn job_failed(
    tx: &mut SqliteConnection,
    job: &FailedJob<'_>,
    audience: &Audience,
    now: i64,
) -> Stored<bool> {
    let new = New {
        event: Event::JobFailed,
        account_id: job.account_id,
        site_id: job.site_id,
        import: None,
        job: Some(job),
        now,
    };
    Ok(to_operators(tx, new, audience).await? > 0)
}

async fn to_operators(tx: &mut SqliteConnection, new: New<'_>, audience: &Audience) -> Stored<u64> {
    let mut made = 0;
    for operator in &audience.operators {
        made += insert(tx, new, Kind::Email, None, Some(operator)).await?;
    }
    if audience.webhook {
        made += insert(tx, new, Kind::Webhook, None, None).await?;
    }
    Ok(made)
}

async fn insert(
    tx: &mut SqliteConnection,
    new: New<'_>,
    kind: Kind,
    admin: Option<i64>,
    operator: Option<&str>,
) -> Stored<u64> {
    let insert = sqlx::query(INSERT)
        .bind(kind.word())
        .bind(new.event.word())
        .bind(new.account_id)
        .bind(new.site_id)
        .bind(new.import)
        .bind(new.job.map(|job| job.job))
        .bind(new.job.map(|job| job.kind.word()))
        .bind(new.job.map(|job| job.code))
        .bind(admin)
        .bind(operator)
        .bind(format!("msg_{}", Uuid::now_v7().simple()))
        .bind(new.now);
    execute(tx, insert).await
}

/// Has all of the account that failed tried again now, what was given up
/// included, and says how many those are.
pub(crate) async fn retry(tx: &mut SqliteConnection, account_id: i64, now: i64) -> Stored<u64> {
    execute(tx, sqlx::query(RETRY).bind(account_id).bind(now)).await
}

/// Numbers of the whole server: for operators, not for an account.
pub(crate) async fn counts(store: &Store) -> Stored<Counts> {
    let row = sqlx::query(COUNTS).fetch_one(store.reader()).await?;
    Ok(Counts::from_row(&row)?)
}

/// Numbers of what belongs to the account, operators' notices about it
/// included, and why the newest of them failed.
pub(crate) async fn counts_of(store: &Store, account_id: i64) -> Stored<(Counts, Option<String>)> {
    let row = sqlx::query(COUNTS_OF).bind(account_id).fetch_one(store.reader()).await?;
    let last = sqlx::query_scalar(LAST_ERROR).bind(account_id);
    Ok((Counts::from_row(&row)?, last.fetch_optional(store.reader()).await?))
}

impl<'r> FromRow<'r, SqliteRow> for Counts {
    fn from_row(row: &'r SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            waiting: from_column(row.try_get("waiting")?),
            failing: from_column(row.try_get("failing")?),
            given_up: from_column(row.try_get("given_up")?),
            oldest: row.try_get("oldest")?,
        })
    }
}

/// Of which imports a member is told the end.
pub(crate) async fn setting(
    store: &Store,
    account_id: i64,
    admin: i64,
) -> Stored<Option<ImportEndedMails>> {
    let row = sqlx::query(SETTING).bind(admin).bind(account_id);
    let row = row.fetch_optional(store.reader()).await?;
    row.map(|row| word(&row, "mail_on_import_end")).transpose()
}

/// Sets that. False where they are no member any more.
pub(crate) async fn set_setting(
    tx: &mut SqliteConnection,
    account_id: i64,
    admin: i64,
    mails: ImportEndedMails,
) -> Stored<bool> {
    let word = match mails {
        ImportEndedMails::Mine => "mine",
        ImportEndedMails::All => "all",
        ImportEndedMails::Never => "never",
    };
    let set = sqlx::query(SET_SETTING).bind(admin).bind(account_id).bind(word);
    Ok(execute(tx, set).await? == 1)
}
