//! Outside files of WordPress, and of what Disqus imports.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;

use rehome_formats::Preview;
use rehome_record::{Comment, Complete, Line, Status};

use crate::fixtures::lines;
use crate::samples::{counts, issue_lines, sample, sample_preview};

/// The preview of a sample; its numbers are printed past the test runner.
fn told(name: &str) -> Option<Preview> {
    let preview = sample_preview(name)?.unwrap_or_else(|e| panic!("{name}: {e}"));
    let (format, comments) = (preview.summary.format.unwrap(), &preview.summary.comments);
    let (seen, kept) = (comments.seen, comments.kept);
    let (skipped, withheld) = (&comments.skipped_by_reason, &comments.withheld_by_reason);
    let line = format!(
        "{name}: {format}, seen {seen}, kept {kept}, skipped {skipped:?}, withheld {withheld:?}\n"
    );
    std::io::stdout().write_all(line.as_bytes()).unwrap();
    Some(preview)
}

fn items(preview: &Preview) -> (u64, u64) {
    (preview.summary.pages.seen, preview.summary.pages.with_comments)
}

fn withheld(preview: &Preview) -> BTreeMap<&'static str, u64> {
    preview.summary.comments.withheld_by_reason.clone()
}

/// The comments that are sent of a sample.
fn comments(name: &str) -> Option<Vec<Comment>> {
    let (lines, error) = lines(name, &sample(name)?).unwrap();
    assert_eq!(error, None, "{name}");
    let comments = lines.into_iter().filter_map(|line| match line {
        Line::Comment(comment) => Some(*comment),
        _ => None,
    });
    Some(comments.collect())
}

#[test]
fn one_blog_exported_twice() {
    let Some(first) = told("wordpress/real-rerun-2013-07.xml") else { return };
    assert_eq!(counts(&first), [227, 227, 224, 0, 1, 82, 0, 5]);
    assert_eq!(first.summary.comments.by_status.pending, 2);
    assert_eq!(items(&first), (169, 46));
    let second = told("wordpress/real-rerun-2014-02.xml").unwrap();
    assert_eq!(counts(&second), [239, 239, 237, 0, 0, 86, 0, 5]);
    assert_eq!(items(&second), (173, 47));
    for preview in [first, second] {
        assert_eq!(issue_lines(&preview), []);
        assert_eq!(preview.summary.origin.as_deref(), Some("asmeurersympy.wordpress.com"));
    }
    let by_id = |name| -> BTreeMap<String, Comment> {
        comments(name).unwrap().into_iter().map(|c| (c.source_id.clone(), c)).collect()
    };
    let (first, second) =
        (by_id("wordpress/real-rerun-2013-07.xml"), by_id("wordpress/real-rerun-2014-02.xml"));
    let new = second.keys().filter(|id| !first.contains_key(*id)).count();
    let gone = first.keys().filter(|id| !second.contains_key(*id)).count();
    let changed: Vec<_> =
        second.values().filter(|c| first.get(&c.source_id).is_some_and(|b| b != *c)).collect();
    assert_eq!((new, gone, changed.len()), (13, 1, 1));
    assert_eq!(changed[0].source_id, "795");
    assert_eq!(first["795"].status, Status::Pending);
    assert_eq!(changed[0].status, Status::Approved);
}

#[test]
fn ids_that_disqus_keeps_are_those_of_the_blog() {
    let Some(disqus) = comments("disqus/real-2021-all.xml") else { return };
    let blog = comments("wordpress/real-rerun-2014-02.xml").unwrap();
    let ids: HashSet<_> = blog.iter().map(|comment| comment.source_id.as_str()).collect();
    let aliases = disqus.iter().flat_map(|comment| &comment.aliases);
    let of_blog: Vec<_> = aliases.filter(|alias| alias.family == "wordpress").collect();
    let resolved = of_blog.iter().filter(|alias| ids.contains(alias.source_id.as_str())).count();
    assert_eq!((of_blog.len(), resolved), (181, 181));
}

#[test]
fn unescaped_cdata_loses_nothing() {
    let Some(preview) = told("wordpress/real-broken-cdata-3.1.xml") else { return };
    assert_eq!(counts(&preview), [990, 990, 990, 0, 0, 370, 0, 5]);
    assert_eq!((items(&preview), issue_lines(&preview)), ((611, 263), vec![]));
}

#[test]
fn private_posts_are_withheld() {
    let Some(preview) = told("wordpress/real-private-posts-2014.xml") else { return };
    assert_eq!(counts(&preview), [890, 890, 888, 0, 0, 52, 0, 5]);
    assert_eq!((items(&preview), issue_lines(&preview)), ((461, 128), vec![]));
    assert_eq!(withheld(&preview), [("private_page", 55)].into());
    assert_eq!(comments("wordpress/real-private-posts-2014.xml").unwrap().len(), 835);
}

#[test]
fn test_data_of_wordpress_itself() {
    let name = "wordpress/wpimporter-theme-unit-test-data.xml";
    let Some(preview) = told(name) else { return };
    assert_eq!(counts(&preview), [33, 33, 30, 0, 0, 10, 0, 10]);
    assert_eq!((items(&preview), withheld(&preview)), ((186, 7), [("password_page", 1)].into()));
    // A stray apostrophe.
    assert_eq!(issue_lines(&preview), [("field_unreadable", 9869)]);
    let sent = comments(name).unwrap();
    assert_eq!(sent.len(), 32);
    let of_kind = |kind| sent.iter().filter(|comment| comment.kind.as_str() == kind).count();
    assert_eq!((of_kind("pingback"), of_kind("trackback")), (2, 2));

    let preview = told("wordpress/wpimporter-a11y-unit-test-data.xml").unwrap();
    assert_eq!(counts(&preview), [29, 29, 28, 0, 0, 9, 0, 10]);
    assert_eq!((items(&preview), withheld(&preview)), ((154, 5), [("password_page", 1)].into()));
    let issues = preview.summary.issues;
    let about_167 = |code| {
        let issue = issues.iter().find(|issue| issue.code == code).unwrap();
        issue.count == 1 && issue.examples[0].source_id.as_deref() == Some("167")
    };
    assert!(about_167("status_missing") && about_167("bad_date"));
    assert_eq!(issues.len(), 2);
}

