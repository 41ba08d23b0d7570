//! A preview for people to read in a terminal.

use std::fmt::Write;

use rehome_formats::{Choice, IssueGroup, Preview, Severity, Summary, TAKE_PRIVATE, issue_text};
use rehome_record::{Complete, Options, Timestamp};

use crate::{chosen, years};

/// Columns where standard output is no terminal.
const COLUMNS: usize = 80;

/// Columns of the terminal that standard output is.
pub(crate) fn width() -> usize {
    let size = console::Term::stdout().size_checked();
    size.map_or(COLUMNS, |(_, columns)| usize::from(columns))
}

/// The numbers as aligned lines, the years, then what needs a look.
pub(crate) fn render(format: &str, preview: &Preview, options: &Options, width: usize) -> String {
    let summary = &preview.summary;
    let mut text = String::new();
    head(&mut text, format, summary);
    numbers(&mut text, summary, options.contains_key(TAKE_PRIVATE));
    years::add(&mut text, &preview.months, summary.comments.kept, width);
    for choice in &preview.choices {
        add_choice(&mut text, choice, options);
    }
    for issue in &summary.issues {
        add_issue(&mut text, issue);
    }
    text
}

fn head(text: &mut String, format: &str, summary: &Summary) {
    let complete = match summary.complete {
        Complete::Yes => "complete",
        Complete::No => "NOT COMPLETE",
        Complete::Unknown => "no end to check",
    };
    let origin = summary.origin.as_deref().unwrap_or("(no name)");
    let _ = writeln!(text, "{format} export of {origin}, {complete}\n");
}

fn numbers(text: &mut String, summary: &Summary, takes_private: bool) {
    let Summary { pages, comments, authors, .. } = summary;
    let status = comments.by_status;
    let time = |at: Option<Timestamp>| at.map_or("-".to_owned(), |at| at.to_string());
    let mut rows = vec![
        ("comments in the file", comments.seen.to_string()),
        ("  kept", comments.kept.to_string()),
    ];
    let withheld = chosen::withheld(summary);
    if withheld > 0 {
        let name = if takes_private { "    never public, taken" } else { "    never public" };
        rows.push((name, withheld.to_string()));
    }
    rows.extend([
        ("  left out", comments.skipped.to_string()),
        ("approved", status.approved.to_string()),
        ("pending", status.pending.to_string()),
        ("spam", status.spam.to_string()),
        ("deleted", status.deleted.to_string()),
        ("replies", comments.replies.to_string()),
        ("deepest thread", comments.max_depth.to_string()),
        ("pages in the file", pages.seen.to_string()),
        ("  with comments", pages.with_comments.to_string()),
        ("people with an account", authors.named.to_string()),
        ("comments by guests", authors.guests.to_string()),
        ("first comment", time(summary.first_at)),
        ("last comment", time(summary.last_at)),
    ]);
    for (name, value) in rows {
        let _ = writeln!(text, "{name:<24}{value:>22}");
    }
    for (reason, count) in &comments.withheld_by_reason {
        let taken = if takes_private { "taken" } else { "not sent without --take-private" };
        let _ = writeln!(
            text,
            "\nnever public: {} ({reason}, {count} times; {taken})",
            issue_text(reason)
        );
    }
}

fn add_choice(text: &mut String, choice: &Choice, options: &Options) {
    let _ = match options.get(choice.option).and_then(|value| value.as_str()) {
        Some(chosen) => writeln!(text, "\ndecided: {} is {chosen}.", choice.option),
        None if choice.is_needed => {
            writeln!(text, "\nto be decided: {}. {}", choice.option, chosen::how_to_choose(choice))
        }
        None => {
            writeln!(text, "\ncan be decided: {}. {}", choice.option, chosen::how_to_choose(choice))
        }
    };
}

fn add_issue(text: &mut String, issue: &IssueGroup) {
    let word = match issue.severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "left out",
    };
    let sentence = issue_text(issue.code);
    let _ = write!(text, "\n{word}: {sentence} ({}, {} times", issue.code, issue.count);
    // Lines alone say nothing where the examples stand in several files.
    let first = issue.examples.first().map(|example| &example.file);
    let is_one_file = issue.examples.iter().all(|example| Some(&example.file) == first);
    let places: Vec<_> = issue
        .examples
        .iter()
        .map(|example| {
            let line = example.line;
            if is_one_file { line.to_string() } else { format!("{line} of {}", example.file) }
        })
        .collect();
    let _ = match places.len() {
        0 => writeln!(text, ")"),
        _ => writeln!(text, "; lines {})", places.join(", ")),
    };
}
