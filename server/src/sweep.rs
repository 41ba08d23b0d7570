//! What nobody else cleans up: ends that were not reached, streams that were
//! not finished, files without an import, sessions that are over, and what was
//! kept so that an import can be taken back.

use std::collections::HashSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock::micros;
use crate::http::session;
use crate::jobs::deletion;
use crate::jobs::endings::{self, EndingError, Patience};
use crate::jobs::runner;
use crate::jobs::why::Why;
use crate::jobs::work::{JobError, Outcome};
use crate::store::import_moves::Ending;
use crate::store::imports;
use crate::store::jobs::{self, Claim};
use crate::store::{
    StoreError, Stored, accounts, invitations, job_ends, kept_history, outbox, page_joins,
    password_resets, regroup, sessions, sweeps, unfinished,
};
use crate::{notify, throttle};

/// An unfinished stream expires so long after its last chunk.
pub(crate) const STREAM_EXPIRY: Duration = Duration::from_hours(24);

/// What a sweep did beside forgetting what is over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Swept {
    /// Imports that were on their way to their end and got there.
    pub ended: u64,
    /// Streams that nobody went on with.
    pub expired: u64,
    /// Streams in one body that were cut off.
    pub cut: u64,
    /// What was staged for no import.
    pub strays: u64,
}

/// Puts a sweep into the queue again and again, until the server stops.
pub(crate) async fn run(app: App) {
    let every = Duration::from_millis(app.timing().sweep_every_ms.into());
    loop {
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = app.shutdown().cancelled() => return,
        }
        match sweeps::add(app.store(), app.clock().now_micros()).await {
            Ok(_) => app.wake_runner(),
            Err(error) => without_a_row(&app, &error).await,
        }
    }
}

/// Sweeps before anything else runs.
pub(crate) async fn at_start(app: &App) {
    let claim = async {
        let now = app.clock().now_micros();
        sweeps::add(app.store(), now).await?;
        jobs::claim_sweep(app.store(), now, runner::lease_until(app)).await
    };
    match claim.await {
        Ok(Some(claim)) => {
            let stop = runner::Stop::AtShutdown(app.shutdown().clone());
            runner::work(app, claim, stop).await;
        }
        Ok(None) => {}
        Err(error) => without_a_row(app, &error).await,
    }
}

/// A full disk has no room for the sweep's own row, and the sweep is what makes room.
pub(crate) async fn without_a_row(app: &App, error: &StoreError) {
    tracing::warn!(%error, "the sweep cannot be put into the queue");
    if let Err(error) = sweep(app).await {
        tracing::warn!(%error, "the sweep left something");
    }
}

