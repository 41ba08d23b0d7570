//! What the HTTP API takes and gives, as JSON.
//!
//! The pages' TypeScript types are generated from these.

mod audit;
mod imports;
mod jobs;
mod joins;
mod notices;
mod people;
mod report;
mod shown;

use rehome_record::Timestamp;
pub use rehome_record::{NewImport, Seen, SourceFile, Submit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::audit::{AuditAction, AuditEntry, AuditList};
pub use self::imports::{
    ChunkHeld, Import, ImportDetail, ImportError, ImportResult, ImportState, Limits, Phase,
    Progress, RejectedLine, Upserted,
};
pub use self::jobs::{
    JobKind, JobProgress, JobState, NewUndo, PageName, UndoKind, UndoPage, UndoPlan, UndoStep,
};
pub use self::joins::{JoinPage, JoinReason, NewPageJoins, PageJoin, PageJoins, SiteJob};
pub use self::notices::{
    ImportEndedMails, NewNoticeSettings, NoticeHealth, NoticeSettings, ServerHealth,
};
pub use self::people::{
    AcceptInvitation, CreatedInvitation, Invitation, InvitationOffer, LookAtInvitation, Member,
    NewInvitation, NewPassword, NewPasswordReset, NewRole, OpenSession, Role, Scope,
    UsePasswordReset,
};
pub use self::report::{DoublePage, DoubleSource, PossibleDouble, PossibleDoubles, Vanished};
pub use self::shown::{ShownComment, ShownComments, ShownPage};
pub use super::reading::{Comment, CommentList, Page, PageList};

/// `GET /healthz`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// `GET /readyz`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Readiness {
    /// Whether all of them are.
    pub ready: bool,
    /// What was looked at.
    pub checks: Vec<ReadinessCheck>,
}

/// One thing that the server needs.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ReadinessCheck {
    /// What it is.
    pub name: ReadinessName,
    /// Whether it is as it should be.
    pub ok: bool,
}

/// What the server needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessName {
    /// It was not told to stop.
    Running,
    /// It answers, is the file that was opened, and can be written to.
    Database,
    /// The tables are those of this version.
    Tables,
    /// The folder of the database can be written to.
    DataFolder,
    /// The folder of staged files can be written to.
    SpoolFolder,
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

/// `DELETE /api/v1/sites/{site}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DeleteSite {
    /// Its name, typed in.
    pub name: String,
}

/// `DELETE /api/v1/account`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DeleteAccount {
    /// One's own.
    pub password: String,
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
    /// Of `same_blog`: where the same comments are known from.
    pub origin: Option<String>,
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
