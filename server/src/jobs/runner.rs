//! Takes jobs from the queue, one per site at a time, and keeps their claims.
//! The sweep has a slot of its own, so that it never waits behind long imports.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::endings::{self, EndingError, Patience};
use super::import::ImportJob;
use super::why::Why;
use super::work::{JobError, Outcome};
use super::{deletion, regroup, undo};
use crate::app::App;
use crate::clock::micros;
use crate::http::dto::JobKind;
use crate::spool::SpoolError;
use crate::store::import_moves::Ending;
use crate::store::job_ends::{self, Abandoned};
use crate::store::jobs::{self, Claim};
use crate::store::{StoreError, Stored};
use crate::sweep;

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

/// Jobs of this process, by id. A locked database keeps their leases from being
/// prolonged, and they are still being worked on.
type AtWork = Arc<Mutex<HashSet<i64>>>;

/// Runs jobs until the server stops.
pub(crate) async fn run(app: App) {
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    let sweeps = Arc::new(Semaphore::new(1));
    let at_work = AtWork::default();
    while !app.shutdown().is_cancelled() {
        // Before the others: it makes room.
        if let Err(error) = start_sweep(&app, &sweeps, &at_work).await {
            tracing::warn!(%error, "no sweep can be taken from the queue");
        }
        if let Err(error) = start_waiting(&app, &at_once, &at_work).await {
            tracing::warn!(%error, "the queue cannot be read");
        }
        tokio::select! {
            () = app.runner_woken() => {}
            () = tokio::time::sleep(POLL) => {
                let own = held(&at_work).clone();
                if let Err(error) = release(&app, app.clock().now_micros(), &own).await {
                    tracing::warn!(%error, "jobs cannot be released");
                }
            }
            () = app.shutdown().cancelled() => {}
        }
    }
}

async fn start_waiting(app: &App, at_once: &Arc<Semaphore>, at_work: &AtWork) -> Stored<()> {
    while let Ok(slot) = Arc::clone(at_once).try_acquire_owned() {
        if app.shutdown().is_cancelled() {
            break;
        }
        let now = app.clock().now_micros();
        let Some(claim) = jobs::claim(app.store(), now, lease_until(app)).await? else {
            break;
        };
        app.changed();
        start(app, claim, slot, at_work);
    }
    Ok(())
}

async fn start_sweep(app: &App, sweeps: &Arc<Semaphore>, at_work: &AtWork) -> Stored<()> {
    let Ok(slot) = Arc::clone(sweeps).try_acquire_owned() else { return Ok(()) };
    let now = app.clock().now_micros();
    match jobs::claim_sweep(app.store(), now, lease_until(app)).await {
        Ok(Some(claim)) => start(app, claim, slot, at_work),
        Ok(None) => {}
        Err(error) if error.is_disk_full() => sweep::without_a_row(app, &error).await,
        Err(error) => return Err(error),
    }
    Ok(())
}

fn start(app: &App, claim: Claim, slot: OwnedSemaphorePermit, at_work: &AtWork) {
    held(at_work).insert(claim.job);
    let (job_app, at_work) = (app.clone(), Arc::clone(at_work));
    app.spawn(async move {
        let job = claim.job;
        work(&job_app, claim, Stop::AtShutdown(job_app.shutdown().clone())).await;
        held(&at_work).remove(&job);
        drop(slot);
        job_app.wake_runner();
    });
}

fn held(at_work: &AtWork) -> MutexGuard<'_, HashSet<i64>> {
    at_work.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Works on a claimed job until it ends, one way or the other.
#[tracing::instrument(name = "job", level = "error", skip_all, fields(job = claim.job, kind = claim.kind.word(), import))]
pub(crate) async fn work(app: &App, claim: Claim, stop: Stop) {
    let ended = match supervised(app, &claim, stop).await {
        Ok(Outcome::Stopped) => {
            if let Err(error) = jobs::give_back(app.store(), &claim).await {
                tracing::error!(job = claim.job, %error, "the job could not be given back");
            }
            return;
        }
        outcome => end(app, &claim, outcome).await,
    };
    match ended {
        Ok(()) => {}
        Err(EndingError::Store(StoreError::LeaseLost)) => {
            tracing::warn!(job = claim.job, "the job was taken over");
        }
        // The sweep goes on from what is stored, and leases run out.
        Err(error) => tracing::error!(job = claim.job, %error, "the job could not be ended"),
    }
}

