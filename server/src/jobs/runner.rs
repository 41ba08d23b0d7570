//! Takes jobs from the queue, one per site at a time, and keeps their claims.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::endings::{self, EndingError};
use super::import::{ImportJob, JobError, Outcome};
use crate::app::App;
use crate::clock::micros;
use crate::http::dto::ImportError;
use crate::spool::SpoolError;
use crate::store::imports::Ending;
use crate::store::jobs::{self, Abandoned, Claim};
use crate::store::{StoreError, Stored};

/// How long a claim holds without a sign of life.
const LEASE: Duration = Duration::from_mins(1);
const HEARTBEAT: Duration = Duration::from_secs(15);
/// In case that a wake-up was missed, and for leases that ran out.
const POLL: Duration = Duration::from_secs(10);
/// Sites that are imported into at the same time: more would only wait for the one writer.
const AT_ONCE: usize = 2;

/// When a job is to stop between two batches.
#[derive(Debug, Clone)]
pub(crate) enum Stop {
    /// When the server stops.
    AtShutdown(CancellationToken),
    /// After so many batches, as if the process died there.
    #[cfg_attr(not(test), expect(dead_code, reason = "how tests interrupt a job"))]
    AfterBatches(Arc<AtomicU64>),
}

impl Stop {
    pub(crate) fn reached(&self) -> bool {
        match self {
            Self::AtShutdown(token) => token.is_cancelled(),
            Self::AfterBatches(left) => left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_err(),
        }
    }
}

/// Until when a claim holds that is made or kept now.
pub(crate) fn lease_until(app: &App) -> i64 {
    app.clock().now_micros() + micros(LEASE)
}

/// Runs jobs until the server stops.
pub(crate) async fn run(app: App) {
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    while !app.shutdown().is_cancelled() {
        if let Err(error) = start_waiting(&app, &at_once).await {
            tracing::warn!(%error, "the queue cannot be read");
        }
        tokio::select! {
            () = app.runner_woken() => {}
            () = tokio::time::sleep(POLL) => {
                if let Err(error) = release_abandoned(&app, app.clock().now_micros()).await {
                    tracing::warn!(%error, "jobs cannot be released");
                }
            }
            () = app.shutdown().cancelled() => {}
        }
    }
}

async fn start_waiting(app: &App, at_once: &Arc<Semaphore>) -> Stored<()> {
    while let Ok(slot) = Arc::clone(at_once).try_acquire_owned() {
        if app.shutdown().is_cancelled() {
            break;
        }
        let Some(claim) = jobs::claim(app.store(), lease_until(app)).await? else {
            break;
        };
        app.changed();
        let job_app = app.clone();
        app.spawn(async move {
            work(&job_app, claim, Stop::AtShutdown(job_app.shutdown().clone())).await;
            drop(slot);
            job_app.wake_runner();
        });
    }
    Ok(())
}

/// Works on a claimed job until it ends, one way or the other.
pub(crate) async fn work(app: &App, claim: Claim, stop: Stop) {
    let ended = match supervised(app, &claim, stop).await {
        Ok(Outcome::Applied) => endings::finish(app, claim.import).await,
        Ok(Outcome::Cancelled) => endings::end_claimed(app, &claim, Ending::Cancelled, None).await,
        Ok(Outcome::Stopped) => {
            jobs::give_back(app.store(), &claim).await.map_err(EndingError::from)
        }
        Err(JobError::Store(StoreError::LeaseLost)) => {
            tracing::warn!(job = claim.job, "the job was taken over");
            Ok(())
        }
        Err(error) => {
            tracing::error!(job = claim.job, %error, "the job failed");
            endings::end_claimed(app, &claim, Ending::Failed, Some(&explain(&error))).await
        }
    };
    if let Err(error) = ended {
        // The sweep goes on from what is stored.
        tracing::error!(job = claim.job, %error, "the job could not be ended");
    }
}

/// In a task of its own, so that a panic ends the job alone.
async fn supervised(app: &App, claim: &Claim, stop: Stop) -> Result<Outcome, JobError> {
    let (job_app, job_claim) = (app.clone(), claim.clone());
    let mut job = tokio::spawn(async move {
        let mut job = ImportJob::load(job_app, job_claim, stop).await?;
        job.run().await
    });
    loop {
        tokio::select! {
            ended = &mut job => return ended?,
            () = tokio::time::sleep(HEARTBEAT) => {
                if let Err(error) = jobs::heartbeat(app.store(), claim, lease_until(app)).await {
                    tracing::warn!(job = claim.job, %error, "no sign of life could be given");
                }
            }
        }
    }
}

/// Takes back jobs whose process is gone. One that was left twice at the same
/// place fails: it would take the next process down as well.
///
/// # Errors
/// Those of the store and of the spool.
pub(crate) async fn release_abandoned(app: &App, lease_before: i64) -> Result<(), EndingError> {
    for Abandoned { job, import, twice } in jobs::abandoned(app.store(), lease_before).await? {
        tracing::warn!(job, twice, "the job was interrupted");
        if twice {
            let error = ImportError {
                code: "interrupted_twice".to_owned(),
                message: "The server stopped twice at the same place of this import. \
                          Look at the server's log, then import the file again."
                    .to_owned(),
            };
            endings::end_idle(app, import, Ending::Failed, Some(&error)).await?;
        } else {
            let mut tx = app.store().begin().await?;
            jobs::release(&mut tx, job, lease_before).await?;
            tx.commit().await.map_err(StoreError::from)?;
        }
    }
    Ok(())
}

fn explain(error: &JobError) -> ImportError {
    let (code, message) = match error {
        JobError::Store(error) if error.is_disk_full() => {
            ("disk_full", "The server's disk is full. Make room, then import the file again.")
        }
        JobError::Spool(SpoolError::Object(_) | SpoolError::Folder(_)) | JobError::Chunk(_) => (
            "spool_unreadable",
            "The staged data could not be read back. Look at the server's log, then import the file again.",
        ),
        JobError::Store(_) => (
            "store_failed",
            "The database refused the data. Look at the server's log, then import the file again.",
        ),
        JobError::Join(_) | JobError::NoHeader => (
            "internal",
            "The import stopped because of a bug. Look at the server's log, then import the file again.",
        ),
    };
    ImportError { code: code.to_owned(), message: message.to_owned() }
}
