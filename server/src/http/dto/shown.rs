//! What a site's readers get of its comments, as JSON. Never an e-mail address,
//! an IP address, or a word about what is not shown.

use rehome_record::{BodyFormat, Kind, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// `GET /api/v1/sites/{site}/comments?url=…&identifier=…&cursor=&limit=`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ShownComments {
    /// The page; none where the site has no such page, which then has no comments either.
    pub page: Option<ShownPage>,
    /// In thread order: each after its parent, siblings by time.
    pub comments: Vec<ShownComment>,
    /// Pass as `cursor` for the next comments; none at the end.
    pub next: Option<String>,
}

/// The page that the comments are of.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ShownPage {
    /// As first given.
    pub url: Option<String>,
    /// Plain text.
    pub title: Option<String>,
    /// No new comments are taken.
    pub closed: bool,
    /// Comments that are shown, over all parts of the list.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
}

/// A comment as readers see it.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ShownComment {
    /// Id. The same comment keeps it.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// Id of its parent.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub parent_id: Option<i64>,
    /// A root is 1.
    pub depth: u32,
    /// It is not shown, and stands here for its answers: all that follows is empty.
    pub removed: bool,
    /// Name as shown.
    pub author: Option<String>,
    /// When it was written.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub created_at: Option<Timestamp>,
    /// When it was last changed by its author.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub edited_at: Option<Timestamp>,
    /// What it is.
    #[cfg_attr(
        feature = "ts",
        ts(type = "\"comment\" | \"review\" | \"pingback\" | \"trackback\" | null")
    )]
    pub kind: Option<Kind>,
    /// Sanitised where `body_format` is `html`; else to be shown as text.
    pub body: Option<String>,
    /// How to read `body`.
    pub body_format: Option<BodyFormat>,
}
