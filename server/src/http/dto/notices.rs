//! What people are told, and whether that gets out.

use rehome_record::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of which imports somebody is told the end by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ImportEndedMails {
    /// Of those that they started.
    Mine,
    /// Of all of the account.
    All,
    /// Of none.
    Never,
}

/// What one is told: `GET /api/v1/notice-settings`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeSettings {
    /// Of which imports one is told the end.
    pub import_ended: ImportEndedMails,
    /// The server sends mail. Otherwise nothing comes, whatever is set.
    pub mail: bool,
}

/// `PUT /api/v1/notice-settings`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewNoticeSettings {
    /// Of which imports one is told the end from now on.
    pub import_ended: ImportEndedMails,
}

/// Whether the server does what it should for the account: `GET /api/v1/health`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ServerHealth {
    /// What people are to be told.
    pub notices: NoticeHealth,
    /// The server sends mail.
    pub mail: bool,
    /// Whoever runs the server is told of failures by mail.
    pub operators_mailed: bool,
    /// Whoever runs the server is told of failures by a webhook.
    pub webhook: bool,
}

/// Notices about the account that have not been sent.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeHealth {
    /// About to be sent.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub waiting: u64,
    /// Could not be sent so far; they are tried again by themselves.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub failing: u64,
    /// Could not be sent for days; an owner may have them tried again.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub given_up: u64,
    /// When the oldest that is not given up was made.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub oldest_waiting_at: Option<Timestamp>,
    /// Why the newest of those that failed did: a stable word, of docs/notices.md.
    pub last_error_code: Option<String>,
}
