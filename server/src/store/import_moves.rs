//! The moves of imports from state to state, and the numbers by which live events follow them.

use sqlx::SqliteConnection;

use super::imports::ImportRow;
use super::{Store, StoreError, Stored, execute, job_ends, jobs, to_column, undo_plan};
use crate::http::dto::{ImportError, ImportResult, Phase};

const NEXT_VERSION: &str = "UPDATE import_versions SET latest = latest + 1 RETURNING latest";
const LATEST_VERSION: &str = "SELECT latest FROM import_versions";
const SET_QUEUED: &str =
    "UPDATE imports SET state = 'queued', phase = 'pages', done = $2, total = $3, version = $4
    WHERE seq = $1 AND state = 'receiving' AND ending IS NULL";
const SET_KNOWN_ORIGIN: &str = "UPDATE imports SET known_origin = $2
    WHERE seq = $1 AND state = 'receiving'";
const SET_RUNNING: &str = "UPDATE imports SET state = 'running', version = $2
    WHERE seq = $1 AND state IN ('queued', 'running')";
const SET_PROGRESS: &str =
    "UPDATE imports SET phase = $2, done = min(total, done + $3), result = $4, version = $5,
        undoable = 1
    WHERE seq = $1 AND state = 'running'";
const SET_ENDING: &str = "UPDATE imports SET ending = $2, error = coalesce($3, error), version = $4
    WHERE seq = $1 AND ending IS NULL AND state IN ('receiving', 'queued', 'running')";
const SET_ENDED: &str = "UPDATE imports SET state = ending, finished_at = $2, version = $3,
        done = CASE ending WHEN 'succeeded' THEN total ELSE done END
    WHERE seq = $1 AND ending IS NOT NULL AND state IN ('receiving', 'queued', 'running')";
const TOUCH: &str = "UPDATE imports SET version = $2 WHERE seq = $1";
const TOUCH_QUEUED: &str =
    "UPDATE imports SET version = $2 WHERE site_id = $1 AND state = 'queued'";
const ASK_UNDO: &str = "UPDATE imports SET undo_at_end = $2 WHERE seq = $1
    AND ending IS NULL AND state IN ('receiving', 'queued', 'running')";
const ASKED_UNDO: &str =
    "SELECT undo_at_end FROM imports WHERE seq = $1 AND undoable = 1 AND undo_at_end IS NOT NULL";

/// The final states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Succeeded,
    Failed,
    Cancelled,
    Expired,
}

impl Ending {
    fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// Takes the next number of the counter that live events are ordered by.
pub(super) async fn next_version(tx: &mut SqliteConnection) -> Stored<i64> {
    Ok(sqlx::query_scalar(NEXT_VERSION).fetch_one(tx).await?)
}

/// The last number of that counter.
pub(crate) async fn latest_version(store: &Store) -> Stored<i64> {
    Ok(sqlx::query_scalar(LATEST_VERSION).fetch_one(store.reader()).await?)
}

/// `receiving` → `queued`. False where it is in another state.
pub(crate) async fn set_queued(
    tx: &mut SqliteConnection,
    seq: i64,
    done: u64,
    total: u64,
) -> Stored<bool> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_QUEUED)
        .bind(seq)
        .bind(to_column(done))
        .bind(to_column(total))
        .bind(version);
    Ok(execute(tx, update).await? == 1)
}

/// Notes under which origin the import's comments are known.
pub(crate) async fn set_known_origin(
    tx: &mut SqliteConnection,
    seq: i64,
    origin: Option<&str>,
) -> Stored<()> {
    execute(tx, sqlx::query(SET_KNOWN_ORIGIN).bind(seq).bind(origin)).await?;
    Ok(())
}

/// `queued` → `running`; stays there where it goes on after an interruption.
pub(super) async fn set_running(tx: &mut SqliteConnection, seq: i64) -> Stored<bool> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_RUNNING).bind(seq).bind(version);
    Ok(execute(tx, update).await? == 1)
}

/// Notes how far a running import is and what came of it so far.
pub(crate) async fn set_progress(
    tx: &mut SqliteConnection,
    seq: i64,
    phase: Phase,
    newly_done: u64,
    result: &ImportResult,
) -> Stored<()> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_PROGRESS)
        .bind(seq)
        .bind(phase_word(phase))
        .bind(to_column(newly_done))
        .bind(serde_json::to_string(result)?)
        .bind(version);
    if execute(tx, update).await? == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
}

/// Sends an import on its way to a final state: nothing is taken for it any more.
/// False where it is already on its way or there.
pub(crate) async fn set_ending(
    tx: &mut SqliteConnection,
    seq: i64,
    ending: Ending,
    error: Option<&ImportError>,
) -> Stored<bool> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_ENDING)
        .bind(seq)
        .bind(ending.as_str())
        .bind(error.map(serde_json::to_string).transpose()?)
        .bind(version);
    Ok(execute(tx, update).await? == 1)
}

/// The files are gone: takes the final state that `set_ending` named. False
/// where it was taken before.
pub(crate) async fn set_ended(
    tx: &mut SqliteConnection,
    row: &ImportRow,
    now: i64,
) -> Stored<bool> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_ENDED).bind(row.seq).bind(now).bind(version);
    let ended = execute(tx, update).await? == 1;
    if ended {
        job_ends::end_of_import(tx, row.seq, now).await?;
        undo_where_asked(tx, row.seq, now).await?;
        jobs::tell_queue(tx, Some(row.site_id)).await?;
    }
    Ok(ended)
}

/// Notes that an import is to be taken back as soon as it ends. False where it
/// is on its way to its end already.
pub(crate) async fn ask_undo(tx: &mut SqliteConnection, seq: i64, admin: i64) -> Stored<bool> {
    Ok(execute(tx, sqlx::query(ASK_UNDO).bind(seq).bind(admin)).await? == 1)
}

/// In the transaction in which an import ends: whoever stopped it may want it
/// taken back as well. Nothing came after it yet, so that can be done.
async fn undo_where_asked(tx: &mut SqliteConnection, seq: i64, now: i64) -> Stored<()> {
    let asked = sqlx::query_scalar(ASKED_UNDO).bind(seq).fetch_optional(&mut *tx).await?;
    let Some(admin): Option<i64> = asked else { return Ok(()) };
    let Some(job) = undo_plan::job_of(tx, seq).await? else { return Ok(()) };
    if !undo_plan::did_anything(tx, seq).await? {
        return Ok(());
    }
    if let Some(past) = undo_plan::from_on(tx, job, i64::MIN).await?.pop() {
        undo_plan::enqueue(tx, &past, admin, now).await?;
    }
    Ok(())
}

/// Tells live streams that something about an import changed.
pub(crate) async fn touch(tx: &mut SqliteConnection, seq: i64) -> Stored<()> {
    let version = next_version(tx).await?;
    execute(tx, sqlx::query(TOUCH).bind(seq).bind(version)).await?;
    Ok(())
}

/// The same for those of a site that wait.
pub(super) async fn touch_queued(
    tx: &mut SqliteConnection,
    site_id: i64,
    version: i64,
) -> Stored<()> {
    execute(tx, sqlx::query(TOUCH_QUEUED).bind(site_id).bind(version)).await?;
    Ok(())
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Pages => "pages",
        Phase::Comments => "comments",
        Phase::Parents => "parents",
        Phase::Cleanup => "cleanup",
    }
}
