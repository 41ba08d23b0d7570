//! The export of Hyvor Talk: one JSON object on one line, with `website`,
//! `comments`, `pages`, `users`, `rules` and `badges`, in that order.
//!
//! What is known of it comes from a real export of May 2025, the Console API's
//! documentation and the vendor's SDK (`hyvor/sdk`, Talk/Dto). Points that other
//! readers get wrong:
//!
//! - `website` holds keys and secrets. Nothing of it is read.
//! - `parent` is the whole parent, with its own parent inside, and not an id;
//!   the same comments stand in `comments` again. Threads nest without a limit,
//!   so what stands inside of a parent is passed over.
//! - Comments come before `pages`; each holds its page whole.
//! - `body` is an editor's document as JSON inside of a string, or plain text;
//!   `body_html` is the same as HTML. Older files say `content`,
//!   `content_html` and `parent_id`.
//! - Guests have the type null, no id, and `""` for an e-mail; `users` lists none.
//! - Times are seconds since 1970.
//! - The dashboard's own preview is a page too.

use std::io::Read;

use rehome_record::{Author, BodyFormat, Comment, Complete, Extras, Kind, Page, Status, Votes};
use serde_json::Value;

use crate::address::{Address, origin_of};
use crate::fields::Fields;
use crate::object::{Array, Found, Object, Outline};
use crate::preview::{HashedSet, MAX_IDS, id_hash};
use crate::waiting::Waiting;
use crate::{
    Entry, EntryReader, Evidence, Facts, Format, Issue, Position, ReadError, Reading, Reason,
    Record, RecordKind,
};

mod document;

/// The rest (`website`, `users`, `rules`, `badges`) is passed over.
const ARRAYS: &[Array] = &[("comments", RecordKind::Comment), ("pages", RecordKind::Page)];

/// Of a comment: the whole of what it answers.
const PARENT: &str = "parent";

/// What the dashboard's preview goes by.
const PREVIEW: &str = "hyvor-talk-preview";

const MICROS_A_SECOND: i64 = 1_000_000;

/// The Hyvor Talk export format.
pub(crate) struct HyvorTalk;

const FACTS: Facts = Facts {
    id: "hyvor-talk",
    family: "hyvor-talk",
    name: "Hyvor Talk",
    files: ".json",
    reader: "hyvor-talk/1",
    fields: &[
        "page.url",
        "page.identifier",
        "page.title",
        "page.closed",
        "page.created_at",
        "page.extras",
        "author.source_id",
        "author.name",
        "comment.parent",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
        "comment.extras",
    ],
    optional_fields: &["author.email", "author.url", "comment.ip", "comment.votes"],
    evidence: Evidence::Confirmed,
    versions: "files of 2025",
    how_to_get: &[
        "Sign in to the Hyvor Talk console and choose the website.",
        "Look for “Export” in its settings, and ask for one.",
        "Download the .json file when it is ready, and drop it here as it is.",
    ],
    keeps: &[
        "reactions and ratings of pages",
        "closed pages, and pages nobody commented on",
        "votes, and which comments are featured or loved",
    ],
    loses: &[
        "E-mail addresses of people with a Hyvor account, and who voted or reacted: they are not exported.",
        "The history of edits: only that a comment was edited is kept.",
        "Pictures of people. Images in comments stay links to Hyvor's servers.",
        "The website's settings: they hold secrets, so nothing of them is read.",
    ],
};

impl Format for HyvorTalk {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let outline = Outline::of(head);
        let has_lists = outline.names().any(|name| name == "comments" || name == "pages");
        // Its settings may fill the head.
        let has_website = outline.starts_with("website") == Some(b'{')
            && (has_lists || outline.has("website", "auth_type"));
        let has = |field| outline.has("comments", field);
        let has_comments = has("page") && has("user") && has("body_html");
        let has_pages = outline.has("pages", "is_closed") && outline.has("pages", "reactions");
        let keys = if has_website {
            "website, comments, pages"
        } else if has_comments || has_pages {
            "comments, pages"
        } else {
            return None;
        };
        Some(vec![Reason { code: "json_keys", detail: Some(keys.to_owned()) }])
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        Box::new(Reader {
            object: Object::new(text, reading.buffer_bytes, ARRAYS).thinned(PARENT),
            origin: None,
            pages: HashedSet::default(),
            waiting: Waiting::default(),
        })
    }
}