#[test]
fn small_files() {
    for (name, pages, pending) in [
        ("slashes", 1, 0),
        ("small-export", 11, 0),
        ("test-serialized-comment-meta", 1, 0),
        ("valid-wxr-1.0", 6, 0),
        ("valid-wxr-1.1", 2, 0),
        ("wxr-comprehensive", 2, 0),
        ("wxr-with-sub-data", 1, 1),
    ] {
        let Some(preview) = told(&format!("wordpress/wpimporter-{name}.xml")) else { return };
        let comments = &preview.summary.comments;
        assert_eq!((comments.seen, comments.kept, comments.skipped), (1, 1, 0), "{name}");
        assert_eq!((items(&preview), comments.by_status.pending), ((pages, 1), pending), "{name}");
    }
    let slashes = comments("wordpress/wpimporter-slashes.xml").unwrap();
    assert_eq!(slashes[0].body.as_deref(), Some("<p>\\o/ ¯\\_(ツ)_/¯</p>"));

    let isso = told("wordpress/isso-wordpress-v5.xml").unwrap();
    assert_eq!(counts(&isso), [8, 8, 8, 0, 0, 3, 0, 3]);
    assert_eq!((items(&isso), issue_lines(&isso)), ((3, 2), vec![("id_clash", 139)]));

    assert_eq!(counts(&told("wordpress/artransfer-WordPress.sample.xml").unwrap())[..2], [5, 5]);
    let times = comments("wordpress/artransfer-WordPress.sample.xml").unwrap().into_iter();
    let times: Vec<_> = times.map(|comment| comment.created_at.unwrap().to_string()).collect();
    assert_eq!(times.iter().min().unwrap(), "2022-04-09T09:28:47Z");
    assert_eq!(times.iter().max().unwrap(), "2022-04-09T09:29:48Z");
}

#[test]
fn zip_archives() {
    let zip = |name: &str| format!("wordpress/comentario-wordpress-{name}.zip");
    let Some(empty) = told(&zip("ok-empty")) else { return };
    assert_eq!(counts(&empty), [0; 8]);
    let codes: Vec<_> = empty.summary.issues.iter().map(|issue| issue.code).collect();
    assert_eq!(codes, ["no_comments", "plain_feed"]);
    assert_eq!(counts(&told(&zip("ok-single")).unwrap())[..2], [1, 1]);
    assert_eq!(counts(&told(&zip("bad-two-files")).unwrap())[..2], [1, 1]);
    assert_eq!(counts(&told(&zip("ok-long")).unwrap())[..2], [1, 1]);
    let long = comments(&zip("ok-long")).unwrap()[0].body.clone().unwrap();
    assert!(long.chars().count() >= 32_884, "{}", long.chars().count());
    let broken = told(&zip("bad-format")).unwrap();
    assert_eq!(broken.summary.comments.seen, 0);
    assert_eq!(issue_lines(&broken), [("record_damaged", 1)]);
    let none = sample_preview(&zip("bad-no-files")).unwrap().unwrap_err();
    assert_eq!(none.code, "zip_empty");
}

#[test]
fn malformed_files_are_an_error_or_the_right_count() {
    for (name, pages, comments, issue) in [
        ("cdata-edge", 1, 0, None),
        ("chunked-meta", 1, 0, None),
        ("crazy-cdata-escaped", 1, 0, None),
        ("crazy-cdata", 1, 0, None),
        ("invalid-version-tag", 0, 0, None),
        ("malformed", 0, 0, Some(("part_lost", 91))),
        ("missing-version-tag", 0, 0, None),
        ("multiple-cdata", 1, 0, None),
        ("namespace-attacks", 9, 0, None),
        ("namespace-complex", 8, 1, Some(("bad_date", 106))),
        ("namespace-edge-cases", 6, 0, Some(("id_missing", 66))),
        ("wxr-utf-8-challenges", 1, 0, None),
    ] {
        let Some(preview) = told(&format!("wordpress-malformed/wpimporter-{name}.xml")) else {
            return;
        };
        assert_eq!(preview.error, None, "{name}");
        assert_eq!(preview.summary.complete, Complete::Yes, "{name}");
        assert_eq!((items(&preview).0, preview.summary.comments.kept), (pages, comments), "{name}");
        let mut lines = issue_lines(&preview);
        lines.retain(|(code, _)| *code != "page_without_address");
        assert_eq!(lines, Vec::from_iter(issue), "{name}");
    }
    let cut = told("wordpress-malformed/wpimporter-malformed-simple.xml").unwrap().error.unwrap();
    assert_eq!((cut.code, cut.line, cut.byte), ("file_cut", 14, 372));
}

#[test]
fn what_disqus_imports() {
    let name = "disqus-import-wxr/real-converter-output.xml";
    let Some(preview) = told(name) else { return };
    assert_eq!(preview.summary.format, Some("disqus-import-wxr"));
    assert_eq!(counts(&preview), [134, 134, 134, 0, 0, 76, 0, 6]);
    assert_eq!((items(&preview), issue_lines(&preview)), ((16, 16), vec![]));
}
