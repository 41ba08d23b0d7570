//! An export of Muut with flat embeds: a thread for each page, whose seed is
//! empty and whose replies are the comments, newest first.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::json::{Dialect, add_member, add_text};
use crate::output::Output;
use crate::site::Site;
use crate::words::{Between, Script, add_words};

/// Writes an export with so many comments; the same numbers give the same bytes.
///
/// # Errors
/// Those of `out`.
pub fn muut(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str("{\"categories\":[{\"title\":\"Blog\",\"path\":\"blog.example.org\"}],\"threads\":{\"blog.example.org\":[");
    for page in 0..site.pages() {
        if page > 0 {
            output.text.push(',');
        }
        start_thread(&mut output.text, &site, page);
        for (number, comment) in site.comments_of(page).rev().enumerate() {
            if number > 0 {
                output.text.push(',');
            }
            add_comment(&mut output.text, &site, comment);
            output.pass_on()?;
        }
        output.text.push_str("]}");
        output.pass_on()?;
    }
    output.text.push_str("]}}");
    output.finish(&site)
}

fn start_thread(text: &mut String, site: &Site, page: u64) {
    let mut title = String::new();
    add_words(&mut title, &mut site.random("title", page), Script::Latin, 6, Between::Spaces);
    text.push_str("{\"seed\":{");
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::JavaScript);
    member("key", "comments");
    member("path", &format!("/blog.example.org/{page}:comments"));
    member("title", &title);
    let _ = write!(text, ",\"date\":{},\"body\":[]}},\"replies\":[", site.page_second(page));
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let author = site.author_of(comment);
    let script = Script::any(random);
    text.push('{');
    add_member(text, "key", &format!("reply-{comment}"), Dialect::JavaScript);
    let _ = write!(text, ",\"date\":{},\"body\":[", site.second_of(comment));
    for number in 0..=random.below(3) {
        if number > 0 {
            text.push(',');
        }
        let mut paragraph = String::new();
        let words = 6 + random.below(30);
        add_words(&mut paragraph, random, script, words, Between::Marks);
        add_text(text, &paragraph, Dialect::JavaScript);
    }
    text.push(']');
    if let Some(username) = &author.username {
        text.push_str(",\"author\":{");
        add_member(text, "path", username, Dialect::JavaScript);
        add_member(text, "displayname", &author.name, Dialect::JavaScript);
        text.push('}');
    }
    text.push('}');
}
