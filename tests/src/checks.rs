//! What must hold of any bytes that are read as a format, be they an export or
//! not. The tests try damaged fixtures with it, and `fuzz/` whatever it finds.

use std::io::Cursor;

use rehome_formats::{
    Convert, Format, HOST, PAGE_KEY, Previewer, Reading, SITE_ADDRESS, Source, TAKE_PRIVATE,
    native_decoder,
};
use rehome_record::{Complete, IMPORT_INCOMPLETE, Line, Options};

/// Entries beside those that stand in the bytes: of the file itself.
const ENTRIES_MORE: usize = 64;
/// As the gzip and zip readers cap it, with some more.
const MOST_INFLATED: usize = 1100;

/// Reads the bytes as the format, in every pass, and holds what comes out
/// against what must be true.
///
/// # Panics
/// Where it is not.
pub(crate) fn check(format: &'static dyn Format, bytes: &[u8]) {
    for options in options() {
        check_with(format, bytes, &options);
    }
}

/// As the file is, and with everything chosen.
fn options() -> [Options; 2] {
    let texts = [(SITE_ADDRESS, "https://example.org/"), (PAGE_KEY, "id"), (HOST, "example.org")];
    let texts = texts.map(|(name, value)| (name.to_owned(), value.into()));
    let flags = [TAKE_PRIVATE, IMPORT_INCOMPLETE].map(|name| (name.to_owned(), true.into()));
    [Options::new(), texts.into_iter().chain(flags).collect()]
}

fn check_with(format: &'static dyn Format, bytes: &[u8], options: &Options) {
    let Some(entries) = entries(format, bytes, options) else { return };
    let is_packed = bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"PK");
    let text_bytes = if is_packed { bytes.len() * MOST_INFLATED } else { bytes.len() };
    assert!(entries <= text_bytes + ENTRIES_MORE, "{entries} entries of {} bytes", bytes.len());

    let source = open(bytes).expect("it opened before");
    let (preview, index) = Previewer::new(format, source, options).run();
    let comments = &preview.summary.comments;
    assert_eq!(comments.seen, comments.kept + comments.skipped);
    assert_eq!(comments.skipped, comments.skipped_by_reason.values().sum::<u64>());
    let status = comments.by_status;
    let by_status = status.approved + status.pending + status.spam + status.deleted;
    assert_eq!(comments.kept, by_status);
    if preview.error.is_some() {
        assert_eq!(preview.summary.complete, Complete::No);
    }
    let withheld: u64 = comments.withheld_by_reason.values().sum();
    assert!(withheld <= comments.kept, "{withheld} of {} are withheld", comments.kept);
    let takes_private = options.contains_key(TAKE_PRIVATE);
    let sent = comments.kept - if takes_private { 0 } else { withheld };

    let mut end = None;
    let mut failed = false;
    let source = open(bytes).expect("it opened before");
    for line in Convert::new(format, source, index, options.clone()) {
        match line {
            Ok(Line::End(last)) => end = Some(last),
            // A line that breaks a limit is the server's to reject.
            Ok(_) => assert_eq!(end, None, "a line behind the end"),
            Err(_) => failed = true,
        }
    }
    if let Some(end) = end {
        assert_eq!(end.counts.comments, sent);
    }
    let takes_incomplete = options.contains_key(IMPORT_INCOMPLETE);
    assert_eq!(failed, preview.error.is_some() && !takes_incomplete);
    assert_eq!(end.is_some(), !failed);
}

fn open(bytes: &[u8]) -> Option<Source<'_>> {
    Source::open("export", Cursor::new(bytes), native_decoder).ok()
}

/// How many there are; none where not even the start can be read. A small
/// buffer gives the same.
fn entries(format: &'static dyn Format, bytes: &[u8], options: &Options) -> Option<usize> {
    let read = |buffer_bytes| {
        let reading = Reading { buffer_bytes, options: options.clone() };
        let mut reader = open(bytes)?.read(format, &reading);
        let entries: Vec<_> = reader.by_ref().collect();
        assert!(reader.next().is_none(), "entries behind the end");
        Some(entries)
    };
    let (large, small) = (read(1 << 16)?, read(13)?);
    let id = format.facts().id;
    for (large, small) in large.iter().zip(&small) {
        assert_eq!(small, large, "{id}: another buffer gives another entry");
    }
    assert_eq!(small.len(), large.len(), "{id}: another buffer gives other entries");
    Some(large.len() - usize::from(large.last().is_some_and(Result::is_err)))
}
