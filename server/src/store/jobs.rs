//! The queue. Every move of a job is checked where it is made, in SQL.

use serde::{Deserialize, Serialize};
use sqlx::{Row, SqliteConnection};

use super::imports::set_running;
use super::{Store, StoreError, Stored, execute};
use crate::http::dto::Phase;

const ENQUEUE: &str =
    "INSERT INTO jobs (kind, account_id, site_id, import, state, cursor, created_at)
    VALUES ('import', $1, $2, $3, 'queued', $4, $5)";
const CLAIM: &str = "UPDATE jobs
    SET state = 'running', lease_token = lease_token + 1, lease_until = $1, attempt = attempt + 1
    WHERE state = 'queued' AND id = (
        SELECT min(j.id) FROM jobs j
        WHERE j.state = 'queued' AND NOT EXISTS (
            SELECT 1 FROM jobs o WHERE o.site_id = j.site_id AND o.id <> j.id
                AND (o.state = 'running' OR (o.state = 'queued' AND o.id < j.id))
        ) AND EXISTS (SELECT 1 FROM imports i WHERE i.seq = j.import AND i.ending IS NULL)
    )
    RETURNING id, import, lease_token, cursor";
const ADVANCE: &str = "UPDATE jobs SET cursor = $3, lease_until = $4
    WHERE id = $1 AND lease_token = $2 AND state = 'running' RETURNING cancel_requested";
const CURSOR: &str = "SELECT cursor FROM jobs
    WHERE id = $1 AND lease_token = $2 AND state = 'running'";
const HEARTBEAT: &str = "UPDATE jobs SET lease_until = $3
    WHERE id = $1 AND lease_token = $2 AND state = 'running'";
const GIVE_BACK: &str = "UPDATE jobs SET state = 'queued', lease_until = NULL
    WHERE id = $1 AND lease_token = $2 AND state = 'running'";
const ABANDONED: &str = "SELECT id, import, cursor, interrupted_at FROM jobs
    WHERE state = 'running' AND lease_until <= $1";
const RELEASE: &str =
    "UPDATE jobs SET state = 'queued', lease_until = NULL, lease_token = lease_token + 1,
        interrupted_at = cursor
    WHERE id = $1 AND state = 'running' AND lease_until <= $2";
const REQUEST_CANCEL: &str = "UPDATE jobs SET cancel_requested = 1
    WHERE import = $1 AND state IN ('queued', 'running') AND cancel_requested = 0";
const END: &str = "UPDATE jobs SET lease_until = NULL, finished_at = $2,
        state = (SELECT CASE i.ending WHEN 'expired' THEN 'cancelled' ELSE i.ending END
                 FROM imports i WHERE i.seq = jobs.import)
    WHERE import = $1 AND state IN ('queued', 'running')";

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

/// A job that this process works on.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub job: i64,
    pub import: i64,
    /// Fences every write: a newer claim has another.
    pub token: i64,
    pub cursor: Cursor,
}

/// A job whose worker is gone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Abandoned {
    pub job: i64,
    pub import: i64,
    /// It was left at the same place the time before.
    pub twice: bool,
}

/// Puts an import into the queue.
pub(crate) async fn enqueue(
    tx: &mut SqliteConnection,
    import: &super::imports::ImportRow,
    now: i64,
) -> Stored<()> {
    let cursor = serde_json::to_string(&Cursor::start_of(Pass::Pages))?;
    let enqueue = sqlx::query(ENQUEUE)
        .bind(import.account_id)
        .bind(import.site_id)
        .bind(import.seq)
        .bind(cursor)
        .bind(now);
    execute(tx, enqueue).await?;
    Ok(())
}

/// Takes the oldest job whose site has none running.
pub(crate) async fn claim(store: &Store, lease_until: i64) -> Stored<Option<Claim>> {
    let mut tx = store.begin().await?;
    let Some(row) = sqlx::query(CLAIM).bind(lease_until).fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    let claim = Claim {
        job: row.try_get("id")?,
        import: row.try_get("import")?,
        token: row.try_get("lease_token")?,
        cursor: serde_json::from_str(row.try_get("cursor")?)?,
    };
    set_running(&mut tx, claim.import).await?;
    tx.commit().await?;
    Ok(Some(claim))
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
    cursor: Cursor,
    lease_until: i64,
) -> Stored<bool> {
    sqlx::query_scalar(ADVANCE)
        .bind(claim.job)
        .bind(claim.token)
        .bind(serde_json::to_string(&cursor)?)
        .bind(lease_until)
        .fetch_optional(tx)
        .await?
        .ok_or(StoreError::LeaseLost)
}

/// Where the job goes on.
///
/// # Errors
/// [`StoreError::LeaseLost`] where the claim is not the newest.
pub(crate) async fn cursor(store: &Store, claim: &Claim) -> Stored<Cursor> {
    let cursor: Option<String> = sqlx::query_scalar(CURSOR)
        .bind(claim.job)
        .bind(claim.token)
        .fetch_optional(store.reader())
        .await?;
    Ok(serde_json::from_str(&cursor.ok_or(StoreError::LeaseLost)?)?)
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

/// Jobs whose lease ran out by then.
pub(crate) async fn abandoned(store: &Store, lease_before: i64) -> Stored<Vec<Abandoned>> {
    let rows = sqlx::query(ABANDONED).bind(lease_before).fetch_all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            let cursor: String = row.try_get("cursor")?;
            let before: Option<String> = row.try_get("interrupted_at")?;
            let at: Cursor = serde_json::from_str(&cursor)?;
            Ok(Abandoned {
                job: row.try_get("id")?,
                import: row.try_get("import")?,
                // Deleting files can be repeated as often as it takes.
                twice: before.as_ref() == Some(&cursor) && at.pass != Pass::Cleanup,
            })
        })
        .collect()
}

/// Puts an abandoned job back at its cursor.
pub(crate) async fn release(
    tx: &mut SqliteConnection,
    job: i64,
    lease_before: i64,
) -> Stored<bool> {
    let release = sqlx::query(RELEASE).bind(job).bind(lease_before);
    Ok(execute(tx, release).await? == 1)
}

/// Asks the worker of an import to stop at its next batch.
pub(crate) async fn request_cancel(tx: &mut SqliteConnection, import: i64) -> Stored<bool> {
    Ok(execute(tx, sqlx::query(REQUEST_CANCEL).bind(import)).await? == 1)
}

/// Ends the job of an import, if it has one, as the import ends.
pub(super) async fn end(tx: &mut SqliteConnection, import: i64, now: i64) -> Stored<()> {
    execute(tx, sqlx::query(END).bind(import).bind(now)).await?;
    Ok(())
}
