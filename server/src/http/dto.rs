//! What the HTTP API takes and gives, as JSON.
//!
//! The pages' TypeScript types are generated from these.

mod audit;
mod people;
mod shown;

use std::collections::BTreeMap;

use rehome_record::{Counts, Timestamp};
pub use rehome_record::{NewImport, Seen, SourceFile, Submit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::audit::{AuditAction, AuditEntry, AuditList};
pub use self::people::{
    AcceptInvitation, CreatedInvitation, Invitation, InvitationOffer, LookAtInvitation, Member,
    NewInvitation, NewPassword, NewPasswordReset, NewRole, OpenSession, Role, Scope,
    UsePasswordReset,
};
pub use self::shown::{ShownComment, ShownComments, ShownPage};
pub use super::reading::{Comment, CommentList, Page, PageList};

/// `GET /healthz`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// One event of `GET /api/v1/events`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "for the document: axum writes events")]
pub struct LiveEvent {
    /// `snapshot`: the newest imports, in a list. `import`: one that has changed.
    event: LiveEventKind,
    /// Counts up with every change.
    id: String,
    /// JSON: a list of `Import`, or one.
    data: String,
}

/// What an event says.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum LiveEventKind {
    /// Comes first.
    Snapshot,
    /// Comes after it.
    Import,
}

/// `GET /api/v1/setup`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SetupState {
    /// No account exists yet: the link on the server's terminal makes the first one.
    pub needed: bool,
    /// The server sends mail: a forgotten password is reset by it. Otherwise the operator does it.
    pub mail: bool,
}

/// `POST /api/v1/setup`: makes the account, its owner and its first site, and signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewSetup {
    /// From the link's fragment.
    pub token: String,
    /// The owner's e-mail address.
    pub email: String,
    /// At least 10 characters.
    pub password: String,
    /// The first site.
    pub site: NewSite,
}

/// `POST /api/v1/session`: signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewSession {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Who is signed in, and to what: `GET /api/v1/session`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Session {
    /// The person.
    pub admin: Admin,
    /// What they may do.
    pub role: Role,
    /// The account's sites, by name.
    pub sites: Vec<Site>,
}

/// A person of an account.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Admin {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// E-mail address.
    pub email: String,
}

/// `POST /api/v1/sites`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewSite {
    /// As people call it.
    #[schema(min_length = 1, max_length = 200, format = "name")]
    pub name: String,
    /// Its address, `http` or `https`.
    #[schema(max_length = 2000)]
    pub url: String,
}

/// `PATCH /api/v1/sites/{site}`: what is to be another; the rest stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SiteChange {
    /// As people call it.
    #[schema(min_length = 1, max_length = 200, format = "name")]
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub name: Option<String>,
    /// Its address, `http` or `https`.
    #[schema(max_length = 2000)]
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub url: Option<String>,
    /// Whether anybody may read its approved comments.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub public_comments: Option<bool>,
}

/// What comments are imported into.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Site {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// As people call it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Counts up with every applied import.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub revision: i64,
    /// Whether anybody may read its approved comments.
    pub public_comments: bool,
}

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
    /// Id of the import of this site that goes first, while queued.
    pub behind: Option<String>,
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
/// A second page record of one address is `inserted` too: a source joined a
/// page that was there.
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
}

impl ImportResult {
    /// Adds what came of other lines.
    pub fn add(&mut self, other: &Self) {
        self.pages.add(other.pages);
        self.authors.add(other.authors);
        self.comments.add(other.comments);
        for (reason, count) in &other.rejected_by_reason {
            *self.rejected_by_reason.entry(reason.clone()).or_default() += count;
        }
        self.orphans += other.orphans;
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

/// An error, as RFC 9457 problem details (`application/problem+json`).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable word.
    pub code: String,
    /// One English sentence: what is wrong and what to do.
    pub title: String,
    /// Line in the chunk, from 1, where it is about one.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub line: Option<u64>,
    /// The import that it is about, where that is not the one asked for.
    pub import: Option<String>,
    /// What is not as it was frozen: `file`, `format`, `origin`, `reader`,
    /// `options`, `seen`, `site_revision`.
    pub differs: Vec<String>,
}

/// `POST /api/v1/tokens`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewApiToken {
    /// What it is for, as people call it.
    #[schema(min_length = 1, max_length = 100, format = "name")]
    pub name: String,
    /// What it may do; at least one.
    #[schema(min_items = 1)]
    pub scopes: Vec<Scope>,
}

/// A token that programs sign in with: `GET /api/v1/tokens`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ApiToken {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// What it may do, as far as whoever made it may do that now.
    pub scopes: Vec<Scope>,
    /// E-mail of the admin who made it.
    pub created_by: String,
    /// When it was made.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub last_used_at: Option<Timestamp>,
}

/// The answer to its making: the only time that the secret is shown.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CreatedApiToken {
    /// What is kept of it.
    pub token: ApiToken,
    /// For `Authorization: Bearer …`. Kept by nobody but its owner.
    pub secret: String,
}
