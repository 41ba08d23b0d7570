//! An export of IntenseDebate, as the vendor's own importer expects it: pages
//! with their comments, texts escaped once more inside of their sections.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::fragment::add_fragment;
use crate::output::Output;
use crate::site::{Site, moment};
use crate::words::{Between, Script, add_words};

/// Writes an export with so many comments; the same numbers give the same bytes.
/// All of them are approved: others are not exported.
///
/// # Errors
/// Those of `out`.
pub fn intensedebate(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<output>\n");
    for page in 0..site.pages() {
        let address = site.path_of(page).replace('/', "%2F");
        let _ = write!(
            output.text,
            "<blogpost>\n<url>http%3A%2F%2Fblog.example.org{address}</url>\n<title><![CDATA["
        );
        let random = &mut site.random("title", page);
        add_words(&mut output.text, random, Script::Latin, 6, Between::Spaces);
        output.text.push_str("]]></title>\n<comments>\n");
        for comment in site.comments_of(page) {
            add_comment(&mut output.text, &site, comment);
            output.pass_on()?;
        }
        output.text.push_str("</comments>\n</blogpost>\n");
        output.pass_on()?;
    }
    output.text.push_str("</output>\n");
    output.finish(&site)
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let parent = site.parent_of(comment).map_or(0, |parent| parent + 1);
    let mut name = String::new();
    add_escaped(&mut name, &site.author_of(comment).name);
    let mut fragment = String::new();
    add_fragment(&mut fragment, random);
    let at = moment(site.second_of(comment)).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let _ = write!(
        text,
        "<comment id='{}' parentid='{parent}'>\n<name><![CDATA[{name}]]></name>\n<email><![CDATA[someone{}@example.org]]></email>\n<url><![CDATA[]]></url>\n<ip>192.0.2.{}</ip>\n<text><![CDATA[",
        comment + 1,
        random.below(5000),
        random.below(255),
    );
    add_escaped(text, &fragment);
    let _ = write!(
        text,
        "]]></text>\n<date>{at}</date>\n<gmt>{at}</gmt>\n<score>{}</score>\n</comment>\n",
        random.below(9)
    );
}

fn add_escaped(text: &mut String, plain: &str) {
    for character in plain.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            other => text.push(other),
        }
    }
}
