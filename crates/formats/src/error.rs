//! Why a file cannot be read, or not to its end.

use std::fmt;

use crate::Position;

/// What ended the reading of a file, and where. Never holds the file's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// Stable word, e.g. `file_cut`.
    pub code: &'static str,
    /// One sentence or two: what is wrong and what to do. Without the place.
    pub message: String,
    /// Number of the file in the export, from 0.
    pub file: u32,
    /// Offset in the inflated text, from 0; of text that is not UTF-8, in what
    /// it is as UTF-8.
    pub byte: u64,
    /// Line of that byte, from 1.
    pub line: u64,
    /// The number of the file's version, where no reader knows it.
    pub version: Option<i64>,
}

impl ReadError {
    /// The file stops before its end.
    pub(crate) fn cut(byte: u64, line: u64, inside: &str) -> Self {
        let message = format!(
            "The file stops before its end, {inside}. Download the export again, or ask the old system for a new one."
        );
        Self { message, ..Self::new("file_cut", byte, line) }
    }

    /// The file says that it is of a version that no reader knows.
    pub(crate) fn version_unknown(at: Position, version: Option<i64>) -> Self {
        let named =
            version.map_or("another version".to_owned(), |number| format!("version {number}"));
        let message = format!(
            "The file is {named} of this kind of export, which Rehome cannot read. Look for a newer Rehome, or export with another version of the old system."
        );
        Self { message, version, ..Self::new("version_unknown", at.byte, at.line) }
    }

    /// An error that is told by its code.
    pub(crate) fn new(code: &'static str, byte: u64, line: u64) -> Self {
        Self { code, message: sentence(code).to_owned(), file: 0, byte, line, version: None }
    }
}

fn sentence(code: &str) -> &'static str {
    match code {
        "encoding_unsupported" => {
            "The file is in an encoding that cannot be read here. Save it as UTF-8, or take the file as the old system made it."
        }
        "files_too_many" => "These are more files than one export has. Choose fewer.",
        "format_unknown" => {
            "This is none of the exports that Rehome can read. Choose the file that the old system gave you, as it is."
        }
        "gzip_cut" => "The compressed file stops before its end. Download it again.",
        "gzip_damaged" => "The compressed file is damaged. Download it again.",
        "inflates_too_large" => {
            "The compressed file inflates to more than any export would. It is not read further."
        }
        "header_broken" => {
            "The first line, which says what the lines are, cannot be read. Take the file as it was made."
        }
        "headers_differ" => {
            "These files come from different exports. Import them one after the other."
        }
        "invalid_utf8" => {
            "The file holds bytes that are not text (UTF-8). Take the file as the old system made it."
        }
        "json_broken" => {
            "The file is broken here: it is not JSON. Take the file as the old system made it."
        }
        "lines_missing" => {
            "The last line counts other records than the file holds: some were lost or added on the way. Make the file again."
        }
        "nested_too_deep" => {
            "The file nests more elements than any export would. It is not read further."
        }
        "source_incomplete" => {
            "These lines were made from an export that stops before its end. Make them from the whole export."
        }
        "schema_unknown" => {
            "The lines are written in a version that is not known here. Update Rehome, or make the file with this version of it."
        }
        "value_too_long" => "One value of the file is longer than 8 MiB. It is not read further.",
        "xml_broken" => {
            "The file is broken here: its tags do not fit together. Take the file as the old system made it."
        }
        "zip_damaged" => "The zip archive is damaged, or stops before its end. Download it again.",
        "zip_empty" => "There is no file in this zip archive. Choose the export itself.",
        "zip_encrypted" => {
            "The zip archive has a password. Unpack it and choose the export inside."
        }
        "zip_too_many" => {
            "This zip archive holds more files than an export has. Unpack it and choose the export inside."
        }
        "zip_unsupported" => {
            "The zip archive is packed in an unusual way. Unpack it and choose the export inside."
        }
        _ => "The file could not be read. Choose it again.",
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, byte {})", self.message, self.line, self.byte)
    }
}

impl std::error::Error for ReadError {}

/// An error that an input adapter passes up through [`std::io::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InputFault(pub(crate) &'static str);

impl fmt::Display for InputFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(sentence(self.0))
    }
}

impl std::error::Error for InputFault {}

impl From<InputFault> for std::io::Error {
    fn from(fault: InputFault) -> Self {
        Self::other(fault)
    }
}

/// The code of an input's error: our own fault inside, or the reader's.
pub(crate) fn io_code(error: &std::io::Error) -> &'static str {
    error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<InputFault>())
        .map_or("read_failed", |fault| fault.0)
}
