//! What goes with the lines: the JSON that opens and closes a stream.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Complete, Counts, Options, ReaderIssue};

/// Option of an import: the source stops before its end, and what could be
/// read of it is taken all the same. Its value is `true`.
pub const IMPORT_INCOMPLETE: &str = "import_incomplete";

/// `POST /api/v1/sites/{site}/imports`: freezes what is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewImport {
    /// Format id.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 1024, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")
    )]
    pub format: String,
    /// Namespace of the source's ids.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 1024, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")
    )]
    pub origin: String,
    /// Reader and version, e.g. `disqus/1`.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 1024, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")
    )]
    pub reader: String,
    /// Options chosen by the admin, by name; the stream's header has the same.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Object, additional_properties))]
    pub options: Options,
    /// The chosen file.
    pub file: SourceFile,
    /// What the preview saw, for the sum that must add up.
    pub seen: Seen,
    /// Id of the unfinished import to go on with. Without it, the site's own
    /// unfinished import of the same file is gone on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<String>,
    /// Id of the unfinished import that this one takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<String>,
}

impl NewImport {
    /// The admin takes what could be read of a source that stops before its end.
    #[must_use]
    pub fn takes_incomplete(&self) -> bool {
        takes_incomplete(&self.options)
    }
}

/// [`IMPORT_INCOMPLETE`] is chosen.
#[must_use]
pub fn takes_incomplete(options: &Options) -> bool {
    options.get(IMPORT_INCOMPLETE).is_some_and(|value| value == &serde_json::Value::Bool(true))
}

/// The chosen file, as far as the server knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceFile {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(max_length = 16384))]
    pub name: String,
    /// Its size on the admin's disk.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub size_bytes: u64,
    /// SHA-256 over size, first and last MiB, in hex.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub fingerprint: String,
}

/// What the reader saw in the file: `seen = kept + skipped`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seen {
    /// Comment records in the file.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
    /// Comments that will be sent.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub kept: u64,
    /// Comments left out, by issue code.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub skipped_by_reason: BTreeMap<String, u64>,
    /// Whether the file proved that it ended.
    pub complete: Complete,
}

/// `POST /api/v1/imports/{id}/submit`: everything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submit {
    /// Number of chunks; all of 1 to this must be held.
    pub chunks: u32,
    /// Record lines in them.
    pub counts: Counts,
    /// What the reader found, for the report of the import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "ts", ts(as = "Option<Vec<ReaderIssue>>", optional))]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub issues: Vec<ReaderIssue>,
    /// The answer to `same_blog`: the origin under which the comments are known
    /// already, or an empty text where they are another blog's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub same_origin: Option<String>,
}
