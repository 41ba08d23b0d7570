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

use rehome_record::{Alias, Author, BodyFormat, Comment, Extras, Kind, Page, Status, Timestamp};

use crate::detect::xml_root;
use crate::input::Text;
use crate::notes::RecordNotes;
use crate::xml::{Node, Xml};
use crate::{
    Entry, EntryReader, Format, Issue, Position, ReadError, Reason, Record, RecordKind, Source,
};

/// Namespace of the attribute that holds the ids.
const INTERNALS: &str = "http://disqus.com/disqus-internals";
/// Default namespace; missing in some hand-made files.
const NAMESPACE: &str = "http://disqus.com";
/// What Disqus writes in place of an address it does not have (Blogger imports).
const NO_IP: &str = "255.255.255.255";

/// The Disqus export format.
pub(crate) struct Disqus;

impl Format for Disqus {
    fn id(&self) -> &'static str {
        "disqus"
    }

    fn family(&self) -> &'static str {
        "disqus"
    }

    fn name(&self) -> &'static str {
        "Disqus"
    }

    fn reader(&self) -> &'static str {
        "disqus/1"
    }

    fn fields(&self) -> &'static [&'static str] {
        &[
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
        ]
    }

    fn optional_fields(&self) -> &'static [&'static str] {
        &["author.email", "author.url", "comment.ip"]
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let root = xml_root(head).filter(|root| root.name == "disqus")?;
        let mut reasons = vec![Reason { code: "root_element", detail: Some(root.name) }];
        if root.namespaces.iter().any(|namespace| namespace == NAMESPACE) {
            reasons.push(Reason { code: "namespace", detail: Some(NAMESPACE.to_owned()) });
        }
        Some(reasons)
    }

    fn read<'a>(&self, source: Source<'a>, buffer_bytes: usize) -> Box<dyn EntryReader + 'a> {
        Box::new(Reader {
            xml: Xml::new(source.into_text(), buffer_bytes, "dsq"),
            place: Place::BeforeRoot,
            records: 0,
            forum: None,
            several_forums: false,
            ended: false,
        })
    }
}

