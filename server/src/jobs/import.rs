//! An import: three passes over its spool, in batches.
//!
//! Rows, cursor, counters and the check of the claim commit together, so after
//! an interruption the next process goes on where this one stopped, and no
//! line is applied twice.

use std::collections::HashMap;
use std::sync::Arc;

use rehome_record::Extras;
use sqlx::SqliteConnection;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::comments_batch::{Ahead, Written};
use super::fields::Fields;
use super::prepare::{Prepared, ReadChunk, Record, prepare, removed_hash};
use super::runner::{Stop, lease_until};
use super::work::{JobError, Outcome};
use super::{authors_batch, comments_batch, pages_batch};
use crate::app::App;
use crate::http::dto::{ImportResult, RejectedLine};
use crate::store::chunks::{self, HeldChunk};
use crate::store::import_moves::{self, Ending};
use crate::store::imports::{self, ImportRow};
use crate::store::jobs::{self, Claim, Cursor, Pass};
use crate::store::{Known, Namespace, StoreError, upsert_parents};

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
    cursor: Cursor,
    row: ImportRow,
    target: Target,
    chunks: Vec<HeldChunk>,
    result: ImportResult,
    written: Written,
    stop: Stop,
}

impl ImportJob {
    pub(crate) async fn load(app: App, claim: Claim, stop: Stop) -> Result<Self, JobError> {
        let seq = claim.import.ok_or(JobError::Unsaid("which import it is of"))?;
        let cursor: Cursor = serde_json::from_str(&claim.cursor).map_err(StoreError::from)?;
        let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
        let row = imports::find_by_seq(&mut reader, seq).await?;
        // Of the job at hand: all that is logged of it names its import.
        tracing::Span::current().record("import", row.id.as_str());
        let chunks = chunks::held(&mut reader, seq).await?;
        let result = imports::result(&mut reader, seq).await?;
        drop(reader);
        let header = row.header.as_ref().ok_or(JobError::NoHeader)?;
        let namespace = row.namespace().ok_or(JobError::NoHeader)?;
        let target = Target {
            namespace: Arc::new(namespace),
            fields: Arc::new(Fields::of(header)),
            import: seq,
        };
        let written = Written::default();
        Ok(Self { app, claim, cursor, row, target, chunks, result, written, stop })
    }

