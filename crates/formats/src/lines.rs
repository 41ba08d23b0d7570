//! Text read line by line, each line whole and with its place.

use std::io::{BufRead, Read};

use crate::error::io_code;
use crate::fences::Records;
use crate::positioned::{MAX_VALUE_BYTES, Positioned};
use crate::{Issue, Position, ReadError, RecordKind};

/// The lines of a text. Empty ones are passed over.
pub(crate) struct Lines<'a> {
    input: Positioned<Box<dyn Read + 'a>>,
    line: Vec<u8>,
    is_first: bool,
}

/// Where a line starts, and how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinePlace {
    pub(crate) at: Position,
    /// A line feed ends it, not the file.
    pub(crate) is_ended: bool,
    /// It is longer than a value may be, and was not kept.
    pub(crate) is_too_long: bool,
}

impl<'a> Lines<'a> {
    /// `buffer_bytes` is how much is asked of `input` at once.
    pub(crate) fn new(input: Box<dyn Read + 'a>, buffer_bytes: usize) -> Self {
        let input = Positioned::new(input, buffer_bytes, Records::InRoot(&[]));
        Self { input, line: Vec::new(), is_first: true }
    }

    /// Goes to the next line; none at the end of the file.
    pub(crate) fn next_line(&mut self) -> Result<Option<LinePlace>, ReadError> {
        if std::mem::take(&mut self.is_first) {
            pass_mark(&mut self.input)?;
        }
        loop {
            let at = here(&self.input);
            let Some(place) = self.take_line(at)? else { return Ok(None) };
            if place.is_too_long || !self.line.trim_ascii().is_empty() {
                return Ok(Some(place));
            }
        }
    }

    /// The line, without white space around it.
    pub(crate) fn text(&self) -> &[u8] {
        self.line.trim_ascii()
    }

    /// The error of a file that stops in its last line.
    pub(crate) fn cut(&self) -> ReadError {
        cut(&self.input, "inside of its last line")
    }

    /// What was mended in the line, as an issue of its record.
    pub(crate) fn take_invalid(
        &mut self,
        of: RecordKind,
        source_id: Option<&str>,
    ) -> Option<Issue> {
        take_invalid(&mut self.input, of, source_id)
    }

    fn take_line(&mut self, at: Position) -> Result<Option<LinePlace>, ReadError> {
        self.line.clear();
        let mut place = LinePlace { at, is_ended: false, is_too_long: false };
        let mut is_empty = true;
        while !place.is_ended {
            // The cap is on what is kept: a longer line is passed over in pieces.
            self.input.start_value();
            let text = fill(&mut self.input)?;
            if text.is_empty() {
                return Ok((!is_empty).then_some(place));
            }
            is_empty = false;
            let feed = memchr::memchr(b'\n', text);
            let part = &text[..feed.map_or(text.len(), |feed| feed + 1)];
            place.is_ended = feed.is_some();
            if (self.line.len() + part.len()) as u64 > MAX_VALUE_BYTES {
                place.is_too_long = true;
                self.line.clear();
            }
            if !place.is_too_long {
                self.line.extend_from_slice(part);
            }
            let length = part.len();
            self.input.consume(length);
        }
        Ok(Some(place))
    }
}

/// What comes next in the input; empty at its end.
pub(crate) fn fill<'i>(
    input: &'i mut Positioned<Box<dyn Read + '_>>,
) -> Result<&'i [u8], ReadError> {
    let place = here(input);
    input.fill_buf().map_err(|error| ReadError::new(io_code(&error), place.byte, place.line))
}

/// Where the input stands.
pub(crate) fn here(input: &Positioned<Box<dyn Read + '_>>) -> Position {
    Position { byte: input.byte(), line: input.line(), ..Position::default() }
}

/// What was mended since it was last asked, as an issue of a record.
pub(crate) fn take_invalid(
    input: &mut Positioned<Box<dyn Read + '_>>,
    of: RecordKind,
    source_id: Option<&str>,
) -> Option<Issue> {
    let invalid = input.take_invalid()?;
    let issue = Issue::warning("invalid_bytes", of, source_id.map(str::to_owned));
    Some(Issue { times: invalid.count, ..issue.at(invalid.at.byte, invalid.at.line) })
}

/// The error of a file that ends too early.
pub(crate) fn cut(input: &Positioned<Box<dyn Read + '_>>, inside: &str) -> ReadError {
    ReadError::cut(input.byte(), input.line(), inside)
}

/// Passes over a byte order mark. The input has decoded a whole character by
/// the time it gives its first byte.
pub(crate) fn pass_mark(input: &mut Positioned<Box<dyn Read + '_>>) -> Result<(), ReadError> {
    if fill(input)?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], buffer_bytes: usize) -> Vec<(u64, u64, bool, usize)> {
        let mut lines = Lines::new(Box::new(text), buffer_bytes);
        let mut found = Vec::new();
        while let Some(place) = lines.next_line().unwrap() {
            let length = lines.text().len();
            found.push((place.at.byte, place.at.line, place.is_ended, length));
        }
        found
    }

    #[test]
    fn lines_have_their_places_in_any_buffer() {
        for buffer_bytes in [1, 2, 7, 4096] {
            let found = read(b"\xef\xbb\xbf{a}\r\n\n \r\nlonger\n{b}", buffer_bytes);
            assert_eq!(found, [(3, 1, true, 3), (12, 4, true, 6), (19, 5, false, 3)]);
        }
        assert_eq!(read(b"", 16), []);
        assert_eq!(read(b"\n\n", 16), []);
    }

    #[test]
    fn a_line_without_an_end_to_it_is_passed_over() {
        let long = [&vec![b'x'; 9 << 20][..], b"\nshort\n"].concat();
        let mut lines = Lines::new(Box::new(&long[..]), 4096);
        assert!(lines.next_line().unwrap().unwrap().is_too_long);
        let place = lines.next_line().unwrap().unwrap();
        assert_eq!((place.at.line, place.is_too_long, lines.text()), (2, false, &b"short"[..]));
    }
}
