//! The export of IntenseDebate: XML with `blogpost*`, each with its comments.
//!
//! No real file is public. What is known comes from two importers that were
//! written against real ones: Automattic's `intensedebate-importer.php` 0.1,
//! which reads line by line with regular expressions, and `id_import_blg_wp.php`
//! 1.0.5. Points to mind:
//!
//! - Nobody looks at the root's name. A page is a `blogpost` (`post` is taken
//!   too); its address is in `url`, in `link` as others tell, or in `guid`.
//! - That address is percent-encoded as a whole: `http%3A%2F%2F…`.
//! - A page's title is cut, and signs in it are blanks: it is no key.
//! - `url` is a page's address, and a person's, where it is mostly empty.
//! - Values are written with HTML's references even inside of CDATA.
//! - `parentid` is 0 for none. Parents may stand behind their replies, or be
//!   missing: comments that are not public are left out.
//! - `gmt` is UTC; `date` is the same in the blog's own zone, which is unknown.
//! - Automattic's reader needs single quotes and a line for each tag; a file
//!   that was saved anew has neither.

use std::io::Read;

use percent_encoding::percent_decode_str;
use rehome_record::{Author, BodyFormat, Comment, Complete, Extras, Kind, Page, Status, Timestamp};

use crate::detect::xml_root;
use crate::entities::unescape;
use crate::fences::{Mark, Nested, Records};
use crate::notes::{Damaged, RecordNotes};
use crate::waiting::Waiting;
use crate::xml::{Damage, Node, Pulled, Stop, Xml};
use crate::{
    Entry, EntryReader, Evidence, Facts, Format, Position, ReadError, Reading, Reason, Record,
    RecordKind,
};

/// Elements around a page: the root.
const AROUND_PAGES: usize = 1;
/// Elements around a comment: the root, its page, and the list of comments.
const AROUND_COMMENTS: usize = 3;

const RECORDS: Records = Records::Nested(&[
    Nested { name: "blogpost", depth: AROUND_PAGES, mark: Mark::Name },
    Nested { name: "post", depth: AROUND_PAGES, mark: Mark::Nothing },
    Nested { name: "comment", depth: AROUND_COMMENTS, mark: Mark::Id },
]);

/// Roots of other exports that have posts and comments.
const OTHER_ROOTS: [&str; 4] = ["disqus", "rss", "html", "feed"];

/// The IntenseDebate export format.
pub(crate) struct IntenseDebate;

const FACTS: Facts = Facts {
    id: "intensedebate",
    family: "intensedebate",
    name: "IntenseDebate",
    files: ".xml, .xml.gz",
    reader: "intensedebate/1",
    fields: &[
        "page.url",
        "page.identifier",
        "page.title",
        "author.name",
        "comment.parent",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
        "comment.extras",
    ],
    optional_fields: &["author.email", "author.url", "comment.ip"],
    evidence: Evidence::Inferred,
    versions: "files as importers of 2010 to 2020 read them",
    how_to_get: &[
        "Sign in to IntenseDebate, open Sites and choose your site.",
        "Open Tools, then XML Export, and ask for the export.",
        "IntenseDebate sends the file by e-mail. For a large site it may never come.",
        "Drop the file here as it is. You need not unpack it.",
    ],
    keeps: &["scores of comments"],
    loses: &[
        "Comments that are not public, pingbacks and trackbacks: IntenseDebate does not export them.",
        "Ends of long page titles: IntenseDebate cuts them.",
    ],
};

impl Format for IntenseDebate {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let root = xml_root(head).filter(|root| !OTHER_ROOTS.contains(&&*root.name))?;
        let has = |text: &str| memchr::memmem::find(head, text.as_bytes()).is_some();
        let page = ["blogpost", "post"].into_iter().find(|name| has(&format!("<{name}>")))?;
        let is_ours = page == "blogpost" || has("<comment ") && has(" parentid=");
        is_ours.then(|| vec![Reason { code: "root_element", detail: Some(root.name) }])
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        Box::new(Reader {
            xml: Xml::new(text, reading.buffer_bytes, "", RECORDS),
            place: Place::BeforeRoot,
            page: None,
            waiting: Waiting::default(),
            records: 0,
        })
    }
}

struct Reader<'a> {
    xml: Xml<'a>,
    place: Place,
    /// The page that is read.
    page: Option<OpenPage>,
    /// Entries to give, in order.
    waiting: Waiting,
    records: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeRoot,
    InRoot,
    InPage,
    InComments,
    AfterRoot,
}

