//! Muut's damaged JSON, made into JSON again on its way to the parser.
//!
//! A bracket too many becomes a space or a comma, so that every byte keeps its
//! place. A missing comma is told here and passed over by the parser. Nothing
//! inside of a string is touched, and nothing that is missing at the end is
//! added: a cut file stays one.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use crate::json::MAX_DEPTH;
use crate::{Issue, Position, RecordKind};

/// White space behind a bracket that is held back until it is clear what the
/// bracket means.
const MAX_HELD: usize = 4096;

/// Repairs that wait to be told; more are only counted.
const MAX_TOLD: usize = 100_000;

/// What was repaired, shared between who repairs and who tells of it.
#[derive(Clone, Default)]
pub(super) struct Repairs(Rc<RefCell<Told>>);

#[derive(Default)]
struct Told {
    waiting: VecDeque<Issue>,
    /// The `(` around everything waits for its `)`.
    is_wrapped: bool,
}

impl Repairs {
    /// The next repair that stands before that byte.
    pub(super) fn next_before(&self, byte: u64) -> Option<Issue> {
        let mut told = self.0.borrow_mut();
        let next = told.waiting.front()?;
        if next.at.is_some_and(|at| at.byte < byte) { told.waiting.pop_front() } else { None }
    }

    /// Repairs from that byte on are not told.
    pub(super) fn forget_from(&self, byte: u64) {
        self.0.borrow_mut().waiting.retain(|issue| issue.at.is_some_and(|at| at.byte < byte));
    }

    /// The file began with a `(`, and its `)` was not met.
    pub(super) fn is_wrapped(&self) -> bool {
        self.0.borrow().is_wrapped
    }

    fn tell(&self, at: (u64, u64)) {
        let waiting = &mut self.0.borrow_mut().waiting;
        if waiting.len() < MAX_TOLD {
            let issue = Issue::warning("json_repaired", RecordKind::File, None);
            waiting.push_back(issue.at(at.0, at.1));
        } else if let Some(last) = waiting.back_mut() {
            last.times += 1;
        }
    }
}

/// Gives repaired JSON.
pub(super) struct Repaired<R> {
    input: R,
    repairs: Repairs,
    piece: Vec<u8>,
    /// Ready to be given, from `given` on.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
    /// Offset and line of the next byte.
    at: (u64, u64),
    state: State,
}

#[derive(Default)]
struct State {
    in_string: bool,
    escaped: bool,
    /// The brackets that are open, outermost first.
    open: Vec<u8>,
    /// The last byte outside of strings that is no white space and was not dropped.
    last: u8,
    held: Option<Held>,
    /// Deeper than anything is read: left as it is.
    gave_up: bool,
}

/// A bracket of which the bytes behind it show what it means.
struct Held {
    /// The bracket and what came since.
    bytes: Vec<u8>,
    at: (u64, u64),
    has_comma: bool,
}

impl<R: Read> Repaired<R> {
    /// `buffer_bytes` is how much is asked of `input` at once.
    /// It begins at `at` in its file.
    pub(super) fn new(input: R, buffer_bytes: usize, repairs: Repairs, at: Position) -> Self {
        Self {
            input,
            repairs,
            piece: vec![0; buffer_bytes.max(1)],
            ready: Vec::new(),
            given: 0,
            ended: false,
            at: (at.byte, at.line),
            state: State::default(),
        }
    }

    fn take_piece(&mut self, length: usize) {
        let mut at = 0;
        while at < length {
            if self.state.in_string {
                at += self.take_string(at, length);
                continue;
            }
            self.take_byte(self.piece[at]);
            at += 1;
        }
    }

    /// Bytes taken of the string that `piece[from..to]` begins in.
    fn take_string(&mut self, from: usize, to: usize) -> usize {
        let text = &self.piece[from..to];
        let taken = if self.state.escaped {
            self.state.escaped = false;
            1
        } else {
            match memchr::memchr2(b'"', b'\\', text) {
                None => text.len(),
                Some(found) => {
                    self.state.escaped = text[found] == b'\\';
                    self.state.in_string = self.state.escaped;
                    found + 1
                }
            }
        };
        let taken_text = &text[..taken];
        self.at.0 += taken as u64;
        self.at.1 += memchr::memchr_iter(b'\n', taken_text).count() as u64;
        self.ready.extend_from_slice(taken_text);
        taken
    }

    /// Takes a byte outside of strings.
    fn take_byte(&mut self, byte: u8) {
        let is_space = byte.is_ascii_whitespace();
        if let Some(held) = &mut self.state.held {
            let is_comma = byte == b',' && !held.has_comma && held.bytes[0] == b']';
            if (is_space || is_comma) && held.bytes.len() < MAX_HELD {
                held.has_comma |= is_comma;
                held.bytes.push(byte);
                self.pass(byte);
                return;
            }
            self.release(byte == b'{');
        }
        if !self.state.gave_up && !is_space {
            let kept = self.judge(byte);
            if let Some(kept) = kept {
                self.ready.push(kept);
            }
        } else {
            self.ready.push(byte);
        }
        self.pass(byte);
    }

    fn pass(&mut self, byte: u8) {
        self.at.0 += 1;
        self.at.1 += u64::from(byte == b'\n');
    }

