//! Large exports that are made up, read by the readers.

use rehome_formats::{Convert, FORMATS, Severity, format_by_id};
use rehome_generate::EXPORTS;
use rehome_record::{Line, Options};

use crate::fixtures;

/// Enough for every trap of the generators, and for buffers to run over.
const COMMENTS: u64 = 5000;

/// What is said of whole exports, since they hold it.
const SAID: &[&str] = &["page_deleted"];

#[test]
fn generated_exports_are_read_without_a_loss() {
    let mut read = 0;
    for export in EXPORTS {
        let Some(expected) = format_by_id(export.format) else { continue };
        let id = export.id;
        let mut bytes = Vec::new();
        let written = (export.write)(COMMENTS, 42, &mut bytes).unwrap();
        let (format, _) = fixtures::open("generated", bytes.as_slice()).unwrap();
        assert_eq!(format.facts().id, expected.facts().id);

        let (preview, index) = fixtures::preview("generated", &bytes).unwrap();
        assert_eq!(preview.error, None, "{id}");
        let summary = &preview.summary;
        assert_eq!((summary.comments.seen, summary.comments.kept), (COMMENTS, COMMENTS), "{id}");
        assert_eq!(summary.pages.seen, written.pages, "{id}");
        let damage: Vec<_> = summary
            .issues
            .iter()
            .filter(|issue| issue.severity != Severity::Info && !SAID.contains(&issue.code))
            .collect();
        assert!(damage.is_empty(), "{id}: {damage:?}");
        assert_eq!(summary.comments.orphans, 0, "{id}");
        // Muut's comments are flat where each thread is a page.
        assert!(id == "muut" || summary.comments.replies > COMMENTS / 10, "{id}");

        let (format, source) = fixtures::open("generated", bytes.as_slice()).unwrap();
        let last = Convert::new(format, source, index, Options::new()).last().unwrap().unwrap();
        let Line::End(end) = last else { panic!("{id}: the last line is no end") };
        assert_eq!((end.counts.comments, end.counts.pages), (COMMENTS, written.pages), "{id}");
        read += 1;
    }
    assert_eq!(read, EXPORTS.len());
    // None is left without a measure of its speed and memory.
    for format in FORMATS {
        let id = format.facts().id;
        assert!(EXPORTS.iter().any(|export| export.format == id), "{id} cannot be made up");
    }
}
