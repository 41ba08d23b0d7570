//! An import: three passes over its spool, in batches.
//!
//! Rows, cursor, counters and the check of the claim commit together, so after
//! an interruption the next process goes on where this one stopped, and no
//! line is applied twice.

use std::collections::BTreeSet;
use std::sync::Arc;

use rehome_record::Extras;
use sqlx::SqliteConnection;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::fields::Fields;
use super::prepare::{Prepared, Record, prepare};
use super::runner::{Stop, lease_until};
use super::{authors_batch, comments_batch, pages_batch};
use crate::app::App;
use crate::http::dto::{ImportResult, RejectedLine};
use crate::spool::SpoolError;
use crate::store::chunks::{self, HeldChunk};
use crate::store::imports::{self, Ending, ImportRow};
use crate::store::jobs::{self, Claim, Cursor, Pass};
use crate::store::{Namespace, StoreError, upsert_parents};

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
}

/// How the passes ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is applied; the files are still there.
    Applied,
    /// Somebody asked to cancel; what is applied stays.
    Cancelled,
    /// The server stops; the next one goes on from the cursor.
    Stopped,
}

/// What every batch needs to know.
#[derive(Debug)]
pub(crate) struct Target {
    pub namespace: Arc<Namespace>,
    pub fields: Arc<Fields>,
    /// Number of the import.
    pub import: i64,
}

/// What came of the lines, this batch included.
#[derive(Debug)]
pub(crate) struct Batch {
    pub result: ImportResult,
    chunk: u32,
    rejected: Vec<RejectedLine>,
}

impl Batch {
    /// Notes a line that is not taken. The caller counts it under its kind.
    pub(crate) fn reject(&mut self, line: u64, code: &str, source_id: &str) {
        let count = self.result.rejected_by_reason.entry(code.to_owned());
        *count.or_default() += 1;
        self.rejected.push(RejectedLine {
            chunk: self.chunk,
            line,
            code: code.to_owned(),
            source_id: Some(source_id.to_owned()),
        });
    }
}

/// A claimed import at work.
pub(crate) struct ImportJob {
    app: App,
    claim: Claim,
    row: ImportRow,
    target: Target,
    chunks: Vec<HeldChunk>,
    result: ImportResult,
    stop: Stop,
}

impl ImportJob {
    pub(crate) async fn load(app: App, claim: Claim, stop: Stop) -> Result<Self, JobError> {
        let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
        let row = imports::find_by_seq(&mut reader, claim.import).await?;
        // Of the job at hand: all that is logged of it names its import.
        tracing::Span::current().record("import", row.id.as_str());
        let chunks = chunks::held(&mut reader, claim.import).await?;
        let result = imports::result(&mut reader, claim.import).await?;
        drop(reader);
        let header = row.header.as_ref().ok_or(JobError::NoHeader)?;
        let namespace = Namespace {
            site_id: row.site_id,
            family: header.family.clone(),
            origin: header.origin.clone(),
        };
        let target = Target {
            namespace: Arc::new(namespace),
            fields: Arc::new(Fields::of(header)),
            import: claim.import,
        };
        Ok(Self { app, claim, row, target, chunks, result, stop })
    }

    /// Goes on from the claim's cursor through all passes.
    pub(crate) async fn run(&mut self) -> Result<Outcome, JobError> {
        let passes = [Pass::Pages, Pass::Comments, Pass::Parents];
        let first = passes.iter().position(|&pass| pass == self.claim.cursor.pass);
        for &pass in &passes[first.unwrap_or(passes.len())..] {
            if self.claim.cursor.pass != pass && !self.begin_pass(pass).await? {
                return Ok(Outcome::Cancelled);
            }
            match self.run_pass(pass).await? {
                Outcome::Applied => {}
                early => return Ok(early),
            }
        }
        self.settle().await?;
        Ok(Outcome::Applied)
    }

    /// False where somebody asked to cancel.
    async fn begin_pass(&mut self, pass: Pass) -> Result<bool, JobError> {
        let cursor = Cursor::start_of(pass);
        let mut tx = self.app.store().begin().await?;
        let cancel = jobs::advance(&mut tx, &self.claim, cursor, self.lease_until()).await?;
        imports::set_progress(&mut tx, self.row.seq, pass.phase(), 0, &self.result).await?;
        tx.commit().await.map_err(StoreError::from)?;
        self.claim.cursor = cursor;
        self.app.changed();
        Ok(!cancel)
    }

    /// While a chunk is written, the next one is read.
    async fn run_pass(&mut self, pass: Pass) -> Result<Outcome, JobError> {
        let start = self.claim.cursor;
        let wanted: Vec<_> = self
            .chunks
            .iter()
            .filter(|chunk| chunk.number >= start.chunk && self.has_work(chunk, pass))
            .map(|chunk| (chunk.number, chunk.digest.clone()))
            .collect();
        let mut ahead = wanted.first().map(|first| self.read_ahead(pass, first, start));
        for (at, (number, _)) in wanted.iter().enumerate() {
            let Some(reading) = ahead.take() else { break };
            let records = reading.await??;
            ahead = wanted.get(at + 1).map(|next| self.read_ahead(pass, next, start));
            for part in records.chunks(self.app.batch_records()) {
                if self.stop.reached() {
                    return Ok(Outcome::Stopped);
                }
                if !self.write(pass, *number, part).await? {
                    return Ok(Outcome::Cancelled);
                }
            }
        }
        Ok(Outcome::Applied)
    }

