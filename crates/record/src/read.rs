//! Lines in, with their numbers.

use std::fmt;
use std::io::{self, BufRead};

use crate::Line;
use crate::limits::MAX_LINE_BYTES;

/// One line and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadLine {
    /// From 1.
    pub number: u64,
    /// Byte offset of its first byte in the plain stream.
    pub byte: u64,
    /// The line, or what is wrong with it. The reader goes on after a bad one.
    pub line: Result<Line, LineError>,
}

/// What is wrong with one line. It never holds the line's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineError {
    /// Longer than [`MAX_LINE_BYTES`].
    TooLong,
    /// Not JSON; the column counts bytes from 1.
    NotJson {
        /// Where the JSON breaks.
        column: usize,
    },
    /// JSON, but not a record: a missing field, an unknown type or field, a value of a wrong kind.
    NotARecord {
        /// Byte column, from 1, at which that shows.
        column: usize,
        /// The missing, unknown or wrong part, in words.
        reason: String,
    },
}

impl LineError {
    /// Stable word for the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "line_too_long",
            Self::NotJson { .. } => "not_json",
            Self::NotARecord { .. } => "not_a_record",
        }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the line is longer than {MAX_LINE_BYTES} bytes"),
            Self::NotJson { column } => write!(f, "the line is not JSON (column {column})"),
            Self::NotARecord { column, reason } => {
                write!(f, "the line is not a record: {reason} (column {column})")
            }
        }
    }
}

impl std::error::Error for LineError {}

/// Reads one line, with or without its line feed.
pub fn parse_line(json: &[u8]) -> Result<Line, LineError> {
    if json.len() > MAX_LINE_BYTES {
        return Err(LineError::TooLong);
    }
    // A line feed would move the library's column to the next line.
    let json = json.trim_ascii_end();
    serde_json::from_slice(json).map_err(|error| {
        let column = error.column();
        match serde_json::from_slice::<serde::de::IgnoredAny>(json) {
            Ok(_) => LineError::NotARecord { column, reason: reason(&error) },
            Err(error) => LineError::NotJson { column: error.column() },
        }
    })
}

/// The library's words where they name fields and types alone. It quotes wrong
/// values ("invalid type: string \"…\""), which may be people's words.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let named = ["missing field", "unknown field", "unknown variant", "duplicate field"];
    if named.iter().any(|start| text.starts_with(start)) {
        let end = text.find(", expected").or_else(|| text.find(" at line")).unwrap_or(text.len());
        text[..end].chars().take(120).collect()
    } else {
        "a value of a wrong kind".to_owned()
    }
}

/// Reads a stream line by line, holding one line at a time.
#[derive(Debug)]
pub struct LineReader<R> {
    input: R,
    buffer: Vec<u8>,
    number: u64,
    byte: u64,
}

impl<R: BufRead> LineReader<R> {
    /// Reads from `input`, which is plain NDJSON.
    pub fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), number: 0, byte: 0 }
    }

    /// The next line; none at the end. Blank lines count but are passed over.
    ///
    /// # Errors
    /// Only those of the input. A broken line is a [`LineError`] inside.
    pub fn next_line(&mut self) -> io::Result<Option<ReadLine>> {
        loop {
            let byte = self.byte;
            let taken = self.fill()?;
            if taken == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.byte += taken;
            let line = if taken > MAX_LINE_BYTES as u64 {
                Err(LineError::TooLong)
            } else if self.buffer.trim_ascii().is_empty() {
                continue;
            } else {
                parse_line(&self.buffer)
            };
            return Ok(Some(ReadLine { number: self.number, byte, line }));
        }
    }

    /// Bytes of the last line as they stood, line feed included.
    #[must_use]
    pub fn last_bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// Takes one line into the buffer and returns its length. A line over the
    /// limit is counted whole, but not kept.
    fn fill(&mut self) -> io::Result<u64> {
        self.buffer.clear();
        let mut taken = 0;
        loop {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                return Ok(taken);
            }
            let (part, ended) = match available.iter().position(|&b| b == b'\n') {
                Some(at) => (&available[..=at], true),
                None => (available, false),
            };
            if self.buffer.len() + part.len() <= MAX_LINE_BYTES {
                self.buffer.extend_from_slice(part);
            }
            let length = part.len();
            self.input.consume(length);
            taken += length as u64;
            if ended {
                return Ok(taken);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u64, u64, Result<Line, LineError>)> {
        let mut reader = LineReader::new(io::BufReader::with_capacity(3, text.as_bytes()));
        let mut lines = Vec::new();
        while let Some(ReadLine { number, byte, line }) = reader.next_line().unwrap() {
            lines.push((number, byte, line));
        }
        lines
    }

    #[test]
    fn numbers_lines_and_goes_on_after_bad_ones() {
        let lines = read(concat!(
            "{\"type\":\"page\",\"source_id\":\"1\"}\n",
            "\n",
            "{\"type\":\"page\"\n",
            "{\"type\":\"page\"}\r\n",
            "{\"type\":\"page\",\"source_id\":\"2\"}",
        ));
        let places: Vec<_> = lines.iter().map(|(number, byte, _)| (*number, *byte)).collect();
        assert_eq!(places, [(1, 0), (3, 33), (4, 48), (5, 65)]);
        assert!(lines[0].2.is_ok() && lines[3].2.is_ok());
        assert_eq!(lines[1].2, Err(LineError::NotJson { column: 14 }));
        assert!(
            matches!(&lines[2].2, Err(LineError::NotARecord { reason, .. }) if reason == "missing field `source_id`")
        );
    }

    #[test]
    fn never_quotes_a_value() {
        let json = br#"{"type":"page","source_id":{"secret":"words"}}"#;
        let error = parse_line(json).unwrap_err().to_string();
        assert!(!error.contains("secret") && !error.contains("words"), "{error}");
        let json = br#"{"type":"page","source_id":"1","closed":"secret"}"#;
        let error = parse_line(json).unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over_whole() {
        let long = format!(
            "\"{}\"\n{{\"type\":\"page\",\"source_id\":\"1\"}}\n",
            "x".repeat(MAX_LINE_BYTES)
        );
        let lines = read(&long);
        assert_eq!(lines[0].2, Err(LineError::TooLong));
        assert_eq!(lines[1].0, 2);
        assert!(lines[1].2.is_ok());
    }
}
