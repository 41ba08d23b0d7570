//! Deletes a site or a whole account, in batches, and at last from the
//! write-ahead log. What is to go was marked with its job's row: nobody finds it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::endings::{self, EndingError};
use super::runner::Stop;
use super::work::{self, Batches, JobError, Outcome, Step};
use crate::app::App;
use crate::clock::micros;
use crate::http::dto::JobKind;
use crate::store::import_moves::{self, Ending};
use crate::store::jobs::{self, Claim, NewJob};
use crate::store::{StoreError, Stored, deletion};

/// A deletion that failed is tried again after this: nobody can ask for it any more.
const AGAIN_AFTER: Duration = Duration::from_hours(1);

/// What is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doomed {
    /// A site of an account.
    Site(i64),
    /// An account, with its sites.
    Account,
}

/// Marks it, and puts its deletion into the queue, within the transaction.
/// Gives the imports that the caller has to [`endings::finish`] after it.
pub(crate) async fn begin(
    tx: &mut SqliteConnection,
    account_id: i64,
    doomed: Doomed,
    asked_by: Option<i64>,
    now: i64,
) -> Stored<Vec<i64>> {
    let sites = match doomed {
        Doomed::Site(site_id) => {
            deletion::mark_site(tx, site_id, now).await?;
            vec![site_id]
        }
        Doomed::Account => {
            deletion::mark_account(tx, account_id, now).await?;
            deletion::sites_of(tx, account_id).await?
        }
    };
    let mut idle = Vec::new();
    for import in deletion::open_imports(tx, &sites).await? {
        if import.runs {
            jobs::request_cancel(tx, import.seq).await?;
        } else if import_moves::set_ending(tx, import.seq, Ending::Cancelled, None).await? {
            idle.push(import.seq);
        }
    }
    deletion::drop_waiting(tx, &sites, now).await?;
    let job = NewJob {
        kind: JobKind::Delete,
        account_id,
        site_id: match doomed {
            Doomed::Site(site_id) => Some(site_id),
            Doomed::Account => None,
        },
        import: None,
        undoes: None,
        asked_by,
        cursor: serde_json::to_string(&Cursor::default())?,
        task: Some(serde_json::to_string(&doomed)?),
        total: 0,
    };
    jobs::add(tx, &job, now).await?;
    Ok(idle)
}

/// Puts deletions into the queue again that were begun and came to no end.
///
/// # Errors
/// Those of the store; the next sweep tries again.
pub(crate) async fn begin_again(app: &App) -> Result<(), EndingError> {
    let now = app.clock().now_micros();
    for (account_id, site_id) in deletion::left(app.store(), now - micros(AGAIN_AFTER)).await? {
        let doomed = site_id.map_or(Doomed::Account, Doomed::Site);
        let mut tx = app.store().begin().await?;
        let idle = begin(&mut tx, account_id, doomed, None, now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        for seq in idle {
            endings::finish(app, seq).await?;
        }
        app.wake_runner();
    }
    Ok(())
}

/// Deletes what the claimed job names.
pub(crate) async fn run(app: &App, claim: &Claim, stop: &Stop) -> Result<Outcome, JobError> {
    let account_id = claim.account_id.ok_or(JobError::Unsaid("whose it deletes"))?;
    let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
    let sites = match claim.site_id {
        Some(site_id) => vec![site_id],
        None => deletion::sites_of(&mut reader, account_id).await?,
    };
    let open = deletion::open_imports(&mut reader, &sites).await?;
    drop(reader);
    // Chunks that were let in before are written by now, or take themselves out again.
    let gate = app.spool_gate().write().await;
    for import in open {
        app.spool().clear(&import.id).await?;
    }
    drop(gate);
    let whole_account = claim.site_id.is_none().then_some(account_id);
    let mut deletion =
        Deletion { job: claim.job, sites, whole_account, at_once: app.batch_records() };
    let outcome = work::run(app, claim, stop, &mut deletion).await?;
    if outcome == Outcome::Applied {
        app.store().words_were_deleted();
        match app.store().empty_log().await {
            Ok(true) => {}
            Ok(false) => tracing::info!("the write-ahead log is read, and emptied by a sweep"),
            Err(error) => tracing::warn!(%error, "the write-ahead log is emptied by a sweep"),
        }
    }
    Ok(outcome)
}

/// Where it goes on. Whatever is left is what is left to do; the count keeps one
/// place from looking like another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    stage: usize,
    deleted: u64,
}

struct Deletion {
    job: i64,
    sites: Vec<i64>,
    whole_account: Option<i64>,
    at_once: usize,
}

impl Batches for Deletion {
    type Cursor = Cursor;

    async fn step(
        &mut self,
        tx: &mut SqliteConnection,
        mut cursor: Cursor,
    ) -> Result<Step<Cursor>, JobError> {
        while cursor.stage < deletion::stages() {
            let (stage, most) = (cursor.stage, self.at_once);
            let deleted = deletion::some_of_sites(tx, stage, &self.sites, most).await?;
            if deleted > 0 {
                cursor.deleted += deleted;
                return Ok(Step::Next { cursor, done: 0 });
            }
            cursor.stage += 1;
        }
        if let Some(account_id) = self.whole_account {
            let deleted = deletion::some_of_audit(tx, account_id, self.at_once).await?;
            if deleted > 0 {
                cursor.deleted += deleted;
                return Ok(Step::Next { cursor, done: 0 });
            }
        }
        deletion::last_of_sites(tx, &self.sites, self.job).await?;
        if let Some(account_id) = self.whole_account {
            deletion::last_of_account(tx, account_id, self.job).await?;
        }
        Ok(Step::Done)
    }
}
