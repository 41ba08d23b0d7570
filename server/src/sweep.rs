//! What nobody else cleans up: ends that were not reached, streams that were
//! not finished, files without an import, sessions that are over.

use std::collections::HashSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::app::App;
use crate::clock::micros;
use crate::http::session;
use crate::jobs::endings::{self, EndingError};
use crate::jobs::why::Why;
use crate::store::imports::{self, Ending};
use crate::store::{Stored, accounts, invitations, password_resets, sessions, sweeps, unfinished};
use crate::throttle;

/// An unfinished stream expires so long after its last chunk.
pub(crate) const STREAM_EXPIRY: Duration = Duration::from_hours(24);
/// Whoever asked for a sweep waits no longer for its beginning.
const ASKED_EVERY: Duration = Duration::from_secs(1);

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

/// Sweeps again and again until the server stops, and when somebody asks for it.
pub(crate) async fn run(app: App) {
    while let Some(asked) = next(&app).await {
        let swept = sweep(&app).await;
        if let Err(error) = &swept {
            tracing::warn!(%error, "the sweep left something");
        }
        if let Some(job) = asked {
            let now = app.clock().now_micros();
            if let Err(error) = sweeps::finish(app.store(), job, swept.ok(), now).await {
                tracing::warn!(%error, "what the sweep did cannot be stored");
            }
        }
    }
}

/// Waits until it is time, or for a job that asks for a sweep. None where the server stops.
async fn next(app: &App) -> Option<Option<i64>> {
    let every = Duration::from_millis(app.timing().sweep_every_ms.into());
    let time = Instant::now() + every;
    while Instant::now() < time {
        tokio::select! {
            () = tokio::time::sleep_until(time.min(Instant::now() + ASKED_EVERY)) => {}
            () = app.shutdown().cancelled() => return None,
        }
        // One that cannot be taken now is taken later.
        if let Ok(Some(job)) = sweeps::take(app.store(), app.clock().now_micros()).await {
            return Some(Some(job));
        }
    }
    Some(None)
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
    let over = forget_expired(app).await;
    app.chunk_rate().sweep();
    let swept = Swept { ended: ended?, expired: expired?, cut: cut?, strays: strays? };
    over?;
    app.metrics().swept(app.clock().now_micros());
    Ok(swept)
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
