//! One line of normalized NDJSON: the only types that cross the wire between
//! whoever reads an export (browser, command line, plugin) and the server.
//!
//! A stream is one [`Header`], then [`Page`], [`Author`], [`Comment`] and
//! [`Removed`] lines in any order, then one [`End`]. Records refer to each
//! other by `source_id`, so a sender keeps no tables; the server joins.
//! `docs/ndjson.md` describes the same for people.
//!
//! ```
//! use rehome_record::{Line, Page, parse_line};
//!
//! let line = parse_line(br#"{"type":"page","source_id":"7","url":"https://example.org/a"}"#)?;
//! let Line::Page(Page { source_id, .. }) = line else { panic!() };
//! assert_eq!(source_id, "7");
//! # Ok::<(), rehome_record::LineError>(())
//! ```

mod chunk;
mod issues;
mod limits;
mod line;
mod protocol;
mod read;
#[cfg(feature = "schema")]
pub mod schema;
mod time;
mod validate;
mod write;

pub use chunk::{Chunk, Chunker};
pub use issues::{IssuePlace, IssueSeverity, MAX_PLACES, ReaderIssue, fitting, issues_fit};
pub use limits::{
    CHUNK_BYTES, MAX_ALIASES, MAX_BODY_BYTES, MAX_EXTRAS_BYTES, MAX_ID_BYTES, MAX_LINE_BYTES,
    MAX_NUMBER, MAX_TEXT_BYTES,
};
pub use line::{
    Alias, Author, BodyFormat, Comment, Complete, Counts, End, Extras, FIELDS, Header, Kind, Line,
    Options, Page, Removed, RemovedKind, SCHEMA_VERSION, Status, Votes,
};
pub use protocol::{IMPORT_INCOMPLETE, NewImport, Seen, SourceFile, Submit, takes_incomplete};
pub use read::{LineError, LineReader, ReadLine, parse_line};
pub use time::Timestamp;
pub use validate::Invalid;
pub use write::LineWriter;
