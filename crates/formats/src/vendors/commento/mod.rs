//! The exports of Commento, Commento++ and Comentario: one JSON object on one
//! line, `<domain>-<time>.json.gz`.
//!
//! What is known of them comes from the exporters' code (Commento 1.8.0 and
//! Commento++ 1.8.7 `api/domain_export.go`; Comentario 2.0 to 3.13 `impex*.go`
//! and its Swagger file). Points that other readers get wrong:
//!
//! - Five kinds of files share two version numbers. Version 1 has the page
//!   under `domain` and `url` (which is a path), or under `host` and `path`;
//!   people under `link` or `websiteUrl`. Version 3 has rows for pages. There is
//!   no other version.
//! - Deleted comments look alive: the exporter does not select `deleted`. Their
//!   text is empty or `[deleted]`.
//! - Commenters are written once for each of their comments.
//! - `anonymous`, 64 zeros and the zero UUID are nobody, and have no row.
//! - `root` is a word, not an id. `"undefined"` is what a browser sent for
//!   nothing; all guests share it as their e-mail.
//! - Rows come in any order; replies often before what they answer.
//! - `url` may be absent (empty), a name of the site's own, or, edited by hand, a
//!   whole address. No scheme stands anywhere: `https` is assumed.
//! - In version 3 hosts stand in `comments[].url` alone, and pages come first.
//! - Go's zero time, `0001-01-01T00:00:00Z`, means that there is none.

use std::io::Read;

use rehome_record::{
    Author, BodyFormat, Comment, Complete, Extras, Kind, Page, Status, Timestamp, Votes,
};

use self::places::{Hosts, PagePlace, Pages};
use crate::fields::Fields;
use crate::object::{Array, Found, Object, Outline};
use crate::preview::{HashedSet, MAX_IDS, id_hash};
use crate::waiting::Waiting;
use crate::{
    Choice, Entry, EntryReader, Evidence, Facts, Format, Position, ReadError, Reading, Reason,
    Record, RecordKind,
};

mod places;

/// The version without page rows: Commento, Commento++, Comentario 2.
const WITHOUT_PAGES: i64 = 1;
/// Comentario 3.
const WITH_PAGES: i64 = 3;

const ARRAYS: &[Array] = &[
    ("pages", RecordKind::Page),
    ("comments", RecordKind::Comment),
    ("commenters", RecordKind::Author),
];

/// How nobody is written.
const ANONYMOUS: [&str; 3] =
    ["anonymous", "0000000000000000000000000000000000000000000000000000000000000000", NO_UUID];
const NO_UUID: &str = "00000000-0000-0000-0000-000000000000";
/// In place of a parent's id.
const ROOT: &str = "root";
/// In place of the text of a comment that was deleted.
const DELETED: &str = "[deleted]";
/// In place of a value that a browser did not have.
const UNDEFINED: &str = "undefined";
/// `0001-01-01T00:00:00Z`.
const NO_TIME_MICROS: i64 = -62_135_596_800_000_000;

/// The export format of Commento and its successors.
pub(crate) struct Commento;

const FACTS: Facts = Facts {
    id: "commento",
    family: "commento",
    name: "Commento, Commento++ and Comentario",
    files: ".json.gz, .json",
    reader: "commento/1",
    fields: &[
        "page.url",
        "page.identifier",
        "page.title",
        "page.closed",
        "page.created_at",
        "author.source_id",
        "author.name",
        "author.email",
        "author.url",
        "comment.parent",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
        "comment.votes",
        "comment.extras",
    ],
    optional_fields: &["comment.edited_at", "comment.ip"],
    evidence: Evidence::Confirmed,
    versions: "Commento 1.5 to 1.8, Commento++ up to 1.8.7, Comentario 2 and 3",
    how_to_get: &[
        "Sign in to the dashboard and choose the domain.",
        "In Commento and Commento++ open General, then Export Data, and press “Initiate Export”: the file comes by e-mail.",
        "In Comentario open the domain's Operations and press “Export data”.",
        "Drop the .json.gz file here as it is. You need not unpack it.",
    ],
    keeps: &[
        "deleted comments, marked as such",
        "comments of people without an account",
        "the score, as votes for or against",
        "closed pages, times of edits and pinned comments, where Comentario exports them",
        "comments that Comentario's moderators rejected, as spam",
    ],
    loses: &[
        "Who voted, and pictures of people: they are not exported.",
        "Titles of pages, and whether they are closed: only Comentario 3 exports them.",
        "Numbers of views, and which commenters are moderators: Rehome has no place for them.",
    ],
};