/// A page as far as it was read.
struct OpenPage {
    at: Position,
    /// None once it was told.
    notes: Option<RecordNotes>,
    address: Option<String>,
    guid: Option<String>,
    title: Option<String>,
    /// What its comments know it by, once it has one.
    id: Option<String>,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            if let Some(next) = self.waiting.next() {
                return next;
            }
            match self.step() {
                Ok(()) => {}
                Err(Stop::Damaged(damage)) => {
                    self.waiting.error = self.xml.recover().err();
                    self.lost_part(damage);
                }
                Err(Stop::Ended(error)) => {
                    self.end_page();
                    self.waiting.error = Some(error);
                }
            }
        }
    }

    fn origin(&self) -> Option<&str> {
        None
    }

    fn complete(&self) -> Complete {
        if self.waiting.is_end { Complete::Yes } else { Complete::No }
    }
}

impl Reader<'_> {
    /// Takes what stands next outside of comments. Damage inside of a comment
    /// does not get here.
    fn step(&mut self) -> Pulled<()> {
        // Behind damage, reading may go on in the root.
        if self.xml.depth() <= AROUND_PAGES && self.page.is_some() {
            self.end_page();
            self.place = Place::InRoot;
        }
        match (self.xml.next()?, self.place) {
            (Node::Start, Place::BeforeRoot) => self.place = Place::InRoot,
            (Node::Start, Place::AfterRoot) => {
                self.skip("junk_after_end")?;
            }
            (Node::Start, place) => self.element(place)?,
            (Node::End, Place::InComments) => self.place = Place::InPage,
            (Node::End, Place::InPage) => {
                self.end_page();
                self.place = Place::InRoot;
            }
            (Node::End, _) => self.place = Place::AfterRoot,
            (Node::Text, place) => self.stray_text(place),
            (Node::Eof, _) => self.waiting.is_end = true,
        }
        Ok(())
    }

    fn element(&mut self, place: Place) -> Pulled<()> {
        match (self.xml.name(), place) {
            ("comment", _) => self.comment(),
            ("blogpost" | "post", Place::InRoot) => {
                let at = Position { record: Some(self.count_record()), ..self.xml.at() };
                let notes = RecordNotes::start(RecordKind::Page, &mut self.xml);
                self.page = Some(OpenPage::new(at, notes));
                self.place = Place::InPage;
            }
            ("comments", Place::InPage) => self.place = Place::InComments,
            (_, Place::InPage) => self.field_of_page()?,
            _ => self.skip("element_unknown")?,
        }
        Ok(())
    }

    fn field_of_page(&mut self) -> Pulled<()> {
        let field = self.xml.name().to_owned();
        let Some(page) = self.page.as_mut().filter(|page| page.notes.is_some()) else {
            return self.xml.skip_element();
        };
        match &*field {
            "url" | "link" => {
                let url = self.xml.element_value()?;
                page.address = url.map(|url| address(&url)).or(page.address.take());
            }
            "guid" => page.guid = self.xml.element_value()?,
            "title" => page.title = self.xml.element_value()?.map(|title| plain(&title)),
            _ => self.xml.skip_element()?,
        }
        Ok(())
    }

    /// Gives the page that is read, if it was not given yet.
    fn tell_page(&mut self) {
        let Some(page) = &mut self.page else { return };
        let Some(notes) = page.notes.take() else { return };
        let (at, record) = (page.at, page.record());
        self.waiting.push(notes.finish(at, record, &mut self.xml));
    }

    fn end_page(&mut self) {
        self.tell_page();
        self.page = None;
    }

    fn comment(&mut self) {
        // What stands in the page before its comments is mostly all there is.
        if self.page.as_ref().is_some_and(|page| page.address.is_some()) {
            self.tell_page();
        }
        let at = Position { record: Some(self.count_record()), ..self.xml.at() };
        let mut notes = RecordNotes::start(RecordKind::Comment, &mut self.xml);
        notes.source_id = self.xml.attribute("id");
        let parent = self.xml.attribute("parentid").filter(|parent| parent != "0");
        let page = self.page.as_mut().and_then(|page| page.id(notes.source_id.as_deref()));
        let mut post = Post::default();
        let read = self.fields(&mut post, &mut notes);
        let read = notes.settle(read, Damaged::Lost, &mut self.xml, &mut self.waiting.error);
        let record = read.and_then(|()| {
            let source_id = notes.source_id.clone().ok_or("id_missing")?;
            let comment =
                post.into_comment(source_id, page.ok_or("page_missing")?, parent, &mut notes);
            comment.validate().map_err(|invalid| invalid.code)?;
            Ok(Record::Comment(Box::new(comment)))
        });
        self.waiting.push(notes.finish(at, record, &mut self.xml));
    }

    fn fields(&mut self, post: &mut Post, notes: &mut RecordNotes) -> Pulled<()> {
        loop {
            match self.xml.next()? {
                Node::Start => match self.xml.name() {
                    "name" => post.author.name = self.plain_value()?,
                    "email" => post.author.email = self.plain_value()?,
                    "url" => post.author.url = self.plain_value()?.map(|url| address(&url)),
                    "ip" => post.ip = self.plain_value()?,
                    "text" => post.text = self.xml.element_value()?,
                    "date" => post.local_date = Some(self.xml.placed_text()?),
                    "gmt" => post.date = notes.date(&self.xml.placed_text()?),
                    "score" => post.score = Some(self.xml.placed_text()?),
                    _ => self.xml.skip_element()?,
                },
                Node::End => return Ok(()),
                Node::Text | Node::Eof => notes.stray(self.xml.text(), self.xml.at()),
            }
        }
    }

    fn plain_value(&mut self) -> Pulled<Option<String>> {
        Ok(self.xml.element_value()?.map(|value| plain(&value)))
    }

    fn skip(&mut self, code: &'static str) -> Pulled<()> {
        self.waiting.push(Entry::about_file(self.xml.at(), code));
        self.xml.skip_element()
    }

    /// Damage between comments, or in the start tag of a record.
    fn lost_part(&mut self, damage: Damage) {
        let (of, code) = match damage.record {
            Some("comment") => (RecordKind::Comment, "record_broken"),
            Some(_) => (RecordKind::Page, "record_broken"),
            None => (RecordKind::File, "part_lost"),
        };
        let record = damage.record.map(|_| self.count_record());
        self.waiting.push(Entry::lost(Position { record, ..damage.at }, code, of));
        // A comment that is read next stands where comments do.
        if self.page.is_some() && self.xml.depth() >= AROUND_COMMENTS {
            self.place = Place::InComments;
        }
    }

    /// Characters between elements: white space, unless the file is damaged.
    fn stray_text(&mut self, place: Place) {
        if !self.xml.text().trim().is_empty() {
            let code = match place {
                Place::BeforeRoot => "junk_before_start",
                Place::AfterRoot => "junk_after_end",
                _ => "field_unreadable",
            };
            self.waiting.push(Entry::about_file(self.xml.at(), code));
        }
    }

    fn count_record(&mut self) -> u64 {
        self.records += 1;
        self.records
    }
}

