//! How an import reaches a final state: nothing more is taken for it, its
//! files are deleted, and only then the state shows.
//!
//! The way there is stored first, so that a process that dies on it leaves
//! enough for the next one to go on ([`crate::sweep`]).

use std::time::Duration;

use crate::app::App;
use crate::http::dto::{ImportError, ImportState};
use crate::notify;
use crate::spool::SpoolError;
use crate::store::imports::{self, Ending};
use crate::store::jobs::{self, Claim, Cursor, Pass};
use crate::store::{StoreError, Stored, chunks, upsert_parents};

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
    if !imports::set_ending(&mut tx, seq, ending, error).await? {
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
        || !imports::set_ending(&mut tx, seq, ending, error).await?
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
    ending: Ending,
    error: Option<&ImportError>,
) -> Stored<()> {
    let mut tx = app.store().begin().await?;
    let row = imports::find_by_seq(&mut tx, claim.import).await?;
    let cursor = Cursor::start_of(Pass::Cleanup);
    jobs::advance(&mut tx, claim, cursor, super::runner::lease_until(app)).await?;
    // Not twice, where it was stored although the database said otherwise.
    if imports::set_ending(&mut tx, claim.import, ending, error).await? {
        upsert_parents::settle(&mut tx, row.site_id, claim.import).await?;
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
    ending: Ending,
    error: Option<&ImportError>,
) -> Stored<()> {
    let mut patience = Patience::default();
    loop {
        match leave(app, claim, ending, error).await {
            Err(full) if full.is_disk_full() => {
                tracing::warn!(job = claim.job, error = %full, "the job's end cannot be stored yet");
                make_room(app, claim).await;
                if !patience.wait(app).await {
                    return Err(full);
                }
            }
            Err(away) if away.is_unavailable() => {
                tracing::warn!(job = claim.job, error = %away, "the job's end cannot be stored yet");
                if !patience.wait(app).await {
                    return Err(away);
                }
            }
            other => return other,
        }
    }
}

async fn make_room(app: &App, claim: &Claim) {
    let import = async {
        let mut reader = app.store().reader().acquire().await?;
        Stored::Ok(imports::find_by_seq(&mut reader, claim.import).await?.id)
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
pub(super) struct Patience(u32);

impl Patience {
    /// False where the server stops meanwhile.
    pub(super) async fn wait(&mut self, app: &App) -> bool {
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
    let _no_chunk_comes_in = app.spool_gate().write().await;
    app.spool().clear(&row.id).await?;
    let mut tx = app.store().begin().await?;
    chunks::forget(&mut tx, seq).await?;
    let now = app.clock().now_micros();
    if imports::set_ended(&mut tx, &row, now).await? {
        notify::import_ended(app, &mut tx, seq, now).await?;
    }
    tx.commit().await.map_err(StoreError::from)?;
    app.changed();
    app.wake_runner();
    app.notifier().wake();
    tracing::info!(import = %row.id, "import ended");
    Ok(())
}
