//! An export of Just-Comments, as its open-source parts name things: an array
//! of comments in JavaScript's JSON.

use std::io::{self, Write};

use crate::Written;
use crate::json::{Dialect, add_member};
use crate::output::Output;
use crate::site::{Fate, Site, moment};
use crate::words::{Between, Script, add_words};

/// Writes an export with so many comments; the same numbers give the same bytes.
/// Pages without comments are not in it.
///
/// # Errors
/// Those of `out`.
pub fn just_comments(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push('[');
    for comment in 0..comments {
        output.text.push_str(if comment > 0 { ",\n" } else { "\n" });
        add_comment(&mut output.text, &site, comment);
        output.pass_on()?;
    }
    output.text.push_str("\n]\n");
    let written = output.finish(&site)?;
    Ok(Written { pages: site.pages_with_comments(), ..written })
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let author = site.author_of(comment);
    let path = site.path_of(Site::page_of(comment));
    let parent = site.parent_of(comment);
    let root = std::iter::successors(parent, |parent| site.parent_of(*parent)).last();
    let mut message = String::new();
    let script = Script::any(random);
    let words = 6 + random.below(40);
    add_words(&mut message, random, script, words, Between::Marks);
    let mut title = String::new();
    let page = &mut site.random("title", Site::page_of(comment));
    add_words(&mut title, page, Script::Latin, 6, Between::Spaces);
    let second = site.second_of(comment);
    text.push('{');
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::JavaScript);
    member("commentId", &site.uuid("comment", comment));
    member("itemId", &format!("blog.example.org{path}"));
    member("itemProtocol", "https:");
    member("itemPort", "");
    member("pageUrl", &format!("https://blog.example.org{path}"));
    member("pageTitle", &title);
    member("message", &message);
    if let (Some(parent), Some(root)) = (parent, root) {
        member("parentId", &site.uuid("comment", root));
        member("replyTo", &site.uuid("comment", parent));
    }
    if let Some(username) = &author.username {
        member("userId", username);
        member("loginProvider", "twitter");
    }
    member("username", &author.name);
    member("createdAt", &moment(second).strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
    let is_hidden = site.fate_of(comment) != Fate::Shown;
    text.push_str(if is_hidden { ",\"hidden\":true}" } else { ",\"hidden\":false}" });
}
