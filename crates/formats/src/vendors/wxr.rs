//! WXR, an RSS feed with more: `rss > channel > item* > wp:comment*`. WordPress
//! exports it, and Disqus imports a form of it.
//!
//! Elements are known by their prefix, and namespaces are not resolved: plugins
//! write prefixes that nothing binds (`atom:link`), and `link`, `title` and
//! `comment` mean other things under other prefixes (`wfw:comment`).

mod comment;
mod item;

use std::io::Read;

use rehome_record::Complete;

use self::comment::Raw;
use self::item::Item;
use crate::detect::{Root, xml_root};
use crate::fences::{Mark, Nested, Records};
use crate::notes::{Damaged, RecordNotes};
use crate::preview::{HashedSet, id_hash};
use crate::waiting::Waiting;
use crate::xml::{Damage, Node, Pulled, Stop, Xml};
use crate::{Entry, EntryReader, Position, ReadError, Reading, Reason, Record, RecordKind};

const RECORDS: Records = Records::Nested(&[
    Nested { name: "item", depth: 2, mark: Mark::Nothing },
    Nested { name: "comment", depth: 3, mark: Mark::Prefix },
]);

/// Bytes of comments that wait for what their item tells behind them.
const MAX_WAITING_BYTES: usize = 8 * 1024 * 1024;

/// Pages of which is known that they were given.
const MAX_PAGES: usize = 1_000_000;

/// What writes the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    WordPress,
    /// Whoever wants to move to Disqus.
    DisqusImport,
}

/// The namespace of a WordPress export, of any version.
fn is_wordpress(namespace: &str) -> bool {
    without_scheme(namespace).starts_with("wordpress.org/export/")
}

/// The namespace of what Disqus imports.
fn is_disqus(namespace: &str) -> bool {
    without_scheme(namespace).trim_end_matches('/') == "www.disqus.com"
}

fn without_scheme(address: &str) -> &str {
    ["http://", "https://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .unwrap_or(address)
}

/// Why the start of a text is of that dialect.
pub(super) fn recognise(head: &[u8], dialect: Dialect) -> Option<Vec<Reason>> {
    let Root { name, namespaces } = xml_root(head).filter(|root| root.name == "rss")?;
    let is_import = namespaces.iter().any(|namespace| is_disqus(namespace));
    if is_import != (dialect == Dialect::DisqusImport) {
        return None;
    }
    let asked_for = if is_import { is_disqus } else { is_wordpress };
    let shown = match namespaces.into_iter().find(|namespace| asked_for(namespace)) {
        Some(namespace) => Reason { code: "namespace", detail: Some(namespace) },
        None => Reason { code: "plain_feed", detail: None },
    };
    Some(vec![Reason { code: "root_element", detail: Some(name) }, shown])
}

/// Reads a file of that dialect.
pub(super) struct Reader<'a> {
    xml: Xml<'a>,
    dialect: Dialect,
    records: u64,
    /// Address of the blog, and that of the feed.
    blog: Option<String>,
    link: Option<String>,
    origin: Option<String>,
    /// Something is written as WordPress does.
    has_parts: bool,
    item: Option<Item>,
    waiting: Waiting,
    /// Where each page is given once.
    given_pages: HashedSet,
    root_ended: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: Box<dyn Read + 'a>, reading: &Reading, dialect: Dialect) -> Self {
        Self {
            xml: Xml::new(text, reading.buffer_bytes, "wp", RECORDS),
            dialect,
            records: 0,
            blog: None,
            link: None,
            origin: None,
            has_parts: false,
            item: None,
            waiting: Waiting::default(),
            given_pages: HashedSet::default(),
            root_ended: false,
        }
    }
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            if let Some(next) = self.waiting.next() {
                return next;
            }
            self.read_on();
        }
    }

    fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    fn complete(&self) -> Complete {
        if self.waiting.is_end { Complete::Yes } else { Complete::No }
    }
}

/// Whose element it is, by its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    Rss,
    WordPress,
    Disqus,
    Other,
}

impl Space {
    /// Of the start tag that was just read.
    fn of(xml: &Xml<'_>) -> Self {
        match xml.prefix() {
            "" => Self::Rss,
            "dsq:" => Self::Disqus,
            _ if xml.has_known_prefix() => Self::WordPress,
            _ => Self::Other,
        }
    }
}

