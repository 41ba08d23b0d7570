//! JSON read in pieces: the structure by walking it, each record whole by `serde_json`.
//!
//! A file is never held: a record at most is, and that is capped. Arrays and
//! keys may come in any order; what nobody asked for is passed over.

mod walk;

use std::io::{BufRead, Read};

use serde::de::DeserializeOwned;
use serde_json::Value;

use self::walk::{Ends, Walk, WalkStep};
use crate::error::io_code;
use crate::fences::Records;
use crate::lines::{fill, take_invalid};
use crate::positioned::{MAX_VALUE_BYTES, Positioned};
use crate::{Issue, Position, ReadError, RecordKind};

/// Objects and arrays inside of each other; as deep as `serde_json` goes. What
/// is deeper is no value, and is passed over like any other.
pub(crate) const MAX_DEPTH: usize = 127;

/// A JSON text, walked from its start to its end.
pub(crate) struct Json<'a> {
    input: Positioned<Box<dyn Read + 'a>>,
    /// The containers around the next value, outermost first.
    open: Vec<Container>,
    raw: Vec<u8>,
    /// The comma between two objects of an array may be missing.
    lacks_commas: bool,
}

/// A container whose inside is being walked.
struct Container {
    is_object: bool,
    is_empty: bool,
    at: Position,
}

/// A value that is JSON, and not what it should be. Its content is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongShape {
    /// Of what is wrong in it.
    pub(crate) at: Position,
}

/// [`MAX_VALUE_BYTES`], of what is kept in memory.
#[expect(clippy::cast_possible_truncation, reason = "it fits into 32 bits")]
const CAP: usize = MAX_VALUE_BYTES as usize;

type Walked<T> = Result<T, ReadError>;

impl<'a> Json<'a> {
    /// `buffer_bytes` is how much is asked of `input` at once.
    pub(crate) fn new(input: Box<dyn Read + 'a>, buffer_bytes: usize) -> Self {
        let input = Positioned::new(input, buffer_bytes, Records::InRoot(&[]));
        Self { input, open: Vec::new(), raw: Vec::new(), lacks_commas: false }
    }

    /// The same, where the text begins there in its file.
    pub(crate) fn from(self, at: Position) -> Self {
        Self { input: self.input.from(at), ..self }
    }

    /// The same, where two objects of an array that is walked may follow each
    /// other without a comma. Whoever reads such a file tells of it.
    pub(crate) fn without_commas(self) -> Self {
        Self { lacks_commas: true, ..self }
    }

    /// Where the next value, or whatever else stands there, begins.
    pub(crate) fn at(&mut self) -> Walked<Position> {
        self.peek()?;
        Ok(self.here())
    }

    /// The first byte of what comes next; none at the end of the file.
    pub(crate) fn peek(&mut self) -> Walked<Option<u8>> {
        self.input.start_value();
        loop {
            let text = fill(&mut self.input)?;
            let Some(found) = text.iter().position(|byte| !is_space(*byte)) else {
                let length = text.len();
                if length == 0 {
                    return Ok(None);
                }
                self.input.consume(length);
                self.input.start_value();
                continue;
            };
            let byte = text[found];
            self.input.consume(found);
            // A byte order mark is no white space to JSON, and stands in files all the same.
            if byte == 0xef && self.open.is_empty() && self.pass_mark()? {
                continue;
            }
            return Ok(Some(byte));
        }
    }

    /// Whether the next value is an object.
    pub(crate) fn is_object(&mut self) -> Walked<bool> {
        Ok(self.peek()? == Some(b'{'))
    }

    /// Whether the next value is an array.
    pub(crate) fn is_array(&mut self) -> Walked<bool> {
        Ok(self.peek()? == Some(b'['))
    }

    /// Enters the object or array that comes next.
    ///
    /// # Errors
    /// Where something else comes next.
    pub(crate) fn enter(&mut self) -> Walked<()> {
        let next = self.peek()?;
        let at = self.here();
        match next {
            Some(byte @ (b'{' | b'[')) if self.open.len() < MAX_DEPTH => {
                self.input.consume(1);
                self.open.push(Container { is_object: byte == b'{', is_empty: true, at });
                Ok(())
            }
            Some(b'{' | b'[') => Err(self.error("nested_too_deep")),
            Some(_) => Err(self.error("json_broken")),
            None => Err(self.cut()),
        }
    }