struct Reader<'a> {
    xml: Xml<Text<'a>>,
    place: Place,
    records: u64,
    forum: Option<String>,
    /// Another forum was met, and said.
    several_forums: bool,
    ended: bool,
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
    fn origin(&self) -> Option<&str> {
        self.forum.as_deref()
    }

    fn is_complete(&self) -> bool {
        self.place == Place::Done
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_entry();
        self.ended = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

impl Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            match (self.xml.next()?, self.place) {
                (Node::Start, Place::InRoot) => {
                    if let Some(entry) = self.child_of_root()? {
                        return Ok(Some(entry));
                    }
                }
                // A second export may be glued to the first.
                (Node::Start, _) if self.xml.name() == "disqus" => {
                    self.xml.bind_prefixes(INTERNALS);
                    self.place = Place::InRoot;
                }
                (Node::Start, _) => {
                    let code = if self.place == Place::BeforeRoot {
                        "junk_before_start"
                    } else {
                        "junk_after_end"
                    };
                    let at = self.xml.at();
                    self.xml.skip_element()?;
                    return Ok(Some(Entry::about_file(at, code)));
                }
                (Node::End, _) => self.place = Place::AfterRoot,
                (Node::Text, place) => {
                    if let Some(entry) = self.stray_text(place) {
                        return Ok(Some(entry));
                    }
                }
                (Node::Eof, _) => {
                    self.place = Place::Done;
                    return Ok(None);
                }
            }
        }
    }

    fn child_of_root(&mut self) -> Result<Option<Entry>, ReadError> {
        match self.xml.name() {
            "thread" => self.thread().map(Some),
            "post" => self.post().map(Some),
            "category" => {
                self.category()?;
                Ok(None)
            }
            _ => {
                self.xml.skip_element()?;
                Ok(None)
            }
        }
    }

    /// Characters between records: white space, unless the file is damaged.
    fn stray_text(&self, place: Place) -> Option<Entry> {
        if self.xml.text().trim().is_empty() {
            return None;
        }
        let code = match place {
            Place::BeforeRoot => "junk_before_start",
            Place::InRoot => "field_unreadable",
            Place::AfterRoot | Place::Done => "junk_after_end",
        };
        Some(Entry::about_file(self.xml.at(), code))
    }

    fn category(&mut self) -> Result<(), ReadError> {
        loop {
            match self.xml.next()? {
                Node::Start if self.xml.name() == "forum" => {
                    let forum = self.xml.element_text()?;
                    self.forum = self.forum.take().or(non_empty(forum));
                }
                Node::Start => self.xml.skip_element()?,
                Node::End => return Ok(()),
                Node::Text | Node::Eof => {}
            }
        }
    }

    fn thread(&mut self) -> Result<Entry, ReadError> {
        let (at, mut notes) = self.start_record(RecordKind::Page);
        let mut page = Page::default();
        let mut is_deleted = false;
        let id = self.xml.attribute("id");
        notes.source_id.clone_from(&id);
        loop {
            match self.xml.next()? {
                Node::Start => match self.xml.name() {
                    "id" => page.identifier = non_empty(self.xml.element_text()?),
                    "forum" => {
                        let forum = self.xml.element_text()?;
                        self.take_forum(forum, &mut notes);
                    }
                    "link" => page.url = non_empty(self.xml.element_text()?),
                    "title" => {
                        let title = self.xml.element_text()?;
                        page.title = non_empty(htmlize::unescape(title.trim()).into_owned());
                    }
                    "createdAt" => page.created_at = notes.date(&self.placed_text()?),
                    "isClosed" => page.closed = notes.flag(&self.placed_text()?),
                    "isDeleted" => is_deleted = notes.flag(&self.placed_text()?),
                    _ => self.xml.skip_element()?,
                },
                Node::End => break,
                Node::Text | Node::Eof => notes.stray(self.xml.text(), self.xml.at()),
            }
        }
        if is_deleted {
            notes.issues.push(Issue::info("page_deleted", RecordKind::Page, id.clone()));
            page.extras.insert("deleted".to_owned(), true.into());
        }
        let record = match id {
            Some(id) => {
                page.source_id = id;
                page.validate().map(|()| Record::Page(page)).map_err(|invalid| invalid.code)
            }
            None => Err("id_missing"),
        };
        Ok(self.end_record(at, record, notes))
    }

    fn post(&mut self) -> Result<Entry, ReadError> {
        let (at, mut notes) = self.start_record(RecordKind::Comment);
        let mut post = Post { id: self.xml.attribute("id"), ..Post::default() };
        notes.source_id.clone_from(&post.id);
        loop {
            match self.xml.next()? {
                Node::Start => match self.xml.name() {
                    "id" => post.id_before = non_empty(self.xml.element_text()?),
                    "message" => post.message = non_empty(self.xml.element_text()?),
                    "createdAt" => post.created_at = notes.date(&self.placed_text()?),
                    "isDeleted" => post.is_deleted = notes.flag(&self.placed_text()?),
                    "isSpam" => post.is_spam = notes.flag(&self.placed_text()?),
                    "isApproved" => {
                        let approved = self.placed_text()?;
                        post.is_held = !approved.0.is_empty() && !notes.flag(&approved);
                    }
                    "isFlagged" => post.is_flagged = notes.flag(&self.placed_text()?),
                    "isHighlighted" => post.is_highlighted = notes.flag(&self.placed_text()?),
                    "author" => post.author = self.author()?,
                    "ipAddress" => post.ip = non_empty(self.xml.element_text()?),
                    "thread" => post.thread = self.reference()?,
                    "parent" => post.parent = self.reference()?,
                    _ => self.xml.skip_element()?,
                },
                Node::End => break,
                Node::Text | Node::Eof => notes.stray(self.xml.text(), self.xml.at()),
            }
        }
        let record = post.into_comment().and_then(|comment| {
            comment.validate().map_err(|invalid| invalid.code)?;
            Ok(Record::Comment(Box::new(comment)))
        });
        Ok(self.end_record(at, record, notes))
    }

    /// Text of the element that was just opened, and where the element starts.
    fn placed_text(&mut self) -> Result<(String, Position), ReadError> {
        let place = self.xml.at();
        Ok((self.xml.element_text()?, place))
    }

    /// `<thread dsq:id="1" />`; the documentation's example has text inside,
    /// which is the site's own id and not the key.
    fn reference(&mut self) -> Result<Option<String>, ReadError> {
        let id = self.xml.attribute("id");
        self.xml.skip_element()?;
        Ok(id)
    }

    fn author(&mut self) -> Result<Author, ReadError> {
        let mut author = Author::default();
        loop {
            match self.xml.next()? {
                Node::Start => match self.xml.name() {
                    "name" => author.name = non_empty(self.xml.element_text()?),
                    "username" => author.source_id = non_empty(self.xml.element_text()?),
                    "email" => author.email = non_empty(self.xml.element_text()?),
                    "link" => author.url = non_empty(self.xml.element_text()?),
                    // `isAnonymous` says no more than a missing username does.
                    _ => self.xml.skip_element()?,
                },
                Node::End => return Ok(author),
                Node::Text | Node::Eof => {}
            }
        }
    }

    fn take_forum(&mut self, forum: String, notes: &mut RecordNotes) {
        match (&self.forum, non_empty(forum)) {
            (None, forum) => self.forum = forum,
            (Some(known), Some(forum)) if *known != forum && !self.several_forums => {
                self.several_forums = true;
                notes.issues.push(Issue::info("several_origins", RecordKind::File, None));
            }
            _ => {}
        }
    }

    fn start_record(&mut self, of: RecordKind) -> (Position, RecordNotes) {
        self.records += 1;
        self.xml.take_notes();
        let at = Position { record: Some(self.records), ..self.xml.at() };
        (at, RecordNotes { of, source_id: None, issues: Vec::new() })
    }

    fn end_record(
        &mut self,
        at: Position,
        record: Result<Record, &'static str>,
        mut notes: RecordNotes,
    ) -> Entry {
        let found = self.xml.take_notes();
        for (place, code) in [
            (found.unknown_entity, "unknown_entity"),
            (found.malformed_attribute, "malformed_attribute"),
        ] {
            if let Some(place) = place {
                notes.warn(code, place);
            }
        }
        let RecordNotes { of, source_id, issues } = notes;
        let record = record.map_err(|code| Issue::lost(code, of, source_id));
        Entry { at, record, warnings: issues }
    }
}

