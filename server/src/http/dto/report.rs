//! What the report of an import lists beside its numbers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /api/v1/imports/{id}/doubles`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PossibleDoubles {
    /// How many there are.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
    /// The first 1,000, by the source's ids.
    pub doubles: Vec<PossibleDouble>,
}

/// Two comments of which one source says that they are one, while neither author
/// nor words agree. Both are kept.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PossibleDouble {
    /// The id that the import's file has for it.
    pub source_id: String,
    /// Our id of that comment; none where it is not there any more.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub comment: Option<i64>,
    /// Our id of the other comment.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub other: i64,
    /// What sources call the other one; none where it is not there any more.
    pub other_sources: Vec<DoubleSource>,
    /// The page that the first one stands on.
    pub page: Option<DoublePage>,
}

/// What a source calls a comment.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DoubleSource {
    /// Formats that share ids.
    pub family: String,
    /// Where the id is unique.
    pub origin: String,
    /// The id.
    pub source_id: String,
}

/// A page, as far as it is named here.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DoublePage {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// Title.
    pub title: Option<String>,
    /// Its address, as given.
    pub url: Option<String>,
}

/// `GET /api/v1/imports/{id}/vanished`: comments that the source had before, and
/// that the import's file no longer has. They are kept.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Vanished {
    /// How many, as they were counted at the end of the import.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total: u64,
    /// Whether it is still known which: not once a later import of the same
    /// source has looked, nor when the import was undone or did not succeed.
    pub known: bool,
    /// Their ids, the first 1,000.
    pub source_ids: Vec<String>,
}
