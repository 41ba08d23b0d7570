//! The new format is found by what is in its fixture, and read.

use std::io::Cursor;

use rehome_formats::{Previewer, Source};

const FIXTURE: &[u8] = include_bytes!("basic.json");

#[test]
fn the_fixture_is_detected_and_read() {
    let source = Source::open("basic.json", Cursor::new(FIXTURE), |_| None).unwrap();
    let format = source.detect_format().expect("the new line is in the list");
    assert_eq!(format.facts().id, "example");
    let (preview, _) = Previewer::new(format, source, &Default::default()).run();
    assert_eq!(preview.error, None);
    let comments = &preview.summary.comments;
    assert_eq!((comments.seen, comments.kept, comments.replies), (3, 2, 1));
    assert_eq!(comments.skipped_by_reason["id_missing"], 1);
    assert_eq!(comments.by_status.pending, 1);
}

#[test]
fn every_prefix_is_an_error() {
    let whole = FIXTURE.trim_ascii_end().len();
    for length in FIXTURE.len() / 4..whole {
        let source = Source::open("cut.json", Cursor::new(&FIXTURE[..length]), |_| None).unwrap();
        let format = source.detect_format().unwrap();
        assert!(Previewer::new(format, source, &Default::default()).run().0.error.is_some());
    }
}
