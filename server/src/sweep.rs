//! What nobody else cleans up: ends that were not reached, streams that were
//! not finished, files without an import, sessions that are over.

use std::collections::HashSet;
use std::time::Duration;

use crate::app::App;
use crate::clock::micros;
use crate::http::session;
use crate::jobs::endings::{self, EndingError};
use crate::store::imports::{self, Ending};
use crate::store::sessions;

/// An unfinished stream expires so long after its last chunk.
pub(crate) const STREAM_EXPIRY: Duration = Duration::from_hours(24);
const EVERY: Duration = Duration::from_mins(1);

/// Sweeps every minute until the server stops.
pub(crate) async fn run(app: App) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = app.shutdown().cancelled() => return,
        }
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "the sweep stopped early");
        }
    }
}

/// Sweeps once.
///
/// # Errors
/// Those of the store and of the spool; the next sweep goes on.
pub(crate) async fn sweep(app: &App) -> Result<(), EndingError> {
    for seq in imports::ending(app.store()).await? {
        endings::finish(app, seq).await?;
    }
    let stale_since = app.clock().now_micros() - micros(STREAM_EXPIRY);
    for seq in imports::stale(app.store(), stale_since).await? {
        endings::end_idle(app, seq, Ending::Expired, None).await?;
    }
    // Folders first: an import is stored before its folder is made.
    let staged = app.spool().names().await?;
    let live: HashSet<_> = imports::open_ids(app.store()).await?.into_iter().collect();
    for name in staged.iter().filter(|name| !live.contains(*name)) {
        app.spool().clear(name).await?;
    }
    sessions::delete_old(app.store(), session::expiry(app.clock())).await?;
    Ok(())
}