    /// The next key of the object that is walked; none behind its last, and
    /// then the object is left.
    pub(crate) fn next_key(&mut self) -> Walked<Option<String>> {
        if !self.next_part(b'}')? {
            return Ok(None);
        }
        if self.peek()? != Some(b'"') {
            return Err(self.unexpected());
        }
        let at = self.here();
        self.capture(None)?;
        let key = serde_json::from_slice(&self.raw).map_err(|error| self.broken(at, &error))?;
        match self.peek()? {
            Some(b':') => self.input.consume(1),
            _ => return Err(self.unexpected()),
        }
        Ok(Some(key))
    }

    /// Whether the array that is walked has another element; where not, it is left.
    pub(crate) fn next_element(&mut self) -> Walked<bool> {
        self.next_part(b']')
    }

    /// Reads the next value. A value of another shape is told, and passed over.
    ///
    /// # Errors
    /// Where the value is no JSON, or the file ends in it.
    pub(crate) fn value<T: DeserializeOwned>(&mut self) -> Walked<Result<T, WrongShape>> {
        let at = self.at()?;
        let is_too_deep = self.capture(None)? > MAX_DEPTH;
        match serde_json::from_slice(&self.raw) {
            Ok(value) => Ok(Ok(value)),
            Err(_) if is_too_deep => Err(ReadError::new("nested_too_deep", at.byte, at.line)),
            Err(error) if error.is_data() => Ok(Err(WrongShape { at: self.place(at, &error) })),
            // Nothing but the end of the file ended this number or word.
            Err(_)
                if !self.raw.starts_with(b"{")
                    && !self.raw.starts_with(b"[")
                    && self.input.at_end() =>
            {
                Err(self.cut())
            }
            Err(error) => Err(self.broken(at, &error)),
        }
    }

    /// The next value's own text.
    pub(crate) fn text(&mut self) -> Walked<&[u8]> {
        self.peek()?;
        self.capture(None)?;
        Ok(&self.raw)
    }

    /// The next value's own text, with null for each object and array in the
    /// object that is its member of that name. What they hold counts for
    /// nothing, neither in length nor in depth.
    pub(crate) fn text_without(&mut self, thinned: &'static str) -> Walked<&[u8]> {
        self.peek()?;
        self.capture(Some(thinned))?;
        Ok(&self.raw)
    }

    /// The next value; none where it is an object that is broken between its brackets.
    ///
    /// # Errors
    /// As [`Self::value`], but for an object, whose brackets tell its end.
    pub(crate) fn record(&mut self) -> Walked<Option<Value>> {
        if self.is_object()? {
            return Ok(serde_json::from_slice(self.text()?).ok());
        }
        Ok(self.value()?.ok())
    }

    /// Passes over the next value, whatever its size.
    pub(crate) fn skip(&mut self) -> Walked<()> {
        self.peek()?;
        self.walk(false, None).map(|_| ())
    }

    /// Whether another text follows behind the one that was read; white space is none.
    pub(crate) fn next_document(&mut self) -> Walked<bool> {
        Ok(self.peek()?.is_some())
    }

    /// Passes over one byte that does not belong where it stands.
    pub(crate) fn pass_byte(&mut self) {
        self.input.consume(1);
    }

    /// What was mended since the last call, as an issue of a record.
    pub(crate) fn take_invalid(
        &mut self,
        of: RecordKind,
        source_id: Option<&str>,
    ) -> Option<Issue> {
        take_invalid(&mut self.input, of, source_id)
    }

    /// The error of a file that breaks right here.
    pub(crate) fn error(&self, code: &'static str) -> ReadError {
        ReadError::new(code, self.input.byte(), self.input.line())
    }

    fn here(&self) -> Position {
        Position { byte: self.input.byte(), line: self.input.line(), ..Position::default() }
    }

