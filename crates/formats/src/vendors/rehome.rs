//! Rehome's own lines, normalized NDJSON, read back as an export.
//!
//! `docs/ndjson.md` describes them and the types are those of the wire. What
//! reading them as a file adds:
//!
//! - The header's format, family, origin, reader, fields and redacted fields
//!   are those of the first source, and go on as they are.
//! - The `end` line proves the end, and its counts must be those of the lines
//!   before it: a line that was lost on the way shows nowhere else.
//! - What was made of a file that stops before its end stays marked so.
//! - A comment's page may stand in an earlier stream; the server knows.
//! - A broken line is one record, whatever it was; the next one stands by itself.
//! - Lines behind the end were counted by nobody and belong to nothing.

use std::io::Read;

use rehome_record::{Complete, Counts, End, Header, Line, SCHEMA_VERSION, parse_line};
use serde_json::Value;

use crate::lines::{LinePlace, Lines};
use crate::{
    Entry, EntryReader, Evidence, Facts, Format, Issue, Position, ReadError, Reading, Reason,
    Record, RecordKind,
};

/// Rehome's own lines.
pub(crate) struct Rehome;

const FACTS: Facts = Facts {
    id: "rehome-ndjson",
    // The header names the family, and the fields.
    family: "rehome",
    name: "Rehome (normalized NDJSON)",
    files: ".ndjson, .ndjson.gz",
    reader: "rehome-ndjson/1",
    fields: &[],
    optional_fields: &[],
    evidence: Evidence::Confirmed,
    versions: "version 1",
    how_to_get: &[
        "Run rehome convert on an export, or write the lines with a program of your own.",
        "Drop the file here as it is. You need not unpack it.",
    ],
    keeps: &["everything that the lines say, under the name of the system they came from"],
    loses: &[],
};

impl Format for Rehome {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
        let header: Value = serde_json::from_slice(line).ok()?;
        let is_header = header["type"] == "header" && header.get("schema").is_some();
        is_header.then(|| vec![Reason { code: "rehome_header", detail: None }])
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        Box::new(Reader {
            lines: Lines::new(text, reading.buffer_bytes),
            header: None,
            counts: Counts::default(),
            broken: 0,
            complete: Complete::No,
            has_end: false,
        })
    }
}

struct Reader<'a> {
    lines: Lines<'a>,
    header: Option<Header>,
    /// Record lines that could be read.
    counts: Counts,
    /// Lines that could not.
    broken: u64,
    complete: Complete,
    /// The end line was seen.
    has_end: bool,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        if self.header.is_none() {
            self.read_header()?;
        }
        while let Some(place) = self.lines.next_line()? {
            if let Some(entry) = self.line(place)? {
                return Ok(Some(entry));
            }
        }
        if self.has_end { Ok(None) } else { Err(self.lines.cut()) }
    }

    fn origin(&self) -> Option<&str> {
        self.header.as_ref().map(|header| header.origin.as_str())
    }

    fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    fn complete(&self) -> Complete {
        self.complete
    }
}

