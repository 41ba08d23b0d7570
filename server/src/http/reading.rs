//! What reading pages and comments gives, as JSON.

use rehome_record::{BodyFormat, Status, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// `GET /api/v1/sites/{site}/pages?after=&limit=&q=`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageList {
    /// Pages with the most comments first.
    pub pages: Vec<Page>,
    /// Pages in all, under the same filter.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
    /// Pass as `after` for the next pages; none at the end.
    pub next: Option<String>,
}

/// A page of a site.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Page {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// As first given.
    pub url: Option<String>,
    /// Plain text.
    pub title: Option<String>,
    /// No new comments are taken.
    pub closed: bool,
    /// Comments on it, whatever their status.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
    /// When the newest was written.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub last_comment_at: Option<Timestamp>,
}

/// `GET /api/v1/sites/{site}/pages/{page}/comments?after=&limit=`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CommentList {
    /// The page.
    pub page: Page,
    /// Every address that a source ever gave for it, as given, the oldest first; at most 200.
    pub addresses: Vec<String>,
    /// In thread order: each after its parent, siblings by time.
    pub comments: Vec<Comment>,
    /// Pass as `after` for the next comments; none at the end.
    pub next: Option<String>,
}

/// A stored comment.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Comment {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// Id of its parent.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub parent_id: Option<i64>,
    /// A root is 1.
    pub depth: u32,
    /// Name as shown.
    pub author: Option<String>,
    /// When it was written.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub created_at: Option<Timestamp>,
    /// Whether it is shown.
    pub status: Status,
    /// Sanitised where `body_format` is `html`.
    pub body: Option<String>,
    /// How to read `body`.
    pub body_format: BodyFormat,
}