    /// Whether the container goes on, with the comma between its parts passed.
    fn next_part(&mut self, close: u8) -> Walked<bool> {
        let next = self.peek()?;
        let is_open = self.open.last().is_some_and(|open| open.is_object == (close == b'}'));
        debug_assert!(is_open, "walks what it has entered");
        let is_first = self.open.last().is_none_or(|open| open.is_empty);
        match next {
            Some(byte) if byte == close => {
                self.input.consume(1);
                self.open.pop();
                return Ok(false);
            }
            Some(b',') if !is_first => {
                self.input.consume(1);
                // A comma announces a part.
                if matches!(self.peek()?, Some(b'}' | b']' | b',') | None) {
                    return Err(self.unexpected());
                }
            }
            Some(_) if is_first => {}
            Some(b'{') if self.lacks_commas && close == b']' => {}
            _ => return Err(self.unexpected()),
        }
        if let Some(open) = self.open.last_mut() {
            open.is_empty = false;
        }
        Ok(true)
    }

    /// Takes the next value's bytes. Gives how deep it is.
    fn capture(&mut self, thinned: Option<&'static str>) -> Walked<usize> {
        self.raw.clear();
        self.walk(true, thinned)
    }

    /// Walks over the value that begins here: a scalar, or all up to the
    /// bracket that closes it. What stands between is checked by whoever reads it.
    fn walk(&mut self, captures: bool, thinned: Option<&'static str>) -> Walked<usize> {
        let mut state = Walk::new(thinned);
        loop {
            let text = match self.input.fill_buf() {
                Ok(text) => text,
                Err(error) => {
                    let code = io_code(&error);
                    return Err(self.error(code));
                }
            };
            if text.is_empty() {
                return if state.is_scalar() { Ok(state.deepest) } else { Err(self.cut()) };
            }
            let keeps = captures && !state.passes_over;
            let mut step = state.over(text);
            // The input's own cap begins anew behind what is passed over.
            let left = CAP.saturating_sub(self.raw.len());
            if keeps && step.bytes > left {
                step = WalkStep { bytes: left, ends: Ends::TooLong };
            }
            if keeps {
                self.raw.extend_from_slice(&text[..step.bytes]);
            }
            self.input.consume(step.bytes);
            if !keeps {
                self.input.start_value();
            }
            match step.ends {
                Ends::No => {}
                Ends::Thinned => self.raw.extend_from_slice(b"null"),
                Ends::Here => return Ok(state.deepest),
                Ends::TooLong => return Err(self.error("value_too_long")),
                Ends::Unexpected => return Err(self.unexpected()),
            }
        }
    }

    fn pass_mark(&mut self) -> Walked<bool> {
        // The input has decoded a whole character by the time it gives its first byte.
        let is_mark = fill(&mut self.input)?.starts_with(b"\xef\xbb\xbf");
        if is_mark {
            self.input.consume(3);
        }
        Ok(is_mark)
    }

    fn unexpected(&mut self) -> ReadError {
        if self.input.at_end() { self.cut() } else { self.error("json_broken") }
    }

    fn cut(&self) -> ReadError {
        let inside = self.open.last().map_or_else(
            || "before its first value is whole".to_owned(),
            |open| format!("inside of something that starts on line {}", open.at.line),
        );
        ReadError::cut(self.input.byte(), self.input.line(), &inside)
    }

    fn broken(&self, start: Position, error: &serde_json::Error) -> ReadError {
        let at = self.place(start, error);
        ReadError::new("json_broken", at.byte, at.line)
    }

    /// Where in the file an error in the captured value is.
    fn place(&self, start: Position, error: &serde_json::Error) -> Position {
        let lines_before = error.line().saturating_sub(1);
        let line_start = memchr::memchr_iter(b'\n', &self.raw)
            .take(lines_before)
            .last()
            .map_or(0, |feed| feed + 1);
        let byte = (line_start + error.column().saturating_sub(1)).min(self.raw.len());
        // What was mended is longer here than in the file, whose places these are.
        let byte = (start.byte + byte as u64).min(self.input.byte());
        Position { byte, line: start.line + lines_before as u64, ..start }
    }
}

/// Whether a key of that name stands in the first bytes of a file, be they cut
/// in the middle. In a text, its quotes would be escaped.
pub(crate) fn has_key(head: &[u8], name: &str) -> bool {
    let key = format!("\"{name}\"");
    let mut rest = head;
    while let Some(found) = memchr::memmem::find(rest, key.as_bytes()) {
        rest = &rest[found + key.len()..];
        if rest.trim_ascii_start().starts_with(b":") {
            return true;
        }
    }
    false
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests;