impl Reader<'_> {
    fn read_header(&mut self) -> Result<(), ReadError> {
        let Some(place) = self.lines.next_line()? else { return Err(self.lines.cut()) };
        let error = |code| ReadError::new(code, place.at.byte, place.at.line);
        let line = self.lines.text();
        match parse_line(line) {
            Ok(Line::Header(header)) => match header.validate() {
                Ok(()) => self.header = Some(header),
                Err(invalid) if invalid.field == "schema" => return Err(error(invalid.code)),
                Err(_) => return Err(error("header_broken")),
            },
            _ if self.stops_here(place) => return Err(self.lines.cut()),
            _ => {
                // A later version may have a header of another shape.
                let header: Value = serde_json::from_slice(line).unwrap_or_default();
                let is_other = header.get("schema").is_some_and(|it| *it != SCHEMA_VERSION);
                return Err(error(if is_other { "schema_unknown" } else { "header_broken" }));
            }
        }
        Ok(())
    }

    /// One line behind the header; the end line gives no entry.
    fn line(&mut self, place: LinePlace) -> Result<Option<Entry>, ReadError> {
        let record = self.counts.records() + self.broken + 1;
        let at = Position { record: Some(record), ..place.at };
        if place.is_too_long {
            return Ok(Some(self.broken(at, "line_too_long")));
        }
        let line = match parse_line(self.lines.text()) {
            Ok(line) => line,
            Err(_) if self.stops_here(place) => return Err(self.lines.cut()),
            Err(_) => return Ok(Some(self.broken(at, "record_broken"))),
        };
        if self.has_end {
            return Ok(Some(behind_end(at, line)));
        }
        if let Line::End(end) = &line {
            return self.end(place, *end).map(|()| None);
        }
        self.counts.add(&line);
        let invalid = line.validate().err();
        let Some(record) = as_record(line) else {
            return Ok(Some(Entry::about_file(place.at, "element_unknown")));
        };
        let (of, source_id) = named(&record);
        let mut warnings = Vec::new();
        if let Record::Removed(_) = record {
            warnings.push(Issue::info("removed", of, source_id.clone()));
        }
        warnings.extend(self.lines.take_invalid(of, source_id.as_deref()));
        let record = match invalid {
            None => Ok(record),
            Some(invalid) => Err(Issue::lost(invalid.code, of, source_id)),
        };
        Ok(Some(Entry { at, record, warnings, withheld: None }))
    }

    /// A line that is no record: what it was to be is told as far as it can be.
    fn broken(&mut self, at: Position, code: &'static str) -> Entry {
        self.broken += u64::from(!self.has_end);
        let text = self.lines.text();
        let value: Value = serde_json::from_slice(text).unwrap_or_default();
        let kind = value["type"].as_str().unwrap_or_else(|| kind_in(text));
        let of = match kind {
            "comment" => RecordKind::Comment,
            "page" => RecordKind::Page,
            "author" => RecordKind::Author,
            _ => RecordKind::File,
        };
        let source_id = value["source_id"].as_str().map(str::to_owned);
        let mut entry = Entry::lost(at, code, of);
        entry.warnings.extend(self.lines.take_invalid(of, source_id.as_deref()));
        if let Err(issue) = &mut entry.record {
            issue.source_id = source_id;
        }
        entry
    }

    /// The counts that the sender made must be those of what is here.
    fn end(&mut self, place: LinePlace, end: End) -> Result<(), ReadError> {
        let error = |code| ReadError::new(code, place.at.byte, place.at.line);
        let here = self.counts;
        let fits = here.pages <= end.counts.pages
            && here.authors <= end.counts.authors
            && here.comments <= end.counts.comments
            && here.removed <= end.counts.removed;
        if !fits || here.records() + self.broken != end.counts.records() {
            return Err(error("lines_missing"));
        }
        if end.complete == Complete::No {
            return Err(error("source_incomplete"));
        }
        self.has_end = true;
        self.complete = end.complete;
        Ok(())
    }

    /// The file stops in this line: nothing else ended it, and it is no JSON.
    fn stops_here(&self, place: LinePlace) -> bool {
        let json = serde_json::from_slice::<serde::de::IgnoredAny>(self.lines.text());
        !place.is_ended && !self.has_end && json.is_err_and(|error| error.is_eof())
    }
}

fn as_record(line: Line) -> Option<Record> {
    Some(match line {
        Line::Page(page) => Record::Page(page),
        Line::Author(author) => Record::Author(author),
        Line::Comment(comment) => Record::Comment(comment),
        Line::Removed(removed) => Record::Removed(removed),
        Line::Header(_) | Line::End(_) => return None,
    })
}

fn named(record: &Record) -> (RecordKind, Option<String>) {
    let (of, id) = match record {
        Record::Page(page) => (RecordKind::Page, Some(&page.source_id)),
        Record::Author(author) => (RecordKind::Author, author.source_id.as_ref()),
        Record::Comment(comment) => (RecordKind::Comment, Some(&comment.source_id)),
        Record::Removed(removed) => (RecordKind::File, Some(&removed.source_id)),
    };
    (of, id.filter(|id| !id.is_empty()).cloned())
}

/// A line behind the end of the stream.
fn behind_end(at: Position, line: Line) -> Entry {
    match as_record(line).as_ref().map(named) {
        None | Some((RecordKind::File, _)) => Entry::about_file(at, "junk_after_end"),
        Some((of, source_id)) => {
            let record = Err(Issue::lost("junk_after_end", of, source_id));
            Entry { at, record, warnings: Vec::new(), withheld: None }
        }
    }
}

/// The kind of record that a line begins with, where it cannot be read.
fn kind_in(line: &[u8]) -> &'static str {
    let has = |kind: &str| memchr::memmem::find(line, kind.as_bytes()).is_some();
    match () {
        () if has("\"type\":\"comment\"") => "comment",
        () if has("\"type\":\"page\"") => "page",
        () if has("\"type\":\"author\"") => "author",
        () => "",
    }
}
