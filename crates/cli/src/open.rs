//! Files in, errors out.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use rehome_formats::{ErrorReport, Format, ReadError, Source, native_decoder};

/// Opens a file, and looks at nothing of it.
///
/// # Errors
/// Where it is not there or may not be read.
pub(crate) fn file(path: &Path) -> Result<File, ReadError> {
    File::open(path).map_err(|error| cannot_open(&error.to_string()))
}

/// The error of a file that cannot be opened.
pub(crate) fn cannot_open(why: &str) -> ReadError {
    ReadError {
        code: "read_failed",
        message: format!("The file cannot be opened: {why}."),
        file: 0,
        byte: 0,
        line: 1,
    }
}

/// Opens a file.
///
/// # Errors
/// Where it is not there, may not be read, or its first bytes cannot be inflated.
pub(crate) fn source(path: &Path) -> Result<Source<'static>, ReadError> {
    Source::open(&name(path), file(path)?, native_decoder)
}

/// Opens a file and finds its format.
///
/// # Errors
/// As [`source`], and where the file is of no known format.
pub(crate) fn recognised(path: &Path) -> Result<(&'static dyn Format, Source<'static>), ReadError> {
    let source = source(path)?;
    match source.detect_format() {
        Some(format) => Ok((format, source)),
        None => Err(source.unknown()),
    }
}

/// The file's name without its folder.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// What is wrong with a file, as it is printed.
pub(crate) fn in_file(path: &Path, error: &ReadError) -> ErrorReport {
    ErrorReport {
        code: error.code,
        message: error.message.clone(),
        file: name(path),
        byte: error.byte,
        line: error.line,
    }
}

/// Prints the error as one JSON object to standard error.
pub(crate) fn report(path: &Path, error: &ReadError) -> anyhow::Result<ExitCode> {
    print_error(&in_file(path, error))
}

/// Prints the error as one JSON object to standard error.
pub(crate) fn print_error(error: &ErrorReport) -> anyhow::Result<ExitCode> {
    eprintln!("{}", serde_json::to_string(error)?);
    Ok(ExitCode::FAILURE)
}
