//! The CSV export of `FastComments`.
//!
//! Its documentation names one column, `URL ID`, and says that times are UTC in
//! ISO form and that texts are those people typed (fastcomments-docs at
//! 206d91e: exporting-data, debugging-common-issues; blog, 2020-05-24). The
//! other names follow the style of the vendor's one documented table and the
//! fields of its API, so a column is found by letters and digits alone: `URL
//! ID`, `urlId` and `url_id` are one. Points to know:
//!
//! - `URL ID` is the page's key: its cleaned address, or a name the site chose.
//! - Texts are Markdown in which pictures are `[img]…[/img]`.
//! - Deleted comments stay as placeholders (`isDeleted`).
//! - What was imported into `FastComments` carries the id it had before.
//! - The table for scheduled comments has `Hours`, `Minutes` and `Seconds` in
//!   place of times. It is no export.

use std::io::Read;

use rehome_record::{Author, BodyFormat, Comment, Complete, Extras, Kind, Page, Status, Votes};

use crate::csv::{self, Csv, Row};
use crate::fields::Fields;
use crate::input::peek;
use crate::met::Met;
use crate::waiting::Waiting;
use crate::{
    Entry, EntryReader, Evidence, Facts, Format, ReadError, Reading, Reason, Record, RecordKind,
};

/// The CSV export of `FastComments`.
pub(crate) struct FastComments;

const FACTS: Facts = Facts {
    id: "fastcomments-csv",
    family: "fastcomments",
    name: "FastComments (CSV)",
    files: ".csv, .csv.gz",
    reader: "fastcomments-csv/1",
    fields: &[
        "page.url",
        "page.identifier",
        "page.title",
        "author.source_id",
        "author.name",
        "comment.parent",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
        "comment.extras",
    ],
    optional_fields: &["author.email", "author.url", "comment.votes"],
    evidence: Evidence::Inferred,
    versions: "as documented in 2026",
    how_to_get: &[
        "Sign in to FastComments and open Manage Data, then Export.",
        "Start an export and wait for the e-mail that says it is ready.",
        "Download the CSV file and drop it here as it is.",
    ],
    keeps: &["deleted comments and spam, marked as such", "votes", "addresses of pictures"],
    loses: &["Notes about people and private settings: FastComments does not export them."],
};

/// Columns that the table of scheduled comments has.
const SCHEDULED: [&str; 3] = ["hours", "minutes", "seconds"];

impl Format for FastComments {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let (_, names) = csv::columns(head)?;
        let names: Vec<_> = names.iter().map(String::as_str).map(bare).collect();
        let has = |name: &str| names.iter().any(|known| known == name);
        let is_ours = has("urlid") && has("id") && has("comment");
        let is_scheduled = SCHEDULED.iter().all(|name| has(name));
        (is_ours && !is_scheduled).then(|| {
            vec![Reason { code: "columns", detail: Some("ID, URL ID, Comment".to_owned()) }]
        })
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        let (head, text) = peek(text);
        let delimiter = csv::columns(&head).map_or(b',', |(delimiter, _)| delimiter);
        Box::new(Reader {
            csv: Csv::new(text, reading.buffer_bytes, delimiter, bare),
            pages: Met::default(),
            waiting: Waiting::default(),
            complete: Complete::No,
        })
    }
}

/// A column's name without what differs between spellings of it.
fn bare(name: &str) -> String {
    let mut bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    bare.make_ascii_lowercase();
    bare
}

struct Reader<'a> {
    csv: Csv<'a>,
    pages: Met,
    waiting: Waiting,
    complete: Complete,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        if let Some(next) = self.waiting.next() {
            return next;
        }
        let Some(Row { at, mut fields, is_ragged }) = self.csv.next_row(RecordKind::Comment)?
        else {
            self.complete = Complete::Unknown;
            return Ok(None);
        };
        let id = fields.word("id");
        fields.set_id(id.as_deref());
        if is_ragged {
            return Ok(Some(fields.finish(at, Err("row_ragged"))));
        }
        let page = page(&mut fields);
        let comment = comment(&mut fields, id, page.as_ref());
        let is_kept = comment.is_ok();
        let record = comment.map(|comment| Record::Comment(Box::new(comment)));
        let entry = fields.finish(at, record);
        match page {
            Some(page) if is_kept && self.pages.is_new(&page.source_id) => {
                self.waiting.push(entry);
                Ok(Some(Entry::page(at, page)))
            }
            _ => Ok(Some(entry)),
        }
    }

    /// Ids are unique over all accounts.
    fn origin(&self) -> Option<&str> {
        Some("fastcomments.com")
    }

    fn complete(&self) -> Complete {
        self.complete
    }
}

