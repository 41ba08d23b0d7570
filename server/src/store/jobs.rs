//! The queue. Every move of a job is checked where it is made, in SQL.
//!
//! Jobs of a site run one at a time, in the order of their ids, but that undoing
//! goes before what waits. A job without a site is about its whole account and
//! has the account to itself. The sweep is about neither and waits for nobody.

use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::import_moves::{self, next_version, set_running};
use super::imports::{self, word};
use super::{Store, StoreError, Stored, execute, to_column};
use crate::http::dto::{JobKind, Phase};

const ADD: &str =
    "INSERT INTO jobs (kind, account_id, site_id, import, undoes, asked_by, state, cursor, task,
        total, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9, $10) RETURNING id";
/// The move from `queued` to `running`; the caller adds which job.
macro_rules! claim {
    ($which:literal) => {
        concat!(
            "UPDATE jobs SET state = 'running', lease_token = lease_token + 1, lease_until = $1,
                attempt = attempt + 1, started_at = coalesce(started_at, $2)
            WHERE state = 'queued' AND id = (",
            $which,
            ") RETURNING id, kind, account_id, site_id, import, undoes, task,
                lease_token, cursor"
        )
    };
}

/// The job of a site that goes before one that waits: what runs, then what undoes,
/// then the oldest. The caller names the site of the one that waits, and its
/// place: whether it is no undo, and its id.
macro_rules! first_of_site {
    ($site:literal, $place:literal) => {
        concat!(
            "(SELECT other.id FROM jobs other
            WHERE other.site_id = ",
            $site,
            " AND other.state IN ('queued', 'running') AND (other.state = 'running'
                OR (other.kind <> 'undo', other.id) < ",
            $place,
            ")
            ORDER BY other.state = 'queued', other.kind <> 'undo', other.id LIMIT 1)"
        )
    };
}
pub(super) use first_of_site;

/// Undoing goes before what waits: it was asked for of what the site is now.
const CLAIM: &str = claim!(
    "SELECT j.id FROM jobs j
    WHERE j.state IN ('queued', 'running') AND j.state = 'queued' AND j.kind <> 'sweep'
        AND NOT EXISTS (
            SELECT 1 FROM jobs o
            WHERE o.state IN ('queued', 'running') AND o.id <> j.id
                AND (o.state = 'running'
                    OR (o.kind <> 'undo', o.id) < (j.kind <> 'undo', j.id))
                AND (o.site_id = j.site_id OR (o.account_id = j.account_id
                    AND (o.site_id IS NULL OR j.site_id IS NULL))))
        AND (j.kind <> 'import'
            OR EXISTS (SELECT 1 FROM imports i WHERE i.seq = j.import AND i.ending IS NULL))
    ORDER BY j.id LIMIT 1"
);
const CLAIM_SWEEP: &str =
    claim!("SELECT min(id) FROM jobs WHERE kind = 'sweep' AND state = 'queued'");
const HOLDS: &str = "SELECT cancel_requested FROM jobs
    WHERE id = $1 AND lease_token = $2 AND state = 'running'";
const ADVANCE: &str = "UPDATE jobs SET cursor = $3, lease_until = $4, done = min(total, done + $5)
    WHERE id = $1 AND lease_token = $2 AND state = 'running' RETURNING cancel_requested";
const CURSOR: &str = "SELECT cursor FROM jobs
    WHERE id = $1 AND lease_token = $2 AND state = 'running'";
const HEARTBEAT: &str = "UPDATE jobs SET lease_until = $3
    WHERE id = $1 AND lease_token = $2 AND state = 'running'";
const GIVE_BACK: &str = "UPDATE jobs SET state = 'queued', lease_until = NULL
    WHERE id = $1 AND lease_token = $2 AND state = 'running'";
const REQUEST_CANCEL: &str = "UPDATE jobs SET cancel_requested = 1
    WHERE import = $1 AND kind = 'import' AND state IN ('queued', 'running')
        AND cancel_requested = 0";
const SET_UNDONE_BY: &str = "UPDATE jobs SET undone_by = $2 WHERE id = $1 AND undone_by IS NULL";
const IS_THERE: &str = "SELECT EXISTS (
    SELECT 1 FROM jobs WHERE id = $1 AND account_id = $2 AND site_id = $3)";
const CANCEL_QUEUED: &str = "UPDATE jobs SET state = 'cancelled', finished_at = $4
    WHERE id = $1 AND account_id = $2 AND site_id = $3 AND state = 'queued'
        AND kind IN ('undo', 'regroup')
    RETURNING import";

