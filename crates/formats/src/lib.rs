//! Export files of comment systems in, entries with positions out.
//!
//! No JavaScript, no network, no clock, no logging: bytes go in by
//! [`std::io::Read`], and everything that a person should know comes out as an
//! [`Entry`], an [`Issue`] or a [`ReadError`]. The readers pull, so whoever
//! calls them decides how fast and how far.
//!
//! A file is read up to three times: [`Previewer`] counts and checks,
//! [`Sampler`] collects threads to look at, [`Convert`] makes the wire's lines.
//!
//! ```
//! use std::io::Cursor;
//!
//! use rehome_formats::{Previewer, Source};
//! use rehome_record::Options;
//!
//! let export = br#"<disqus xmlns:dsq="http://disqus.com/disqus-internals">
//!   <thread dsq:id="1"><forum>blog</forum><link>https://example.org/a</link></thread>
//!   <post dsq:id="2"><message>Hi</message><thread dsq:id="1"/></post>
//! </disqus>"#;
//! let source = Source::open("export.xml", Cursor::new(export), |_| None)?;
//! let format = source.detect_format().expect("Disqus is in the list");
//! let (preview, _index) = Previewer::new(format, source, &Options::new()).run();
//! assert_eq!(preview.summary.comments.kept, 1);
//! # Ok::<(), rehome_formats::ReadError>(())
//! ```

#![cfg_attr(
    not(all(feature = "json", feature = "tables", feature = "xml")),
    allow(dead_code, unused_imports, reason = "what only the other readers use")
)]

mod address;
mod convert;
mod csv;
mod dates;
mod detect;
mod encoding;
mod entities;
mod entry;
mod error;
mod fences;
mod fields;
mod gzip;
mod input;
mod issue;
mod joined;
mod json;
mod lines;
mod list;
mod met;
mod notes;
mod object;
mod options;
mod paragraphs;
mod positioned;
mod preview;
mod redact;
mod vendors;
mod waiting;
mod xml;
mod zip;

pub use convert::Convert;
pub use detect::detect;
#[cfg(feature = "encoding")]
pub use encoding::native_decoder;
pub use encoding::{Decode, DecoderFor};
pub use entry::{Entry, Position, Record, RecordKind};
pub use error::ReadError;
pub use input::{HEAD_BYTES, Source};
pub use issue::{Issue, Severity, issue_text};
pub use joined::Joined;
pub use list::{EntryReader, Evidence, FORMATS, Facts, Format, format_by_id, part_of};
pub use options::{
    Choice, ChoiceValue, HOST, OPTIONS, PAGE_KEY, PAGES_ARE, Reading, SITE_ADDRESS, TAKE_PRIVATE,
    is_set,
};
pub use preview::{
    AuthorCounts, CommentCounts, CommentSample, Detection, ErrorReport, Index, IssueExample,
    IssueGroup, MonthCount, PageCounts, PageSample, Preview, Previewer, Reason, Sampler, Samples,
    StatusCounts, Step, Summary, ThreadReason, ThreadSample,
};
pub use redact::{Redacted, Redactor};
pub use zip::ReadSeek;
