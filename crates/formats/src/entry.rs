//! What a reader gives: records, or what became of them, with their places.

use rehome_record::{Author, Comment, Page, Removed};

use crate::Issue;

/// Where a record stands in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// Number of the file in the export, from 0.
    pub file: u32,
    /// Offset of its first byte in the inflated text, from 0.
    pub byte: u64,
    /// Line of that byte, from 1.
    pub line: u64,
    /// Number of the record in the file, from 1; none outside of records.
    pub record: Option<u64>,
}

/// One record of the file, or something beside the records that a person should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it starts.
    pub at: Position,
    /// The record, or why there is none. An issue about the file
    /// ([`RecordKind::File`]) counts as no record.
    pub record: Result<Record, Issue>,
    /// What was found wrong with a record that could be read all the same.
    pub warnings: Vec<Issue>,
    /// Why a kept record is not sent unless an admin says so, e.g.
    /// `private_page`; none for all others.
    pub withheld: Option<&'static str>,
}

impl Entry {
    /// A page of which the file has no record of its own, where it first occurs.
    pub(crate) fn page(at: Position, page: Page) -> Self {
        let record = match page.validate() {
            Ok(()) => Ok(Record::Page(page)),
            Err(invalid) => Err(Issue::lost(invalid.code, RecordKind::Page, None)),
        };
        Self { at, record, warnings: Vec::new(), withheld: None }
    }

    /// A warning about the file itself, at a place outside of its records.
    pub(crate) fn about_file(at: Position, code: &'static str) -> Self {
        let issue = Issue::warning(code, RecordKind::File, None);
        Self { at, record: Err(issue), warnings: Vec::new(), withheld: None }
    }

    /// Something that is lost, a record or a part of the file.
    pub(crate) fn lost(at: Position, code: &'static str, of: RecordKind) -> Self {
        Self { at, record: Err(Issue::lost(code, of, None)), warnings: Vec::new(), withheld: None }
    }
}

/// A normalized record.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A web page.
    Page(Page),
    /// Somebody who wrote, where the file lists people by themselves.
    Author(Author),
    /// A message.
    Comment(Box<Comment>),
    /// What the source no longer has.
    Removed(Removed),
}

/// What an issue is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// A page record.
    Page,
    /// An author record.
    Author,
    /// A comment record.
    Comment,
    /// The file itself.
    File,
}
