//! How an import reaches a final state: nothing more is taken for it, its
//! files are deleted, and only then the state shows.
//!
//! The way there is stored first, so that a process that dies on it leaves
//! enough for the next one to go on ([`crate::sweep`]).

use std::time::Duration;

use sqlx::SqliteConnection;

use super::regroup;
use crate::app::App;
use crate::http::dto::{ImportError, ImportState, JobKind};
use crate::notify;
use crate::spool::SpoolError;
use crate::store::import_moves::{self, Ending};
use crate::store::imports;
use crate::store::job_ends::{self, Failed};
use crate::store::jobs::{self, Claim, Cursor, Pass};
use crate::store::notices::{self, FailedJob};
use crate::store::{StoreError, Stored, chunks, sweeps, upsert_parents};

/// What can keep an import from ending now; the sweep tries again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

/// Ends an import that no job works on. False where it was ended or on its way already.
pub(crate) async fn end_idle(
    app: &App,
    seq: i64,
    ending: Ending,
    error: Option<&ImportError>,
) -> Result<bool, EndingError> {
    let mut tx = app.store().begin().await?;
    let row = imports::find_by_seq(&mut tx, seq).await?;
    if !import_moves::set_ending(&mut tx, seq, ending, error).await? {
        return Ok(false);
    }
    if row.state == ImportState::Running {
        upsert_parents::settle(&mut tx, row.site_id, seq).await?;
    }
    tx.commit().await.map_err(StoreError::from)?;
    finish(app, seq).await?;
    Ok(true)
}

/// Ends an import whose stream is not finished, unless something came for it
/// since `received_before`. False where it is not unfinished any more.
pub(crate) async fn end_unfinished(
    app: &App,
    seq: i64,
    received_before: i64,
    ending: Ending,
    error: Option<&ImportError>,
) -> Result<bool, EndingError> {
    let mut tx = app.store().begin().await?;
    // Looked at again: somebody may have gone on with it, or submitted it, meanwhile.
    let row = imports::find_by_seq(&mut tx, seq).await?;
    if row.state != ImportState::Receiving
        || row.received_at > received_before
        || !import_moves::set_ending(&mut tx, seq, ending, error).await?
    {
        return Ok(false);
    }
    tx.commit().await.map_err(StoreError::from)?;
    finish(app, seq).await?;
    Ok(true)
}

