//! Jobs: what is done to a site one after the other, and how far it is.

use rehome_record::Timestamp;
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

/// `GET /api/v1/imports/{id}/undo`: what taking it back would change.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UndoPlan {
    /// The newest first; the one asked for is the last.
    pub steps: Vec<UndoStep>,
    /// Comments that are deleted.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub deleted: u64,
    /// Comments that are put back as they were.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub restored: u64,
    /// Pages that are deleted.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub pages_deleted: u64,
    /// The most affected pages.
    pub pages: Vec<UndoPage>,
    /// Pages whose comments change.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub pages_total: u64,
}

/// One job that is taken back.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UndoStep {
    /// Id of the job.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub job: i64,
    /// What it is.
    pub kind: UndoKind,
    /// The import, where it is one.
    pub import: Option<String>,
    /// Its file.
    pub file_name: Option<String>,
    /// When it ended.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Comments that are deleted.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub deleted: u64,
    /// Comments that are put back as they were.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub restored: u64,
}

/// What can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum UndoKind {
    /// An import.
    Import,
    /// A join of pages.
    Regroup,
}

/// A page whose comments change.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UndoPage {
    /// The page.
    pub page: PageName,
    /// Comments that are deleted.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub deleted: u64,
    /// Comments that are put back as they were.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub restored: u64,
}

/// What a page is told apart by.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageName {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// Address, as given.
    pub url: Option<String>,
    /// Plain text.
    pub title: Option<String>,
}

/// `POST /api/v1/imports/{id}/undo`.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewUndo {
    /// All that came later is taken back first, the newest first.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub with_later: bool,
    /// Id of the first job of the plan that was seen. Refused where another
    /// is the newest by now, so that no more is taken back than was shown.
    #[serde(default)]
    #[schema(minimum = 0)]
    #[cfg_attr(feature = "ts", ts(optional, type = "number"))]
    pub newest: Option<i64>,
}
