//! An export of Cusdis in the form with projects: comments stand in pages, and
//! pages in their project.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::json::{Dialect, add_member};
use crate::output::Output;
use crate::site::{Fate, Site, moment};
use crate::words::{Between, Script, add_words};

const HEAD: &str = "{\"source\":\"cusdis\",\"version\":1,\"projects\":[{\"id\":\"6d1f2c3a-0001-4000-8000-000000000001\",\"title\":\"Example\",\"token\":\"made-up\",\"ownerId\":\"owner\",\"deleted_at\":null,\"pages\":[";

/// Writes an export with so many comments; the same numbers give the same bytes.
/// There is no mark for spam: it waits for approval.
///
/// # Errors
/// Those of `out`.
pub fn cusdis(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str(HEAD);
    for page in 0..site.pages() {
        if page > 0 {
            output.text.push(',');
        }
        start_page(&mut output.text, &site, page);
        for comment in site.comments_of(page) {
            if comment > site.comments_of(page).start {
                output.text.push(',');
            }
            add_comment(&mut output.text, &site, comment);
            output.pass_on()?;
        }
        output.text.push_str("]}");
        output.pass_on()?;
    }
    output.text.push_str("]}]}\n");
    output.finish(&site)
}

fn start_page(text: &mut String, site: &Site, page: u64) {
    let path = site.path_of(page);
    let mut title = String::new();
    add_words(&mut title, &mut site.random("title", page), Script::Latin, 6, Between::Spaces);
    text.push('{');
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::JavaScript);
    member("id", &site.uuid("page", page));
    member("slug", path.trim_matches('/'));
    member("url", &format!("https://blog.example.org{path}"));
    member("title", &title);
    text.push_str(",\"comments\":[");
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let author = site.author_of(comment);
    let fate = site.fate_of(comment);
    let written_at = moment(site.second_of(comment)).strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
    let mut content = String::new();
    let script = Script::any(random);
    let words = 6 + random.below(40);
    add_words(&mut content, random, script, words, Between::Marks);
    text.push('{');
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::JavaScript);
    member("id", &site.uuid("comment", comment));
    member("created_at", &written_at);
    member("updated_at", &written_at);
    member("by_nickname", &author.name);
    member("content", &content);
    if let Some(parent) = site.parent_of(comment) {
        member("parent_id", &site.uuid("comment", parent));
    }
    match author.username {
        Some(username) => member("by_email", &format!("{username}@example.org")),
        None => text.push_str(",\"by_email\":null"),
    }
    if fate == Fate::Deleted {
        add_member(text, "deleted_at", &written_at, Dialect::JavaScript);
    }
    let is_approved = matches!(fate, Fate::Shown | Fate::Deleted);
    let _ = write!(text, ",\"approved\":{is_approved}}}");
}
