//! One `wp:comment`.

use rehome_record::{Alias, Author, BodyFormat, Comment, Extras, Kind, Status, Timestamp};

use super::{Dialect, Space};
use crate::dates::parse_date;
use crate::entities::unescape;
use crate::notes::RecordNotes;
use crate::paragraphs::paragraphs;
use crate::xml::{Node, Pulled, Xml};
use crate::{Entry, Issue, Record, RecordKind};

/// Metadata that holds the comment's id elsewhere, and whose id that is.
const IDS_ELSEWHERE: &[(&str, &str)] = &[
    ("dsq_post_id", "disqus"),
    ("disqus_guid", "disqus"),
    ("id_comment_guid", "intensedebate"),
    ("fastcomments_id", "fastcomments"),
];

/// A comment's fields, as they are written.
#[derive(Default)]
pub(super) struct Raw {
    id: Option<String>,
    author: Author,
    ip: Option<String>,
    date_gmt: Option<Timestamp>,
    date: Option<Timestamp>,
    content: Option<String>,
    approved: Option<String>,
    kind: Option<String>,
    parent: Option<String>,
    aliases: Vec<Alias>,
    extras: Extras,
}

impl Raw {
    /// Reads the fields, up to the comment's end.
    pub(super) fn read(&mut self, xml: &mut Xml<'_>, notes: &mut RecordNotes) -> Pulled<()> {
        loop {
            match xml.next()? {
                Node::Start => self.field(xml, notes)?,
                Node::End => return Ok(()),
                Node::Text | Node::Eof => notes.stray(xml.text(), xml.at()),
            }
        }
    }

    fn field(&mut self, xml: &mut Xml<'_>, notes: &mut RecordNotes) -> Pulled<()> {
        let space = Space::of(xml);
        match (space, xml.name()) {
            (Space::WordPress, "comment_id") => {
                self.id = xml.element_value()?;
                notes.source_id.clone_from(&self.id);
            }
            (Space::WordPress, "comment_author") => {
                // Entities stand in CDATA too: `Time Out &raquo; Foo`.
                let name = xml.element_value()?;
                self.author.name = name.map(|name| unescape(&name).into_owned());
            }
            (Space::WordPress, "comment_author_email") => {
                self.author.email = xml.element_value()?;
            }
            (Space::WordPress, "comment_author_url") => self.author.url = xml.element_value()?,
            (Space::WordPress, "comment_author_IP" | "comment_author_ip") => {
                self.ip = xml.element_value()?;
            }
            (Space::WordPress, "comment_date") => self.date = parse_date(&xml.element_text()?),
            (Space::WordPress, "comment_date_gmt") => {
                self.date_gmt = parse_date(&xml.element_text()?);
            }
            (Space::WordPress, "comment_content") => self.content = xml.element_value()?,
            (Space::WordPress, "comment_approved") => self.approved = xml.element_value()?,
            (Space::WordPress, "comment_type") => self.kind = xml.element_value()?,
            (Space::WordPress, "comment_parent") => self.parent = xml.element_value()?,
            (Space::WordPress, "comment_user_id") => self.account(xml.element_value()?),
            (Space::WordPress, "commentmeta") => self.meta(xml)?,
            (Space::Disqus, "remote") => self.remote(xml)?,
            _ => xml.skip_element()?,
        }
        Ok(())
    }

    /// `0` stands for a guest.
    fn account(&mut self, id: Option<String>) {
        self.author.source_id = id.filter(|id| id != "0").or(self.author.source_id.take());
    }

    /// `<dsq:remote><dsq:id/><dsq:avatar/></dsq:remote>`: the site's own account.
    fn remote(&mut self, xml: &mut Xml<'_>) -> Pulled<()> {
        loop {
            match xml.next()? {
                Node::Start if xml.name() == "id" => {
                    let id = xml.element_value()?;
                    self.account(id);
                }
                Node::Start => xml.skip_element()?,
                Node::End => return Ok(()),
                Node::Text | Node::Eof => {}
            }
        }
    }

