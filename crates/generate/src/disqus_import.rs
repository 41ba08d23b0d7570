//! A file for an import into Disqus, as converters make it: WXR 1.0 with an item
//! for each page, and of a comment's parents the whole chain.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::fragment::add_fragment;
use crate::output::Output;
use crate::site::{Fate, Site, moment};
use crate::words::{Between, Script, add_words};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"\n  xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n  xmlns:dsq=\"http://www.disqus.com/\"\n  xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n  xmlns:wp=\"http://wordpress.org/export/1.0/\"\n>\n<channel>\n";

/// Writes a file with so many comments; the same numbers give the same bytes.
///
/// # Errors
/// Those of `out`.
pub fn disqus_import(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str(HEAD);
    for page in 0..site.pages() {
        start_item(&mut output.text, &site, page);
        for comment in site.comments_of(page) {
            add_comment(&mut output.text, &site, comment);
            output.pass_on()?;
        }
        output.text.push_str("</item>\n");
        output.pass_on()?;
    }
    output.text.push_str("</channel>\n</rss>\n");
    output.finish(&site)
}

fn start_item(text: &mut String, site: &Site, page: u64) {
    let random = &mut site.random("item", page);
    text.push_str("<item>\n<title>");
    add_words(text, random, Script::Latin, 6, Between::Spaces);
    let _ = write!(
        text,
        "</title>\n<link>https://blog.example.org{}</link>\n<content:encoded/>\n<dsq:thread_identifier>page-{page}</dsq:thread_identifier>\n<wp:post_date_gmt>{}</wp:post_date_gmt>\n<wp:comment_status>open</wp:comment_status>\n",
        site.path_of(page),
        date(site.page_second(page)),
    );
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let author = site.author_of(comment);
    text.push_str("<wp:comment>\n<dsq:remote>");
    if let Some(username) = &author.username {
        let _ = write!(text, "<dsq:id>{username}</dsq:id><dsq:avatar/>");
    }
    let mut parents: Vec<_> =
        std::iter::successors(site.parent_of(comment), |parent| site.parent_of(*parent))
            .map(|parent| (parent + 1).to_string())
            .collect();
    parents.reverse();
    let _ = write!(
        text,
        "</dsq:remote>\n<wp:comment_id>{}</wp:comment_id>\n<wp:comment_author><![CDATA[{}]]></wp:comment_author>\n<wp:comment_author_email>someone{}@example.org</wp:comment_author_email>\n<wp:comment_author_url/>\n<wp:comment_author_IP>192.0.2.{}</wp:comment_author_IP>\n<wp:comment_date_gmt>{}</wp:comment_date_gmt>\n<wp:comment_content><![CDATA[",
        comment + 1,
        author.name,
        random.below(5000),
        random.below(255),
        date(site.second_of(comment)),
    );
    add_fragment(text, random);
    let is_approved = u8::from(site.fate_of(comment) == Fate::Shown);
    let _ = write!(
        text,
        "]]></wp:comment_content>\n<wp:comment_approved>{is_approved}</wp:comment_approved>\n<wp:comment_parent>{}</wp:comment_parent>\n</wp:comment>\n",
        parents.join(","),
    );
}

fn date(second: u64) -> String {
    moment(second).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