fn page(fields: &mut Fields) -> Option<Page> {
    let key = fields.word("urlid");
    let is_address = |key: &String| key.starts_with("http://") || key.starts_with("https://");
    let url = fields.word("url").or_else(|| key.clone().filter(is_address));
    Some(Page {
        source_id: key.clone().or_else(|| url.clone())?,
        identifier: key.filter(|key| url.as_ref() != Some(key)),
        url,
        title: fields.first_text(&["pagetitle", "title"]),
        ..Page::default()
    })
}

fn comment(
    fields: &mut Fields,
    id: Option<String>,
    page: Option<&Page>,
) -> Result<Comment, &'static str> {
    let created_at = fields.date("date").or_else(|| fields.date("createdat"));
    let is_deleted = fields.flag("isdeleted").or_else(|| fields.flag("deleted"));
    let is_spam = fields.flag("isspam").or_else(|| fields.flag("spam"));
    let is_approved = fields.flag("approved").or_else(|| fields.flag("isapproved"));
    let status = match (is_deleted, is_spam, is_approved) {
        (Some(true), ..) => Status::Deleted,
        (_, Some(true), _) => Status::Spam,
        (.., Some(false)) => Status::Pending,
        _ => Status::Approved,
    };
    let author = Author {
        source_id: fields.word("userid"),
        name: fields.first_text(&["commentername", "name", "username"]),
        email: fields.first_text(&["commenteremail", "email"]),
        url: fields.first_text(&["commenterlink", "website"]),
    };
    let mut extras = Extras::new();
    for (names, extra) in [
        (["avatar", "avatarsrc"], "avatar"),
        (["externalid", "importid"], "external_id"),
        (["rating", "rating"], "rating"),
    ] {
        if let Some(value) = fields.first_text(&names) {
            extras.insert(extra.to_owned(), value.into());
        }
    }
    for (name, extra) in [("ispinned", "pinned"), ("islocked", "locked")] {
        if fields.flag(name) == Some(true) {
            extras.insert(extra.to_owned(), true.into());
        }
    }
    Ok(Comment {
        source_id: id.ok_or("id_missing")?,
        page: page.ok_or("page_missing")?.source_id.clone(),
        parent: fields.word("parentid"),
        author,
        created_at,
        edited_at: None,
        status,
        kind: Kind::Comment,
        body: fields.text("comment").map(|body| with_pictures(&body)),
        body_format: BodyFormat::Markdown,
        votes: votes(fields),
        ip: None,
        aliases: Vec::new(),
        extras,
    })
}

fn votes(fields: &mut Fields) -> Option<Votes> {
    let mut votes = |names: [&str; 2]| {
        let found = names.iter().fold(None, |found, name| found.or(fields.number(name)));
        found.map(|votes| u32::try_from(votes).unwrap_or(0))
    };
    let (up, down) = (votes(["votesup", "upvotes"]), votes(["votesdown", "downvotes"]));
    (up.is_some() || down.is_some()).then(|| Votes { up: up.unwrap_or(0), down: down.unwrap_or(0) })
}

/// Markdown with the vendor's own form of pictures written as Markdown has it.
fn with_pictures(body: &str) -> String {
    const OPEN: &str = "[img]";
    const CLOSE: &str = "[/img]";
    let mut whole = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(OPEN) {
        whole.push_str(before);
        match after.split_once(CLOSE) {
            Some((address, behind)) if !address.contains(char::is_whitespace) => {
                whole.push_str("![](");
                whole.push_str(address);
                whole.push(')');
                rest = behind;
            }
            _ => {
                whole.push_str(OPEN);
                rest = after;
            }
        }
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_become_markdown() {
        assert_eq!(
            with_pictures("a [img]https://example.org/1.png[/img] b"),
            "a ![](https://example.org/1.png) b"
        );
        for text in ["[img]", "x [img]not an address[/img]", "[/img]"] {
            assert_eq!(with_pictures(text), text);
        }
    }
}
