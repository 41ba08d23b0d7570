//! Outside files, where they are: `REHOME_SAMPLES`, by default
//! `../shared/samples` beside the checkout. Nothing of them is in the repo.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use rehome_formats::{Preview, ReadError};
use rehome_record::Complete;

use crate::cuts::{check_cut, root_end};
use crate::fixtures::preview;
use crate::mutations::Random;

/// The bytes of a sample; none, said loudly, where the folder is missing.
pub(crate) fn sample(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("REHOME_SAMPLES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples"),
        PathBuf::from,
    );
    if !folder.is_dir() {
        // Written past the test runner, which hides what passing tests print.
        // `cargo xtask test` counts each of these lines as a skipped test.
        let said =
            format!("\nSKIPPED {name}: no samples at {} (REHOME_SAMPLES)\n", folder.display());
        std::io::stdout().write_all(said.as_bytes()).unwrap();
        return None;
    }
    let path = folder.join(name);
    Some(fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

pub(crate) fn sample_preview(name: &str) -> Option<Result<Preview, ReadError>> {
    Some(preview(name, &sample(name)?).map(|(preview, _)| preview))
}

/// seen, kept, approved, spam, deleted, replies, orphans, depth
pub(crate) fn counts(preview: &Preview) -> [u64; 8] {
    assert_eq!(preview.error, None);
    assert_eq!(preview.summary.complete, Complete::Yes);
    let comments = &preview.summary.comments;
    let status = comments.by_status;
    [
        comments.seen,
        comments.kept,
        status.approved,
        status.spam,
        status.deleted,
        comments.replies,
        comments.orphans,
        u64::from(comments.max_depth),
    ]
}

pub(crate) fn issue_lines(preview: &Preview) -> Vec<(&'static str, u64)> {
    let issues = &preview.summary.issues;
    let mut lines: Vec<_> = issues
        .iter()
        .flat_map(|issue| issue.examples.iter().map(|example| (issue.code, example.line)))
        .collect();
    lines.sort_by_key(|(code, line)| (*line, *code));
    lines
}

#[test]
fn real_export_of_2021() {
    let Some(preview) = sample_preview("disqus/real-2021-all.xml") else { return };
    let preview = preview.unwrap();
    assert_eq!(counts(&preview), [265, 265, 236, 25, 4, 108, 0, 5]);
    let pages = preview.summary.pages;
    assert_eq!((pages.seen, pages.with_comments), (89, 48));
    assert_eq!(issue_lines(&preview), []);
}

#[test]
fn real_export_cut_in_a_thousand_places() {
    let Some(bytes) = sample("disqus/real-2021-all.xml") else { return };
    let mut random = Random(2021);
    let end = root_end(&bytes);
    for _ in 0..1000 {
        check_cut("real-2021-all.xml", &bytes, random.below(end));
    }
}

#[test]
fn isso_fixture() {
    let Some(preview) = sample_preview("disqus/isso-disqus-v5.xml") else { return };
    let preview = preview.unwrap();
    assert_eq!(counts(&preview), [6, 5, 4, 0, 1, 2, 0, 2]);
    assert_eq!(preview.summary.pages.seen, 3);
    assert_eq!(preview.summary.comments.skipped_by_reason["page_not_in_file"], 1);
    let skipped = &preview.summary.issues[0];
    assert_eq!(skipped.code, "page_not_in_file");
    assert_eq!(skipped.examples[0].source_id.as_deref(), Some("6"));
}

#[test]
fn reindented_and_no_namespace() {
    let Some(preview) = sample_preview("disqus/artransfer-Disqus.sample.xml") else { return };
    assert_eq!(counts(&preview.unwrap()), [4, 4, 4, 0, 0, 2, 0, 3]);
    let name = "disqus/TRANSCRIBED-pygameweb-test-no-default-ns.xml";
    assert_eq!(counts(&sample_preview(name).unwrap().unwrap()), [2, 2, 2, 0, 0, 1, 0, 2]);
}

#[test]
fn gzip_single_empty_and_cut() {
    let Some(preview) = sample_preview("disqus/comentario-disqus-ok-single.xml.gz") else { return };
    assert_eq!(counts(&preview.unwrap()), [1, 1, 1, 0, 0, 0, 0, 1]);
    let empty = sample_preview("disqus/comentario-disqus-ok-empty.xml.gz").unwrap().unwrap();
    assert_eq!(counts(&empty), [0; 8]);
    assert_eq!(empty.summary.issues[0].code, "no_comments");
    let cut = sample_preview("disqus/comentario-disqus-bad-format.xml.gz").unwrap().unwrap();
    let error = cut.error.unwrap();
    assert_eq!((error.code, error.line, error.byte), ("file_cut", 2, 352));
}

#[test]
fn damage_that_can_be_read_past_is_named() {
    for (name, deleted) in [
        ("remark42-disqus.xml", 0),
        ("remark42-disqus-deleted-post.xml", 1),
        ("remark42-disqus-deleted-thread.xml", 0),
    ] {
        let Some(preview) = sample_preview(&format!("disqus/{name}")) else { return };
        let preview = preview.unwrap();
        assert_eq!(counts(&preview), [6, 5, 4 - deleted, 1, deleted, 0, 0, 1], "{name}");
        let mut lines = issue_lines(&preview);
        lines.retain(|(code, _)| *code != "page_deleted");
        let expected = [
            ("junk_before_start", 1),
            ("id_missing", 102),
            ("bad_date", 137),
            ("bad_flag", 139),
            ("malformed_attribute", 147),
        ];
        assert_eq!(lines, expected, "{name}");
    }
}
