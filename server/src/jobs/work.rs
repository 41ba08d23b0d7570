//! What work on every kind of job has in common.
//!
//! A kind that works through a site's tables says what one batch does
//! ([`Batches`]); [`run`] commits it together with where to go on, so after an
//! interruption the next process goes on where this one stopped, and nothing is
//! done twice.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

use super::runner::{Stop, lease_until};
use super::why::Why;
use crate::app::App;
use crate::spool::SpoolError;
use crate::store::jobs::{self, Claim};
use crate::store::{StoreError, job_ends};

/// Why a job ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// A staged chunk does not inflate any more.
    #[error("a staged chunk cannot be read: {0}")]
    Chunk(#[from] std::io::Error),
    /// A thread of ours panicked.
    #[error("a part of the job stopped: {0}")]
    Join(#[from] tokio::task::JoinError),
    /// The stream has no header, which submitting checks.
    #[error("the stream has no header")]
    NoHeader,
    /// The job's row lacks what its kind needs, which enqueueing sees to.
    #[error("the job does not say {0}")]
    Unsaid(&'static str),
    /// What it found keeps it from doing its work.
    #[error("{}", .0.says())]
    Refused(Why),
}

/// How the work on a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is applied. An import's files are still there; other jobs have succeeded.
    Applied,
    /// Somebody asked to cancel; what is applied stays. Of an import alone.
    Cancelled,
    /// The server stops; the next one goes on from the cursor.
    Stopped,
}

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step<C> {
    /// There is more to do from here; so many rows were done.
    Next {
        /// Where to go on.
        cursor: C,
        /// Counted towards the job's total.
        done: u64,
    },
    /// That was the last one.
    Done,
}

/// Work in batches, each in a transaction of its own.
pub(crate) trait Batches {
    /// Where it goes on; stored as JSON.
    type Cursor: Serialize + DeserializeOwned + Send + Sync;

    /// Does the batch at the cursor, within the transaction. What it gives is
    /// committed with it. It must not be large: nobody else writes meanwhile.
    fn step(
        &mut self,
        tx: &mut SqliteConnection,
        cursor: Self::Cursor,
    ) -> impl Future<Output = Result<Step<Self::Cursor>, JobError>> + Send;
}

/// Does batch after batch from the claim's cursor, to the job's success.
pub(crate) async fn run<B: Batches>(
    app: &App,
    claim: &Claim,
    stop: &Stop,
    batches: &mut B,
) -> Result<Outcome, JobError> {
    let mut cursor = serde_json::from_str(&claim.cursor).map_err(StoreError::from)?;
    loop {
        if stop.reached() {
            return Ok(Outcome::Stopped);
        }
        let mut tx = app.store().begin().await?;
        jobs::holds(&mut tx, claim).await?;
        let next = match batches.step(&mut tx, cursor).await? {
            Step::Next { cursor: next, done } => {
                jobs::advance(&mut tx, claim, &next, done, lease_until(app)).await?;
                Some(next)
            }
            Step::Done => {
                job_ends::succeed(&mut tx, claim, app.clock().now_micros()).await?;
                None
            }
        };
        tx.commit().await.map_err(StoreError::from)?;
        app.changed();
        match next {
            Some(next) => cursor = next,
            None => return Ok(Outcome::Applied),
        }
    }
}