/// Sends an import whose job this process has on its way to its end: what is
/// applied stays and is counted. [`finish`] lets it get there.
pub(crate) async fn leave(
    app: &App,
    claim: &Claim,
    seq: i64,
    ending: Ending,
    error: Option<&ImportError>,
) -> Stored<()> {
    let mut tx = app.store().begin().await?;
    let row = imports::find_by_seq(&mut tx, seq).await?;
    let cursor = Cursor::start_of(Pass::Cleanup);
    jobs::advance(&mut tx, claim, &cursor, 0, super::runner::lease_until(app)).await?;
    // Not twice, where it was stored although the database said otherwise.
    if import_moves::set_ending(&mut tx, seq, ending, error).await? {
        upsert_parents::settle(&mut tx, row.site_id, seq).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// [`leave`], as soon as the database can store it. The rows of a failure need
/// little room, and what the import staged is of no use any more: where the disk
/// is full, it goes first. A process that dies before it could store the end
/// leaves a job without files, which fails when it is taken up again.
///
/// # Errors
/// The job was taken over, the database is damaged, or the server stops.
pub(crate) async fn leave_when_possible(
    app: &App,
    claim: &Claim,
    seq: i64,
    ending: Ending,
    error: Option<&ImportError>,
) -> Stored<()> {
    let mut patience = Patience::default();
    loop {
        let failed = match leave(app, claim, seq, ending, error).await {
            Err(failed) if failed.is_disk_full() || failed.is_unavailable() => failed,
            other => return other,
        };
        tracing::warn!(job = claim.job, error = %failed, "the job's end cannot be stored yet");
        if failed.is_disk_full() {
            make_room(app, claim, seq).await;
        }
        if !patience.wait(app).await {
            return Err(failed);
        }
    }
}

/// Lets a job fail that is no import, as soon as the database can store it.
///
/// # Errors
/// The job was taken over, the database is damaged, or the server stops.
pub(crate) async fn fail_when_possible(
    app: &App,
    claim: &Claim,
    error: &ImportError,
) -> Stored<()> {
    let mut patience = Patience::default();
    loop {
        let failed = match fail(app, claim, error).await {
            Err(failed) if failed.is_disk_full() || failed.is_unavailable() => failed,
            other => return other,
        };
        tracing::warn!(job = claim.job, error = %failed, "the job's end cannot be stored yet");
        if !patience.wait(app).await {
            return Err(failed);
        }
    }
}

async fn fail(app: &App, claim: &Claim, error: &ImportError) -> Stored<()> {
    let mut tx = app.store().begin().await?;
    let now = app.clock().now_micros();
    let failed = job_ends::fail(&mut tx, claim, error, now).await?;
    job_failed(app, &mut tx, failed, error, now).await?;
    tx.commit().await?;
    app.changed();
    app.notifier().wake();
    Ok(())
}

/// Lets a job fail that is no import and whose worker is gone.
pub(crate) async fn fail_abandoned(
    app: &App,
    job: i64,
    lease_before: i64,
    error: &ImportError,
) -> Stored<()> {
    let mut tx = app.store().begin().await?;
    let now = app.clock().now_micros();
    if let Some(failed) = job_ends::fail_abandoned(&mut tx, job, lease_before, error, now).await? {
        job_failed(app, &mut tx, failed, error, now).await?;
    }
    tx.commit().await?;
    app.changed();
    app.notifier().wake();
    Ok(())
}

/// The one place that knows of every failure of a job that is no import, in the
/// transaction of the failure: whoever is to be told is told from here.
async fn job_failed(
    app: &App,
    tx: &mut SqliteConnection,
    failed: Failed,
    error: &ImportError,
    now: i64,
) -> Stored<()> {
    let Failed { job, kind, account_id, site_id, import } = failed;
    // A sweep that fails fails again every minute, and is told of once.
    let again = kind == JobKind::Sweep && sweeps::last_failed(tx, job).await?;
    tracing::error!(job, kind = kind.word(), account_id, site_id, import, again, "a job failed");
    if !again {
        let failed = FailedJob { account_id, site_id, job, kind, code: &error.code };
        notices::job_failed(tx, &failed, app.notifier().audience(), now).await?;
    }
    Ok(())
}

async fn make_room(app: &App, claim: &Claim, seq: i64) {
    let import = async {
        let mut reader = app.store().reader().acquire().await?;
        Stored::Ok(imports::find_by_seq(&mut reader, seq).await?.id)
    };
    let cleared = match import.await {
        Ok(id) => app.spool().clear(&id).await.map_err(EndingError::from),
        Err(error) => Err(error.into()),
    };
    if let Err(error) = cleared {
        tracing::warn!(job = claim.job, %error, "the staged files cannot be deleted yet");
    }
}

/// Waits longer each time, up to half a minute.
#[derive(Debug, Default)]
pub(crate) struct Patience(u32);

impl Patience {
    /// False where the server stops meanwhile.
    pub(crate) async fn wait(&mut self, app: &App) -> bool {
        let wait = FIRST_WAIT.saturating_mul(1 << self.0).min(LONGEST_WAIT);
        self.0 = (self.0 + 1).min(16);
        tokio::select! {
            () = tokio::time::sleep(wait) => true,
            () = app.shutdown().cancelled() => false,
        }
    }
}

const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Deletes the files of an import on its way to a final state, then lets it get there.
pub(crate) async fn finish(app: &App, seq: i64) -> Result<(), EndingError> {
    let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
    let row = imports::find_by_seq(&mut reader, seq).await?;
    drop(reader);
    // Chunks that were let in before the way to the end was stored are written
    // by now, or take themselves out again.
    let no_chunk_comes_in = app.spool_gate().write().await;
    app.spool().clear(&row.id).await?;
    let mut tx = app.store().begin().await?;
    chunks::forget(&mut tx, seq).await?;
    let now = app.clock().now_micros();
    if import_moves::set_ended(&mut tx, &row, now).await? {
        notify::import_ended(app, &mut tx, seq, now).await?;
    }
    tx.commit().await.map_err(StoreError::from)?;
    drop(no_chunk_comes_in);
    app.changed();
    app.wake_runner();
    app.notifier().wake();
    tracing::info!(import = %row.id, "import ended");
    regroup::propose(app).await;
    Ok(())
}
