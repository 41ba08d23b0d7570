//! Large exports that are made up, read by the readers.

use rehome_formats::Convert;
use rehome_record::{Line, Options};

use crate::fixtures;

/// Enough for every trap of the generator, and for buffers to run over.
const COMMENTS: u64 = 5000;

#[test]
fn a_generated_disqus_export_is_read_without_a_loss() {
    let mut bytes = Vec::new();
    let written = rehome_generate::disqus(COMMENTS, 42, &mut bytes).unwrap();
    let (format, _) = fixtures::open("generated.xml", bytes.as_slice()).unwrap();
    assert_eq!(format.facts().id, "disqus");

    let (preview, index) = fixtures::preview("generated.xml", &bytes).unwrap();
    assert_eq!(preview.error, None);
    let summary = &preview.summary;
    assert_eq!((summary.comments.seen, summary.comments.kept), (COMMENTS, COMMENTS));
    assert_eq!(summary.pages.seen, written.pages);
    let issues: Vec<_> = summary.issues.iter().map(|issue| issue.code).collect();
    // Said of pages that Disqus marks so. Nothing is damaged.
    assert_eq!(issues, ["page_deleted"]);
    assert_eq!(summary.comments.orphans, 0);

    let (format, source) = fixtures::open("generated.xml", bytes.as_slice()).unwrap();
    let last = Convert::new(format, source, index, Options::new()).last().unwrap().unwrap();
    let Line::End(end) = last else { panic!("the last line is no end") };
    assert_eq!((end.counts.comments, end.counts.pages), (COMMENTS, written.pages));
}
