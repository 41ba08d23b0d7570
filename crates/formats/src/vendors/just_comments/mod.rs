//! The export of Just-Comments (just-comments.com), which closed in 2020.
//!
//! Nobody published an export or the code that made it. The fields are those
//! of the vendor's widget and example server (JustComments/jc-widget at
//! 1f27cdc, JustComments/jc-server at d2f395f); that exports hold `pageUrl`
//! and `itemId`, `FastComments` tells (blog, 2020-12-30). So all that the
//! container may be is read: a list, an object with a list, JSON lines, what
//! `DynamoDB` writes, a table. Points to know:
//!
//! - `parentId` is the root of the thread; `replyTo` is what a comment answers.
//! - `itemId` is host and path without a scheme, or a name the site chose;
//!   `pageUrl` is where somebody stood while writing: with `#jc…`, campaign
//!   parameters and, now and then, `http`. Which of them is the page, the
//!   admin may choose; the scheme never tells pages apart, or answers would
//!   lose what they answer.
//! - Queries are no part of `itemId`, but where the site said so
//!   (`data-usequery`): only there they tell pages apart.
//! - `message` is Markdown; `htmlMessage` and `htmlContent` are made from it.
//! - `subscription` lets its holder send push messages to a person's browser,
//!   `apiKey` and `captchaResult` are credentials too. They are not kept.
//! - Answers of the old API nest replies in `nested`.

use std::collections::VecDeque;
use std::io::Read;

use rehome_record::{Author, BodyFormat, Comment, Complete, Extras, Kind, Page, Status};
use serde_json::Value;

use crate::fields::Fields;
use crate::input::peek;
use crate::met::Met;
use crate::options::PAGE_KEY;
use crate::waiting::Waiting;
use crate::{
    Choice, ChoiceValue, Entry, EntryReader, Evidence, Facts, Format, Position, ReadError, Reading,
    Reason, Record, RecordKind,
};

mod address;
mod container;
mod dynamo;

use container::{Container, Found, Records};

/// The Just-Comments export format.
pub(crate) struct JustComments;

const FACTS: Facts = Facts {
    id: "just-comments",
    family: "just-comments",
    name: "Just-Comments",
    files: ".json, .jsonl, .csv, .gz",
    reader: "just-comments/1",
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
    optional_fields: &["author.email", "author.url"],
    evidence: Evidence::Inferred,
    versions: "the service as it was until 2020",
    how_to_get: &[
        "Just-Comments closed in 2020: this needs the file that you downloaded from your Account page before.",
        "Drop it here as it is. You need not unpack it.",
    ],
    keeps: &["hidden comments, as waiting for a moderator", "reactions", "addresses of pictures"],
    loses: &[
        "Push subscriptions and other credentials are left out on purpose.",
        "Language, time zone and notification settings of people are not taken.",
    ],
};

impl Format for JustComments {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let code = container::recognised(head)?;
        Some(vec![Reason { code, detail: Some(container::SIGNATURE.join(", ")) }])
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        let (head, text) = peek(text);
        let container = Container::of(&head);
        Box::new(Reader {
            records: Records::new(&container, text, reading.buffer_bytes),
            by_id: reading.text(PAGE_KEY) == Some(BY_ID),
            has_url: false,
            has_id: false,
            pages: Met::default(),
            waiting: Waiting::default(),
            found: VecDeque::new(),
            number: 0,
            complete: Complete::No,
        })
    }
}

/// Values of [`PAGE_KEY`].
const BY_URL: &str = "url";
const BY_ID: &str = "id";

/// User ids that name nobody.
const NOBODY: [&str; 3] = ["anonymous", "guest", "undefined"];

struct Reader<'a> {
    records: Records<'a>,
    /// Pages are known by `itemId`, not by address.
    by_id: bool,
    /// Some comment has an address.
    has_url: bool,
    /// Some comment has an id of its page.
    has_id: bool,
    pages: Met,
    /// Entries of a record that was read.
    waiting: Waiting,
    /// Records inside of a record that was read, each with what it answers.
    found: VecDeque<(Position, Value, Option<String>)>,
    number: u64,
    complete: Complete,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            if let Some(next) = self.waiting.next() {
                return next;
            }
            if let Some((at, value, outer)) = self.found.pop_front() {
                self.record(at, value, outer);
                continue;
            }
            match self.records.next()? {
                Some(Found::Record(at, value)) => self.found.push_back((at, value, None)),
                Some(Found::Row(row)) => {
                    let at = self.numbered(row.at);
                    let broken = row.is_ragged.then_some("row_ragged");
                    self.comment(at, row.fields, None, broken);
                }
                Some(Found::Lost(at, code)) => {
                    let at = self.numbered(at);
                    return Ok(Some(Entry::lost(at, code, RecordKind::Comment)));
                }
                Some(Found::Junk(at)) => return Ok(Some(Entry::about_file(at, "junk_after_end"))),
                None => {
                    self.complete = self.records.complete();
                    return Ok(None);
                }
            }
        }
    }

    /// Ids are random (UUID), and there was one server.
    fn origin(&self) -> Option<&str> {
        Some("just-comments.com")
    }

    fn complete(&self) -> Complete {
        self.complete
    }

    fn choices(&self) -> Vec<Choice> {
        if !self.has_url || !self.has_id {
            return Vec::new();
        }
        let value = |value: &str| ChoiceValue { value: value.to_owned(), comments: None };
        vec![Choice {
            option: PAGE_KEY,
            values: vec![value(BY_URL), value(BY_ID)],
            is_needed: false,
        }]
    }
}