impl Format for Commento {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let outline = Outline::of(head);
        let is_ours =
            |name: &str| name == "version" || ARRAYS.iter().any(|(array, _)| *array == name);
        let version = outline.number("version");
        // Nothing but the version is a whole export too.
        let is_empty = version.is_some()
            && !outline.has_records()
            && outline.names().all(is_ours)
            && (outline.is_whole || outline.names().nth(1).is_some());
        let keys = if is_empty {
            outline.names().collect::<Vec<_>>().join(", ")
        } else if outline.has("comments", "commentHex") {
            "commentHex".to_owned()
        } else if outline.has("commenters", "commenterHex") {
            "commenterHex".to_owned()
        } else if outline.has("comments", "pageId") && outline.has("comments", "isApproved")
            || outline.has("pages", "domainId")
            || outline.has("commenters", "isCommenter")
        {
            "pages, comments, commenters".to_owned()
        } else {
            return None;
        };
        let mut reasons = vec![Reason { code: "json_keys", detail: Some(keys) }];
        let version = version.map(str::to_owned);
        reasons.extend(version.map(|version| Reason { code: "version", detail: Some(version) }));
        Some(reasons)
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        let hosts = Hosts::new(reading);
        Box::new(Reader {
            object: Object::new(text, reading.buffer_bytes, ARRAYS),
            origin: hosts.given(),
            hosts,
            pages: Pages::default(),
            authors: HashedSet::default(),
            waiting: Waiting::default(),
        })
    }
}

struct Reader<'a> {
    object: Object<'a>,
    origin: Option<String>,
    hosts: Hosts,
    pages: Pages,
    /// Commenters that were given.
    authors: HashedSet,
    /// Entries that come before the next record.
    waiting: Waiting,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            if let Some(next) = self.waiting.next() {
                return next;
            }
            self.step()?;
        }
    }

    fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    fn complete(&self) -> Complete {
        self.object.complete()
    }

    fn choices(&self) -> Vec<Choice> {
        self.hosts.choices()
    }
}

impl Reader<'_> {
    /// Reads on; what comes of it waits to be given.
    fn step(&mut self) -> Result<(), ReadError> {
        match self.object.next()? {
            Found::Record("pages", at, fields) => self.page(at, fields),
            Found::Record("comments", at, fields) => self.comment(at, fields),
            Found::Record(_, at, fields) => self.author(at, fields),
            Found::Member(name) if name == "version" => self.check_version()?,
            Found::Member(_) => self.object.skip()?,
            Found::Said(entry) => self.waiting.push(entry),
            Found::End => {
                self.waiting.is_end = true;
                self.waiting.extend(self.pages.rest(&self.hosts));
            }
        }
        Ok(())
    }

    fn check_version(&mut self) -> Result<(), ReadError> {
        let (at, version) = self.object.value()?;
        match version.as_i64() {
            Some(WITHOUT_PAGES | WITH_PAGES) => Ok(()),
            number => Err(ReadError::version_unknown(at, number)),
        }
    }

    /// A page row of version 3.
    fn page(&mut self, at: Position, mut fields: Fields) {
        let id = fields.word("id");
        fields.set_id(id.as_deref());
        let path = fields.text("path").unwrap_or_default();
        let page = Page {
            source_id: id.unwrap_or_default(),
            title: fields.text("title"),
            closed: fields.flag("isReadonly").unwrap_or_default(),
            created_at: moment(&mut fields, "createdTime"),
            ..Page::default()
        };
        if page.source_id.is_empty() {
            self.waiting.push(fields.finish(at, Err("id_missing")));
            return;
        }
        self.waiting.extend(self.pages.row(at, fields, page, path, &self.hosts));
    }

    fn comment(&mut self, at: Position, mut fields: Fields) {
        let (comment, place) = if fields.has("commentHex") {
            self.comment_without_page(&mut fields)
        } else {
            self.comment_on_page(&mut fields)
        };
        let is_elsewhere = !self.hosts.takes(place.host.as_deref());
        let record = if is_elsewhere { Err("other_host") } else { comment };
        let entry = fields.finish(at, record.map(|comment| Record::Comment(Box::new(comment))));
        if self.origin.is_none() && !is_elsewhere {
            self.origin.clone_from(&place.host);
        }
        // The page comes first, where this is the first of its comments.
        if entry.record.is_ok() {
            self.waiting.extend(self.pages.met(at, place, &self.hosts));
        } else if is_elsewhere {
            self.waiting.extend(self.pages.left_out(place));
        }
        self.waiting.push(entry);
    }

    /// A comment of version 1, which names its page by host and path.
    fn comment_without_page(
        &mut self,
        fields: &mut Fields,
    ) -> (Result<Comment, &'static str>, PagePlace) {
        let id = fields.word("commentHex");
        fields.set_id(id.as_deref());
        let host = fields.first_text(&["host", "domain"]);
        let path = fields.first_text(&["path", "url"]).unwrap_or_default();
        let place = self.hosts.place(host.as_deref(), &path);
        let status = match fields.word("state").as_deref() {
            Some("approved") => Status::Approved,
            Some("unapproved") | None => Status::Pending,
            Some("flagged") => Status::Spam,
            Some(_) => {
                fields.warn("status_unknown");
                Status::Pending
            }
        };
        let author = fields.word("commenterHex").filter(|id| !is_nobody(id));
        let comment = Comment {
            source_id: id.clone().unwrap_or_default(),
            page: place.page.clone(),
            parent: parent(fields, "parentHex"),
            author: Author { source_id: author, ..Author::default() },
            created_at: written_at(fields, "creationDate"),
            edited_at: None,
            ..message(fields, status)
        };
        (id.map(|_| comment).ok_or("id_missing"), place)
    }

    /// A comment of version 3, which names a page row, and an address.
    fn comment_on_page(
        &mut self,
        fields: &mut Fields,
    ) -> (Result<Comment, &'static str>, PagePlace) {
        let id = fields.word("id");
        fields.set_id(id.as_deref());
        let page = fields.word("pageId");
        let url = fields.text("url");
        let place = self.hosts.place_of_row(page.as_deref(), url.as_deref());
        let is_sticky = fields.flag("isSticky").unwrap_or_default();
        let status = match (fields.flag("isPending"), fields.flag("isApproved")) {
            (Some(true), _) => Status::Pending,
            (_, Some(true)) => Status::Approved,
            // A moderator has rejected it.
            (_, Some(false)) => Status::Spam,
            (_, None) => {
                fields.warn("status_unknown");
                Status::Pending
            }
        };
        let account = fields.word("userCreated").filter(|id| !is_nobody(id));
        // Where there is an account, its row has the name.
        let name = fields.text("authorName").filter(|_| account.is_none());
        let comment = Comment {
            source_id: id.clone().unwrap_or_default(),
            page: page.clone().unwrap_or_default(),
            parent: parent(fields, "parentId"),
            author: Author { source_id: account, name, ..Author::default() },
            created_at: written_at(fields, "createdTime"),
            edited_at: moment(fields, "editedTime"),
            ip: fields.word("authorIP"),
            ..message(fields, status)
        };
        let mut extras = Extras::new();
        let is_rejected = comment.status == Status::Spam;
        for (is_so, name) in [(is_sticky, "sticky"), (is_rejected, "rejected")] {
            if is_so {
                extras.insert(name.to_owned(), true.into());
            }
        }
        let is_whole = id.ok_or("id_missing").and(page.ok_or("page_missing"));
        (is_whole.map(|_| Comment { extras, ..comment }), place)
    }

    /// A commenter, where it is the first row of that one.
    fn author(&mut self, at: Position, mut fields: Fields) {
        let id = fields.word("commenterHex").or_else(|| fields.word("id"));
        fields.set_id(id.as_deref());
        let Some(id) = id else {
            self.waiting.push(fields.finish(at, Err("id_missing")));
            return;
        };
        let hash = id_hash(&id);
        // Behind the cap rows are given again, which the server takes as one.
        let is_known = self.authors.contains(&hash)
            || self.authors.len() < MAX_IDS && !self.authors.insert(hash);
        if is_known {
            return;
        }
        let author = Author {
            source_id: Some(id),
            name: fields.text("name"),
            email: defined(fields.word("email")),
            url: defined(fields.first_text(&["websiteUrl", "link"])),
        };
        self.waiting.push(fields.finish(at, Ok(Record::Author(author))));
    }
}

