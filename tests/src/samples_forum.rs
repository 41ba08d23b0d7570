//! The outside files of Muut and `IntenseDebate`: all made up after what
//! importers read, since no real one is public.

use rehome_formats::Preview;
use rehome_record::Complete;

use crate::fixtures::preview;
use crate::samples::sample;

/// The preview of a sample, with a line on what is in it.
fn told(name: &str, format: &str) -> Option<Preview> {
    let preview = preview(name, &sample(name)?).unwrap().0;
    let summary = &preview.summary;
    let comments = &summary.comments;
    println!(
        "{name}: {format}, {} seen, {} kept, skipped {:?}",
        comments.seen, comments.kept, comments.skipped_by_reason
    );
    assert_eq!(preview.error, None, "{name}");
    assert_eq!((summary.format, summary.complete), (Some(format), Complete::Yes), "{name}");
    Some(preview)
}

/// Seen, kept, replies, orphans, depth; pages, and those with comments.
fn counts(preview: &Preview) -> ([u64; 5], [u64; 2]) {
    let comments = &preview.summary.comments;
    let depth = u64::from(comments.max_depth);
    let pages = preview.summary.pages;
    let counts = [comments.seen, comments.kept, comments.replies, comments.orphans, depth];
    (counts, [pages.seen, pages.with_comments])
}

/// Codes with the lines of their examples.
fn issues(preview: &Preview) -> Vec<(&'static str, Vec<u64>)> {
    let lines =
        |issue: &rehome_formats::IssueGroup| issue.examples.iter().map(|e| e.line).collect();
    preview.summary.issues.iter().map(|issue| (issue.code, lines(issue))).collect()
}

#[test]
fn muut_damaged_as_importers_tell() {
    let Some(preview) = told("muut/SYNTHETIC-muut-export-shape-broken.json", "muut") else {
        return;
    };
    // A message with two replies, a placeholder without any, and one with a reply.
    assert_eq!(counts(&preview), ([4, 4, 2, 0, 2], [3, 2]));
    assert_eq!(issues(&preview), [("json_repaired", vec![2, 2, 3])]);
}

#[test]
fn intensedebate_as_importers_read_it() {
    let folder = "intensedebate/SYNTHETIC-from-importers";
    for (file, line) in [(".xml", 40), ("-oneline-dquotes.xml", 1)] {
        let name = format!("{folder}{file}");
        let Some(preview) = told(&name, "intensedebate") else { return };
        assert_eq!(counts(&preview), ([4, 4, 3, 1, 3], [1, 1]), "{name}");
        assert_eq!(issues(&preview), [("parent_not_in_file", vec![line])], "{name}");
    }
}
