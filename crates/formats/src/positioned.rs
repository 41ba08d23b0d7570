//! A buffered input that knows the byte and line it stands at, mends bytes
//! that are no UTF-8, and does not let one value run into the next record.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use crate::Position;
use crate::error::InputFault;
use crate::fences::{CDATA_END, Fences, Next, Records};

/// Bytes that one event of a parser may take: parsers hold a value whole, so
/// without this cap one value would be as large as the file.
pub(crate) const MAX_VALUE_BYTES: u64 = 8 * 1024 * 1024;

/// What stands in for bytes that are no UTF-8.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();
const REPLACEMENT_BYTES: i64 = 3;

/// How each `]]>` that is text is given.
const CDATA_END_BYTES: &[u8; CDATA_END.len_utf8()] = b"\xef\xbf\xbf";

/// The fault of a value that runs into the next record.
pub(crate) const RECORD_STARTED: &str = "record_started";

/// Counts what a parser consumes. Bytes that are only buffered do not count.
/// What was given never reaches past a fence.
pub(crate) struct Positioned<R> {
    input: R,
    buffer_bytes: usize,
    fences: Fences,
    /// Read and not decoded: an unfinished character at most, between two reads.
    raw: Vec<u8>,
    /// Decoded; `given` of it is consumed.
    text: Vec<u8>,
    given: usize,
    /// Decoded offset of `text[0]`.
    base: u64,
    input_ended: bool,
    /// What the replacements so far moved the file's own offsets by.
    shift: i64,
    line: u64,
    value_starts: u64,
    /// Decoded offset up to which fences were looked for.
    scanned: u64,
    /// Decoded offset of the next fence, and how many elements are open around it.
    fence: Option<(u64, usize)>,
    /// Replacements not consumed yet: decoded offset, bytes in the file.
    mended: VecDeque<(u64, usize)>,
    invalid: Option<Invalid>,
    /// Decoded offsets of each `]]>` written as [`CDATA_END`] and not consumed yet.
    inner_ends: VecDeque<u64>,
}

/// Bytes that are no UTF-8, since it was last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// Of the first.
    pub(crate) at: Position,
    /// Sequences, each replaced by one U+FFFD.
    pub(crate) count: u64,
}

impl<R: Read> Positioned<R> {
    /// `buffer_bytes` is how much is asked of `input` at once; `records` are
    /// the elements that no value runs into.
    pub(crate) fn new(input: R, buffer_bytes: usize, records: Records) -> Self {
        Self {
            input,
            buffer_bytes,
            fences: Fences::new(records),
            raw: Vec::new(),
            text: Vec::new(),
            given: 0,
            base: 0,
            input_ended: false,
            shift: 0,
            line: 1,
            value_starts: 0,
            scanned: 0,
            fence: None,
            mended: VecDeque::new(),
            invalid: None,
            inner_ends: VecDeque::new(),
        }
    }

    /// The same, where `input` is the rest of a file from there.
    pub(crate) fn from(self, at: Position) -> Self {
        Self { base: at.byte, scanned: at.byte, line: at.line, ..self }
    }

    /// Offset of the next byte in the file, from 0.
    pub(crate) fn byte(&self) -> u64 {
        self.decoded().saturating_add_signed(self.shift)
    }

    /// Line of the next byte, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// A new value starts here: the cap counts from this byte, and a fence
    /// that stands here is passed. True where one does.
    pub(crate) fn start_value(&mut self) -> bool {
        self.value_starts = self.decoded();
        self.pass_fence()
    }

    /// Nothing is left to read.
    pub(crate) fn at_end(&mut self) -> bool {
        self.given == self.text.len() && self.refill().is_ok_and(|more| !more)
    }

    /// What was mended since the last call.
    pub(crate) fn take_invalid(&mut self) -> Option<Invalid> {
        self.invalid.take()
    }

    /// After [`RECORD_STARTED`]: back to the record's first byte.
    pub(crate) fn back_to_fence(&mut self) {
        if let Some((fence, _)) = self.fence
            && fence < self.decoded()
        {
            // Of what lies behind a fence, its `<` alone is ever given.
            self.given -= 1;
        }
    }

    /// The root's end tag is a fence too, from now on.
    pub(crate) fn set_root(&mut self, name: &str) {
        self.fences.set_root(name);
        self.fence = None;
        self.scanned = self.decoded();
    }

    /// The root ended. Where records nest, nothing behind it is a fence, and
    /// what was written there in looking ahead is as it was: how far that went
    /// must not decide what is read.
    pub(crate) fn end_root(&mut self) {
        for at in std::mem::take(&mut self.inner_ends) {
            if at >= self.decoded() {
                let at = self.index(at);
                self.text[at..at + CDATA_END_BYTES.len()].copy_from_slice(b"]]>");
            }
        }
        self.fences.end_root();
        self.fence = None;
        self.scanned = self.decoded();
    }

    /// Passes over everything up to the next fence, or to the end. Gives how
    /// many elements are open around it; at the end, that is the root.
    pub(crate) fn skip_to_fence(&mut self) -> io::Result<usize> {
        loop {
            self.value_starts = self.decoded();
            if self.given == self.text.len() && !self.refill()? {
                return Ok(1);
            }
            let limit = self.limit()?;
            if let Some((_, depth)) = self.fence {
                self.consume(limit - 1 - self.given);
                return Ok(depth);
            }
            self.consume(limit - self.given);
        }
    }

