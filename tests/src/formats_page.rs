//! `docs/formats.md`, from the list of formats.

use std::fmt::Write;

use rehome_formats::{Evidence, FORMATS, Facts};

const HEAD: &str = "\
# Formats

Every export that Rehome can read, where to get it, and what becomes of it.
You need not know which one you have: drop the file, and Rehome finds out by what is in it.
Where several files are one export, choose all of them, or a zip archive of them; gzip files need not be unpacked.

This page is made from the readers by `cargo xtask generate`. `rehome formats` prints the same list in a terminal.

";

const CONFIRMED: &str =
    "**Confirmed**: the reader was made from real exports, or from the code that writes them.";
const INFERRED: &str = "**Inferred**: nobody showed us a real export yet, so the reader was made from what others tell of it. If yours is read wrongly, please tell us.";

/// The page's text.
pub(crate) fn text() -> String {
    let mut text = String::from(HEAD);
    text.push_str("| Export | Files | Reader |\n|---|---|---|\n");
    for facts in all() {
        let _ = writeln!(
            text,
            "| [{}](#{}) | {} | {} |",
            facts.name,
            anchor(facts.name),
            facts.files,
            evidence_word(facts.evidence)
        );
    }
    for facts in all() {
        add_format(&mut text, facts);
    }
    text
}

fn all() -> impl Iterator<Item = &'static Facts> {
    FORMATS.iter().map(|format| format.facts())
}

fn add_format(text: &mut String, facts: &Facts) {
    let _ = writeln!(text, "\n## {}\n", facts.name);
    let evidence = match facts.evidence {
        Evidence::Confirmed => CONFIRMED,
        Evidence::Inferred => INFERRED,
    };
    let _ = writeln!(text, "{evidence}\n");
    let _ = writeln!(text, "- Files: {}", facts.files);
    let _ = writeln!(text, "- Versions: {}", facts.versions);
    let _ = writeln!(text, "- Id: `{}` (for `rehome --as`)", facts.id);
    let family = family_in_words(facts);
    let _ = writeln!(text, "- Family: `{}`, reader `{}`. {family}", facts.family, facts.reader);
    let _ = writeln!(text, "\n### How to get it: {}\n", facts.name);
    for (number, step) in (1..).zip(facts.how_to_get) {
        let _ = writeln!(text, "{number}. {step}");
    }
    let _ = writeln!(text, "\n### What is kept: {}\n", facts.name);
    let _ = writeln!(text, "- {}", kept_in_words(facts.fields));
    for kept in facts.keeps {
        let _ = writeln!(text, "- {kept}");
    }
    if !facts.optional_fields.is_empty() {
        let _ = writeln!(text, "- where the file has it: {}", in_words(facts.optional_fields));
    }
    if !facts.loses.is_empty() {
        let _ = writeln!(text, "\n### What is lost, and why: {}\n", facts.name);
        for lost in facts.loses {
            let _ = writeln!(text, "- {lost}");
        }
    }
}

fn family_in_words(facts: &Facts) -> String {
    let others: Vec<_> = all()
        .filter(|other| other.family == facts.family && other.id != facts.id)
        .map(|other| other.name)
        .collect();
    if others.is_empty() {
        return "The same comment in two of these exports arrives once.".to_owned();
    }
    format!("The same comment in one of these and in {} arrives once.", others.join(" or "))
}

fn kept_in_words(fields: &[&str]) -> String {
    format!("every export has: {}", in_words(fields))
}

/// Fields in words, each once.
fn in_words(fields: &[&str]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in fields.iter().map(|field| field_in_words(field)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(", ")
}

/// A field of the wire as a blogger would call it.
fn field_in_words(field: &str) -> &str {
    match field {
        "page.url" => "the pages' addresses",
        "page.identifier" => "the site's own names for pages",
        "page.title" => "the pages' titles",
        "page.closed" => "whether a page is closed for comments",
        "page.created_at" => "since when a page is known",
        "page.extras" => "more about pages",
        "author.source_id" => "people's accounts",
        "author.name" => "people's names",
        "author.email" => "e-mail addresses",
        "author.url" => "people's web sites",
        "comment.parent" => "which comment answers which",
        "comment.author" => "who wrote it",
        "comment.created_at" => "when it was written",
        "comment.edited_at" => "when it was edited",
        "comment.status" => "whether it is approved, pending, spam or deleted",
        "comment.kind" => "whether it is a comment or a link from another site",
        "comment.body" => "the text",
        "comment.votes" => "votes",
        "comment.ip" => "IP addresses",
        "comment.aliases" => "the same comment's ids in other systems",
        "comment.extras" => "more about comments",
        other => other,
    }
}

fn evidence_word(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Confirmed => "confirmed",
        Evidence::Inferred => "inferred",
    }
}

/// As code hosts make it of a heading.
fn anchor(heading: &str) -> String {
    let heading = heading.to_lowercase();
    let letters = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    letters.map(|c| if c == ' ' { '-' } else { c }).collect()
}