struct Reader<'a> {
    object: Object<'a>,
    origin: Option<String>,
    /// Pages that were given.
    pages: HashedSet,
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
}

impl Reader<'_> {
    /// Reads on; what comes of it waits to be given.
    fn step(&mut self) -> Result<(), ReadError> {
        match self.object.next()? {
            Found::Record("comments", at, fields) => self.comment(at, fields),
            Found::Record(_, at, fields) => {
                let page = self.page_row(at, fields);
                self.waiting.extend(page);
            }
            Found::Member(_) => self.object.skip()?,
            Found::Said(entry) => self.waiting.push(entry),
            Found::End => self.waiting.is_end = true,
        }
        Ok(())
    }

    fn comment(&mut self, at: Position, mut fields: Fields) {
        let id = fields.word("id");
        fields.set_id(id.as_deref());
        let (page_id, page) = match fields.value("page") {
            Some(page @ Value::Object(_)) => {
                let mut page = Fields::new(RecordKind::Page, page);
                (page.as_mut().and_then(|page| page.word("id")), page)
            }
            Some(Value::Number(id)) => (Some(id.to_string()), None),
            _ => (fields.word("page_id"), None),
        };
        let comment = match (id, &page_id) {
            (None, _) => Err("id_missing"),
            (Some(_), None) => Err("page_missing"),
            (Some(id), Some(page)) => Ok(comment(&mut fields, id, page.clone())),
        };
        let record = comment.map(|comment| Record::Comment(Box::new(comment)));
        let entry = fields.finish(at, record);
        if let (Some(page), Some(id), true) = (page, page_id, entry.record.is_ok()) {
            let given = self.page(at, id, page);
            self.waiting.extend(given);
        }
        self.waiting.push(entry);
    }

    /// A row of `pages`: the page, unless a comment has brought it.
    fn page_row(&mut self, at: Position, mut fields: Fields) -> Option<Entry> {
        let Some(id) = fields.word("id") else {
            return Some(fields.finish(at, Err("id_missing")));
        };
        let is_preview = fields.is_text("identifier", |identifier| identifier == PREVIEW);
        if is_preview && !self.pages.contains(&id_hash(&id)) {
            let issue = Issue::info("preview_page", RecordKind::Page, Some(id));
            return Some(Entry { at, record: Err(issue), warnings: Vec::new(), withheld: None });
        }
        self.page(at, id, fields)
    }

    /// The page, where it was not given yet.
    fn page(&mut self, at: Position, id: String, mut fields: Fields) -> Option<Entry> {
        let hash = id_hash(&id);
        if self.pages.contains(&hash) {
            return None;
        }
        fields.set_id(Some(&id));
        let page = Page {
            source_id: id,
            url: fields.word("url"),
            identifier: fields.word("identifier"),
            title: fields.text("title"),
            closed: fields.flag("is_closed").unwrap_or_default(),
            created_at: fields.unix_time("created_at", MICROS_A_SECOND),
            extras: page_extras(&mut fields),
        };
        if self.origin.is_none() && page.identifier.as_deref() != Some(PREVIEW) {
            let address = page.url.as_deref().and_then(Address::of);
            self.origin = address.map(|address| origin_of(address.host));
        }
        let entry = fields.finish(at, Ok(Record::Page(page)));
        // Behind the cap pages are given again, which the server takes as one.
        if entry.record.is_ok() && self.pages.len() < MAX_IDS {
            self.pages.insert(hash);
        }
        Some(entry)
    }
}

