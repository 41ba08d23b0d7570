//! An export of `FastComments` as CSV, with the columns that its reader was made for.

use std::io::{self, Write};

use crate::Written;
use crate::output::Output;
use crate::site::{Fate, Site, moment};
use crate::words::{Between, Script, add_words};

const HEAD: &str = "ID,URL ID,Parent ID,URL,Page Title,User ID,Commenter Name,Commenter Email,Comment,Date,Votes Up,Votes Down,Approved,Is Spam,Is Deleted\r\n";

/// Writes an export with so many comments; the same numbers give the same bytes.
/// Pages without comments are not in it.
///
/// # Errors
/// Those of `out`.
pub fn fastcomments(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str(HEAD);
    for comment in 0..comments {
        add_row(&mut output.text, &site, comment);
        output.pass_on()?;
    }
    let written = output.finish(&site)?;
    Ok(Written { pages: site.pages_with_comments(), ..written })
}

fn add_row(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let page = Site::page_of(comment);
    let author = site.author_of(comment);
    let fate = site.fate_of(comment);
    let url = format!("https://blog.example.org{}", site.path_of(page));
    let mut title = String::new();
    add_words(&mut title, &mut site.random("title", page), Script::Latin, 6, Between::Spaces);
    let username = author.username.as_deref().unwrap_or_default();
    let email = if username.is_empty() { String::new() } else { format!("{username}@example.org") };
    let mut values = vec![
        format!("c{comment}"),
        url.clone(),
        site.parent_of(comment).map(|parent| format!("c{parent}")).unwrap_or_default(),
        url,
        title,
        username.to_owned(),
        author.name,
        email,
    ];
    let mut body = String::new();
    let script = Script::any(random);
    for number in 0..=random.below(3) {
        if number > 0 {
            body.push_str("\n\n");
        }
        let words = 6 + random.below(40);
        add_words(&mut body, random, script, words, Between::Marks);
    }
    if random.per_mille(30) {
        body.push_str(" [img]https://pictures.example.org/1.png[/img], \"quoted\"");
    }
    values.push(body);
    values.push(moment(site.second_of(comment)).strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
    values.extend([random.below(20).to_string(), random.below(4).to_string()]);
    values.extend([fate == Fate::Shown, fate == Fate::Spam, fate == Fate::Deleted].map(yes_or_no));
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        add_value(text, value);
    }
    text.push_str("\r\n");
}

fn yes_or_no(is_so: bool) -> String {
    is_so.to_string()
}

/// In quotes where it needs them.
fn add_value(text: &mut String, value: &str) {
    if value.contains(['"', ',', '\n', '\r']) {
        text.extend(["\"", &value.replace('"', "\"\""), "\""]);
    } else {
        text.push_str(value);
    }
}
