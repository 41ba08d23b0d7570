//! The export of Disqus: `<shortname>-<time>-all.xml.gz`, one root `disqus`
//! with `category*, thread*, post*`.
//!
//! What is known of it comes from real exports of 2021 to 2023 and from the
//! schema at `http://disqus.com/api/schemas/1.0/disqus.xsd`. Points that other
//! readers get wrong:
//!
//! - The key is the attribute `dsq:id`; the element `<id>` is the site's own
//!   name for a page (often empty) or, of a post, its id before Disqus.
//! - Threads are made when a page is first looked at, so most have no posts.
//! - Titles are escaped twice, now and then without the semicolon (`&#039s`).
//! - Deleted posts keep their text, or are purged to nothing; both may have
//!   live replies.
//! - Guests have no `username`; names may be empty; e-mails and IPs stand only
//!   in files from before 2018.
//! - People re-indent the file: white space around every value means nothing.

mod post;

use std::io::Read;

use rehome_record::{Author, Complete, Page};

use crate::detect::xml_root;
use crate::entities::unescape;
use crate::fences::Records;
use crate::notes::{Damaged, RecordNotes};
use crate::xml::{Damage, Node, Pulled, Stop, Xml};
use crate::{
    Entry, EntryReader, Evidence, Facts, Format, Issue, Position, ReadError, Reading, Reason,
    Record, RecordKind,
};

use post::Post;

/// Namespace of the attribute that holds the ids.
const INTERNALS: &str = "http://disqus.com/disqus-internals";
/// Default namespace; missing in some hand-made files.
const NAMESPACE: &str = "http://disqus.com";

/// Elements that are records, and where reading goes on after damage. Inside of
/// a post, a `thread` only refers to one: it is empty.
const RECORDS: Records = Records::InRoot(&["post", "thread"]);

/// The Disqus export format.
pub(crate) struct Disqus;

const FACTS: Facts = Facts {
    id: "disqus",
    family: "disqus",
    name: "Disqus",
    files: ".xml, .xml.gz",
    reader: "disqus/1",
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
        "comment.aliases",
        "comment.extras",
    ],
    optional_fields: &["author.email", "author.url", "comment.ip"],
    evidence: Evidence::Confirmed,
    versions: "files of 2012 to 2023",
    how_to_get: &[
        "Sign in to Disqus and open Admin, then Community, then Export. Older accounts find it under Moderation tools.",
        "Press “Export comments”.",
        "Disqus sends a link by e-mail. It can take from a minute to some hours.",
        "Download the file and drop it here as it is. You need not unpack it.",
    ],
    keeps: &[
        "deleted comments and spam, marked as such",
        "pages nobody commented on",
        "closed pages",
    ],
    loses: &[
        "Votes, edits and pictures of people: Disqus does not export them.",
        "E-mail and IP addresses: only files from before 2018 have them.",
    ],
};

impl Format for Disqus {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let root = xml_root(head).filter(|root| root.name == "disqus")?;
        let mut reasons = vec![Reason { code: "root_element", detail: Some(root.name) }];
        if root.namespaces.iter().any(|namespace| namespace == NAMESPACE) {
            reasons.push(Reason { code: "namespace", detail: Some(NAMESPACE.to_owned()) });
        }
        Some(reasons)
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        Box::new(Reader {
            xml: Xml::new(text, reading.buffer_bytes, "dsq", RECORDS),
            place: Place::BeforeRoot,
            records: 0,
            forum: None,
            several_forums: false,
            error: None,
        })
    }
}

struct Reader<'a> {
    xml: Xml<'a>,
    place: Place,
    records: u64,
    forum: Option<String>,
    /// Another forum was met, and said.
    several_forums: bool,
    /// What ends the reading once the record at hand is given.
    error: Option<ReadError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeRoot,
    InRoot,
    AfterRoot,
    /// The file ended where it should.
    Done,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            match self.next_part() {
                Ok(Some(entry)) => return Ok(Some(entry)),
                Ok(None) if self.place == Place::Done => return Ok(None),
                Ok(None) => {}
                Err(Stop::Damaged(damage)) => {
                    self.xml.recover()?;
                    return Ok(Some(self.lost_part(damage)));
                }
                Err(Stop::Ended(error)) => return Err(error),
            }
        }
    }

    fn origin(&self) -> Option<&str> {
        self.forum.as_deref()
    }

    fn complete(&self) -> Complete {
        if self.place == Place::Done { Complete::Yes } else { Complete::No }
    }
}

