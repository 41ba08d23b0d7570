//! The workers, and what each may expect of what it does.

use super::rules::{Lease, Rules};
use super::*;
use crate::http::dto::ImportError;
use crate::jobs::endings;
use crate::jobs::import::ImportJob;
use crate::jobs::why::Why;
use crate::jobs::work::{JobError, Outcome};
use crate::store::StoreError;
use crate::store::import_moves::Ending;
use crate::store::jobs::Claim;

pub(super) struct Workers {
    app: App,
    both: [Worker; 2],
    /// Of the clock that all others are set by, ahead of the system's.
    base_micros: i64,
}

#[derive(Default)]
struct Worker {
    skew_micros: i64,
    held: Option<Held>,
}

/// A job as a worker has it in its memory.
struct Held {
    claim: Claim,
    import: i64,
    job: ImportJob,
    /// Batches that it does before it pauses.
    left: Arc<AtomicU64>,
    /// All is applied: what is left to do is to end it.
    applied: bool,
}

impl Workers {
    pub(super) fn new(server: &Server) -> Self {
        Self { app: server.app.clone(), both: Default::default(), base_micros: 0 }
    }

    /// The claim that a step may write by.
    pub(super) fn writes_as(&self, step: Step) -> Option<(i64, i64)> {
        let (Step::Go { worker, .. } | Step::Finish { worker }) = step else { return None };
        let claim = &self.both[worker].held.as_ref()?.claim;
        Some((claim.job, claim.token))
    }

    pub(super) fn at_base(&self) {
        self.app.clock().set_ahead(self.base_micros);
    }

    fn at(&self, worker: usize) {
        self.app.clock().set_ahead(self.base_micros + self.both[worker].skew_micros);
    }

    pub(super) fn skew(&mut self, worker: usize, seconds: i64) {
        self.both[worker].skew_micros = seconds * SECOND;
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.base_micros += seconds * SECOND;
    }

    pub(super) fn die(&mut self, worker: usize) {
        self.both[worker].held = None;
    }

    pub(super) fn all_die(&mut self) {
        self.both = Default::default();
    }

    pub(super) async fn claim(&mut self, worker: usize) {
        if self.both[worker].held.is_some() {
            return;
        }
        self.at(worker);
        let (app, now) = (&self.app, self.app.clock().now_micros());
        let claim = queue::claim(app.store(), now, runner::lease_until(app)).await.unwrap();
        let Some(claim) = claim else { return };
        let left = Arc::new(AtomicU64::new(0));
        let stop = Stop::AfterBatches(Arc::clone(&left));
        let job = ImportJob::load(app.clone(), claim.clone(), stop).await.unwrap();
        let import = claim.import.unwrap();
        self.both[worker].held = Some(Held { claim, import, job, left, applied: false });
    }

    /// Goes on with what it has in its memory.
    pub(super) async fn go(&mut self, worker: usize, batches: u64, rules: &Rules) -> Rule {
        self.at(worker);
        let Some(mut held) = self.both[worker].held.take() else { return Ok(()) };
        let lease = rules.lease_of(&held.claim).await;
        if held.applied {
            endings::finish(&self.app, held.import).await.unwrap();
            return Ok(());
        }
        let before = rules.all_rows().await;
        held.left.store(batches, Ordering::Relaxed);
        match held.job.run().await {
            Ok(Outcome::Stopped) => self.both[worker].held = Some(held),
            Ok(Outcome::Applied) => {
                held.applied = true;
                self.both[worker].held = Some(held);
            }
            Ok(Outcome::Cancelled) => {
                let stop = Stop::AtShutdown(self.app.shutdown().clone());
                runner::work(&self.app, held.claim, stop).await;
            }
            Err(JobError::Store(StoreError::LeaseLost)) => {
                rules.happened.refused.fetch_add(1, Ordering::Relaxed);
                rule!(lease == Lease::Lost, "a worker that holds its lease was refused");
            }
            // Another may have ended it, and the files are gone.
            Err(error) => {
                rule!(lease == Lease::Lost, "{error}");
                let why: ImportError = Why::Internal.into();
                let left = endings::leave_when_possible(
                    &self.app,
                    &held.claim,
                    held.import,
                    Ending::Failed,
                    Some(&why),
                );
                let left = left.await;
                rule!(matches!(left, Err(StoreError::LeaseLost)), "it failed another's job");
            }
        }
        if lease == Lease::Lost {
            // Without a batch to do it finds out the next time.
            let found_out = batches == 0 || self.both[worker].held.is_none();
            rule!(found_out, "a worker without a lease went on");
            rule!(before == rules.all_rows().await, "a worker without a lease wrote something");
        }
        Ok(())
    }

    pub(super) async fn beat(&mut self, worker: usize, rules: &Rules) -> Rule {
        self.at(worker);
        let Some(held) = &self.both[worker].held else { return Ok(()) };
        let lease = rules.lease_of(&held.claim).await;
        let until = runner::lease_until(&self.app);
        let kept = queue::heartbeat(self.app.store(), &held.claim, until).await.unwrap();
        rule!(kept == (lease == Lease::Held), "a sign of life was taken wrongly");
        Ok(())
    }

    /// As the runner does it, from what is stored.
    pub(super) async fn finish(&mut self, worker: usize, rules: &Rules) -> Rule {
        self.at(worker);
        let Some(held) = self.both[worker].held.take() else { return Ok(()) };
        let lease = rules.lease_of(&held.claim).await;
        let before = rules.all_rows().await;
        let stop = Stop::AtShutdown(self.app.shutdown().clone());
        drop(held.job);
        runner::work(&self.app, held.claim.clone(), stop).await;
        match lease {
            Lease::Held => rule!(rules.is_over(held.claim.job).await, "it did not end"),
            Lease::Lost => {
                rule!(before == rules.all_rows().await, "a worker without a lease wrote something");
            }
        }
        Ok(())
    }

    pub(super) async fn stop(&mut self, worker: usize, rules: &Rules) -> Rule {
        self.at(worker);
        let Some(held) = self.both[worker].held.take() else { return Ok(()) };
        let lease = rules.lease_of(&held.claim).await;
        let before = rules.all_rows().await;
        drop(held.job);
        queue::give_back(self.app.store(), &held.claim).await.unwrap();
        if lease == Lease::Lost {
            rule!(before == rules.all_rows().await, "a worker gave another's job back");
        }
        Ok(())
    }

    /// A worker at work keeps its own lease, so only one without a job looks.
    pub(super) async fn release(&mut self, worker: usize, rules: &mut Rules) -> Rule {
        if self.both[worker].held.is_some() {
            return Ok(());
        }
        self.at(worker);
        let now = self.app.clock().now_micros();
        let expected = rules.losses(now).await;
        runner::release_abandoned(&self.app, now).await.unwrap();
        rules.released(expected).await
    }
}
