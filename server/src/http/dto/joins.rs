//! Pages that may be one, and jobs that are no imports.

use rehome_record::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ImportError, JobKind, JobState, PageName};

/// In what the addresses of pages that may be one differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum JoinReason {
    /// `http` or `https`.
    Scheme,
    /// `www.` or none.
    Www,
    /// A slash at the end or none.
    Slash,
    /// Parameters that follow visitors' ways, as `utm_source`.
    Tracking,
}

/// `GET /api/v1/sites/{site}/page-joins`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageJoins {
    /// Some of them, by their keys.
    pub groups: Vec<PageJoin>,
    /// How many there are.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
    /// Pass as `after` for the next ones; none at the end.
    pub next: Option<String>,
}

/// Pages that may be one.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageJoin {
    /// What they have in common; joins are asked for by it.
    pub key: String,
    /// Id of the page that the others would become a part of: the one with the most comments.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub target: i64,
    /// In what their addresses differ.
    pub reasons: Vec<JoinReason>,
    /// Those with the most comments, at most 50.
    pub pages: Vec<JoinPage>,
    /// How many pages there are.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub pages_total: u64,
    /// Comments of all of them.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct JoinPage {
    /// The page.
    pub page: PageName,
    /// Its comments.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
}

/// `POST /api/v1/sites/{site}/page-joins`: which pages to join. One of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewPageJoins {
    /// Those of these keys.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub keys: Option<Vec<String>>,
    /// All that are proposed.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub all: bool,
}

/// A job that is no import.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SiteJob {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// Rows done.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub done: u64,
    /// Rows to do, about.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
    /// Why it failed.
    pub error: Option<ImportError>,
    /// Id of the job of the site that goes first, while it waits.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub behind: Option<i64>,
    /// Id of the job that it takes back.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub undoes: Option<i64>,
    /// It was taken back.
    pub undone: bool,
    /// It can be taken back now.
    pub can_undo: bool,
    /// When it was asked for.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created_at: Timestamp,
    /// When it ended.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub finished_at: Option<Timestamp>,
}
