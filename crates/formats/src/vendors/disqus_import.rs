//! The WXR that Disqus imports, often mistaken for what it exports.
//!
//! Blogs that wanted to move to Disqus have such a file, and converters of other
//! systems' comments make it. It is described at <https://help.disqus.com>,
//! article 1717222; one real file was seen, the output of a converter. Points
//! that other readers get wrong:
//!
//! - An item for each comment: items with one link are one page. Several pages
//!   may share a `dsq:thread_identifier`, so the link comes first.
//! - The parent may be a list of all comments above, parted by commas: the last
//!   one is answered.
//! - There is no `wp:post_id`, no local date and no type.

use std::io::Read;

use super::wxr::{self, Dialect};
use crate::{EntryReader, Evidence, Facts, Format, Reading, Reason};

/// The format that Disqus imports.
pub(crate) struct DisqusImport;

const FACTS: Facts = Facts {
    id: "disqus-import-wxr",
    // The ids are those of whoever made the file.
    family: "disqus-import",
    name: "File for an import into Disqus",
    files: ".xml",
    reader: "disqus-import-wxr/1",
    fields: &[
        "page.url",
        "page.identifier",
        "page.title",
        "page.closed",
        "page.created_at",
        "author.source_id",
        "author.name",
        "comment.parent",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
    ],
    optional_fields: &["author.email", "author.url", "comment.ip"],
    evidence: Evidence::Confirmed,
    versions: "WXR 1.0 with Disqus's own elements",
    how_to_get: &[
        "This is the file that was made for an import into Disqus: take it as it is.",
        "For the comments that are at Disqus now, export them there: Admin, Community, Export.",
    ],
    keeps: &["pages nobody commented on", "pending comments, marked as such"],
    loses: &["Votes, edits and pictures of people: the file has none."],
};

impl Format for DisqusImport {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        wxr::recognise(head, Dialect::DisqusImport)
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        Box::new(wxr::Reader::new(text, reading, Dialect::DisqusImport))
    }
}