/// Works on a sweep of the queue. One that is interrupted is begun anew: it does
/// only what is left. While the disk is full, it goes on sweeping.
pub(crate) async fn work(app: &App, claim: &Claim) -> Result<Outcome, JobError> {
    let mut patience = Patience::default();
    loop {
        match sweep_and_end(app, claim).await {
            Ok(()) => return Ok(Outcome::Applied),
            Err(EndingError::Store(full)) if full.is_disk_full() => {
                tracing::warn!(error = %full, "the sweep waits for room");
                if !patience.wait(app).await {
                    return Ok(Outcome::Stopped);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the sweep left something");
                return Err(match error {
                    EndingError::Store(error) => JobError::Store(error),
                    EndingError::Spool(error) => JobError::Spool(error),
                });
            }
        }
    }
}

async fn sweep_and_end(app: &App, claim: &Claim) -> Result<(), EndingError> {
    let swept = sweep(app).await?;
    let mut tx = app.store().begin().await?;
    job_ends::succeed(&mut tx, claim, app.clock().now_micros()).await?;
    sweeps::note(&mut tx, claim.job, swept).await?;
    sweeps::forget(&mut tx).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// Sweeps once. What cannot be done now does not keep the rest from being done.
///
/// # Errors
/// The first one of the store or of the spool; the next sweep tries again.
pub(crate) async fn sweep(app: &App) -> Result<Swept, EndingError> {
    let ended = finish_endings(app).await;
    let expired = expire_stale(app).await;
    let cut = end_cut_bodies(app).await;
    let strays = clear_strays(app).await;
    let deleted = deletion::begin_again(app).await;
    let loosened = page_joins::loosen(app.store(), app.batch_records()).await;
    let over = forget_expired(app).await;
    let kept = forget_history(app).await;
    app.chunk_rate().sweep();
    let swept = Swept { ended: ended?, expired: expired?, cut: cut?, strays: strays? };
    deleted?;
    over?;
    loosened?;
    kept?;
    app.metrics().swept(app.clock().now_micros());
    Ok(swept)
}

/// What imports and joins changed, once its keep time is over. Old words leave the file's
/// log as well.
async fn forget_history(app: &App) -> Stored<()> {
    if kept_history::expire(app.store(), app.history_over(), app.batch_rows()).await? {
        app.store().words_were_deleted();
        app.changed();
    }
    if regroup::expire(app.store(), app.history_over(), app.batch_records()).await? {
        app.store().words_were_deleted();
    }
    app.store().empty_log().await?;
    Ok(())
}

/// Sessions and links by which nobody gets in any more, and tries that are forgotten.
async fn forget_expired(app: &App) -> Stored<()> {
    sessions::delete_old(app.store(), session::expiry(app.clock())).await?;
    throttle::sweep(app.store(), app.clock()).await?;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    accounts::delete_expired_links(&mut tx, now).await?;
    invitations::delete_expired(&mut tx, now).await?;
    password_resets::delete_expired(&mut tx, now).await?;
    outbox::delete_old(&mut tx, now - micros(notify::KEPT)).await?;
    tx.commit().await?;
    Ok(())
}

async fn finish_endings(app: &App) -> Result<u64, EndingError> {
    let mut all = Ok(0);
    for seq in imports::ending(app.store()).await? {
        count(&mut all, endings::finish(app, seq).await.map(|()| true));
    }
    all
}

async fn expire_stale(app: &App) -> Result<u64, EndingError> {
    let stale_since = app.clock().now_micros() - micros(STREAM_EXPIRY);
    let mut all = Ok(0);
    for seq in unfinished::stale(app.store(), stale_since).await? {
        let ended = endings::end_unfinished(app, seq, stale_since, Ending::Expired, None).await;
        count(&mut all, ended);
    }
    all
}

/// Bodies that nobody takes in any more: the server stopped in the middle of
/// them, or what they ended with could not be stored then.
async fn end_cut_bodies(app: &App) -> Result<u64, EndingError> {
    let mut all = Ok(0);
    for (seq, id) in unfinished::one_bodies(app.store()).await? {
        // After reading: one that came meanwhile is not in what was read.
        if app.incoming().has(&id) {
            continue;
        }
        let error = Why::Interrupted.into();
        let ending = Ending::Cancelled;
        let ended = endings::end_unfinished(app, seq, i64::MAX, ending, Some(&error)).await;
        count(&mut all, ended);
    }
    all
}

async fn clear_strays(app: &App) -> Result<u64, EndingError> {
    // Folders first: an import is stored before its folder is made.
    let staged = app.spool().names().await?;
    let live: HashSet<_> = imports::open_ids(app.store()).await?.into_iter().collect();
    let mut all = Ok(0);
    for name in staged.iter().filter(|name| !live.contains(*name)) {
        let cleared = app.spool().clear(name).await;
        count(&mut all, cleared.map(|()| true).map_err(EndingError::from));
    }
    all
}

/// Counts what was done; the first error stays.
fn count(all: &mut Result<u64, EndingError>, done: Result<bool, EndingError>) {
    match (all.as_mut(), done) {
        (Ok(count), Ok(done)) => *count += u64::from(done),
        (Ok(_), Err(error)) => *all = Err(error),
        (Err(_), _) => {}
    }
}