/// What all versions say of a message in the same way. The rest is empty.
fn message(fields: &mut Fields, status: Status) -> Comment {
    let is_marked = fields.flag("deleted").unwrap_or_default();
    let is_marked = is_marked | fields.flag("isDeleted").unwrap_or_default();
    // An empty text, and not one that is missing or cannot be read.
    let is_empty = fields.is_text("markdown", |text| text.is_empty() || text == DELETED);
    let markdown = fields.text("markdown").filter(|text| text != DELETED);
    let html = fields.text("html").filter(|text| text != DELETED);
    let is_deleted = is_marked || is_empty && html.is_none();
    let body_format = if html.is_some() { BodyFormat::Html } else { BodyFormat::Markdown };
    let score = fields.number("score");
    let votes = |count: i64| u32::try_from(count.max(0)).unwrap_or(u32::MAX);
    Comment {
        source_id: String::new(),
        page: String::new(),
        parent: None,
        author: Author::default(),
        created_at: None,
        edited_at: None,
        status: if is_deleted { Status::Deleted } else { status },
        kind: Kind::Comment,
        body: html.or(markdown),
        body_format,
        votes: score.map(|score| Votes { up: votes(score), down: votes(score.saturating_neg()) }),
        ip: None,
        aliases: Vec::new(),
        extras: Extras::new(),
    }
}

fn is_nobody(id: &str) -> bool {
    ANONYMOUS.contains(&id)
}

fn parent(fields: &mut Fields, name: &str) -> Option<String> {
    fields.word(name).filter(|id| id != ROOT && id != NO_UUID)
}

/// When a comment was written. All have such a moment.
fn written_at(fields: &mut Fields, name: &str) -> Option<Timestamp> {
    let is_there = fields.is_text(name, |text| !text.is_empty());
    let time = moment(fields, name);
    if is_there && time.is_none() {
        fields.warn("bad_date");
    }
    time
}

/// A moment, where it is not Go's zero.
fn moment(fields: &mut Fields, name: &str) -> Option<Timestamp> {
    fields.date(name).filter(|time| time.as_micros() != NO_TIME_MICROS)
}

fn defined(text: Option<String>) -> Option<String> {
    text.filter(|text| text != UNDEFINED)
}