/// What a `<post>` holds.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "the vendor's own flags")]
struct Post {
    id: Option<String>,
    id_before: Option<String>,
    message: Option<String>,
    created_at: Option<Timestamp>,
    is_deleted: bool,
    is_spam: bool,
    is_held: bool,
    is_flagged: bool,
    is_highlighted: bool,
    author: Author,
    ip: Option<String>,
    thread: Option<String>,
    parent: Option<String>,
}

impl Post {
    fn into_comment(self) -> Result<Comment, &'static str> {
        let source_id = self.id.ok_or("id_missing")?;
        let page = self.thread.ok_or("page_missing")?;
        let status = if self.is_deleted {
            Status::Deleted
        } else if self.is_spam {
            Status::Spam
        } else if self.is_held {
            Status::Pending
        } else {
            Status::Approved
        };
        let mut extras = Extras::new();
        for (is_so, name) in [(self.is_flagged, "flagged"), (self.is_highlighted, "highlighted")] {
            if is_so {
                extras.insert(name.to_owned(), true.into());
            }
        }
        let aliases = self.id_before.map(|id| alias(id, &mut extras)).unwrap_or_default();
        Ok(Comment {
            source_id,
            page,
            parent: self.parent,
            author: self.author,
            created_at: self.created_at,
            edited_at: None,
            status,
            kind: Kind::Comment,
            body: self.message,
            body_format: BodyFormat::Html,
            votes: None,
            ip: self.ip.filter(|ip| ip != NO_IP),
            aliases,
            extras,
        })
    }
}

/// A post's `<id>`: `wp_id=764` where it was synced from WordPress, a long
/// number where it was imported from Blogger.
fn alias(id: String, extras: &mut Extras) -> Vec<Alias> {
    let of = |family: &str, source_id: &str| {
        vec![Alias { family: family.to_owned(), origin: None, source_id: source_id.to_owned() }]
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match id.strip_prefix("wp_id=") {
        Some(number) if is_number(number) => of("wordpress", number),
        None if is_number(&id) && id.len() >= 17 => of("blogger", &id),
        _ => {
            extras.insert("id".to_owned(), id.into());
            Vec::new()
        }
    }
}

fn non_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