    fn has_work(&self, chunk: &HeldChunk, pass: Pass) -> bool {
        match pass {
            Pass::Pages => chunk.counts.pages + chunk.counts.authors > 0,
            Pass::Comments => chunk.counts.comments + chunk.counts.removed > 0,
            Pass::Parents => chunk.replies > 0 && self.target.fields.has_parents(),
            Pass::Cleanup => false,
        }
    }

    fn read_ahead(
        &self,
        pass: Pass,
        chunk: &(u32, Vec<u8>),
        start: Cursor,
    ) -> AbortOnDropHandle<Result<Vec<Prepared<Record>>, JobError>> {
        let lines_done = if chunk.0 == start.chunk { start.lines } else { 0 };
        AbortOnDropHandle::new(tokio::spawn(
            prepare(
                self.app.clone(),
                self.row.id.clone(),
                Arc::clone(&self.target.namespace),
                Arc::clone(&self.target.fields),
                pass,
                chunk.clone(),
                lines_done,
            )
            .in_current_span(),
        ))
    }

    /// Commits one batch. False where somebody asked to cancel: nothing of it is written then.
    async fn write(
        &mut self,
        pass: Pass,
        chunk: u32,
        records: &[Prepared<Record>],
    ) -> Result<bool, JobError> {
        let Some(last) = records.last() else {
            return Ok(true);
        };
        let cursor = Cursor { pass, chunk, lines: last.line };
        let mut batch = Batch { result: self.result.clone(), chunk, rejected: Vec::new() };
        let mut tx = self.app.store().begin().await?;
        if jobs::advance(&mut tx, &self.claim, cursor, self.lease_until()).await? {
            return Ok(false);
        }
        self.apply(&mut tx, pass, records, &mut batch).await?;
        let (seq, done) = (self.row.seq, records.len() as u64);
        chunks::reject(&mut tx, seq, &batch.rejected).await?;
        imports::set_progress(&mut tx, seq, pass.phase(), done, &batch.result).await?;
        tx.commit().await.map_err(StoreError::from)?;
        self.claim.cursor = cursor;
        self.result = batch.result;
        self.app.changed();
        Ok(true)
    }

    async fn apply(
        &self,
        tx: &mut SqliteConnection,
        pass: Pass,
        records: &[Prepared<Record>],
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        match pass {
            Pass::Pages => {
                let pages = only(records, |record| match record {
                    Record::Page(page) => Some(page),
                    _ => None,
                });
                let authors = only(records, |record| match record {
                    Record::Author(author) => Some(author),
                    _ => None,
                });
                pages_batch::apply(tx, &self.target, &pages, batch).await?;
                authors_batch::apply(tx, &self.target, &authors, batch).await
            }
            Pass::Comments => comments_batch::apply(tx, &self.target, records, batch).await,
            Pass::Parents => {
                let replies: BTreeSet<_> = records
                    .iter()
                    .filter_map(|prepared| match &prepared.record {
                        Record::Reply(source_id) => Some(source_id.as_str()),
                        _ => None,
                    })
                    .collect();
                let (namespace, import) = (&self.target.namespace, self.target.import);
                batch.result.orphans +=
                    upsert_parents::join(tx, namespace, import, &replies).await?;
                Ok(())
            }
            Pass::Cleanup => Ok(()),
        }
    }

    /// Brings pages' numbers up to date and sends the import on its way to its end.
    async fn settle(&mut self) -> Result<(), JobError> {
        let mut tx = self.app.store().begin().await?;
        let cursor = Cursor::start_of(Pass::Cleanup);
        // Everything is applied: there is nothing left to cancel.
        jobs::advance(&mut tx, &self.claim, cursor, self.lease_until()).await?;
        let (site_id, seq) = (self.row.site_id, self.row.seq);
        let mut result = self.result.clone();
        result.orphans += upsert_parents::settle(&mut tx, site_id, seq).await?;
        imports::set_progress(&mut tx, seq, Pass::Cleanup.phase(), 0, &result).await?;
        imports::set_ending(&mut tx, seq, Ending::Succeeded, None).await?;
        tx.commit().await.map_err(StoreError::from)?;
        self.app.changed();
        Ok(())
    }

    fn lease_until(&self) -> i64 {
        lease_until(&self.app)
    }
}

fn only<'a, T>(
    records: &'a [Prepared<Record>],
    of_kind: impl Fn(&'a Record) -> Option<&'a T>,
) -> Vec<Prepared<&'a T>> {
    records
        .iter()
        .filter_map(|prepared| {
            Some(Prepared {
                line: prepared.line,
                hash: prepared.hash,
                record: of_kind(&prepared.record)?,
            })
        })
        .collect()
}

/// A record's extras as a column.
pub(crate) fn extras(extras: &Extras) -> Option<String> {
    (!extras.is_empty()).then(|| serde_json::to_string(extras).unwrap_or_default())
}