impl OpenPage {
    fn new(at: Position, notes: RecordNotes) -> Self {
        Self { at, notes: Some(notes), address: None, guid: None, title: None, id: None }
    }

    /// What its comments know it by: its address, its guid, else the first of them.
    fn id(&mut self, comment: Option<&str>) -> Option<String> {
        if self.id.is_none() {
            let of_comment = || comment.map(|comment| format!("comment-{comment}"));
            self.id = self.address.clone().or_else(|| self.guid.clone()).or_else(of_comment);
        }
        self.id.clone()
    }

    fn record(&mut self) -> Result<Record, &'static str> {
        let address = self.address.take().or_else(|| self.guid.take());
        let (url, identifier) = match address {
            Some(address) if address.contains("://") => (Some(address), None),
            other => (None, other),
        };
        let id = self.id.clone().or_else(|| url.clone()).or_else(|| identifier.clone());
        self.id.clone_from(&id);
        let source_id = id.ok_or("id_missing")?;
        let page = Page { source_id, url, identifier, title: self.title.take(), ..Page::default() };
        page.validate().map(|()| Record::Page(page)).map_err(|invalid| invalid.code)
    }
}

/// What a `<comment>` holds.
#[derive(Default)]
struct Post {
    author: Author,
    ip: Option<String>,
    text: Option<String>,
    date: Option<Timestamp>,
    local_date: Option<(String, Position)>,
    score: Option<(String, Position)>,
}

impl Post {
    fn into_comment(
        self,
        source_id: String,
        page: String,
        parent: Option<String>,
        notes: &mut RecordNotes,
    ) -> Comment {
        let mut created_at = self.date;
        if let Some(local) = self.local_date.filter(|_| created_at.is_none()) {
            created_at = notes.date(&local);
            if created_at.is_some() {
                notes.warn("date_local", local.1);
            }
        }
        let mut extras = Extras::new();
        if let Some((score, place)) = self.score.filter(|(score, _)| !score.is_empty()) {
            match score.parse::<i64>() {
                Ok(score) => drop(extras.insert("score".to_owned(), score.into())),
                Err(_) => notes.warn("field_unreadable", place),
            }
        }
        Comment {
            source_id,
            page,
            parent,
            author: self.author,
            created_at,
            edited_at: None,
            status: Status::Approved,
            kind: Kind::Comment,
            body: self.text.map(html),
            body_format: BodyFormat::Html,
            votes: None,
            ip: self.ip,
            aliases: Vec::new(),
            extras,
        }
    }
}

/// Text without HTML's references.
fn plain(text: &str) -> String {
    unescape(text).trim().to_owned()
}

/// HTML, which may be escaped once more than CDATA needs.
fn html(text: String) -> String {
    let is_escaped = !text.contains('<') && text.contains("&lt;");
    if is_escaped { unescape(&text).into_owned() } else { text }
}

/// An address, which may be percent-encoded as a whole.
fn address(text: &str) -> String {
    let text = plain(text);
    let start = text.get(..8).unwrap_or_default().to_ascii_lowercase();
    if start.starts_with("http%3a") || start.starts_with("https%3a") {
        return percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    text
}
