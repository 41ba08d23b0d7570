//! How an import reaches a final state: nothing more is taken for it, its
//! files are deleted, and only then the state shows.
//!
//! The way there is stored first, so that a process that dies on it leaves
//! enough for the next one to go on ([`crate::sweep`]).

use crate::app::App;
use crate::http::dto::ImportError;
use crate::spool::SpoolError;
use crate::store::imports::{self, Ending};
use crate::store::jobs::{self, Claim, Cursor, Pass};
use crate::store::{StoreError, chunks, upsert_parents};

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
    if row.state == crate::http::dto::ImportState::Running {
        upsert_parents::settle(&mut tx, row.site_id, seq).await?;
    }
    tx.commit().await.map_err(StoreError::from)?;
    finish(app, seq).await?;
    Ok(true)
}

/// Ends an import whose job this process has: what is applied stays and is counted.
pub(crate) async fn end_claimed(
    app: &App,
    claim: &Claim,
    ending: Ending,
    error: Option<&ImportError>,
) -> Result<(), EndingError> {
    let mut tx = app.store().begin().await?;
    let row = imports::find_by_seq(&mut tx, claim.import).await?;
    let cursor = Cursor::start_of(Pass::Cleanup);
    jobs::advance(&mut tx, claim, cursor, super::runner::lease_until(app)).await?;
    upsert_parents::settle(&mut tx, row.site_id, claim.import).await?;
    imports::set_ending(&mut tx, claim.import, ending, error).await?;
    tx.commit().await.map_err(StoreError::from)?;
    finish(app, claim.import).await
}

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
    imports::set_ended(&mut tx, &row, app.clock().now_micros()).await?;
    tx.commit().await.map_err(StoreError::from)?;
    app.changed();
    app.wake_runner();
    tracing::info!(import = %row.id, "import ended");
    Ok(())
}
