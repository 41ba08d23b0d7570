//! A post of Disqus, and the comment that it is.

use rehome_record::{Alias, Author, BodyFormat, Comment, Extras, Kind, Status, Timestamp};

/// What Disqus writes in place of an address it does not have (Blogger imports).
const NO_IP: &str = "255.255.255.255";

/// What a `<post>` holds.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "the vendor's own flags")]
pub(super) struct Post {
    pub id: Option<String>,
    pub id_before: Option<String>,
    pub message: Option<String>,
    pub created_at: Option<Timestamp>,
    pub is_deleted: bool,
    pub is_spam: bool,
    pub is_held: bool,
    pub is_flagged: bool,
    pub is_highlighted: bool,
    pub author: Author,
    pub ip: Option<String>,
    pub thread: Option<String>,
    pub parent: Option<String>,
}

impl Post {
    /// The comment, or the code of what it lacks.
    pub(super) fn into_comment(self) -> Result<Comment, &'static str> {
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