    /// What stands for a byte that is no white space; none where that is
    /// decided later.
    fn judge(&mut self, byte: u8) -> Option<u8> {
        let innermost = self.state.open.last().copied();
        match byte {
            b'"' => self.state.in_string = true,
            b'{' | b'[' => {
                let misses_comma = innermost == Some(b'[') && self.state.last == b'}';
                if misses_comma && byte == b'[' {
                    return self.hold(byte);
                }
                if misses_comma {
                    self.repairs.tell(self.at);
                }
                self.state.gave_up = self.state.open.len() >= MAX_DEPTH;
                self.state.open.push(byte);
            }
            b'}' if innermost == Some(b'{') => drop(self.state.open.pop()),
            b']' => match self.state.open.as_slice() {
                // Behind the last of an array's objects.
                [.., b'{', b'['] if self.state.last == b'}' => return self.hold(byte),
                [.., b'['] => drop(self.state.open.pop()),
                [] if self.state.last == 0 => {}
                _ => return Some(self.blank()),
            },
            b'(' if self.state.open.is_empty() && self.state.last == 0 => {
                let mut told = self.repairs.0.borrow_mut();
                if !told.is_wrapped {
                    told.is_wrapped = true;
                    return Some(b' ');
                }
            }
            b')' if self.state.open.is_empty() && self.state.last != 0 => {
                if std::mem::take(&mut self.repairs.0.borrow_mut().is_wrapped) {
                    return Some(b' ');
                }
                return Some(self.blank());
            }
            // A byte order mark.
            0xef | 0xbb | 0xbf if self.state.open.is_empty() => return Some(byte),
            _ => {}
        }
        self.state.last = byte;
        Some(byte)
    }

    /// Stands for a bracket too many.
    fn blank(&self) -> u8 {
        self.repairs.tell(self.at);
        b' '
    }

    fn hold(&mut self, byte: u8) -> Option<u8> {
        self.state.held = Some(Held { bytes: vec![byte], at: self.at, has_comma: false });
        None
    }

    /// Decides about the bracket that is held: before an object it is one too
    /// many, since an object follows on nothing but an object here.
    fn release(&mut self, before_object: bool) {
        let Some(Held { mut bytes, at, has_comma }) = self.state.held.take() else { return };
        let bracket = bytes[0];
        if before_object {
            self.repairs.tell(at);
            bytes[0] = if has_comma { b' ' } else { b',' };
            self.state.last = b',';
        } else {
            if bracket == b']' {
                self.state.open.pop();
            } else {
                self.state.open.push(bracket);
            }
            self.state.last = if has_comma { b',' } else { bracket };
        }
        self.ready.extend_from_slice(&bytes);
    }
}

impl<R: Read> Read for Repaired<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.ready.clear();
            self.given = 0;
            let read = self.input.read(&mut self.piece)?;
            if read == 0 {
                self.ended = true;
                self.release(false);
            }
            self.take_piece(read);
        }
        let taken = into.len().min(self.ready.len() - self.given);
        into[..taken].copy_from_slice(&self.ready[self.given..self.given + taken]);
        self.given += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::super::START;
    use super::*;

    /// The text repaired, and where.
    fn repaired(text: &str, buffer_bytes: usize) -> (String, Vec<u64>) {
        let repairs = Repairs::default();
        let mut whole = String::new();
        let mut repaired = Repaired::new(text.as_bytes(), buffer_bytes, repairs.clone(), START);
        repaired.read_to_string(&mut whole).unwrap();
        let places = std::iter::from_fn(|| repairs.next_before(u64::MAX));
        (whole, places.map(|issue| issue.at.unwrap().byte).collect())
    }

    #[test]
    fn brackets_become_what_was_meant_and_keep_their_places() {
        for (text, expected, places) in [
            (r#"({"a":[]})"#, r#" {"a":[]} "#, &[][..]),
            (r#"{"a":[{}]]}"#, r#"{"a":[{}] }"#, &[9]),
            (r#"{"a":1]}"#, r#"{"a":1 }"#, &[6]),
            (r#"{"a":[{}{}]}"#, r#"{"a":[{}{}]}"#, &[8]),
            (r#"{"a":[{}]{}]}"#, r#"{"a":[{},{}]}"#, &[8]),
            (r#"{"a":[{}] ,{}]}"#, r#"{"a":[{}  ,{}]}"#, &[8]),
            ("{\"a\":[{}\n[ {}]}", "{\"a\":[{}\n, {}]}", &[9]),
            (r#"{"a":[]}]"#, r#"{"a":[]} "#, &[8]),
            (r#"{"a":[]})"#, r#"{"a":[]} "#, &[8]),
        ] {
            for buffer_bytes in [1, 2, 7, 4096] {
                let found = repaired(text, buffer_bytes);
                assert_eq!(found, (expected.to_owned(), places.to_vec()), "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_damage_of_this_kind_is_left_alone() {
        for text in [
            r#"{"a":["}]{","}{","}[{","]]","(\"]]",")"],"b":[[{}],{}],"c":[{}],"d":{}}"#,
            r#"{"a":{}{}}"#,
            r#"{"a":[{}[1]]}"#,
            r#"{"a":[{}]"#,
            r#"{"a":[{} ["#,
            "]{}",
            "\u{feff}{}",
        ] {
            for buffer_bytes in [1, 4096] {
                assert_eq!(repaired(text, buffer_bytes), (text.to_owned(), vec![]), "{text}");
            }
        }
    }

    #[test]
    fn nesting_and_white_space_have_no_end_that_is_kept() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        assert_eq!(repaired(&deep, 64), (deep, vec![]));
        let wide = format!("{{\"a\":[{{}}]{}}}", " ".repeat(100_000));
        assert!(repaired(&wide, 64) == (wide, vec![]));
    }
}
