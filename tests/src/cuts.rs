//! A file cut anywhere is an error that names the line and the byte, and never
//! ends its lines as a whole file does.

use rehome_formats::ReadError;
use rehome_record::{Complete, Line};

use crate::fixtures::{self, lines, preview};
use crate::readers::gzip;

/// Checks one cut of a file.
pub(crate) fn check_cut(name: &str, whole: &[u8], length: usize) {
    let cut = &whole[..length];
    let error = match preview(name, cut) {
        Err(error) => error,
        // A format without an end may be cut between two records.
        Ok((preview, _)) if preview.summary.complete == Complete::Unknown => return,
        Ok((preview, _)) => {
            assert_eq!(preview.summary.complete, Complete::No, "{name} at {length}");
            let error = preview.error.unwrap_or_else(|| panic!("{name} cut at {length} passes"));
            ReadError {
                code: error.code,
                message: error.message,
                file: 0,
                byte: error.byte,
                line: error.line,
                version: error.version,
            }
        }
    };
    let byte = usize::try_from(error.byte).unwrap();
    assert!(byte <= length, "{name} at {length}: {error:?}");
    let line = cut[..byte].split(|byte| *byte == b'\n').count() as u64;
    assert_eq!(error.line, line, "{name} at {length}: {error:?}");
    if let Ok((lines, error)) = lines(name, cut) {
        assert!(error.is_some(), "{name} at {length}");
        assert!(!lines.iter().any(|line| matches!(line, Line::End(_))), "{name} at {length}");
    }
}

/// Bytes up to the last one of the root element. Behind that of a feed,
/// something may stand that does not belong to it.
pub(crate) fn root_end(bytes: &[u8]) -> usize {
    const FEED_END: &[u8] = b"</rss>";
    let end = bytes.windows(FEED_END.len()).rposition(|tag| tag == FEED_END);
    bytes[..end.map_or(bytes.len(), |at| at + FEED_END.len())].trim_ascii_end().len()
}

#[test]
fn every_prefix_of_every_fixture_is_an_error() {
    for fixture in fixtures::all() {
        for length in 0..root_end(&fixture.bytes) {
            check_cut(&fixture.name, &fixture.bytes, length);
        }
        assert!(
            lines(&fixture.name, &fixture.bytes[..root_end(&fixture.bytes)]).unwrap().1.is_none()
        );
    }
}

#[test]
fn every_prefix_of_a_gzip_file_is_an_error() {
    for fixture in fixtures::all() {
        let gzip = gzip(&fixture.bytes);
        for length in 0..gzip.len() {
            let error = match preview(&fixture.name, &gzip[..length]) {
                Err(_) => continue,
                Ok((preview, _)) => preview.error,
            };
            let error = error.unwrap_or_else(|| panic!("{} cut at {length} passes", fixture.name));
            assert!(matches!(error.code, "gzip_cut" | "file_cut"), "{error:?}");
        }
    }
}
