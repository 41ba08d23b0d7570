//! Jobs: what is done to a site one after the other, and how far it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ImportError;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum JobKind {
    /// Applies what was sent.
    Import,
    /// Takes an earlier job back.
    Undo,
    /// Joins pages.
    Regroup,
    /// Cleans up, for the whole server.
    Sweep,
    /// Deletes a site or an account.
    Delete,
}

impl JobKind {
    /// The word that tables and answers have for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Undo => "undo",
            Self::Regroup => "regroup",
            Self::Sweep => "sweep",
            Self::Delete => "delete",
        }
    }
}

/// States of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum JobState {
    /// Waits for its turn.
    Queued,
    /// Is being done.
    Running,
    /// Done.
    Succeeded,
    /// Stopped by an error; never started again by itself.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

/// How far the job is that takes an import back.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct JobProgress {
    /// Id of the job.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub job: i64,
    /// Where it stands.
    pub state: JobState,
    /// Rows done.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub done: u64,
    /// Rows to do.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
    /// Why it failed.
    pub error: Option<ImportError>,
}
