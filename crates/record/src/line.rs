//! The line types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The version of the line format that this crate reads and writes.
pub const SCHEMA_VERSION: u32 = 1;

/// What a vendor keeps about a record and people would miss, by name.
pub type Extras = BTreeMap<String, serde_json::Value>;

/// What an admin chose for an import, by name.
pub type Options = BTreeMap<String, serde_json::Value>;

/// One line of the stream, told apart by its `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Line {
    /// The first line.
    Header(Header),
    /// A web page that holds a discussion.
    Page(Page),
    /// Somebody who wrote comments, where the source lists people by themselves.
    Author(Author),
    /// One message.
    Comment(Box<Comment>),
    /// A record that the source no longer has.
    Removed(Removed),
    /// The last line.
    End(End),
}

/// The first line: what the stream is and how it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Header {
    /// Version of the line format, [`SCHEMA_VERSION`].
    pub schema: u32,
    /// The vendor's export format, e.g. `disqus`.
    pub format: String,
    /// Formats that share ids have one family, e.g. `wordpress`.
    pub family: String,
    /// The namespace in which the source's ids are unique, e.g. a Disqus forum.
    pub origin: String,
    /// Reader that made the lines and its version, e.g. `disqus/1`.
    pub reader: String,
    /// Fields that this source carries at all, as `record.field`. A field that
    /// is not listed is left alone on the server; a listed one that a record
    /// lacks is cleared.
    pub fields: Vec<String>,
    /// Fields taken out on purpose: erased where they were stored before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redacted: Vec<String>,
    /// Options chosen by the admin, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: Options,
}

/// Names that [`Header::fields`] may list.
pub const FIELDS: &[&str] = &[
    "page.url",
    "page.identifier",
    "page.title",
    "page.closed",
    "page.created_at",
    "page.extras",
    "author.source_id",
    "author.name",
    "author.email",
    "author.url",
    "comment.parent",
    "comment.author",
    "comment.created_at",
    "comment.edited_at",
    "comment.status",
    "comment.kind",
    "comment.body",
    "comment.votes",
    "comment.ip",
    "comment.aliases",
    "comment.extras",
];

impl Header {
    /// The listed fields that there are, in their order.
    pub fn known_fields(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().filter_map(|listed| FIELDS.iter().copied().find(|name| name == listed))
    }
}

/// The web page that a discussion belongs to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page {
    /// The vendor's id of the page.
    pub source_id: String,
    /// Address exactly as the source gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The site's own name for the page, e.g. `disqus_identifier`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// No new comments are taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// When the vendor first knew the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// What else the vendor keeps per page.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extras: Extras,
}

/// Who wrote: on a line of its own, or inside a comment.
///
/// Inside a comment, `source_id` alone refers to an author line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    /// The account at the vendor; none for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// Name as shown. Plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The author's own web site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Author {
    /// Nothing is known of this author.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comment {
    /// The vendor's id of the comment.
    pub source_id: String,
    /// `source_id` of the page it stands on.
    pub page: String,
    /// `source_id` of the comment it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Author::is_empty")]
    pub author: Author,
    /// When it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Whether it is shown.
    pub status: Status,
    /// What sort of message it is.
    #[serde(default, skip_serializing_if = "Kind::is_comment")]
    pub kind: Kind,
    /// The message in `body_format`. None where the vendor purged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// How to read `body`.
    pub body_format: BodyFormat,
    /// Votes, where the vendor counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub votes: Option<Votes>,
    /// IP address of the author, where the source keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The same comment's ids elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Alias>,
    /// What else the vendor keeps per comment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extras: Extras,
}

/// Whether a comment is shown. `deleted` wins over `spam`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Status {
    /// Shown to everybody.
    Approved,
    /// Waits for a moderator.
    Pending,
    /// Marked as spam.
    Spam,
    /// Removed by its author or a moderator; replies keep their place.
    Deleted,
}

impl Status {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Spam => "spam",
            Self::Deleted => "deleted",
        }
    }
}

/// What sort of message a comment is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Kind {
    /// A message by a person.
    #[default]
    Comment,
    /// A link from another site, announced by itself.
    Pingback,
    /// The older form of a pingback.
    Trackback,
    /// A sign of approval from another site, announced by itself.
    Like,
    /// A remark for those who run the site, e.g. on an order. Never public.
    Note,
    /// A message that rates what the page is about.
    Review,
    /// What else the vendor keeps as a comment; `extras.type` has its word.
    Other,
}

impl Kind {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Pingback => "pingback",
            Self::Trackback => "trackback",
            Self::Like => "like",
            Self::Note => "note",
            Self::Review => "review",
            Self::Other => "other",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_comment(&self) -> bool {
        *self == Self::Comment
    }
}

/// How to read a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BodyFormat {
    /// An HTML fragment, as the vendor stored it: not sanitised.
    Html,
    /// Markdown.
    Markdown,
    /// Plain text; line feeds count.
    Text,
}

impl BodyFormat {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Text => "text",
        }
    }
}

/// Votes on a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Votes {
    /// For it.
    pub up: u32,
    /// Against it.
    #[serde(default)]
    pub down: u32,
}

/// The same comment's id in another system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alias {
    /// Family of the other system.
    pub family: String,
    /// Namespace there; without it the id matches any origin of the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Id there.
    pub source_id: String,
}

/// A record that the source no longer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Removed {
    /// What it was.
    pub kind: RemovedKind,
    /// Its id.
    pub source_id: String,
}

/// What a removed record was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RemovedKind {
    /// A comment.
    Comment,
}

/// The last line: what was sent, so that a loss on the way shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct End {
    /// Record lines between header and end.
    pub counts: Counts,
    /// Whether the source proved that it ended.
    pub complete: Complete,
}

/// Record lines by type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// `page` lines.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub pages: u64,
    /// `author` lines.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub authors: u64,
    /// `comment` lines.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
    /// `removed` lines.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub removed: u64,
}

impl Counts {
    /// Counts one line; header and end are not records.
    pub fn add(&mut self, line: &Line) {
        match line {
            Line::Page(_) => self.pages += 1,
            Line::Author(_) => self.authors += 1,
            Line::Comment(_) => self.comments += 1,
            Line::Removed(_) => self.removed += 1,
            Line::Header(_) | Line::End(_) => {}
        }
    }

    /// All record lines.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.pages + self.authors + self.comments + self.removed
    }
}

/// Whether a source proved that it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Complete {
    /// The end that the format has was seen.
    Yes,
    /// The source stops before its end.
    No,
    /// The format has no end to see.
    Unknown,
}
