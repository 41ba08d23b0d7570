//! Exports of Cusdis: one JSON text with projects, pages and comments, or the
//! tables `pages` and `comments` as CSV.
//!
//! Cusdis has no export of its own; its hosted service sends one on request.
//! The columns are those of its schema (djyde/cusdis at 61c6c92), and Garrul's
//! importer defines a file in which pages stand in projects and comments in
//! pages (tests/fixtures/cusdis at 7095b4d). Both shapes are read, since nobody
//! published what the hosted service sends. Points to know:
//!
//! - Columns are named in two ways within one table: `created_at` but
//!   `deletedAt`, `parentId`. Both spellings are taken for every column.
//! - `SQLite` holds times as milliseconds and booleans as 0 and 1.
//! - Deleted comments keep their text, and their replies stay. A deleted
//!   project keeps its pages.
//! - Comments wait for approval by default.
//! - `slug` is the site's own name for a page (`data-page-id`); address and
//!   title may be missing.
//! - `projects` hold tokens and the owner's id. They are not kept.

use std::io::Read;

use rehome_record::{Author, BodyFormat, Comment, Complete, Extras, Kind, Page, Status};
use serde_json::Value;

use crate::csv::{self, Csv};
use crate::fields::Fields;
use crate::input::peek;
use crate::json::{Json, has_key};
use crate::waiting::Waiting;
use crate::{
    Entry, EntryReader, Evidence, Facts, Format, Position, ReadError, Reading, Reason, Record,
    RecordKind,
};

mod walk;

use walk::{Found, Walk};

/// The export of Cusdis.
pub(crate) struct Cusdis;

const FACTS: Facts = Facts {
    id: "cusdis",
    family: "cusdis",
    name: "Cusdis",
    files: ".json, .csv, .gz",
    reader: "cusdis/1",
    fields: &[
        "page.url",
        "page.identifier",
        "page.title",
        "page.created_at",
        "page.extras",
        "author.name",
        "author.email",
        "comment.parent",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
        "comment.extras",
    ],
    optional_fields: &[],
    evidence: Evidence::Inferred,
    versions: "the tables of 2021 and later; version 1 of the file with projects",
    how_to_get: &[
        "On cusdis.com: write to hi@cusdis.com and ask for an export of your project.",
        "On your own server: save the tables pages and comments of its database as CSV or JSON, with the names of their columns.",
        "Drop the files here together, as they are.",
    ],
    keeps: &[
        "comments that wait for approval, and deleted ones, marked as such",
        "which comments are by a moderator",
    ],
    loses: &["Tokens and settings of projects are left out on purpose."],
};

/// Spellings of the columns.
const PAGE_OF: [&str; 2] = ["pageId", "page_id"];
const PROJECT_OF: [&str; 2] = ["projectId", "project_id"];
const PARENT: [&str; 2] = ["parentId", "parent_id"];
const CREATED: [&str; 2] = ["created_at", "createdAt"];
const DELETED: [&str; 2] = ["deletedAt", "deleted_at"];
const MODERATOR: [&str; 2] = ["moderatorId", "moderator_id"];

/// Milliseconds since 1970.
const MILLISECONDS: i64 = 1000;

impl Format for Cusdis {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let columns = csv::columns(head);
        let has = |name: &str| match &columns {
            Some((_, names)) => names.iter().any(|known| known.trim() == name),
            None => has_key(head, name),
        };
        let any = |names: &[&str]| names.iter().any(|name| has(name));
        let detail = if has("by_nickname") && has("content") {
            "by_nickname, content"
        } else if has("slug") && any(&PROJECT_OF) {
            "slug, projectId"
        } else if columns.is_none() && says_cusdis(head) {
            "source: cusdis"
        } else {
            return None;
        };
        let code = if columns.is_some() { "columns" } else { "json_keys" };
        Some(vec![Reason { code, detail: Some(detail.to_owned()) }])
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        let (head, text) = peek(text);
        let table = csv::columns(&head);
        let records = match table {
            None => {
                Records::Json(Box::new(Walk::new(Json::new(text, reading.buffer_bytes), &head)))
            }
            Some((delimiter, names)) => {
                let name = |name: &str| name.trim().to_owned();
                let is_comments = names.iter().any(|name| name.trim() == "by_nickname");
                let of = if is_comments { RecordKind::Comment } else { RecordKind::Page };
                Records::Table(Box::new(Csv::new(text, reading.buffer_bytes, delimiter, name)), of)
            }
        };
        Box::new(Reader { records, waiting: Waiting::default(), number: 0, complete: Complete::No })
    }
}

/// `"source": "cusdis"`, as a key and its value.
fn says_cusdis(head: &[u8]) -> bool {
    let Some(found) = memchr::memmem::find(head, b"\"source\"") else { return false };
    let value = head[found + b"\"source\"".len()..].trim_ascii_start().strip_prefix(b":");
    value.is_some_and(|value| value.trim_ascii_start().starts_with(b"\"cusdis\""))
}

