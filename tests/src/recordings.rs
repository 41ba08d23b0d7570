//! What comes out of every fixture, recorded: the preview's JSON and the lines.

use rehome_formats::issue_text;

use crate::fixtures::{self, lines, ndjson, preview};

#[test]
fn previews_and_lines_are_as_recorded() {
    for fixture in fixtures::all() {
        let (preview, _) = preview(&fixture.name, &fixture.bytes).unwrap();
        let (lines, error) = lines(&fixture.name, &fixture.bytes).unwrap();
        assert_eq!(error, None, "{}", fixture.name);
        let mut text = serde_json::to_string_pretty(&preview).unwrap();
        text.push_str("\n\n");
        text.push_str(&ndjson(&lines));
        insta::assert_snapshot!(format!("{}-{}", fixture.format.facts().id, fixture.name), text);
    }
}

#[test]
fn counts_add_up_and_agree_between_the_passes() {
    for fixture in fixtures::all() {
        let (preview, _) = preview(&fixture.name, &fixture.bytes).unwrap();
        let comments = &preview.summary.comments;
        assert_eq!(comments.seen, comments.kept + comments.skipped, "{}", fixture.name);
        assert_eq!(comments.skipped, comments.skipped_by_reason.values().sum::<u64>());
        let status = comments.by_status;
        let by_status = status.approved + status.pending + status.spam + status.deleted;
        assert_eq!(comments.kept, by_status, "{}", fixture.name);
        let (lines, _) = lines(&fixture.name, &fixture.bytes).unwrap();
        let Some(rehome_record::Line::End(end)) = lines.last() else {
            panic!("{}: no end", fixture.name);
        };
        let withheld: u64 = comments.withheld_by_reason.values().sum();
        assert_eq!(end.counts.comments, comments.kept - withheld, "{}", fixture.name);
        assert_eq!(end.counts.records() + 2, lines.len() as u64, "{}", fixture.name);
    }
}

#[test]
fn every_line_keeps_the_limits() {
    for fixture in fixtures::all() {
        for line in lines(&fixture.name, &fixture.bytes).unwrap().0 {
            line.validate().unwrap_or_else(|invalid| panic!("{}: {invalid}", fixture.name));
        }
    }
}

#[test]
fn every_issue_has_a_sentence() {
    let fallback = issue_text("");
    for fixture in fixtures::all() {
        for issue in preview(&fixture.name, &fixture.bytes).unwrap().0.summary.issues {
            assert_ne!(issue_text(issue.code), fallback, "{}", issue.code);
        }
    }
}