    /// Goes on from the claim's cursor through all passes.
    pub(crate) async fn run(&mut self) -> Result<Outcome, JobError> {
        if self.cursor.pass == Pass::Cleanup {
            return Ok(Outcome::Applied);
        }
        let passes = [Pass::Pages, Pass::Comments, Pass::Parents];
        let first = passes.iter().position(|&pass| pass == self.cursor.pass);
        for &pass in &passes[first.unwrap_or(passes.len())..] {
            if self.cursor.pass != pass && !self.begin_pass(pass).await? {
                return Ok(Outcome::Cancelled);
            }
            let ended = match pass {
                Pass::Parents => self.join_replies().await?,
                _ => self.run_pass(pass).await?,
            };
            match ended {
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
        let cancel = jobs::advance(&mut tx, &self.claim, &cursor, 0, self.lease_until()).await?;
        import_moves::set_progress(&mut tx, self.row.seq, pass.phase(), 0, &self.result).await?;
        tx.commit().await.map_err(StoreError::from)?;
        self.cursor = cursor;
        self.app.changed();
        Ok(!cancel)
    }

    /// While a chunk is written, the next one is read.
    async fn run_pass(&mut self, pass: Pass) -> Result<Outcome, JobError> {
        let start = self.cursor;
        let wanted: Vec<_> = self
            .chunks
            .iter()
            .filter(|chunk| chunk.number >= start.chunk && has_work(chunk, pass))
            .map(|chunk| (chunk.number, chunk.digest.clone()))
            .collect();
        let mut ahead = wanted.first().map(|first| self.read_ahead(pass, first, start));
        for (at, (number, _)) in wanted.iter().enumerate() {
            let Some(reading) = ahead.take() else { break };
            let read = reading.await??;
            ahead = wanted.get(at + 1).map(|next| self.read_ahead(pass, next, start));
            for part in read.records.chunks(self.app.batch_records()) {
                if self.stop.reached() {
                    return Ok(Outcome::Stopped);
                }
                if !self.write(pass, *number, part, &read.known).await? {
                    return Ok(Outcome::Cancelled);
                }
            }
            self.written.next_chunk();
        }
        Ok(Outcome::Applied)
    }

    fn read_ahead(
        &self,
        pass: Pass,
        chunk: &(u32, Vec<u8>),
        start: Cursor,
    ) -> AbortOnDropHandle<Result<ReadChunk, JobError>> {
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
        known: &HashMap<String, Known>,
    ) -> Result<bool, JobError> {
        let Some(last) = records.last() else {
            return Ok(true);
        };
        let cursor = Cursor { pass, chunk, lines: last.line };
        let mut batch = Batch { result: self.result.clone(), chunk, rejected: Vec::new() };
        let mut tx = self.app.store().begin().await?;
        if jobs::advance(&mut tx, &self.claim, &cursor, 0, self.lease_until()).await? {
            return Ok(false);
        }
        let settled_replies = self.apply(&mut tx, pass, records, known, &mut batch).await?;
        let (seq, done) = (self.row.seq, records.len() as u64 + settled_replies);
        chunks::reject(&mut tx, seq, &batch.rejected).await?;
        import_moves::set_progress(&mut tx, seq, pass.phase(), done, &batch.result).await?;
        tx.commit().await.map_err(StoreError::from)?;
        self.cursor = cursor;
        self.result = batch.result;
        self.written.note(records);
        self.app.changed();
        Ok(true)
    }

    /// Replies that come after their parents are joined to them at once. Those
    /// that came before wait in a table, in the order of its key.
    async fn join_replies(&mut self) -> Result<Outcome, JobError> {
        if !self.target.fields.has_parents() {
            return Ok(Outcome::Applied);
        }
        loop {
            if self.stop.reached() {
                return Ok(Outcome::Stopped);
            }
            let passed_over = self.cursor.lines;
            let (seq, limit) = (self.row.seq, self.app.batch_records());
            let mut tx = self.app.store().begin().await?;
            let namespace = &self.target.namespace;
            let looked = upsert_parents::join(&mut tx, namespace, seq, passed_over, limit).await?;
            if looked.replies == 0 {
                return Ok(Outcome::Applied);
            }
            let lines = passed_over + looked.replies - looked.done;
            // The number only tells one batch from the next: a place is left once.
            let cursor = Cursor { chunk: self.cursor.chunk + 1, lines, ..self.cursor };
            if jobs::advance(&mut tx, &self.claim, &cursor, 0, self.lease_until()).await? {
                return Ok(Outcome::Cancelled);
            }
            let phase = Pass::Parents.phase();
            import_moves::set_progress(&mut tx, seq, phase, looked.replies, &self.result).await?;
            tx.commit().await.map_err(StoreError::from)?;
            self.cursor = cursor;
            self.app.changed();
        }
    }

    /// Returns how many replies need not be looked at again.
    async fn apply(
        &self,
        tx: &mut SqliteConnection,
        pass: Pass,
        records: &[Prepared<Record>],
        known: &HashMap<String, Known>,
        batch: &mut Batch,
    ) -> Result<u64, StoreError> {
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
                authors_batch::apply(tx, &self.target, &authors, batch).await?;
                Ok(0)
            }
            Pass::Comments => {
                let ahead = Ahead { known, written: &self.written };
                comments_batch::apply(tx, &self.target, records, ahead, batch).await
            }
            Pass::Parents | Pass::Cleanup => Ok(0),
        }
    }

    /// Brings pages' numbers up to date and sends the import on its way to its end.
    async fn settle(&mut self) -> Result<(), JobError> {
        // Nobody else writes what this source knows: one job of a site runs at a time.
        let (store, namespace) = (self.app.store(), &self.target.namespace);
        let orphans = upsert_parents::orphans(store, namespace, self.row.seq).await?;
        let vanished =
            upsert_parents::vanished(store, namespace, self.row.seq, removed_hash()).await?;
        let mut tx = self.app.store().begin().await?;
        let cursor = Cursor::start_of(Pass::Cleanup);
        // Everything is applied: there is nothing left to cancel.
        jobs::advance(&mut tx, &self.claim, &cursor, 0, self.lease_until()).await?;
        let (site_id, seq) = (self.row.site_id, self.row.seq);
        let mut result = self.result.clone();
        result.vanished = vanished;
        result.orphans = orphans + upsert_parents::settle(&mut tx, site_id, seq).await?;
        import_moves::set_progress(&mut tx, seq, Pass::Cleanup.phase(), 0, &result).await?;
        import_moves::set_ending(&mut tx, seq, Ending::Succeeded, None).await?;
        tx.commit().await.map_err(StoreError::from)?;
        self.app.changed();
        Ok(())
    }

    fn lease_until(&self) -> i64 {
        lease_until(&self.app)
    }
}

fn has_work(chunk: &HeldChunk, pass: Pass) -> bool {
    match pass {
        Pass::Pages => chunk.counts.pages + chunk.counts.authors > 0,
        Pass::Comments => chunk.counts.comments + chunk.counts.removed > 0,
        Pass::Parents | Pass::Cleanup => false,
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
