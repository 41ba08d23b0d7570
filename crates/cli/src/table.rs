//! A preview for people to read in a terminal.

use std::fmt::Write;

use rehome_formats::{Severity, Summary, issue_text};
use rehome_record::Complete;

/// The numbers as aligned lines, then the issues.
pub(crate) fn render(format: &str, summary: &Summary) -> String {
    let Summary { pages, comments, authors, .. } = summary;
    let complete = match summary.complete {
        Complete::Yes => "complete",
        Complete::No => "NOT COMPLETE",
        Complete::Unknown => "no end to check",
    };
    let origin = summary.origin.as_deref().unwrap_or("(no name)");
    let status = comments.by_status;
    let time =
        |at: Option<rehome_record::Timestamp>| at.map_or("-".to_owned(), |at| at.to_string());
    let rows = [
        ("comments in the file", comments.seen.to_string()),
        ("  kept", comments.kept.to_string()),
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
    ];
    let mut text = format!("{format} export of {origin}, {complete}\n\n");
    for (name, value) in rows {
        let _ = writeln!(text, "{name:<24}{value:>22}");
    }
    for issue in &summary.issues {
        let word = match issue.severity {
            Severity::Info => "note",
            Severity::Warning => "warning",
            Severity::Error => "left out",
        };
        let _ = write!(
            text,
            "\n{word}: {} ({}, {} times",
            issue_text(issue.code),
            issue.code,
            issue.count
        );
        let lines: Vec<_> = issue.examples.iter().map(|example| example.line.to_string()).collect();
        let _ = if lines.is_empty() {
            writeln!(text, ")")
        } else {
            writeln!(text, "; lines {})", lines.join(", "))
        };
    }
    text
}