    fn meta(&mut self, xml: &mut Xml<'_>) -> Pulled<()> {
        let (mut key, mut value) = (None, None);
        loop {
            match xml.next()? {
                Node::Start if xml.name() == "meta_key" => key = xml.element_value()?,
                Node::Start if xml.name() == "meta_value" => value = xml.element_value()?,
                Node::Start => xml.skip_element()?,
                Node::End => break,
                Node::Text | Node::Eof => {}
            }
        }
        let (Some(key), Some(value)) = (key, value) else { return Ok(()) };
        let elsewhere = IDS_ELSEWHERE.iter().find(|(of, _)| *of == key);
        if let Some((_, family)) = elsewhere
            && value != "0"
        {
            let alias = Alias { family: (*family).to_owned(), origin: None, source_id: value };
            if !self.aliases.contains(&alias) {
                self.aliases.push(alias);
            }
        } else if key == "rating" {
            // Stars of a WooCommerce review.
            self.extras.insert(key, value.into());
        }
        Ok(())
    }

    /// The comment but for its page, which the item knows.
    pub(super) fn into_comment(
        self,
        dialect: Dialect,
        notes: &mut RecordNotes,
    ) -> Result<Comment, &'static str> {
        let source_id = self.id.ok_or("id_missing")?;
        let status = status(self.approved.as_deref(), notes);
        let mut extras = self.extras;
        let kind = kind(self.kind.as_deref().unwrap_or_default());
        if kind == Kind::Other || kind == Kind::Note {
            extras.extend(self.kind.map(|word| ("type".to_owned(), word.into())));
        }
        if self.date_gmt.is_none() && self.date.is_some() {
            notes.note("date_local");
        }
        // Whoever answers an answer names all that stand above, the nearest last.
        let parent = self.parent.as_deref().map(|parent| match dialect {
            Dialect::WordPress => parent,
            Dialect::DisqusImport => {
                parent.rsplit(',').map(str::trim).find(|id| !id.is_empty()).unwrap_or_default()
            }
        });
        Ok(Comment {
            source_id,
            page: String::new(),
            parent: parent.filter(|parent| !matches!(*parent, "" | "0")).map(str::to_owned),
            author: self.author,
            created_at: self.date_gmt.or(self.date),
            edited_at: None,
            status,
            kind,
            body: self.content.as_deref().map(paragraphs),
            body_format: BodyFormat::Html,
            votes: None,
            ip: self.ip,
            aliases: self.aliases,
            extras,
        })
    }
}

/// WordPress writes its own words; plugins have others.
fn status(approved: Option<&str>, notes: &mut RecordNotes) -> Status {
    match approved {
        Some("1" | "approve" | "approved") => Status::Approved,
        Some("0" | "hold") => Status::Pending,
        Some("spam") => Status::Spam,
        Some("trash" | "post-trashed") => Status::Deleted,
        Some(_) => {
            notes.note("status_unknown");
            Status::Pending
        }
        None => {
            notes.note("status_missing");
            Status::Pending
        }
    }
}

/// Empty before WordPress 5.5. The notes: of `WooCommerce` on orders and its
/// logs, of Edit Flow and of WordPress 6.9 on unfinished posts.
fn kind(word: &str) -> Kind {
    match word {
        "" | "comment" => Kind::Comment,
        "pingback" => Kind::Pingback,
        "trackback" => Kind::Trackback,
        "like" => Kind::Like,
        "review" => Kind::Review,
        "order_note" | "note" | "editorial-comment" | "action_log" | "webhook_delivery" => {
            Kind::Note
        }
        _ => Kind::Other,
    }
}

/// A comment that stands in no item.
pub(super) fn homeless(mut entry: Entry) -> Entry {
    if let Ok(Record::Comment(comment)) = entry.record {
        let issue = Issue::lost("page_missing", RecordKind::Comment, Some(comment.source_id));
        entry.record = Err(issue);
    }
    entry
}
