//! The lines that Rehome itself writes, as if of a Disqus export: pages, then
//! the comments on them, and an end that counts both.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::fragment::add_fragment;
use crate::json::{Dialect, add_member, add_text};
use crate::output::Output;
use crate::site::{Fate, Site, moment};
use crate::words::{Between, Script, add_words};

const HEAD: &str = "{\"type\":\"header\",\"schema\":1,\"format\":\"disqus\",\"family\":\"disqus\",\"origin\":\"example\",\"reader\":\"disqus/1\",\"fields\":[\"page.url\",\"page.title\",\"author.source_id\",\"author.name\",\"comment.parent\",\"comment.author\",\"comment.created_at\",\"comment.status\",\"comment.body\"]}\n";

/// Writes an export with so many comments; the same numbers give the same bytes.
///
/// # Errors
/// Those of `out`.
pub fn rehome(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str(HEAD);
    for page in 0..site.pages() {
        add_page(&mut output.text, &site, page);
        for comment in site.comments_of(page) {
            add_comment(&mut output.text, &site, comment);
            output.pass_on()?;
        }
        output.pass_on()?;
    }
    let pages = site.pages();
    let _ = writeln!(
        output.text,
        "{{\"type\":\"end\",\"counts\":{{\"pages\":{pages},\"authors\":0,\"comments\":{comments},\"removed\":0}},\"complete\":\"yes\"}}"
    );
    output.finish(&site)
}

fn add_page(text: &mut String, site: &Site, page: u64) {
    let mut title = String::new();
    add_words(&mut title, &mut site.random("title", page), Script::Latin, 6, Between::Spaces);
    text.push('{');
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::JavaScript);
    member("type", "page");
    member("source_id", &(page + 1).to_string());
    member("url", &format!("https://blog.example.org{}", site.path_of(page)));
    member("title", &title);
    text.push_str("}\n");
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let author = site.author_of(comment);
    let status = match site.fate_of(comment) {
        Fate::Shown => "approved",
        Fate::Pending => "pending",
        Fate::Deleted => "deleted",
        Fate::Spam => "spam",
    };
    let mut body = String::new();
    add_fragment(&mut body, &mut site.random("comment", comment));
    text.push('{');
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::JavaScript);
    member("type", "comment");
    member("source_id", &(comment + 1).to_string());
    member("page", &(Site::page_of(comment) + 1).to_string());
    if let Some(parent) = site.parent_of(comment) {
        member("parent", &(parent + 1).to_string());
    }
    member("created_at", &moment(site.second_of(comment)).to_string());
    member("status", status);
    member("body", &body);
    member("body_format", "html");
    text.push_str(",\"author\":{\"name\":");
    add_text(text, &author.name, Dialect::JavaScript);
    if let Some(username) = &author.username {
        add_member(text, "source_id", username, Dialect::JavaScript);
    }
    text.push_str("}}\n");
}
