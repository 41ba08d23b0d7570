//! Which fields a stream speaks of.

use std::collections::BTreeSet;

use rehome_record::{Author, Comment, Extras, Header, Page};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::store::RecordHash;
use crate::store::upsert_authors::AuthorColumns;
use crate::store::upsert_comments::CommentColumns;
use crate::store::upsert_pages::PageColumns;

/// A header's `fields` and `redacted`.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    listed: BTreeSet<String>,
    redacted: BTreeSet<String>,
    /// Goes into every hash: what was taken out on purpose must be erased even
    /// from records that look the same without it. `listed` stays out: an
    /// export in which one author more has an e-mail would change every record.
    erased: Vec<u8>,
}

impl Fields {
    pub(crate) fn of(header: &Header) -> Self {
        let listed: BTreeSet<_> = header.fields.iter().cloned().collect();
        let redacted: BTreeSet<_> = header.redacted.iter().cloned().collect();
        let erased = serde_json::to_vec(&redacted).unwrap_or_default();
        Self { listed, redacted, erased: Sha256::digest(erased).to_vec() }
    }

    /// Replies of this stream name their parents.
    pub(crate) fn has_parents(&self) -> bool {
        self.writes("comment.parent")
    }

    /// An update writes this field: the source carries it, or it was taken out on purpose.
    fn writes(&self, field: &str) -> bool {
        self.listed.contains(field) || self.redacted.contains(field)
    }

    fn is_redacted(&self, field: &str) -> bool {
        self.redacted.contains(field)
    }

    /// 16 bytes over what the source sent.
    pub(crate) fn hash(&self, record: &impl Serialize) -> RecordHash {
        let mut hasher = Sha256::new_with_prefix(&self.erased);
        hasher.update(serde_json::to_vec(record).unwrap_or_default());
        let mut hash = RecordHash::default();
        hash.copy_from_slice(&hasher.finalize()[..16]);
        hash
    }

    pub(crate) fn page_columns(&self) -> PageColumns {
        PageColumns {
            url: self.writes("page.url"),
            url_erased: self.is_redacted("page.url"),
            identifier: self.writes("page.identifier"),
            title: self.writes("page.title"),
            closed: self.writes("page.closed"),
            created_at: self.writes("page.created_at"),
            extras: self.writes("page.extras"),
        }
    }

    pub(crate) fn author_columns(&self) -> AuthorColumns {
        AuthorColumns {
            name: self.writes("author.name"),
            email: self.writes("author.email"),
            url: self.writes("author.url"),
        }
    }

    pub(crate) fn comment_columns(&self) -> CommentColumns {
        let author = self.writes("comment.author") || self.writes("author.source_id");
        let all_of_author = self.is_redacted("comment.author");
        CommentColumns {
            parent: self.has_parents(),
            author,
            author_name: all_of_author || self.writes("author.name"),
            author_email: all_of_author || self.writes("author.email"),
            author_url: all_of_author || self.writes("author.url"),
            created_at: self.writes("comment.created_at"),
            edited_at: self.writes("comment.edited_at"),
            status: self.writes("comment.status"),
            kind: self.writes("comment.kind"),
            body: self.writes("comment.body"),
            votes: self.writes("comment.votes"),
            ip: self.writes("comment.ip"),
            aliases: self.writes("comment.aliases"),
            extras: self.writes("comment.extras"),
        }
    }

    /// Takes out what the header says is taken out, should a sender have left it in.
    pub(crate) fn redact_page(&self, page: &mut Page) {
        self.clear("page.url", &mut page.url);
        self.clear("page.identifier", &mut page.identifier);
        self.clear("page.title", &mut page.title);
        self.clear("page.created_at", &mut page.created_at);
        if self.is_redacted("page.extras") {
            page.extras = Extras::new();
        }
    }

    /// The same for an author; their id stays, since comments refer to it.
    pub(crate) fn redact_author(&self, author: &mut Author) {
        self.clear("author.name", &mut author.name);
        self.clear("author.email", &mut author.email);
        self.clear("author.url", &mut author.url);
    }

    /// The same for a comment.
    pub(crate) fn redact_comment(&self, comment: &mut Comment) {
        self.redact_author(&mut comment.author);
        self.clear("author.source_id", &mut comment.author.source_id);
        if self.is_redacted("comment.author") {
            comment.author = Author::default();
        }
        self.clear("comment.parent", &mut comment.parent);
        self.clear("comment.created_at", &mut comment.created_at);
        self.clear("comment.edited_at", &mut comment.edited_at);
        self.clear("comment.body", &mut comment.body);
        self.clear("comment.votes", &mut comment.votes);
        self.clear("comment.ip", &mut comment.ip);
        if self.is_redacted("comment.aliases") {
            comment.aliases.clear();
        }
        if self.is_redacted("comment.extras") {
            comment.extras = Extras::new();
        }
    }

    fn clear<T>(&self, field: &str, value: &mut Option<T>) {
        if self.is_redacted(field) {
            *value = None;
        }
    }
}
