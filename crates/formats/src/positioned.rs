//! A buffered input that knows the byte and line it stands at.

use std::io::{self, BufRead, BufReader, Read};

use crate::error::InputFault;

/// Bytes that one event of a parser may take: parsers hold a value whole, so
/// without this cap one value would be as large as the file.
pub(crate) const MAX_VALUE_BYTES: u64 = 8 * 1024 * 1024;

/// Counts what a parser consumes. Bytes that are only buffered do not count.
pub(crate) struct Positioned<R> {
    input: BufReader<R>,
    byte: u64,
    line: u64,
    value_starts: u64,
}

impl<R: Read> Positioned<R> {
    /// `buffer_bytes` is how much is asked of `input` at once.
    pub(crate) fn new(input: R, buffer_bytes: usize) -> Self {
        let input = BufReader::with_capacity(buffer_bytes, input);
        Self { input, byte: 0, line: 1, value_starts: 0 }
    }

    /// Offset of the next byte, from 0.
    pub(crate) fn byte(&self) -> u64 {
        self.byte
    }

    /// Line of the next byte, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// A new value starts here: the cap counts from this byte.
    pub(crate) fn start_value(&mut self) {
        self.value_starts = self.byte;
    }

    /// Nothing is left to read.
    pub(crate) fn at_end(&mut self) -> bool {
        self.input.fill_buf().is_ok_and(<[u8]>::is_empty)
    }
}

impl<R: Read> Read for Positioned<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(into.len());
        into[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: Read> BufRead for Positioned<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.byte - self.value_starts > MAX_VALUE_BYTES {
            return Err(InputFault("value_too_long").into());
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        let consumed = &self.input.buffer()[..amount];
        self.line += memchr::memchr_iter(b'\n', consumed).count() as u64;
        self.byte += amount as u64;
        self.input.consume(amount);
    }
}
