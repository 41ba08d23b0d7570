//! Outside files of Commento, Comentario and Hyvor Talk.

use rehome_formats::Preview;
use rehome_record::Complete;

use crate::fixtures::preview;
use crate::samples::{counts, sample, sample_preview};

/// Says what came of a sample, and gives the numbers of [`counts`].
fn told(name: &str) -> Option<(Preview, [u64; 8])> {
    let preview = sample_preview(name)?.unwrap_or_else(|e| panic!("{name}: {e}"));
    let comments = &preview.summary.comments;
    println!(
        "{name}: {}, seen {}, kept {}, skipped {:?}",
        preview.summary.format.unwrap_or("none"),
        comments.seen,
        comments.kept,
        comments.skipped_by_reason
    );
    let counted = counts(&preview);
    Some((preview, counted))
}

fn issues(preview: &Preview) -> Vec<(&'static str, u64)> {
    preview.summary.issues.iter().map(|issue| (issue.code, issue.count)).collect()
}

#[test]
fn commento() {
    let Some((found, counted)) = told("commento/remark42-testdata-commento.json") else { return };
    assert_eq!(counted, [3, 3, 3, 0, 0, 1, 0, 2]);
    assert_eq!((found.summary.pages.seen, issues(&found)), (2, vec![]));
    let (found, counted) = told("commento/DERIVED-commento-go-test.json").unwrap();
    assert_eq!(counted, [3, 3, 3, 0, 0, 1, 0, 2]);
    assert_eq!(found.summary.origin.as_deref(), Some("localhost:1313"));
    assert_eq!((found.summary.pages.seen, issues(&found)), (1, vec![]));
    for ending in ["json", "json.gz"] {
        let name = format!("commento/SYNTHETIC-commento-v1-exporter-quirks.{ending}");
        let (found, counted) = told(&name).unwrap();
        assert_eq!(counted, [10, 10, 7, 1, 1, 3, 1, 2]);
        assert_eq!(found.summary.pages.seen, 4);
        let authors = found.summary.authors;
        assert_eq!((authors.named, authors.guests), (4, 2));
        assert_eq!(issues(&found), [("page_address_unknown", 1), ("parent_not_in_file", 1)]);
    }
}

#[test]
fn comentario() {
    let Some((found, counted)) = told("comentario/comentario-ok-single-v1.json.gz") else { return };
    assert_eq!(counted, [1, 1, 1, 0, 0, 0, 0, 1]);
    assert_eq!(found.summary.origin.as_deref(), Some("example.com"));
    let (found, counted) = told("comentario/comentario-ok-single-v3.json.gz").unwrap();
    assert_eq!(counted, [1, 1, 1, 0, 0, 0, 0, 1]);
    assert_eq!(found.summary.origin.as_deref(), Some("localhost:8000"));
    for version in ["v1", "v3"] {
        let (found, counted) =
            told(&format!("comentario/comentario-ok-empty-{version}.json.gz")).unwrap();
        assert_eq!((counted, issues(&found)), ([0; 8], vec![("no_comments", 1)]));
    }
}

#[test]
fn comentario_of_another_version_or_broken() {
    let name = "comentario/comentario-bad-version.json.gz";
    let Some(Ok(found)) = sample_preview(name) else { return };
    let error = found.error.unwrap();
    assert_eq!((error.code, error.line), ("version_unknown", 1));
    assert!(error.message.contains("481"), "{}", error.message);
    let name = "comentario/comentario-bad-format.json.gz";
    let found = sample_preview(name).unwrap().unwrap();
    assert_eq!(found.summary.complete, Complete::No);
    let error = found.error.unwrap();
    assert_eq!((error.code, error.line, error.byte), ("json_broken", 1, 22));
}

#[test]
fn hyvor_talk() {
    let name = "hyvor-talk/real-2025-05-anonymised.json";
    let Some((found, counted)) = told(name) else { return };
    assert_eq!(counted, [126, 126, 126, 0, 0, 7, 0, 3]);
    let pages = found.summary.pages;
    assert_eq!((pages.seen, pages.with_comments), (6, 5));
    assert_eq!(found.summary.authors.guests, 124);
    assert_eq!(found.summary.origin.as_deref(), Some("blog.example.org"));
    assert_eq!(issues(&found), [("preview_page", 1)]);
    // The same whatever stands under `website`.
    let text = String::from_utf8(sample(name).unwrap()).unwrap();
    let behind = &text[text.find("\"comments\":[").unwrap()..];
    let other = format!("{{\"website\":{{\"encryption_key\":\"none\"}},{behind}");
    assert_eq!(preview(name, other.as_bytes()).unwrap().0.summary.comments, found.summary.comments);
}
