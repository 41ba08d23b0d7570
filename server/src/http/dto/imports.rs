//! Imports: how far they are, and what became of them.

use std::collections::BTreeMap;

use rehome_record::{Counts, Seen, SourceFile, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{JobKind, JobProgress};

/// States of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ImportState {
    /// Chunks are coming in.
    Receiving,
    /// Everything is there; waits for its turn.
    Queued,
    /// Being applied.
    Running,
    /// Applied.
    Succeeded,
    /// Stopped by an error; never started again by itself.
    Failed,
    /// Stopped by a person.
    Cancelled,
    /// The stream was never finished.
    Expired,
    /// Applied, all of it or a part, and taken back since.
    Undone,
}

/// An import, as lists, pages and live events show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Import {
    /// Id.
    pub id: String,
    /// The site.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub site_id: i64,
    /// The site's name.
    pub site_name: String,
    /// Where it stands.
    pub state: ImportState,
    /// Counts up with every change of any import of the server: the id of live events.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub version: i64,
    /// Format id.
    pub format: String,
    /// Namespace of the source's ids.
    pub origin: String,
    /// The chosen file.
    pub file: SourceFile,
    /// What the reader saw.
    pub seen: Seen,
    /// E-mail of the admin who started it.
    pub started_by: String,
    /// When it was created.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created_at: Timestamp,
    /// When it reached a final state.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub finished_at: Option<Timestamp>,
    /// Record lines received.
    pub received: Counts,
    /// Chunks received.
    pub chunks_received: u32,
    /// How far it is applied; from `queued` on.
    pub progress: Option<Progress>,
    /// What came of the lines; grows while running.
    pub result: ImportResult,
    /// Why it failed.
    pub error: Option<ImportError>,
    /// Id of the import of this site that goes first, or is taken back first, while queued.
    pub behind: Option<String>,
    /// What goes first: an import, or other work on the site.
    pub behind_kind: Option<JobKind>,
    /// What it added and changed is known, and it can be taken back.
    pub can_undo: bool,
    /// The job that takes it back, while it waits or runs, or where it failed.
    pub undoing: Option<JobProgress>,
}

/// How far an import is applied.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Progress {
    /// The pass at work.
    pub phase: Phase,
    /// Record lines done, over all passes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub done: u64,
    /// Record lines to do, over all passes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
}

/// The passes of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Phase {
    /// Pages and authors.
    Pages,
    /// Comments.
    Comments,
    /// Replies find their parents.
    Parents,
    /// Staged files are deleted.
    Cleanup,
}

/// What came of an import's lines: `sent = inserted + updated + unchanged + rejected`, for each.
///
/// When an import has succeeded, the sum over `pages` is `received.pages`, over
/// `authors` it is `received.authors`, and over `comments` it is
/// `received.comments + received.removed`. A line that is no valid record
/// counts as what its `type` says; one without a known `type` as a comment.
/// A page whose address was there already is `unchanged`, whichever source
/// told of it: it is no new page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ImportResult {
    /// `page` lines.
    pub pages: Upserted,
    /// `author` lines.
    pub authors: Upserted,
    /// `comment` and `removed` lines.
    pub comments: Upserted,
    /// Rejected lines of all kinds, by reason.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// Replies whose parent is neither in the stream nor on the server.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub orphans: u64,
    /// Comments that were there already from another source, which named them;
    /// `unchanged` counts them too.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub joined: u64,
    /// Of those that were joined: by how many hours their times are later (`+4`)
    /// or earlier (`-5.5`) than those stored first, which stay. `other` is what is
    /// no such step.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub time_shifts: BTreeMap<String, u64>,
    /// Comments that another source names as the same, but neither author nor words agree.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub possible_doubles: u64,
    /// Comments that this source had before and the stream does not speak of. They stay.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub vanished: u64,
}

impl ImportResult {
    /// Notes that a joined comment has another time here than there, in microseconds.
    pub(crate) fn note_shift(&mut self, micros: i64) {
        const MINUTE: i64 = 60_000_000;
        const QUARTER: i64 = 15 * MINUTE;
        if micros.abs() < MINUTE {
            return;
        }
        let quarters = (micros + micros.signum() * QUARTER / 2) / QUARTER;
        let is_step = (micros - quarters * QUARTER).abs() < MINUTE && quarters.abs() <= 26 * 4;
        let word = if is_step {
            let (sign, quarters) = (if micros < 0 { '-' } else { '+' }, quarters.unsigned_abs());
            let rest = ["", ".25", ".5", ".75"][usize::try_from(quarters % 4).unwrap_or(0)];
            format!("{sign}{}{rest}", quarters / 4)
        } else {
            "other".to_owned()
        };
        *self.time_shifts.entry(word).or_default() += 1;
    }

    /// Adds what came of other lines.
    pub fn add(&mut self, other: &Self) {
        self.pages.add(other.pages);
        self.authors.add(other.authors);
        self.comments.add(other.comments);
        for (reason, count) in &other.rejected_by_reason {
            *self.rejected_by_reason.entry(reason.clone()).or_default() += count;
        }
        self.orphans += other.orphans;
        self.joined += other.joined;
        for (shift, count) in &other.time_shifts {
            *self.time_shifts.entry(shift.clone()).or_default() += count;
        }
        self.possible_doubles += other.possible_doubles;
        self.vanished += other.vanished;
    }
}

/// What came of the lines of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Upserted {
    /// New on the server.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub inserted: u64,
    /// Known, and the source sent something else than before.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub updated: u64,
    /// Known, and the same as before.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub unchanged: u64,
    /// Not taken, with a reason.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub rejected: u64,
}

impl Upserted {
    /// Adds what came of other lines.
    pub fn add(&mut self, other: Self) {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.rejected += other.rejected;
    }
}

/// Why an import failed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ImportError {
    /// Stable word.
    pub code: String,
    /// One English sentence: what is wrong and what to do.
    pub message: String,
}

/// `GET /api/v1/imports/{id}` and the answer to its creation: enough to send and to go on sending.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ImportDetail {
    /// The import.
    pub import: Import,
    /// The chunks held, in order. Empty once it is applied.
    pub chunks: Vec<ChunkHeld>,
    /// What may be sent.
    pub limits: Limits,
    /// Rejected lines, the first few.
    pub rejected: Vec<RejectedLine>,
}

/// A chunk that need not be sent again, unless its lines are others.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChunkHeld {
    /// From 1.
    pub number: u32,
    /// Over the plain lines, as in `Unencoded-Digest`: `sha-256=:…:`.
    pub digest: String,
}

/// What may be sent.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Limits {
    /// Gzip bytes of one chunk.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub chunk_gzip_bytes: u64,
    /// Plain bytes of one chunk.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub chunk_plain_bytes: u64,
    /// Bytes of one line.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub line_bytes: u64,
    /// Chunks of one import.
    pub chunks: u32,
    /// Hours after the last chunk at which an unfinished stream expires.
    pub expires_hours: u32,
    /// Imports of the account at the same time: those that are sent, wait or run.
    pub open_imports: u32,
    /// Chunks that the account may send in a minute.
    pub chunks_per_minute: u32,
    /// Gzip bytes that the account's staged chunks may take.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub staged_bytes: u64,
}

/// A line that was not taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RejectedLine {
    /// Chunk, from 1.
    pub chunk: u32,
    /// Line in the chunk, from 1.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub line: u64,
    /// Stable word for the reason.
    pub code: String,
    /// The record's id, where it has one.
    pub source_id: Option<String>,
}
