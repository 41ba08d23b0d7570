//! The threads of Muut's older form, kept apart: each begins on a line of its
//! own. So damage in one does not reach the next, whatever it does to quotes
//! and brackets.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::Position;
use crate::error::io_code;

/// Members of which one comes first in a thread.
const FIRST: [&[u8]; 3] = [b"\"path\"", b"\"seed\"", b"\"replies\""];

/// How much of a line's start is looked at.
const MAX_START_BYTES: usize = 1024;

/// Gives the text up to the next thread, and ends there until it is told to go on.
#[derive(Clone)]
pub(super) struct Gate<'a>(Rc<RefCell<Threads<'a>>>);

struct Threads<'a> {
    input: Box<dyn Read + 'a>,
    buffer_bytes: usize,
    /// Read; `given` of it is given.
    text: Vec<u8>,
    given: usize,
    has_ended: bool,
    /// Of the next byte that is given.
    at: Position,
    /// What the next byte is.
    next: Next,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The start of a line: of a thread, perhaps.
    Line,
    /// The start of a thread that was not entered.
    Thread,
    /// Something else.
    Inside,
}

impl<'a> Gate<'a> {
    /// Stands before the first thread, as if it had been entered.
    pub(super) fn new(input: Box<dyn Read + 'a>, buffer_bytes: usize) -> Self {
        Self(Rc::new(RefCell::new(Threads {
            input,
            buffer_bytes: buffer_bytes.max(1),
            text: Vec::new(),
            given: 0,
            has_ended: false,
            at: Position { line: 1, ..Position::default() },
            next: Next::Inside,
        })))
    }

    /// Passes over what is left of a thread, and enters the next. Gives where
    /// that begins; none at the end of the file.
    ///
    /// # Errors
    /// The code of what does not let the file be read.
    pub(super) fn next_thread(&self) -> Result<Option<Position>, &'static str> {
        let mut text = self.0.borrow_mut();
        while text.next != Next::Thread {
            let length = text.available().map_err(|error| io_code(&error))?.len();
            if length == 0 && text.next != Next::Thread {
                return Ok(None);
            }
            text.give(length);
        }
        text.next = Next::Inside;
        Ok(Some(text.at))
    }
}

impl Threads<'_> {
    /// What may be given: to the end of a line at most. Empty before a thread.
    fn available(&mut self) -> io::Result<&[u8]> {
        if self.next == Next::Line {
            let is_thread = loop {
                match starts_thread(&self.text[self.given..], self.has_ended) {
                    Some(is_thread) => break is_thread,
                    None => self.read_on()?,
                }
            };
            self.next = if is_thread { Next::Thread } else { Next::Inside };
        }
        if self.next == Next::Thread {
            return Ok(&[]);
        }
        if self.given == self.text.len() && !self.has_ended {
            self.read_on()?;
        }
        let text = &self.text[self.given..];
        let feed = memchr::memchr(b'\n', text);
        Ok(&text[..feed.map_or(text.len(), |feed| feed + 1)])
    }

    fn give(&mut self, length: usize) {
        let given = &self.text[self.given..self.given + length];
        if given.ends_with(b"\n") {
            self.next = Next::Line;
            self.at.line += 1;
        }
        self.at.byte += length as u64;
        self.given += length;
    }

    fn read_on(&mut self) -> io::Result<()> {
        self.text.drain(..self.given);
        self.given = 0;
        let before = self.text.len();
        self.text.resize(before + self.buffer_bytes, 0);
        let read = self.input.read(&mut self.text[before..]);
        self.text.truncate(before + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(read) => self.has_ended = read == 0,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl Read for Gate<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut text = self.0.borrow_mut();
        let available = text.available()?;
        let length = available.len().min(into.len());
        into[..length].copy_from_slice(&available[..length]);
        text.give(length);
        Ok(length)
    }
}

/// Whether a thread begins with these bytes of a line; none where more of them
/// are needed to tell.
pub(super) fn starts_thread(text: &[u8], is_all: bool) -> Option<bool> {
    let text = &text[..text.len().min(MAX_START_BYTES)];
    let is_all = is_all || text.len() == MAX_START_BYTES;
    let undecided = is_all.then_some(false);
    let is_indent = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
    let indent = text.iter().take_while(|byte| is_indent(byte)).count();
    let Some((first, inside)) = text[indent..].split_first() else { return undecided };
    if *first != b'{' {
        return Some(false);
    }
    let inside = inside.trim_ascii_start();
    for name in FIRST {
        if let Some(behind) = inside.strip_prefix(name) {
            return match behind.trim_ascii_start().first() {
                Some(next) => Some(*next == b':'),
                None => undecided,
            };
        }
        if name.starts_with(inside) {
            return undecided;
        }
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_is_given_by_itself() {
        let file = b" {\"path\": 1}\n{\"x\":\n{ \"seed\"\n:2}  \n\n\t{\n\"replies\":3}{\"path\":4}\n{\"pat";
        let expected = [
            ((0, 1), " {\"path\": 1}\n{\"x\":\n"),
            ((19, 3), "{ \"seed\"\n:2}  \n\n"),
            ((35, 6), "\t{\n\"replies\":3}{\"path\":4}\n{\"pat"),
        ];
        for buffer_bytes in [1, 3, 4096] {
            let mut gate = Gate::new(Box::new(&file[..]), buffer_bytes);
            let mut at = Some(Position { line: 1, ..Position::default() });
            let mut found = Vec::new();
            while let Some(Position { byte, line, .. }) = at {
                let mut thread = String::new();
                gate.read_to_string(&mut thread).unwrap();
                found.push(((byte, line), thread));
                at = gate.next_thread().unwrap();
            }
            let found: Vec<_> = found.iter().map(|(at, thread)| (*at, thread.as_str())).collect();
            assert_eq!(found, expected);
            // What was not read of a thread is passed over.
            let mut gate = Gate::new(Box::new(&file[..]), buffer_bytes);
            gate.read_exact(&mut [0; 2]).unwrap();
            assert_eq!(gate.next_thread().unwrap().map(|at| at.byte), Some(19));
            assert_eq!(gate.next_thread().unwrap().map(|at| at.byte), Some(35));
            assert_eq!(gate.next_thread(), Ok(None));
        }
    }
}