    fn decoded(&self) -> u64 {
        self.base + self.given as u64
    }

    fn pass_fence(&mut self) -> bool {
        let here = self.decoded();
        if self.scanned <= here {
            // What begins here was not looked at yet. A fault comes again when it is read.
            let _ = self.fill_buf();
        }
        let stands_here = self.fence.is_some_and(|(fence, _)| fence == here);
        if stands_here {
            self.fence = None;
            self.scanned = here + 1;
        }
        stands_here
    }

    /// Reads and decodes more; false at the end.
    fn refill(&mut self) -> io::Result<bool> {
        if self.input_ended {
            return Ok(false);
        }
        self.base += self.given as u64;
        self.text.drain(..self.given);
        self.given = 0;
        let before = self.text.len();
        while self.text.len() == before && !self.input_ended {
            let start = self.raw.len();
            self.raw.resize(start + self.buffer_bytes, 0);
            let read = loop {
                match self.input.read(&mut self.raw[start..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            };
            self.raw.truncate(start + *read.as_ref().unwrap_or(&0));
            self.input_ended = read? == 0;
            self.decode();
        }
        Ok(self.text.len() > before)
    }

    fn decode(&mut self) {
        let mut decoded = 0;
        for chunk in self.raw.utf8_chunks() {
            self.text.extend_from_slice(chunk.valid().as_bytes());
            let invalid = chunk.invalid();
            decoded += chunk.valid().len();
            if invalid.is_empty() {
                continue;
            }
            // Only what stands last may be a character whose rest comes with the next read.
            let is_last = decoded + invalid.len() == self.raw.len();
            let cut = || std::str::from_utf8(invalid).is_err_and(|e| e.error_len().is_none());
            if is_last && !self.input_ended && cut() {
                break;
            }
            decoded += invalid.len();
            self.mended.push_back((self.base + self.text.len() as u64, invalid.len()));
            self.text.extend_from_slice(REPLACEMENT);
        }
        self.raw.drain(..decoded);
    }

    /// How far of `text` may be given: to the byte behind a fence's `<`.
    fn limit(&mut self) -> io::Result<usize> {
        loop {
            if let Some((fence, _)) = self.fence {
                return Ok(self.index(fence) + 1);
            }
            let from = self.index(self.scanned.max(self.base));
            let next = self.fences.next(&self.text, from, self.input_ended);
            for at in self.fences.take_inner_ends() {
                self.text[at..at + CDATA_END_BYTES.len()].copy_from_slice(CDATA_END_BYTES);
                self.inner_ends.push_back(self.base + at as u64);
            }
            match next {
                Next::Fence(at, depth) => {
                    self.scanned = self.base + at as u64;
                    self.fence = Some((self.scanned, depth));
                }
                Next::Nothing => {
                    self.scanned = self.base + self.text.len() as u64;
                    return Ok(self.text.len());
                }
                Next::Undecided(at) => {
                    self.scanned = self.base + at as u64;
                    // Give what stands before it, or read on.
                    if at > self.given {
                        return Ok(at);
                    }
                    self.refill()?;
                }
            }
        }
    }

    fn index(&self, decoded: u64) -> usize {
        usize::try_from(decoded - self.base).expect("an offset inside of the buffer")
    }

    /// Consumes up to the last replacement within `amount`, and notes them all.
    /// Gives what is left to consume.
    fn consume_mended(&mut self, mut amount: usize) -> usize {
        while let Some(&(at, in_file)) = self.mended.front() {
            let Some(before) = usize::try_from(at - self.decoded()).ok().filter(|b| *b < amount)
            else {
                break;
            };
            self.pass(before);
            amount -= before;
            self.mended.pop_front();
            let position = Position { byte: self.byte(), line: self.line, ..Position::default() };
            let invalid = self.invalid.get_or_insert(Invalid { at: position, count: 0 });
            invalid.count += 1;
            self.shift += i64::try_from(in_file).unwrap_or(0) - REPLACEMENT_BYTES;
        }
        amount
    }

    fn pass(&mut self, amount: usize) {
        let passed = &self.text[self.given..self.given + amount];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.given += amount;
        let here = self.decoded();
        while self.inner_ends.pop_front_if(|at| *at < here).is_some() {}
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
        // To the byte, or it would depend on how much is read at once.
        let left = (self.value_starts + MAX_VALUE_BYTES).saturating_sub(self.decoded());
        let Some(left) = usize::try_from(left).ok().filter(|left| *left > 0) else {
            return Err(InputFault("value_too_long").into());
        };
        if self.given == self.text.len() {
            self.refill()?;
        }
        let limit = self.limit()?;
        if self.fence.is_some() && self.given >= limit {
            return Err(InputFault(RECORD_STARTED).into());
        }
        Ok(&self.text[self.given..limit.min(self.given.saturating_add(left))])
    }

    fn consume(&mut self, amount: usize) {
        let rest = self.consume_mended(amount);
        self.pass(rest);
    }
}
