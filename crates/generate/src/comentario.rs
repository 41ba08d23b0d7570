//! An export of Comentario 3 (version 3): rows for pages, comments and the
//! people who wrote them, each with the id of what it belongs to.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::json::{Dialect, add_member};
use crate::output::Output;
use crate::people::Person;
use crate::site::{Fate, Site, moment};
use crate::words::{Between, Script, add_words};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";
/// Go's zero: never.
const NEVER: &str = "0001-01-01T00:00:00.000Z";

/// Writes an export with so many comments; the same numbers give the same bytes.
///
/// # Errors
/// Those of `out`.
pub fn comentario(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str("{\"version\":3,\"pages\":[");
    for page in 0..site.pages() {
        if page > 0 {
            output.text.push(',');
        }
        add_page(&mut output.text, &site, page);
        output.pass_on()?;
    }
    output.text.push_str("],\"comments\":[");
    // As many as there are accounts at most.
    let mut met = BTreeSet::new();
    for comment in 0..comments {
        if comment > 0 {
            output.text.push(',');
        }
        add_comment(&mut output.text, &site, comment);
        output.pass_on()?;
        let author = site.author_of(comment);
        if let Some(username) = author.username {
            met.insert((username, author.name));
        }
    }
    output.text.push_str("],\"commenters\":[");
    for (number, (username, name)) in met.iter().enumerate() {
        if number > 0 {
            output.text.push(',');
        }
        add_person(&mut output.text, &site, username, name);
        output.pass_on()?;
    }
    output.text.push_str("]}");
    output.finish(&site)
}

fn add_page(text: &mut String, site: &Site, page: u64) {
    let mut title = String::new();
    add_words(&mut title, &mut site.random("title", page), Script::Latin, 6, Between::Spaces);
    text.push_str("{\"countComments\":-1,\"countViews\":7");
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::Go);
    member("createdTime", &moment(site.page_second(page)).to_string());
    member("domainId", &site.uuid("domain", 0));
    member("id", &site.uuid("page", page));
    member("path", &site.path_of(page));
    member("title", &title);
    text.push_str(",\"isReadonly\":false}");
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let Person { name, username } = site.author_of(comment);
    let fate = site.fate_of(comment);
    let page = Site::page_of(comment);
    let id = site.uuid("comment", comment);
    let written_at = moment(site.second_of(comment)).to_string();
    let mut body = String::new();
    if fate != Fate::Deleted {
        let script = Script::any(random);
        let words = 6 + random.below(80);
        add_words(&mut body, random, script, words, Between::Marks);
    }
    text.push('{');
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::Go);
    member("createdTime", &written_at);
    member("deletedTime", if fate == Fate::Deleted { &written_at } else { NEVER });
    member("editedTime", NEVER);
    member("id", &id);
    member("moderatedTime", NEVER);
    member("pageId", &site.uuid("page", page));
    if let Some(parent) = site.parent_of(comment) {
        member("parentId", &site.uuid("comment", parent));
    }
    member("url", &format!("https://blog.example.org{}#comentario-{id}", site.path_of(page)));
    member("markdown", &body);
    member("html", "");
    if let Some(username) = username {
        member("userCreated", &person(site, &username));
    } else {
        member("userCreated", NOBODY);
        member("authorName", &name);
    }
    let _ = write!(
        text,
        ",\"isApproved\":{},\"isDeleted\":{},\"isPending\":{},\"isSticky\":{},\"score\":{}}}",
        matches!(fate, Fate::Shown | Fate::Deleted),
        fate == Fate::Deleted,
        fate == Fate::Pending,
        random.per_mille(5),
        random.below(20),
    );
}

fn add_person(text: &mut String, site: &Site, username: &str, name: &str) {
    text.push_str("{\"colourIndex\":7");
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::Go);
    member("createdTime", "2012-01-01T00:00:00.000Z");
    member("email", &format!("{username}@example.org"));
    member("id", &person(site, username));
    member("name", name);
    text.push_str(",\"hasAvatar\":false,\"isCommenter\":true,\"isModerator\":false}");
}

fn person(site: &Site, username: &str) -> String {
    let number = username
        .bytes()
        .fold(0_u64, |sum, byte| sum.wrapping_mul(1_099_511_628_211).wrapping_add(u64::from(byte)));
    site.uuid("person", number)
}
