//! The audit log: who did what.

use std::collections::BTreeMap;

use rehome_record::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum AuditAction {
    /// Made the account, with the link from the server's terminal.
    AccountMade,
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// Ended one of their sessions.
    SessionEnded,
    /// Signed out everywhere.
    SignedOutEverywhere,
    /// Chose another password.
    PasswordChanged,
    /// Chose another password by a link, having none or having lost it.
    PasswordReset,
    /// Made a site.
    SiteMade,
    /// Changed a site's settings.
    SiteChanged,
    /// Had pages joined.
    PagesJoined,
    /// Had a join of pages taken back.
    JoinUndone,
    /// Deleted a site.
    SiteDeleted,
    /// Began an import.
    ImportStarted,
    /// Sent an import off to be applied.
    ImportSubmitted,
    /// Stopped an import.
    ImportCancelled,
    /// Fetched the report of an import as a file.
    ReportDownloaded,
    /// Had an import taken back.
    ImportUndone,
    /// Stopped a job that waited.
    JobCancelled,
    /// Invited somebody.
    InvitationMade,
    /// Took an invitation back.
    InvitationRevoked,
    /// Became a member.
    InvitationAccepted,
    /// Gave a member another role.
    RoleChanged,
    /// Removed a member.
    MemberRemoved,
    /// Made a token.
    TokenMade,
    /// Revoked a token.
    TokenRevoked,
    /// Fetched the audit log as a file.
    AuditExported,
    /// Had notices tried again that could not be sent.
    NoticesRetried,
}

/// `GET /api/v1/audit?action=&admin=&before=&limit=`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AuditList {
    /// The newest first.
    pub entries: Vec<AuditEntry>,
    /// Pass as `before` for older ones; none at the end.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub next: Option<i64>,
}

/// One act. In the export as NDJSON, one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AuditEntry {
    /// Id; counts up.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Id of who did it.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub admin_id: i64,
    /// Their e-mail; that of a removed member is the one they had.
    pub admin: String,
    /// Name of the token that they did it with.
    pub token: Option<String>,
    /// What they did.
    pub action: AuditAction,
    /// To what, by these words: `import`, `site`, `job`, `then`, `session`, `member`, `email`,
    /// `role`, `role_before`, `invitation`, `token`, `name`, `scopes`, `notices`.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, string>"))]
    pub details: BTreeMap<String, String>,
}