/// Where an import goes on: everything before it is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    pub pass: Pass,
    /// Chunk, from 1.
    pub chunk: u32,
    /// Lines of this chunk that are done.
    pub lines: u64,
}

/// The passes over the spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pass {
    Pages,
    Comments,
    Parents,
    Cleanup,
}

impl Pass {
    /// The word that people see.
    pub(crate) fn phase(self) -> Phase {
        match self {
            Self::Pages => Phase::Pages,
            Self::Comments => Phase::Comments,
            Self::Parents => Phase::Parents,
            Self::Cleanup => Phase::Cleanup,
        }
    }
}

impl Cursor {
    /// The beginning of a pass.
    pub(crate) fn start_of(pass: Pass) -> Self {
        Self { pass, chunk: 1, lines: 0 }
    }
}

/// A job to be put into the queue.
#[derive(Debug, Clone)]
pub(crate) struct NewJob {
    pub kind: JobKind,
    pub account_id: i64,
    /// None where it is about the whole account.
    pub site_id: Option<i64>,
    /// Number of the import that it is about.
    pub import: Option<i64>,
    /// The job that it takes back.
    pub undoes: Option<i64>,
    /// The admin who asked for it.
    pub asked_by: Option<i64>,
    /// Where it begins, as JSON.
    pub cursor: String,
    /// What it is to do, as JSON.
    pub task: Option<String>,
    /// Rows to do, as far as that is known.
    pub total: u64,
}

/// A job that this process works on.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub job: i64,
    pub kind: JobKind,
    pub account_id: Option<i64>,
    pub site_id: Option<i64>,
    /// Number of the import that it is about.
    pub import: Option<i64>,
    /// The job that it takes back.
    pub undoes: Option<i64>,
    /// What it is to do, as JSON.
    pub task: Option<String>,
    /// Fences every write: a newer claim has another.
    pub token: i64,
    /// Where it goes on, as JSON.
    pub cursor: String,
}

/// Puts a job into the queue and gives its id.
pub(crate) async fn add(tx: &mut SqliteConnection, job: &NewJob, now: i64) -> Stored<i64> {
    Ok(sqlx::query_scalar(ADD)
        .bind(job.kind.word())
        .bind(job.account_id)
        .bind(job.site_id)
        .bind(job.import)
        .bind(job.undoes)
        .bind(job.asked_by)
        .bind(&job.cursor)
        .bind(&job.task)
        .bind(to_column(job.total))
        .bind(now)
        .fetch_one(tx)
        .await?)
}

/// Puts an import into the queue.
pub(crate) async fn enqueue(
    tx: &mut SqliteConnection,
    import: &imports::ImportRow,
    now: i64,
) -> Stored<()> {
    let job = NewJob {
        kind: JobKind::Import,
        account_id: import.account_id,
        site_id: Some(import.site_id),
        import: Some(import.seq),
        undoes: None,
        asked_by: None,
        cursor: serde_json::to_string(&Cursor::start_of(Pass::Pages))?,
        task: None,
        // How far an import is stands with it.
        total: 0,
    };
    add(tx, &job, now).await?;
    Ok(())
}

/// Takes the oldest job that waits for no other. Sweeps are taken by [`claim_sweep`].
pub(crate) async fn claim(store: &Store, now: i64, lease_until: i64) -> Stored<Option<Claim>> {
    take(store, CLAIM, now, lease_until).await
}

/// Takes the sweep that waits.
pub(crate) async fn claim_sweep(
    store: &Store,
    now: i64,
    lease_until: i64,
) -> Stored<Option<Claim>> {
    take(store, CLAIM_SWEEP, now, lease_until).await
}

async fn take(
    store: &Store,
    sql: &'static str,
    now: i64,
    lease_until: i64,
) -> Stored<Option<Claim>> {
    let mut tx = store.begin().await?;
    let take = sqlx::query(sql).bind(lease_until).bind(now);
    let Some(row) = take.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    let claim = claim_from(&row)?;
    match (claim.kind, claim.import) {
        (JobKind::Import, Some(import)) => {
            set_running(&mut tx, import).await?;
        }
        (_, Some(import)) => import_moves::touch(&mut tx, import).await?,
        (_, None) => {}
    }
    tx.commit().await?;
    Ok(Some(claim))
}

/// Whether somebody asked to cancel, for the first look of a transaction.
///
/// # Errors
/// [`StoreError::LeaseLost`] where the claim is not the newest: nothing of the
/// transaction may be committed.
pub(crate) async fn holds(tx: &mut SqliteConnection, claim: &Claim) -> Stored<bool> {
    sqlx::query_scalar(HOLDS)
        .bind(claim.job)
        .bind(claim.token)
        .fetch_optional(tx)
        .await?
        .ok_or(StoreError::LeaseLost)
}

