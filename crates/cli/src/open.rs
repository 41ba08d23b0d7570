//! Files in, errors out.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use rehome_formats::{ErrorReport, Format, ReadError, Source};

/// Opens a file.
///
/// # Errors
/// The outer one is about the disk, the inner one about what the file holds.
pub(crate) fn source(path: &Path) -> anyhow::Result<Result<Source<'static>, ReadError>> {
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    Ok(Source::open(&name(path), file))
}

/// Opens a file and finds its format.
///
/// # Errors
/// As [`source`]; a file of no known format is an inner error.
pub(crate) fn recognised(
    path: &Path,
) -> anyhow::Result<Result<(&'static dyn Format, Source<'static>), ReadError>> {
    Ok(source(path)?.and_then(|source| match source.detect_format() {
        Some(format) => Ok((format, source)),
        None => Err(source.unknown()),
    }))
}

/// The file's name without its folder.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Prints the error as one JSON object to standard error.
pub(crate) fn report(path: &Path, error: &ReadError) -> anyhow::Result<ExitCode> {
    print_error(&ErrorReport {
        code: error.code,
        message: error.message.clone(),
        file: name(path),
        byte: error.byte,
        line: error.line,
    })
}

/// Prints the error as one JSON object to standard error.
pub(crate) fn print_error(error: &ErrorReport) -> anyhow::Result<ExitCode> {
    eprintln!("{}", serde_json::to_string(error)?);
    Ok(ExitCode::FAILURE)
}
