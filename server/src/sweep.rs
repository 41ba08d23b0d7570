//! What nobody else cleans up: ends that were not reached, streams that were
//! not finished, files without an import, sessions that are over.

use std::collections::HashSet;
use std::time::Duration;

use crate::app::App;
use crate::clock::micros;
use crate::http::session;
use crate::jobs::endings::{self, EndingError};
use crate::jobs::why::Why;
use crate::store::imports::{self, Ending};
use crate::store::{Stored, accounts, invitations, outbox, password_resets, sessions, unfinished};
use crate::{notify, throttle};

/// An unfinished stream expires so long after its last chunk.
pub(crate) const STREAM_EXPIRY: Duration = Duration::from_hours(24);

/// Sweeps again and again until the server stops.
pub(crate) async fn run(app: App) {
    let every = Duration::from_millis(app.timing().sweep_every_ms.into());
    loop {
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = app.shutdown().cancelled() => return,
        }
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "the sweep left something");
        }
    }
}

/// Sweeps once. What cannot be done now does not keep the rest from being done.
///
/// # Errors
/// The first one of the store or of the spool; the next sweep tries again.
pub(crate) async fn sweep(app: &App) -> Result<(), EndingError> {
    let ended = finish_endings(app).await;
    let expired = expire_stale(app).await;
    let cut = end_cut_bodies(app).await;
    let cleared = clear_strays(app).await;
    let over = forget_expired(app).await;
    app.chunk_rate().sweep();
    ended.and(expired).and(cut).and(cleared)?;
    over?;
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

async fn finish_endings(app: &App) -> Result<(), EndingError> {
    let mut all = Ok(());
    for seq in imports::ending(app.store()).await? {
        all = all.and(endings::finish(app, seq).await);
    }
    all
}

async fn expire_stale(app: &App) -> Result<(), EndingError> {
    let stale_since = app.clock().now_micros() - micros(STREAM_EXPIRY);
    let mut all = Ok(());
    for seq in unfinished::stale(app.store(), stale_since).await? {
        let ended = endings::end_unfinished(app, seq, stale_since, Ending::Expired, None).await;
        all = all.and(ended.map(|_| ()));
    }
    all
}

/// Bodies that nobody takes in any more: the server stopped in the middle of
/// them, or what they ended with could not be stored then.
async fn end_cut_bodies(app: &App) -> Result<(), EndingError> {
    let mut all = Ok(());
    for (seq, id) in unfinished::one_bodies(app.store()).await? {
        // After reading: one that came meanwhile is not in what was read.
        if app.incoming().has(&id) {
            continue;
        }
        let error = Why::Interrupted.into();
        let ending = Ending::Cancelled;
        let ended = endings::end_unfinished(app, seq, i64::MAX, ending, Some(&error)).await;
        all = all.and(ended.map(|_| ()));
    }
    all
}

async fn clear_strays(app: &App) -> Result<(), EndingError> {
    // Folders first: an import is stored before its folder is made.
    let staged = app.spool().names().await?;
    let live: HashSet<_> = imports::open_ids(app.store()).await?.into_iter().collect();
    let mut all = Ok(());
    for name in staged.iter().filter(|name| !live.contains(*name)) {
        all = all.and(app.spool().clear(name).await);
    }
    Ok(all?)
}