impl Reader<'_> {
    fn numbered(&mut self, at: Position) -> Position {
        self.number += 1;
        Position { record: Some(self.number), ..at }
    }

    fn record(&mut self, at: Position, value: Value, outer: Option<String>) {
        let at = self.numbered(at);
        let Some(fields) = Fields::new(RecordKind::Comment, dynamo::plain(value)) else {
            self.waiting.push(Entry::lost(at, "record_broken", RecordKind::Comment));
            return;
        };
        self.comment(at, fields, outer, None);
    }

    /// A comment, and its page where that occurs for the first time.
    fn comment(
        &mut self,
        at: Position,
        mut fields: Fields,
        outer: Option<String>,
        broken: Option<&'static str>,
    ) {
        if let Some(issue) = self.records.take_invalid() {
            fields.add(issue);
        }
        let id = fields.word("commentId");
        fields.set_id(id.as_deref());
        for (number, nested) in fields.list("nested").into_iter().enumerate() {
            self.found.insert(number, (at, nested, id.clone().or_else(|| outer.clone())));
        }
        if let Some(code) = broken {
            self.waiting.push(fields.finish(at, Err(code)));
            return;
        }
        let page = self.page(&mut fields);
        let comment = comment(&mut fields, id, page.as_ref(), outer);
        if comment.is_ok()
            && let Some(page) = page
            && self.pages.is_new(&page.source_id)
        {
            self.waiting.push(Entry::page(at, page));
        }
        let record = comment.map(|comment| Record::Comment(Box::new(comment)));
        self.waiting.push(fields.finish(at, record));
    }

    fn page(&mut self, fields: &mut Fields) -> Option<Page> {
        let item = fields.word("itemId");
        let page_url = fields.word("pageUrl");
        self.has_id |= item.is_some();
        self.has_url |= page_url.is_some();
        let named = fields.word("originalItemId").or_else(|| item.clone());
        let url = match page_url {
            Some(url) => Some(address::of_page(&url, named.as_deref())),
            None => named.and_then(|named| {
                let protocol = fields.word("itemProtocol");
                let port = fields.word("itemPort");
                address::of_item(&named, protocol.as_deref(), port.as_deref())
            }),
        };
        let by_id = if self.by_id { item.clone() } else { None };
        let by_url = || url.as_deref().map(address::without_scheme);
        Some(Page {
            source_id: by_id.or_else(by_url).or_else(|| item.clone())?,
            url,
            identifier: item,
            title: fields.word("pageTitle"),
            ..Page::default()
        })
    }
}

fn comment(
    fields: &mut Fields,
    id: Option<String>,
    page: Option<&Page>,
    outer: Option<String>,
) -> Result<Comment, &'static str> {
    let parent = fields.first_text(&["replyTo", "parentId"]).or(outer);
    let created_at = fields.date("createdAt");
    let status = if fields.flag("deleted") == Some(true) {
        Status::Deleted
    } else if fields.flag("hidden") == Some(true) {
        Status::Pending
    } else {
        Status::Approved
    };
    let author = Author {
        source_id: fields.word("userId").filter(|id| !NOBODY.contains(&id.as_str())),
        name: fields.word("username"),
        email: fields.word("userEmail"),
        url: fields.first_text(&["website", "userUrl"]),
    };
    let (body, body_format) = match fields.text("message") {
        Some(message) => (Some(message), BodyFormat::Markdown),
        None => (fields.first_text(&["htmlMessage", "htmlContent"]), BodyFormat::Html),
    };
    let mut extras = Extras::new();
    for (name, extra) in [("userPic", "avatar"), ("loginProvider", "login_provider")] {
        if let Some(value) = fields.word(name) {
            extras.insert(extra.to_owned(), value.into());
        }
    }
    // In a table, an object is its own text.
    let reactions = fields.value("reactions").and_then(|reactions| match reactions {
        Value::String(text) => serde_json::from_str(&text).ok(),
        other => Some(other),
    });
    if let Some(Value::Object(reactions)) = reactions
        && !reactions.is_empty()
    {
        extras.insert("reactions".to_owned(), reactions.into());
    }
    Ok(Comment {
        source_id: id.ok_or("id_missing")?,
        page: page.ok_or("page_missing")?.source_id.clone(),
        parent,
        author,
        created_at,
        edited_at: None,
        status,
        kind: Kind::Comment,
        body,
        body_format,
        votes: None,
        ip: None,
        aliases: Vec::new(),
        extras,
    })
}
