//! Takes a job back: all that an import added is deleted, and all that it
//! changed becomes what it was.
//!
//! Sources go before the rows that they lead to, and what was changed is restored
//! before what was added is deleted: nothing points to a row that is not there,
//! at the end of any batch.

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::regroup;
use super::runner::Stop;
use super::why::Why;
use super::work::{self, Batches, JobError, Outcome, Step};
use crate::app::App;
use crate::http::dto::UndoKind;
use crate::store::history::RowKind;
use crate::store::jobs::Claim;
use crate::store::undo::{Done, Undoing};
use crate::store::undo_plan::{self, Past};
use crate::store::{StoreError, imports, kept_history};

/// Takes back what the claimed job names.
pub(crate) async fn run(app: &App, claim: &Claim, stop: &Stop) -> Result<Outcome, JobError> {
    let job = claim.undoes.ok_or(JobError::Unsaid("what it takes back"))?;
    let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
    // Asked for in time is in time: what waits to be taken back is kept.
    let from_on = undo_plan::from_on(&mut reader, job, i64::MIN).await?;
    drop(reader);
    let past = the_newest(from_on)?;
    let outcome = match past.kind {
        UndoKind::Import => {
            let mut undo = UndoImport::load(app, claim, &past).await?;
            work::run(app, claim, stop, &mut undo).await?
        }
        UndoKind::Regroup => regroup::take_back(app, claim, stop, past.job).await?,
    };
    if outcome == Outcome::Applied {
        app.store().words_were_deleted();
        if let Err(error) = app.store().empty_log().await {
            tracing::warn!(%error, "the write-ahead log is emptied by the next sweep");
        }
        regroup::propose(app).await;
    }
    Ok(outcome)
}

/// Looked at again when its turn has come: something may have come between.
fn the_newest(mut from_on: Vec<Past>) -> Result<Past, JobError> {
    let past = from_on.pop().ok_or(JobError::Refused(Why::UndoExpired))?;
    if !from_on.is_empty() {
        return Err(JobError::Refused(Why::UndoLaterFirst));
    }
    if past.undoable { Ok(past) } else { Err(JobError::Refused(Why::UndoExpired)) }
}

struct UndoImport {
    undoing: Undoing,
    now: i64,
    /// The job that is taken back, and the one that does it.
    jobs: (i64, i64),
}

/// Where it goes on: everything before it is committed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    phase: Phase,
    /// The last id that is done.
    id: i64,
    /// The last source id that is done.
    source_id: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    #[default]
    RestoreCommentSources,
    RestoreComments,
    DeleteCommentSources,
    DeleteComments,
    RestorePageSources,
    DeletePageSources,
    DeletePages,
    FreeAddresses,
    RestorePages,
    RestoreAuthorSources,
    DeleteAuthorSources,
    DeleteAuthors,
    RestoreAuthors,
    CountComments,
    Forget,
}

impl Phase {
    const ALL: [Self; 15] = [
        Self::RestoreCommentSources,
        Self::RestoreComments,
        Self::DeleteCommentSources,
        Self::DeleteComments,
        Self::RestorePageSources,
        Self::DeletePageSources,
        Self::DeletePages,
        Self::FreeAddresses,
        Self::RestorePages,
        Self::RestoreAuthorSources,
        Self::DeleteAuthorSources,
        Self::DeleteAuthors,
        Self::RestoreAuthors,
        Self::CountComments,
        Self::Forget,
    ];

    fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|&phase| phase == self)?;
        Self::ALL.get(at + 1).copied()
    }
}

impl Cursor {
    fn start_of(phase: Phase) -> Self {
        Self { phase, ..Self::default() }
    }

    fn at_id(&self, Done { at, rows }: Done<i64>) -> Step<Self> {
        Step::Next { cursor: Self { id: at, ..self.clone() }, done: rows }
    }

    fn at_source(&self, Done { at, rows }: Done<String>) -> Step<Self> {
        Step::Next { cursor: Self { source_id: at, ..self.clone() }, done: rows }
    }
}

impl UndoImport {
    async fn load(app: &App, claim: &Claim, past: &Past) -> Result<Self, JobError> {
        let import = past.import.ok_or(JobError::Unsaid("which import it takes back"))?;
        let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
        let row = imports::find_by_seq(&mut reader, import).await?;
        let namespace = row.namespace().ok_or(JobError::NoHeader)?;
        let batch = app.batch_rows();
        Ok(Self {
            undoing: Undoing { import, namespace, batch },
            now: app.clock().now_micros(),
            jobs: (past.job, claim.job),
        })
    }

    /// A batch of the cursor's phase; none where the phase is through.
    async fn batch(
        &self,
        tx: &mut SqliteConnection,
        cursor: &Cursor,
    ) -> Result<Option<Step<Cursor>>, JobError> {
        let undo = &self.undoing;
        let sources = match cursor.phase {
            Phase::RestoreCommentSources => Some((RowKind::Comment, true)),
            Phase::RestorePageSources => Some((RowKind::Page, true)),
            Phase::RestoreAuthorSources => Some((RowKind::Author, true)),
            Phase::DeleteCommentSources => Some((RowKind::Comment, false)),
            Phase::DeletePageSources => Some((RowKind::Page, false)),
            Phase::DeleteAuthorSources => Some((RowKind::Author, false)),
            _ => None,
        };
        if let Some((kind, restore)) = sources {
            let done = if restore {
                undo.restore_sources(tx, kind, &cursor.source_id).await?
            } else {
                undo.delete_sources(tx, kind, &cursor.source_id).await?
            };
            return Ok(done.map(|done| cursor.at_source(done)));
        }
        let done = match cursor.phase {
            Phase::RestoreComments => undo.restore(tx, RowKind::Comment, cursor.id).await?,
            Phase::RestorePages => undo.restore(tx, RowKind::Page, cursor.id).await?,
            Phase::RestoreAuthors => undo.restore(tx, RowKind::Author, cursor.id).await?,
            Phase::DeleteComments => undo.delete(tx, RowKind::Comment).await?,
            Phase::DeletePages => undo.delete(tx, RowKind::Page).await?,
            Phase::DeleteAuthors => undo.delete(tx, RowKind::Author).await?,
            Phase::FreeAddresses => undo.free_addresses(tx, cursor.id).await?,
            Phase::CountComments => undo.count_comments(tx, cursor.id).await?,
            Phase::Forget => {
                let whole = kept_history::forget(tx, undo.import, undo.batch).await?;
                (!whole).then_some(Done { at: cursor.id + 1, rows: 0 })
            }
            _ => None,
        };
        Ok(done.map(|done| cursor.at_id(done)))
    }
}

impl Batches for UndoImport {
    type Cursor = Cursor;

    async fn step(
        &mut self,
        tx: &mut SqliteConnection,
        mut cursor: Cursor,
    ) -> Result<Step<Cursor>, JobError> {
        let step = loop {
            if let Some(step) = self.batch(tx, &cursor).await? {
                break step;
            }
            match cursor.phase.next() {
                Some(phase) => cursor = Cursor::start_of(phase),
                None => break Step::Done,
            }
        };
        if step == Step::Done {
            self.undoing.set_undone(tx, self.jobs, self.now).await?;
        }
        self.undoing.tell(tx).await?;
        Ok(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_has_its_turn() {
        let mut phase = Phase::default();
        let mut through = 1;
        while let Some(next) = phase.next() {
            phase = next;
            through += 1;
        }
        assert_eq!((through, phase), (Phase::ALL.len(), Phase::Forget));
    }
}