/// Moves the cursor on, within the transaction of what it stands for. True
/// where somebody asked to cancel.
///
/// # Errors
/// [`StoreError::LeaseLost`] where the claim is not the newest: nothing of the
/// transaction may be committed.
pub(crate) async fn advance(
    tx: &mut SqliteConnection,
    claim: &Claim,
    cursor: &(impl Serialize + Sync),
    newly_done: u64,
    lease_until: i64,
) -> Stored<bool> {
    sqlx::query_scalar(ADVANCE)
        .bind(claim.job)
        .bind(claim.token)
        .bind(serde_json::to_string(cursor)?)
        .bind(lease_until)
        .bind(to_column(newly_done))
        .fetch_optional(tx)
        .await?
        .ok_or(StoreError::LeaseLost)
}

/// Where the job goes on, as JSON.
///
/// # Errors
/// [`StoreError::LeaseLost`] where the claim is not the newest.
pub(crate) async fn cursor(store: &Store, claim: &Claim) -> Stored<String> {
    sqlx::query_scalar(CURSOR)
        .bind(claim.job)
        .bind(claim.token)
        .fetch_optional(store.reader())
        .await?
        .ok_or(StoreError::LeaseLost)
}

/// Keeps the claim. False where it is lost.
pub(crate) async fn heartbeat(store: &Store, claim: &Claim, lease_until: i64) -> Stored<bool> {
    let mut tx = store.begin().await?;
    let heartbeat = sqlx::query(HEARTBEAT).bind(claim.job).bind(claim.token).bind(lease_until);
    let kept = execute(&mut tx, heartbeat).await? == 1;
    tx.commit().await?;
    Ok(kept)
}

/// Puts a job back whose worker stops in good order.
pub(crate) async fn give_back(store: &Store, claim: &Claim) -> Stored<()> {
    let mut tx = store.begin().await?;
    let give_back = sqlx::query(GIVE_BACK).bind(claim.job).bind(claim.token);
    execute(&mut tx, give_back).await?;
    tx.commit().await?;
    Ok(())
}

/// Asks the worker of an import to stop at its next batch.
pub(crate) async fn request_cancel(tx: &mut SqliteConnection, import: i64) -> Stored<bool> {
    Ok(execute(tx, sqlx::query(REQUEST_CANCEL).bind(import)).await? == 1)
}

/// `queued` → `cancelled`. Only what waits and can wait for ever: an import is
/// cancelled with its files, and a deletion was meant. False where it is in
/// another state or of another kind.
pub(crate) async fn cancel_queued(
    tx: &mut SqliteConnection,
    account_id: i64,
    site_id: i64,
    job: i64,
    now: i64,
) -> Stored<bool> {
    let cancel = sqlx::query(CANCEL_QUEUED).bind(job).bind(account_id).bind(site_id).bind(now);
    let Some(row) = cancel.fetch_optional(&mut *tx).await? else {
        return Ok(false);
    };
    if let Some(import) = row.try_get("import")? {
        import_moves::touch(tx, import).await?;
    }
    tell_queue(tx, Some(site_id)).await?;
    Ok(true)
}

/// Says by which job a job was taken back.
pub(super) async fn set_undone_by(tx: &mut SqliteConnection, job: i64, by: i64) -> Stored<()> {
    execute(tx, sqlx::query(SET_UNDONE_BY).bind(job).bind(by)).await?;
    Ok(())
}

/// Whether the account's site has this job.
pub(crate) async fn is_there(
    tx: &mut SqliteConnection,
    account_id: i64,
    site_id: i64,
    job: i64,
) -> Stored<bool> {
    let find = sqlx::query_scalar(IS_THERE).bind(job).bind(account_id).bind(site_id);
    Ok(find.fetch_one(tx).await?)
}

/// What waited behind a job waits behind another now, or for nothing.
pub(super) async fn tell_queue(tx: &mut SqliteConnection, site_id: Option<i64>) -> Stored<()> {
    let Some(site_id) = site_id else { return Ok(()) };
    let version = next_version(tx).await?;
    import_moves::touch_queued(tx, site_id, version).await
}

fn claim_from(row: &SqliteRow) -> Stored<Claim> {
    Ok(Claim {
        job: row.try_get("id")?,
        kind: word(row, "kind")?,
        account_id: row.try_get("account_id")?,
        site_id: row.try_get("site_id")?,
        import: row.try_get("import")?,
        undoes: row.try_get("undoes")?,
        task: row.try_get("task")?,
        token: row.try_get("lease_token")?,
        cursor: row.try_get("cursor")?,
    })
}