enum Records<'a> {
    Json(Box<Walk<'a>>),
    /// A table, and what its rows are.
    Table(Box<Csv<'a>>, RecordKind),
}

struct Reader<'a> {
    records: Records<'a>,
    waiting: Waiting,
    number: u64,
    complete: Complete,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            if let Some(next) = self.waiting.next() {
                return next;
            }
            let found = match &mut self.records {
                Records::Json(walk) => walk.next()?,
                Records::Table(csv, of) => csv.next_row(*of)?.map(|row| match *of {
                    _ if row.is_ragged => Found::Broken(row.at, row.fields, "row_ragged"),
                    RecordKind::Page => Found::Page(row.at, row.fields, false),
                    _ => Found::Comment(row.at, row.fields, None),
                }),
            };
            let Some(found) = found else {
                self.complete = match self.records {
                    Records::Json(_) => Complete::Yes,
                    Records::Table(..) => Complete::Unknown,
                };
                return Ok(None);
            };
            self.take(found);
        }
    }

    /// No file names the server; ids are random (UUID).
    fn origin(&self) -> Option<&str> {
        None
    }

    fn complete(&self) -> Complete {
        self.complete
    }
}

impl Reader<'_> {
    fn take(&mut self, found: Found) {
        match found {
            Found::Comment(at, fields, page) => {
                self.comment(at, fields, page, None);
            }
            Found::Page(at, fields, is_deleted) => {
                let at = self.numbered(at);
                self.waiting.push(page(at, fields, is_deleted));
            }
            Found::Broken(at, mut fields, code) => {
                let at = self.numbered(at);
                let id = fields.word("id");
                fields.set_id(id.as_deref());
                self.waiting.push(fields.finish(at, Err(code)));
            }
            Found::Lost(at, of) => {
                let at = self.numbered(at);
                self.waiting.push(Entry::lost(at, "record_broken", of));
            }
            Found::About(at, issue) => {
                let record = Err(issue);
                self.waiting.push(Entry { at, record, warnings: Vec::new(), withheld: None });
            }
        }
    }

    fn numbered(&mut self, at: Position) -> Position {
        self.number += 1;
        Position { record: Some(self.number), ..at }
    }

    /// A comment, and the replies that stand inside of it, as deep as JSON nests.
    fn comment(
        &mut self,
        at: Position,
        mut fields: Fields,
        page: Option<String>,
        outer: Option<String>,
    ) {
        let numbered = self.numbered(at);
        let id = fields.word("id");
        fields.set_id(id.as_deref());
        let page = fields.first_text(&PAGE_OF).or(page);
        let parent = fields.first_text(&PARENT).or(outer);
        // The API has the list inside of a page of results.
        let replies = match fields.value("replies") {
            Some(Value::Array(list)) => list,
            Some(Value::Object(mut inner)) => match inner.remove("data") {
                Some(Value::Array(list)) => list,
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let record = comment(&mut fields, id.clone(), page.clone(), parent);
        let record = record.map(|comment| Record::Comment(Box::new(comment)));
        self.waiting.push(fields.finish(numbered, record));
        for reply in replies {
            match Fields::new(RecordKind::Comment, reply) {
                Some(reply) => self.comment(at, reply, page.clone(), id.clone()),
                None => self.take(Found::Lost(at, RecordKind::Comment)),
            }
        }
    }
}

fn comment(
    fields: &mut Fields,
    id: Option<String>,
    page: Option<String>,
    parent: Option<String>,
) -> Result<Comment, &'static str> {
    let created_at = fields.first_moment(&CREATED, MILLISECONDS);
    let is_approved = fields.flag("approved") == Some(true);
    let status = if is_there(fields, &DELETED) {
        Status::Deleted
    } else if is_approved {
        Status::Approved
    } else {
        Status::Pending
    };
    let author = Author {
        name: fields.word("by_nickname"),
        email: fields.word("by_email"),
        ..Author::default()
    };
    let mut extras = Extras::new();
    if fields.first_text(&MODERATOR).is_some() {
        extras.insert("moderator".to_owned(), true.into());
    }
    Ok(Comment {
        source_id: id.ok_or("id_missing")?,
        page: page.ok_or("page_missing")?,
        parent,
        author,
        created_at,
        edited_at: None,
        status,
        kind: Kind::Comment,
        body: fields.text("content"),
        body_format: BodyFormat::Markdown,
        votes: None,
        ip: None,
        aliases: Vec::new(),
        extras,
    })
}

/// A page; `is_deleted` says that its project is.
fn page(at: Position, mut fields: Fields, is_deleted: bool) -> Entry {
    let id = fields.word("id");
    fields.set_id(id.as_deref());
    let mut page = Page {
        source_id: id.unwrap_or_default(),
        url: fields.word("url"),
        identifier: fields.word("slug"),
        title: fields.word("title"),
        created_at: fields.first_moment(&CREATED, MILLISECONDS),
        ..Page::default()
    };
    if is_there(&mut fields, &DELETED) || is_deleted {
        fields.note("page_deleted");
        page.extras.insert("deleted".to_owned(), true.into());
    }
    let has_id = !page.source_id.is_empty();
    fields.finish(at, if has_id { Ok(Record::Page(page)) } else { Err("id_missing") })
}

/// Whether something was deleted: there is a time at all.
fn is_there(fields: &mut Fields, names: &[&str]) -> bool {
    names.iter().filter(|name| fields.text(name).is_some()).count() > 0
}
