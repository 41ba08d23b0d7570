//! Joins pages whose addresses differ in what often tells no pages apart, and
//! takes such a join back.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::runner::Stop;
use super::work::{self, Batches, JobError, Outcome, Step};
use crate::app::App;
use crate::http::dto::NewPageJoins;
use crate::store::jobs::Claim;
use crate::store::regroup::Regrouping;
use crate::store::{StoreError, page_joins};

/// Joins what the claimed job names.
pub(crate) async fn run(app: &App, claim: &Claim, stop: &Stop) -> Result<Outcome, JobError> {
    // What was written since it was asked for has its place too.
    page_joins::loosen(app.store(), app.batch_records()).await?;
    let task = claim.task.as_deref().ok_or(JobError::Unsaid("which pages it joins"))?;
    let task: NewPageJoins = serde_json::from_str(task).map_err(StoreError::from)?;
    let keys = if task.all { None } else { Some(task.keys.unwrap_or_default()) };
    let mut regroup = Regroup { regrouping: of(app, claim, claim.job)?, keys };
    work::run(app, claim, stop, &mut regroup).await
}

/// Proposes joins of what a job wrote, once it has ended. Where that fails, the
/// next sweep does.
pub(super) async fn propose(app: &App) {
    if let Err(error) = page_joins::loosen(app.store(), app.batch_records()).await {
        tracing::warn!(%error, "joins of pages are proposed by the next sweep");
    }
}

/// Takes a join back, for the claimed job.
pub(crate) async fn take_back(
    app: &App,
    claim: &Claim,
    stop: &Stop,
    job: i64,
) -> Result<Outcome, JobError> {
    let mut undo = TakeBack { regrouping: of(app, claim, job)?, by: claim.job };
    work::run(app, claim, stop, &mut undo).await
}

fn of(app: &App, claim: &Claim, job: i64) -> Result<Regrouping, JobError> {
    let site_id = claim.site_id.ok_or(JobError::Unsaid("which site it is about"))?;
    Ok(Regrouping { site_id, job, batch: app.batch_rows() })
}

/// Where it goes on: everything before it is committed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    phase: Phase,
    /// The group at work.
    key: String,
    /// The page that its other pages go to.
    target: i64,
    /// The last id that is done.
    id: i64,
    /// Comments that moved: keeps one place from looking like another.
    moved: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    /// Which group comes next.
    #[default]
    Group,
    Pages,
    Replies,
}

struct Regroup {
    regrouping: Regrouping,
    /// None: all.
    keys: Option<Vec<String>>,
}

impl Batches for Regroup {
    type Cursor = Cursor;

    async fn step(
        &mut self,
        tx: &mut SqliteConnection,
        mut cursor: Cursor,
    ) -> Result<Step<Cursor>, JobError> {
        let all = &self.regrouping;
        let mut done = 0;
        match cursor.phase {
            Phase::Group => {
                let next = all.next_group(tx, &cursor.key, self.keys.as_deref()).await?;
                let Some((key, target)) = next else {
                    all.next_revision(tx).await?;
                    return Ok(Step::Done);
                };
                cursor = Cursor { phase: Phase::Pages, key, target, ..cursor };
            }
            Phase::Pages => {
                if let Some(page) = all.next_page(tx, &cursor.key, cursor.target).await? {
                    done = all.move_comments(tx, page, cursor.target).await?;
                    cursor.moved += done;
                    if done < u64::from(all.batch) {
                        all.absorb(tx, page, cursor.target).await?;
                        cursor.id = page;
                    }
                } else {
                    cursor = Cursor { phase: Phase::Replies, id: 0, ..cursor };
                }
            }
            Phase::Replies => {
                if let Some(last) = all.join_replies(tx, cursor.target, cursor.id).await? {
                    cursor.id = last;
                } else {
                    all.count(tx, cursor.target).await?;
                    cursor = Cursor { phase: Phase::Group, id: 0, ..cursor };
                }
            }
        }
        Ok(Step::Next { cursor, done })
    }
}

struct TakeBack {
    regrouping: Regrouping,
    /// The job that takes it back.
    by: i64,
}

/// Batches that were done: keeps one place from looking like another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Batch {
    number: u64,
}

impl Batches for TakeBack {
    type Cursor = Batch;

    async fn step(
        &mut self,
        tx: &mut SqliteConnection,
        cursor: Batch,
    ) -> Result<Step<Batch>, JobError> {
        if let Some(done) = self.regrouping.take_back(tx).await? {
            return Ok(Step::Next { cursor: Batch { number: cursor.number + 1 }, done });
        }
        self.regrouping.set_undone(tx, self.by).await?;
        Ok(Step::Done)
    }
}
