//! The export of WordPress: `<site>.WordPress.<date>.xml`, WXR 1.0 to 1.2;
//! `wp export` splits it into several files.
//!
//! What is known of it comes from thirteen real files of WordPress 3.1 to 6.9
//! and wordpress.com, and from `wp-admin/includes/export.php`. There was no real
//! file of WXR 1.0. Points that other readers get wrong:
//!
//! - Before WordPress 3.2 or so, `]]>` inside of a post was not escaped: its
//!   value goes on ([`crate::fences`]). Later, one value is several CDATA
//!   sections.
//! - `comment_date` is in the site's own time, whose zone is not told and
//!   changes within a file; `comment_date_gmt` counts, unless it is all zeros.
//! - A comment often answers one that comes later in the file.
//! - Pending and deleted comments are exported, spam is not. Values of
//!   `comment_approved` and `comment_type` come from plugins as well.
//! - Comments stand on private, trashed and password-protected posts, and on
//!   orders of a shop: they are withheld.
//! - Bodies are plain text with inline HTML, made into paragraphs only when
//!   shown. Names and titles hold HTML entities, also in CDATA.
//! - Notices of PHP and empty lines stand before `<?xml`; control characters in
//!   comments; white space around CDATA; prefixes that nothing binds; the
//!   namespaces with `https`.
//! - A bare `<rss>` is taken, and said: it is the blog's feed, or nothing was in
//!   the blog.

use std::io::Read;

use super::wxr::{self, Dialect};
use crate::{EntryReader, Evidence, Facts, Format, Reading, Reason};

/// The WordPress export format.
pub(crate) struct WordPress;

const FACTS: Facts = Facts {
    id: "wordpress-wxr",
    family: "wordpress",
    name: "WordPress",
    files: ".xml, .zip",
    reader: "wordpress-wxr/1",
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
        "comment.kind",
        "comment.body",
        "comment.aliases",
        "comment.extras",
    ],
    optional_fields: &["author.email", "author.url", "comment.ip"],
    evidence: Evidence::Confirmed,
    versions: "WXR 1.0, 1.1 and 1.2: WordPress 2.5 to 6.9, wordpress.com",
    how_to_get: &[
        "Sign in to WordPress and open Tools, then Export.",
        "Choose “All content”, so that no post with comments is missing.",
        "Press “Download Export File” and drop the file here as it is.",
        "If you get several files, or a .zip, drop all of them together.",
    ],
    keeps: &[
        "pending and deleted comments, marked as such",
        "pingbacks, trackbacks, likes and reviews, marked as such",
        "comments on private, trashed and password-protected posts, and notes on orders: left out unless you choose otherwise",
        "the ids that comments have at Disqus and IntenseDebate",
    ],
    loses: &[
        "Spam: WordPress does not export it.",
        "Votes and pictures of people: WordPress does not export them.",
        "The words of posts, and people who wrote no comment: they are not sent.",
    ],
};

impl Format for WordPress {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        wxr::recognise(head, Dialect::WordPress)
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        Box::new(wxr::Reader::new(text, reading, Dialect::WordPress))
    }
}
