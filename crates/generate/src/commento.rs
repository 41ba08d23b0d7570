//! An export of Commento (version 1), as the vendor's server writes it: one
//! line, comments before people, and a row of people for each comment.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::json::{Dialect, add_member};
use crate::output::Output;
use crate::people::Person;
use crate::site::{Fate, Site, moment};
use crate::words::{Between, Script, add_words};

/// Writes an export with so many comments; the same numbers give the same bytes.
///
/// Pages without comments are not in it. Deleted comments are, as ones whose
/// text is `[deleted]`.
///
/// # Errors
/// Those of `out`.
pub fn commento(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str("{\"version\":1,\"comments\":[");
    for comment in 0..comments {
        if comment > 0 {
            output.text.push(',');
        }
        add_comment(&mut output.text, &site, comment);
        output.pass_on()?;
    }
    output.text.push_str("],\"commenters\":[");
    let mut is_first = true;
    for comment in 0..comments {
        let person = site.author_of(comment);
        // Guests have no row.
        let Some(username) = &person.username else { continue };
        if !std::mem::take(&mut is_first) {
            output.text.push(',');
        }
        add_person(&mut output.text, &site, &person, username);
        output.pass_on()?;
    }
    output.text.push_str("]}");
    let written = output.finish(&site)?;
    Ok(Written { pages: site.pages_with_comments(), ..written })
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let fate = site.fate_of(comment);
    let (state, author) = match fate {
        Fate::Shown => ("approved", person_hex(site, &site.author_of(comment))),
        Fate::Pending => ("unapproved", person_hex(site, &site.author_of(comment))),
        Fate::Spam => ("flagged", person_hex(site, &site.author_of(comment))),
        Fate::Deleted => ("approved", "anonymous".to_owned()),
    };
    let mut body = String::new();
    if fate == Fate::Deleted {
        body.push_str("[deleted]");
    } else {
        let script = Script::any(random);
        for number in 0..=random.below(3) {
            if number > 0 {
                body.push_str("\n\n");
            }
            let words = 6 + random.below(40);
            add_words(&mut body, random, script, words, Between::Marks);
        }
    }
    let parent = site.parent_of(comment).map_or("root".to_owned(), |parent| hex(site, parent));
    text.push('{');
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::Go);
    member("commentHex", &hex(site, comment));
    member("domain", "blog.example.org");
    member("url", &site.path_of(Site::page_of(comment)));
    member("commenterHex", &author);
    member("markdown", &body);
    member("html", "");
    member("parentHex", &parent);
    let score = i64::try_from(random.below(20)).expect("a small number") - 4;
    let _ = write!(text, ",\"score\":{score}");
    add_member(text, "state", state, Dialect::Go);
    let written_at = moment(site.second_of(comment)).to_string();
    add_member(text, "creationDate", &written_at, Dialect::Go);
    text.push_str(",\"direction\":0,\"deleted\":false}");
}

fn add_person(text: &mut String, site: &Site, person: &Person, username: &str) {
    text.push('{');
    let mut member = |name, value: &str| add_member(text, name, value, Dialect::Go);
    member("commenterHex", &person_hex(site, person));
    member("email", &format!("{username}@example.org"));
    member("name", &person.name);
    member("link", "undefined");
    member("photo", "undefined");
    member("provider", "commento");
    member("joinDate", "2012-01-01T00:00:00Z");
    text.push_str(",\"isModerator\":false}");
}

/// 32 bytes in hex.
fn hex(site: &Site, comment: u64) -> String {
    sixty_four(site, "hex", comment)
}

fn person_hex(site: &Site, person: &Person) -> String {
    let Some(username) = &person.username else { return "anonymous".to_owned() };
    let number = username
        .bytes()
        .fold(0_u64, |sum, byte| sum.wrapping_mul(1_099_511_628_211).wrapping_add(u64::from(byte)));
    sixty_four(site, "person hex", number)
}

fn sixty_four(site: &Site, kind: &str, number: u64) -> String {
    let random = &mut site.random(kind, number);
    let parts: Vec<_> = (0..4).map(|_| format!("{:016x}", random.below(u64::MAX))).collect();
    parts.concat()
}
