//! What the fuzz targets share: the checks that the tests hold damaged
//! fixtures against.

#[path = "../../tests/src/checks.rs"]
mod checks;

/// Reads bytes as the format of that id.
///
/// # Panics
/// Where something is not as it must be: that is a finding.
pub fn read(format: &str, bytes: &[u8]) {
    let format = rehome_formats::format_by_id(format).expect("a target has a format's name");
    checks::check(format, bytes);
}