impl Reader<'_> {
    /// Reads the next part, and what becomes of its damage.
    fn read_on(&mut self) {
        match self.next_part() {
            Ok(()) => {}
            Err(Stop::Damaged(damage)) => {
                self.waiting.error = self.xml.recover().err();
                self.damaged(damage);
            }
            Err(Stop::Ended(error)) => {
                if let Some(item) = &mut self.item {
                    item.notes.warn("record_damaged", self.xml.at());
                }
                self.waiting.error = Some(error);
            }
        }
        let is_over = |item: &Item| self.waiting.error.is_some() || self.xml.depth() < item.depth;
        if self.item.as_ref().is_some_and(is_over) {
            self.end_item();
        }
    }

    fn next_part(&mut self) -> Pulled<()> {
        match self.xml.next()? {
            Node::Start => return self.element(),
            Node::End if self.xml.depth() == 0 => self.end_root(),
            Node::End => {}
            Node::Text => self.stray_text(),
            Node::Eof => self.waiting.is_end = true,
        }
        Ok(())
    }

    fn element(&mut self) -> Pulled<()> {
        let depth = self.xml.depth();
        if depth <= 3 && self.xml.bind_prefixes(is_wordpress) {
            self.has_parts = true;
        }
        let space = Space::of(&self.xml);
        match (depth, space, self.xml.name()) {
            (1, Space::Rss, "rss") | (2, Space::Rss, "channel") => {}
            (1, ..) => {
                let at = self.xml.at();
                self.xml.skip_element()?;
                self.waiting.push(Entry::about_file(at, self.junk()));
            }
            (2 | 3, Space::Rss, "item") => {
                let at = Position { record: Some(self.count_record()), ..self.xml.at() };
                self.item = Some(Item::start(at, &mut self.xml));
            }
            (_, Space::WordPress, "comment") => self.comment(),
            _ => match &mut self.item {
                Some(item) if depth == item.depth + 1 => {
                    return item.field(space, &mut self.xml);
                }
                Some(_) => self.xml.skip_element()?,
                None => return self.channel_field(space),
            },
        }
        Ok(())
    }

    fn channel_field(&mut self, space: Space) -> Pulled<()> {
        match (space, self.xml.name()) {
            (Space::Rss, "link") => self.link = self.xml.element_value()?,
            (Space::WordPress, "base_blog_url") => self.blog = self.xml.element_value()?,
            _ => self.xml.skip_element()?,
        }
        self.origin = self.blog.as_ref().or(self.link.as_ref()).and_then(|address| origin(address));
        Ok(())
    }

    /// Reads the comment whose start tag was just read.
    fn comment(&mut self) {
        let at = Position { record: Some(self.count_record()), ..self.xml.at() };
        if let Some(item) = &mut self.item {
            item.notes.collect(&mut self.xml);
        }
        let mut notes = RecordNotes::start(RecordKind::Comment, &mut self.xml);
        let mut raw = Raw::default();
        let read = raw.read(&mut self.xml, &mut notes);
        let read = notes.settle(read, Damaged::Lost, &mut self.xml, &mut self.waiting.error);
        let record = read.and_then(|()| raw.into_comment(self.dialect, &mut notes));
        let record = record.map(|comment| Record::Comment(Box::new(comment)));
        let entry = notes.finish(at, record, &mut self.xml);
        let Some(item) = &mut self.item else {
            self.waiting.push(comment::homeless(entry));
            return;
        };
        item.has_comments = true;
        if item.is_given {
            self.waiting.push(item.placed(entry));
            return;
        }
        item.wait(entry);
        if item.is_known(self.dialect) || item.waiting_bytes > MAX_WAITING_BYTES {
            self.give_page();
        }
    }

    /// Gives the page at hand and the comments that waited for it.
    fn give_page(&mut self) {
        let Some(item) = &mut self.item else { return };
        let entry = item.give(self.dialect);
        let is_new = match (&entry.record, self.dialect) {
            (Ok(Record::Page(page)), Dialect::DisqusImport) => {
                let is_full = self.given_pages.len() >= MAX_PAGES;
                is_full || self.given_pages.insert(id_hash(&page.source_id))
            }
            _ => true,
        };
        if is_new || !entry.warnings.is_empty() {
            self.waiting.push(entry);
        }
        for entry in std::mem::take(&mut item.waiting) {
            let entry = item.placed(entry);
            self.waiting.push(entry);
        }
    }

    fn end_item(&mut self) {
        if let Some(item) = &mut self.item {
            item.notes.collect(&mut self.xml);
            if item.is_given {
                // Of what stands behind the comments.
                self.waiting.extend(item.late_notes());
            } else {
                self.give_page();
            }
        }
        self.item = None;
    }

    /// What is lost by damage that is not inside of a comment.
    fn damaged(&mut self, damage: Damage) {
        let (of, code) = match (damage.record, &mut self.item) {
            (Some("comment"), _) => (RecordKind::Comment, "record_broken"),
            (Some(_), _) => (RecordKind::Page, "record_broken"),
            (None, Some(item)) => {
                item.notes.warn("record_damaged", damage.at);
                return;
            }
            (None, None) => (RecordKind::File, "part_lost"),
        };
        let record = damage.record.map(|_| self.count_record());
        self.waiting.push(Entry::lost(Position { record, ..damage.at }, code, of));
    }

    /// Characters between elements: white space, unless the file is damaged.
    fn stray_text(&mut self) {
        if self.xml.text().trim().is_empty() {
            return;
        }
        let at = self.xml.at();
        match &mut self.item {
            Some(item) => item.notes.warn("field_unreadable", at),
            None if self.xml.depth() > 0 => {
                self.waiting.push(Entry::about_file(at, "field_unreadable"));
            }
            None => self.waiting.push(Entry::about_file(at, self.junk())),
        }
    }

    fn end_root(&mut self) {
        self.root_ended = true;
        if !self.has_parts {
            self.waiting.push(Entry::about_file(self.xml.at(), "plain_feed"));
        }
    }

    /// The code of what stands outside of the root.
    fn junk(&self) -> &'static str {
        if self.root_ended { "junk_after_end" } else { "junk_before_start" }
    }

    fn count_record(&mut self) -> u64 {
        self.records += 1;
        self.records
    }
}

/// A blog's address without what may change while it stays the same blog.
fn origin(address: &str) -> Option<String> {
    let whole = without_scheme(address.trim());
    let whole = whole.split(['?', '#']).next()?.trim_end_matches('/');
    let (host, path) = whole.split_at(whole.find('/').unwrap_or(whole.len()));
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty()).then(|| format!("{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn a_blog_is_known_by_host_and_path() {
        let cases = [
            ("https://www.Example.org/", Some("example.org")),
            ("http://example.org/Blog/?x=1#y", Some("example.org/Blog")),
            ("example.org", Some("example.org")),
            ("http://https.example.org:8080", Some("https.example.org:8080")),
            ("https://", None),
            ("", None),
        ];
        for (address, expected) in cases {
            assert_eq!(origin(address).as_deref(), expected, "{address}");
        }
    }
}