/// Reactions and ratings, where there are any.
fn page_extras(fields: &mut Fields) -> Extras {
    let is_some = |count: &Value| count.as_u64().is_some_and(|count| count > 0);
    let mut extras = Extras::new();
    for (name, total) in [("reactions", None), ("ratings", Some("count"))] {
        match fields.value(name) {
            Some(Value::Object(mut counts)) => {
                match total {
                    Some(total) if !counts.get(total).is_some_and(is_some) => counts.clear(),
                    Some(_) => {}
                    None => counts.retain(|_, count| is_some(count)),
                }
                if !counts.is_empty() {
                    extras.insert(name.to_owned(), counts.into());
                }
            }
            Some(_) => fields.warn("field_unreadable"),
            None => {}
        }
    }
    extras
}

fn comment(fields: &mut Fields, source_id: String, page: String) -> Comment {
    let status = match fields.word("status").as_deref() {
        Some("published") => Status::Approved,
        Some("pending") => Status::Pending,
        Some("spam") => Status::Spam,
        Some("deleted") => Status::Deleted,
        _ => {
            fields.warn("status_unknown");
            Status::Pending
        }
    };
    let (body, body_format) = body(fields);
    let author = fields.object("user").map(|user| author(user, fields)).unwrap_or_default();
    let mut count =
        |name| fields.number(name).map(|count| u32::try_from(count.max(0)).unwrap_or(u32::MAX));
    let votes = match (count("upvotes"), count("downvotes")) {
        (None, None) => None,
        (up, down) => Some(Votes { up: up.unwrap_or_default(), down: down.unwrap_or_default() }),
    };
    let mut extras = Extras::new();
    for (field, name) in
        [("is_featured", "featured"), ("is_loved", "loved"), ("is_edited", "edited")]
    {
        if fields.flag(field) == Some(true) {
            extras.insert(name.to_owned(), true.into());
        }
    }
    Comment {
        source_id,
        page,
        parent: parent(fields),
        author,
        created_at: fields.unix_time("created_at", MICROS_A_SECOND),
        edited_at: None,
        status,
        kind: Kind::Comment,
        body,
        body_format,
        votes,
        ip: fields.word("ip_address"),
        aliases: Vec::new(),
        extras,
    }
}

/// The parent's id: of the whole comment that stands there, or by itself.
fn parent(fields: &mut Fields) -> Option<String> {
    let parent = match fields.value(PARENT) {
        Some(Value::Object(mut parent)) => parent.remove("id"),
        other => other,
    };
    match parent {
        Some(Value::Number(id)) => Some(id.to_string()),
        Some(Value::String(id)) if !id.is_empty() => Some(id),
        Some(_) => {
            fields.warn("field_unreadable");
            None
        }
        None => fields.word("parent_id"),
    }
}

/// HTML where the file has it, else what can be made of the editor's document.
fn body(fields: &mut Fields) -> (Option<String>, BodyFormat) {
    let html = fields.first_text(&["body_html", "content_html"]);
    let source = fields.value("body").or_else(|| fields.value("content"));
    if html.is_some() {
        return (html, BodyFormat::Html);
    }
    let document = match source {
        Some(Value::String(text)) => match serde_json::from_str(&text) {
            Ok(document @ Value::Object(_)) => document,
            _ if text.is_empty() => return (None, BodyFormat::Html),
            _ => return (Some(text), BodyFormat::Text),
        },
        Some(document @ Value::Object(_)) => document,
        Some(_) => {
            fields.warn("field_unreadable");
            return (None, BodyFormat::Html);
        }
        None => return (None, BodyFormat::Html),
    };
    let html = document::to_html(&document);
    (Some(html).filter(|html| !html.is_empty()), BodyFormat::Html)
}

/// Who wrote. Guests have neither a type nor an id.
fn author(mut user: Fields, comment: &mut Fields) -> Author {
    let (kind, id) = (user.word("type"), user.word("id"));
    let by_type = id.map(|id| format!("{}_{id}", kind.as_deref().unwrap_or("user")));
    let author = Author {
        source_id: user.word("htid").or(by_type),
        name: user.word("name"),
        email: user.word("email"),
        url: user.word("website_url"),
    };
    comment.take_issues(user);
    author
}