impl Reader<'_> {
    /// What stands next outside of records. Damage inside of a record does not
    /// get here.
    fn next_part(&mut self) -> Pulled<Option<Entry>> {
        match (self.xml.next()?, self.place) {
            (Node::Start, Place::InRoot) => return self.child_of_root(),
            // A second export may be glued to the first.
            (Node::Start, _) if self.xml.name() == "disqus" => {
                self.xml.bind_prefixes(|namespace| namespace == INTERNALS);
                self.place = Place::InRoot;
            }
            (Node::Start, place) => {
                let at = self.xml.at();
                self.xml.skip_element()?;
                return Ok(Some(Entry::about_file(at, junk(place))));
            }
            (Node::End, _) => self.place = Place::AfterRoot,
            (Node::Text, place) => return Ok(self.stray_text(place)),
            (Node::Eof, _) => self.place = Place::Done,
        }
        Ok(None)
    }

    fn child_of_root(&mut self) -> Pulled<Option<Entry>> {
        match self.xml.name() {
            "thread" => return Ok(Some(self.thread())),
            "post" => return Ok(Some(self.post())),
            "category" => self.category()?,
            _ => {
                let at = self.xml.at();
                self.xml.skip_element()?;
                return Ok(Some(Entry::about_file(at, "element_unknown")));
            }
        }
        Ok(None)
    }

    /// Damage between records, or in the start tag of one.
    fn lost_part(&mut self, damage: Damage) -> Entry {
        let (of, code) = match damage.record {
            Some("post") => (RecordKind::Comment, "record_broken"),
            Some(_) => (RecordKind::Page, "record_broken"),
            None => (RecordKind::File, "part_lost"),
        };
        let record = damage.record.map(|_| self.count_record());
        Entry::lost(Position { record, ..damage.at }, code, of)
    }

    /// Characters between records: white space, unless the file is damaged.
    fn stray_text(&self, place: Place) -> Option<Entry> {
        if self.xml.text().trim().is_empty() {
            return None;
        }
        let code = if place == Place::InRoot { "field_unreadable" } else { junk(place) };
        Some(Entry::about_file(self.xml.at(), code))
    }

    fn category(&mut self) -> Pulled<()> {
        loop {
            match self.xml.next()? {
                Node::Start if self.xml.name() == "forum" => {
                    let forum = self.xml.element_value()?;
                    self.forum = self.forum.take().or(forum);
                }
                Node::Start => self.xml.skip_element()?,
                Node::End => return Ok(()),
                Node::Text | Node::Eof => {}
            }
        }
    }

    fn thread(&mut self) -> Entry {
        let (at, mut notes) = self.start_record(RecordKind::Page);
        let mut page =
            Page { source_id: notes.source_id.clone().unwrap_or_default(), ..Page::default() };
        let read = self.thread_fields(&mut page, &mut notes);
        // A page is little more than its id, and its comments need it.
        let read = notes.settle(read, Damaged::Kept, &mut self.xml, &mut self.error);
        let record = read.and_then(|()| {
            if page.source_id.is_empty() {
                return Err("id_missing");
            }
            page.validate().map(|()| Record::Page(page)).map_err(|invalid| invalid.code)
        });
        notes.finish(at, record, &mut self.xml)
    }

    fn thread_fields(&mut self, page: &mut Page, notes: &mut RecordNotes) -> Pulled<()> {
        let mut is_deleted = false;
        loop {
            match self.xml.next()? {
                Node::Start => match self.xml.name() {
                    "id" => page.identifier = self.xml.element_value()?,
                    "forum" => {
                        let forum = self.xml.element_value()?;
                        self.take_forum(forum, notes);
                    }
                    "link" => page.url = self.xml.element_value()?,
                    "title" => {
                        let title = self.xml.element_value()?;
                        page.title = title.map(|title| unescape(&title).into_owned());
                    }
                    "createdAt" => page.created_at = notes.date(&self.xml.placed_text()?),
                    "isClosed" => page.closed = notes.flag(&self.xml.placed_text()?),
                    "isDeleted" => is_deleted = notes.flag(&self.xml.placed_text()?),
                    _ => self.xml.skip_element()?,
                },
                Node::End => break,
                Node::Text | Node::Eof => notes.stray(self.xml.text(), self.xml.at()),
            }
        }
        if is_deleted {
            let id = notes.source_id.clone();
            notes.issues.push(Issue::info("page_deleted", RecordKind::Page, id));
            page.extras.insert("deleted".to_owned(), true.into());
        }
        Ok(())
    }

    fn post(&mut self) -> Entry {
        let (at, mut notes) = self.start_record(RecordKind::Comment);
        let mut post = Post { id: notes.source_id.clone(), ..Post::default() };
        let read = self.post_fields(&mut post, &mut notes);
        let read = notes.settle(read, Damaged::Lost, &mut self.xml, &mut self.error);
        let record = read.and_then(|()| {
            let comment = post.into_comment()?;
            comment.validate().map_err(|invalid| invalid.code)?;
            Ok(Record::Comment(Box::new(comment)))
        });
        notes.finish(at, record, &mut self.xml)
    }

    fn post_fields(&mut self, post: &mut Post, notes: &mut RecordNotes) -> Pulled<()> {
        loop {
            match self.xml.next()? {
                Node::Start => match self.xml.name() {
                    "id" => post.id_before = self.xml.element_value()?,
                    "message" => post.message = self.xml.element_value()?,
                    "createdAt" => post.created_at = notes.date(&self.xml.placed_text()?),
                    "isDeleted" => post.is_deleted = notes.flag(&self.xml.placed_text()?),
                    "isSpam" => post.is_spam = notes.flag(&self.xml.placed_text()?),
                    "isApproved" => {
                        let approved = self.xml.placed_text()?;
                        post.is_held = !approved.0.is_empty() && !notes.flag(&approved);
                    }
                    "isFlagged" => post.is_flagged = notes.flag(&self.xml.placed_text()?),
                    "isHighlighted" => post.is_highlighted = notes.flag(&self.xml.placed_text()?),
                    "author" => post.author = self.author()?,
                    "ipAddress" => post.ip = self.xml.element_value()?,
                    "thread" => post.thread = self.reference()?,
                    "parent" => post.parent = self.reference()?,
                    _ => self.xml.skip_element()?,
                },
                Node::End => return Ok(()),
                Node::Text | Node::Eof => notes.stray(self.xml.text(), self.xml.at()),
            }
        }
    }

    /// `<thread dsq:id="1" />`; the documentation's example has text inside,
    /// which is the site's own id and not the key.
    fn reference(&mut self) -> Pulled<Option<String>> {
        let id = self.xml.attribute("id");
        self.xml.skip_element()?;
        Ok(id)
    }

    fn author(&mut self) -> Pulled<Author> {
        let mut author = Author::default();
        loop {
            match self.xml.next()? {
                Node::Start => match self.xml.name() {
                    "name" => author.name = self.xml.element_value()?,
                    "username" => author.source_id = self.xml.element_value()?,
                    "email" => author.email = self.xml.element_value()?,
                    "link" => author.url = self.xml.element_value()?,
                    // `isAnonymous` says no more than a missing username does.
                    _ => self.xml.skip_element()?,
                },
                Node::End => return Ok(author),
                Node::Text | Node::Eof => {}
            }
        }
    }

    fn take_forum(&mut self, forum: Option<String>, notes: &mut RecordNotes) {
        match (&self.forum, forum) {
            (None, forum) => self.forum = forum,
            (Some(known), Some(forum)) if *known != forum && !self.several_forums => {
                self.several_forums = true;
                notes.issues.push(Issue::info("several_origins", RecordKind::File, None));
            }
            _ => {}
        }
    }

    fn start_record(&mut self, of: RecordKind) -> (Position, RecordNotes) {
        let at = Position { record: Some(self.count_record()), ..self.xml.at() };
        let mut notes = RecordNotes::start(of, &mut self.xml);
        notes.source_id = self.xml.attribute("id");
        (at, notes)
    }

    fn count_record(&mut self) -> u64 {
        self.records += 1;
        self.records
    }
}

/// The code of what stands outside of the root.
fn junk(place: Place) -> &'static str {
    if place == Place::BeforeRoot { "junk_before_start" } else { "junk_after_end" }
}
