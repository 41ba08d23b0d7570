//! An export of Hyvor Talk, as its streaming exporter writes it: one line of
//! PHP's JSON, comments before pages and people, and in each comment copies of
//! its page, its author and all comments that it answers.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::fragment::add_fragment;
use crate::json::{Dialect, add_member, add_text};
use crate::output::Output;
use crate::people::Person;
use crate::site::{Fate, Site};
use crate::words::{Between, Script, add_words};

/// Writes an export with so many comments; the same numbers give the same bytes.
///
/// # Errors
/// Those of `out`.
pub fn hyvor_talk(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str("{\"website\":{\"id\":1,\"name\":\"Example\",\"domain\":\"blog.example.org\",\"encryption_key\":null,\"data_api_key\":null},\"comments\":[");
    for comment in 0..comments {
        comma(&mut output.text, comment);
        add_comment(&mut output.text, &site, comment);
        output.pass_on()?;
    }
    output.text.push_str("],\"pages\":[");
    for page in 0..site.pages() {
        comma(&mut output.text, page);
        add_page(&mut output.text, &site, page);
        output.pass_on()?;
    }
    output.text.push_str("],\"users\":[");
    add_account(&mut output.text, &site.owner(), 1);
    output.text.push_str("],\"rules\":[],\"badges\":[]}");
    output.finish(&site)
}

fn comma(text: &mut String, number: u64) {
    if number > 0 {
        text.push(',');
    }
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let status = match site.fate_of(comment) {
        Fate::Shown => "published",
        Fate::Pending => "pending",
        Fate::Deleted => "deleted",
        Fate::Spam => "spam",
    };
    let _ = write!(
        text,
        "{{\"id\":{},\"created_at\":{},\"user\":",
        comment_id(comment),
        site.second_of(comment)
    );
    add_person(text, &site.author_of(comment));
    text.push_str(",\"page\":");
    add_page(text, site, Site::page_of(comment));
    add_body(text, site, comment);
    add_member(text, "status", status, Dialect::Php);
    text.push_str(",\"parent\":");
    match site.parent_of(comment) {
        Some(parent) => add_comment(text, site, parent),
        None => text.push_str("null"),
    }
    let _ = write!(
        text,
        ",\"ip_address\":\"192.0.2.{}\",\"has_mod_seen\":true,\"has_mod_replied\":false,\"is_featured\":{},\"is_loved\":false,\"is_edited\":{},\"has_questions\":false,\"has_links\":false,\"has_media\":false,\"is_automatic_spam\":false,\"flags_count\":0,\"last_flag_at\":null,\"upvotes\":{},\"downvotes\":{},\"user_vote\":null,\"history\":[]}}",
        random.below(255),
        random.per_mille(10),
        random.per_mille(40),
        random.below(9),
        random.below(3),
    );
}

/// The text twice: as the editor's document, which is JSON inside of a text,
/// and as HTML.
fn add_body(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("body", comment);
    let mut plain = String::new();
    let script = Script::any(random);
    add_words(&mut plain, random, script, 12, Between::Spaces);
    let mut document = String::from(
        "{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":",
    );
    add_text(&mut document, &plain, Dialect::JavaScript);
    document.push_str("}]}]}");
    let mut html = String::new();
    add_fragment(&mut html, random);
    add_member(text, "body", &document, Dialect::Php);
    add_member(text, "body_html", &html, Dialect::Php);
}

fn add_page(text: &mut String, site: &Site, page: u64) {
    let random = &mut site.random("page", page);
    let address = format!("https://blog.example.org{}", site.path_of(page));
    let mut title = String::new();
    add_words(&mut title, random, Script::Latin, 6, Between::Spaces);
    let _ = write!(
        text,
        "{{\"id\":{},\"created_at\":{},\"last_commented_at\":null",
        page + 100,
        site.page_second(page)
    );
    add_member(text, "title", &title, Dialect::Php);
    add_member(text, "identifier", &address, Dialect::Php);
    add_member(text, "url", &address, Dialect::Php);
    let _ = write!(
        text,
        ",\"is_closed\":{},\"is_premoderation_on\":false,\"author_email\":null,\"comments_count\":{},\"ratings\":{{\"average\":0,\"count\":0}},\"reactions\":{{\"superb\":{},\"love\":0,\"wow\":0,\"sad\":0,\"laugh\":0,\"angry\":0}}}}",
        random.per_mille(50),
        site.comments_of(page).count(),
        random.below(30),
    );
}

fn add_person(text: &mut String, person: &Person) {
    if let Some(username) = &person.username {
        let number =
            username.bytes().fold(7_u64, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte));
        add_account(text, person, number);
        return;
    }
    text.push_str("{\"type\":null");
    add_member(text, "name", &person.name, Dialect::Php);
    text.push_str(",\"email\":\"\",\"picture_url\":null,\"reputation\":0,\"role\":null}");
}

fn add_account(text: &mut String, person: &Person, number: u64) {
    let username = person.username.as_deref().unwrap_or("owner");
    let _ = write!(text, "{{\"type\":\"hyvor\",\"id\":{number},\"htid\":\"hyvor_{number}\"");
    add_member(text, "name", &person.name, Dialect::Php);
    add_member(text, "username", username, Dialect::Php);
    text.push_str(",\"email\":null,\"picture_url\":null,\"website_url\":null,\"created_at\":1325376000,\"reputation\":0,\"badge_ids\":[],\"role\":null}");
}

fn comment_id(comment: u64) -> u64 {
    3_000_000 + comment * 7
}