/// Ends a job whose work is over. An import ends with its files; other jobs that
/// were done have succeeded with their last batch.
async fn end(
    app: &App,
    claim: &Claim,
    outcome: Result<Outcome, JobError>,
) -> Result<(), EndingError> {
    let error = match outcome {
        Err(JobError::Store(StoreError::LeaseLost)) => Err(StoreError::LeaseLost)?,
        Err(error) => {
            let Claim { job, account_id, site_id, .. } = *claim;
            tracing::error!(job, account_id, site_id, %error, "the job failed");
            Some(explain(&error).into())
        }
        Ok(Outcome::Cancelled) => None,
        Ok(_) => {
            return match claim.import {
                Some(import) if claim.kind == JobKind::Import => endings::finish(app, import).await,
                _ => Ok(()),
            };
        }
    };
    let Some(import) = claim.import.filter(|_| claim.kind == JobKind::Import) else {
        let error = error.unwrap_or_else(|| Why::Internal.into());
        return Ok(endings::fail_when_possible(app, claim, &error).await?);
    };
    let ending = if error.is_some() { Ending::Failed } else { Ending::Cancelled };
    endings::leave_when_possible(app, claim, import, ending, error.as_ref()).await?;
    endings::finish(app, import).await
}

/// In a task of its own, so that a panic ends the job alone.
async fn supervised(app: &App, claim: &Claim, stop: Stop) -> Result<Outcome, JobError> {
    let (job_app, job_claim) = (app.clone(), claim.clone());
    let mut job = tokio::spawn(persistent(job_app, job_claim, stop).in_current_span());
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

/// A lock passes, and so does a mount that is read-only for a while: the job
/// waits and goes on from what is stored, as long as nobody else has taken it over.
async fn persistent(app: App, claim: Claim, stop: Stop) -> Result<Outcome, JobError> {
    let mut patience = Patience::default();
    let mut last = None;
    loop {
        let error = match attempt(&app, &claim, &stop).await {
            Err(JobError::Store(error)) if error.is_unavailable() => error,
            ended => return ended,
        };
        tracing::warn!(job = claim.job, %error, "the job waits for its storage");
        // Reading goes on while the database is locked for writing.
        let at = jobs::cursor(app.store(), &claim).await.ok();
        if at.is_some() && at != last {
            patience = Patience::default();
            last = at;
        }
        if !patience.wait(&app).await {
            return Ok(Outcome::Stopped);
        }
    }
}

/// From the stored cursor: a commit that was said to fail may have happened.
async fn attempt(app: &App, claim: &Claim, stop: &Stop) -> Result<Outcome, JobError> {
    let cursor = jobs::cursor(app.store(), claim).await?;
    let claim = Claim { cursor, ..claim.clone() };
    match claim.kind {
        JobKind::Import => ImportJob::load(app.clone(), claim, stop.clone()).await?.run().await,
        JobKind::Sweep => sweep::work(app, &claim).await,
        JobKind::Undo => undo::run(app, &claim, stop).await,
        JobKind::Regroup => regroup::run(app, &claim, stop).await,
        JobKind::Delete => deletion::run(app, &claim, stop).await,
    }
}

/// Takes back jobs whose process is gone. One that was left twice at the same
/// place fails: it would take the next process down as well.
///
/// # Errors
/// Those of the store and of the spool.
pub(crate) async fn release_abandoned(app: &App, lease_before: i64) -> Result<(), EndingError> {
    release(app, lease_before, &HashSet::new()).await
}

async fn release(app: &App, lease_before: i64, but: &HashSet<i64>) -> Result<(), EndingError> {
    let abandoned = job_ends::abandoned(app.store(), lease_before).await?;
    let gone = abandoned.into_iter().filter(|abandoned| !but.contains(&abandoned.job));
    for Abandoned { job, kind, import, twice } in gone {
        tracing::warn!(job, kind = kind.word(), twice, "the job was interrupted");
        let error = Why::InterruptedTwice.into();
        match import.filter(|_| kind == JobKind::Import) {
            Some(import) if twice => {
                endings::end_idle(app, import, Ending::Failed, Some(&error)).await?;
            }
            None if twice => endings::fail_abandoned(app, job, lease_before, &error).await?,
            _ => {
                let mut tx = app.store().begin().await?;
                job_ends::release(&mut tx, job, lease_before).await?;
                tx.commit().await.map_err(StoreError::from)?;
            }
        }
    }
    Ok(())
}

fn explain(error: &JobError) -> Why {
    match error {
        JobError::Store(error) if error.is_disk_full() => Why::DiskFull,
        JobError::Spool(SpoolError::Object(_) | SpoolError::Folder(_)) | JobError::Chunk(_) => {
            Why::SpoolUnreadable
        }
        JobError::Store(_) => Why::StoreFailed,
        JobError::Refused(why) => *why,
        JobError::Join(_) | JobError::NoHeader | JobError::Unsaid(_) => Why::Internal,
    }
}
