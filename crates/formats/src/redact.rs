//! A file without what people wrote: its structure, with letters and digits
//! replaced, to be shown to whoever mends a reader.
//!
//! Kept are names of elements, attributes and keys, a table's header, white
//! space, punctuation, and a few words that readers decide by, where they are
//! all of a value. Whatever else may be content is taken for it. The file is
//! read as a stream; what is kept of it is bounded.

mod json;
mod table;
mod xml;

use std::io::Read;
use std::ops::Range;

use crate::{FORMATS, Format, Source, Step};

/// Bytes of the file's start that are shown.
const START_BYTES: u64 = 2 * 1024 * 1024;

/// Bytes that are shown around each place that was told.
const AROUND_BYTES: u64 = 64 * 1024;

/// Places that are looked at.
const MAX_PLACES: usize = 200;

/// Bytes asked of the file at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Values that stay as they are, since readers decide by them.
const WORDS: &[&str] = &[
    "0",
    "0000-00-00 00:00:00",
    "0001-01-01T00:00:00Z",
    "1",
    "N",
    "No",
    "TRUE",
    "FALSE",
    "Y",
    "Yes",
    "[deleted]",
    "anonymous",
    "approved",
    "approve",
    "attachment",
    "author",
    "closed",
    "comment",
    "deleted",
    "doc",
    "draft",
    "end",
    "false",
    "header",
    "hold",
    "html",
    "markdown",
    "no",
    "null",
    "open",
    "order_note",
    "page",
    "paragraph",
    "pending",
    "pingback",
    "post",
    "post-trashed",
    "private",
    "publish",
    "published",
    "rejected",
    "removed",
    "review",
    "root",
    "spam",
    "text",
    "trackback",
    "trash",
    "true",
    "unapproved",
    "undefined",
    "yes",
];

/// The longest of them, and the longest that is waited for.
const MAX_WORD_CHARS: usize = 24;

/// A redacted sample of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// What to call it, e.g. `redacted-export.xml`.
    pub name: String,
    /// UTF-8, but for signs that stand for bytes that were none.
    pub text: Vec<u8>,
}

/// Makes the sample, a step at a time.
pub struct Redactor<'a> {
    name: String,
    text: Box<dyn Read + 'a>,
    lexer: Lexer,
    sample: Sample,
    /// Read and not looked at yet: the start of a character.
    rest: Vec<u8>,
    ended: bool,
}

enum Lexer {
    Xml(xml::Xml),
    Json(json::Json),
    Table(table::Table),
}

/// What is shown, with the place in the file that is looked at.
struct Sample {
    /// Offsets in the file, in order and apart.
    shown: Vec<Range<u64>>,
    /// Those of them that were passed.
    passed: usize,
    /// Offset of the character at hand.
    at: u64,
    text: Vec<u8>,
}

impl<'a> Redactor<'a> {
    /// Looks at the file of the first of `places`, told by its name and an
    /// offset in its text; without one, at the first file.
    #[must_use]
    pub fn new(
        source: Source<'a>,
        format: Option<&'static dyn Format>,
        places: &[(String, u64)],
    ) -> Self {
        let wanted = places.first().map(|(name, _)| name.as_str());
        let (name, head, text) = source.into_file(wanted);
        let of_file = places.iter().filter(|(of, _)| *of == name).map(|(_, byte)| *byte);
        Self {
            lexer: Lexer::of(&head, format),
            sample: Sample::new(of_file.take(MAX_PLACES)),
            name: sample_name(&name),
            text,
            rest: Vec::new(),
            ended: false,
        }
    }

    /// Reads about so many bytes further.
    pub fn step(&mut self, bytes: usize) -> Step {
        let mut read = 0;
        let mut buffer = vec![0; BUFFER_BYTES];
        while read < bytes && !self.ended {
            // What cannot be read on has been told; what was read is a sample.
            let length = self.text.read(&mut buffer).unwrap_or(0);
            self.rest.extend_from_slice(&buffer[..length]);
            read += length;
            self.look(length == 0);
            self.ended = length == 0 || self.sample.is_whole();
        }
        if self.ended { Step::Ended } else { Step::More }
    }

    /// Takes what was read apart into characters.
    fn look(&mut self, is_last: bool) {
        let read = std::mem::take(&mut self.rest);
        for chunk in read.utf8_chunks() {
            for character in chunk.valid().chars() {
                self.lexer.take(character, &mut self.sample);
                self.sample.at += character.len_utf8() as u64;
            }
            let bad = chunk.invalid();
            let is_cut = !is_last && bad.len() < 4 && read.ends_with(bad) && !bad.is_empty();
            if is_cut && std::str::from_utf8(bad).is_err_and(|error| error.error_len().is_none()) {
                bad.clone_into(&mut self.rest);
                return;
            }
            for _ in bad {
                self.lexer.take(BAD, &mut self.sample);
                self.sample.at += 1;
            }
        }
        if is_last {
            self.lexer.end(&mut self.sample);
        }
    }

    /// What was made.
    #[must_use]
    pub fn finish(mut self) -> Redacted {
        self.lexer.end(&mut self.sample);
        Redacted { name: self.name, text: self.sample.text }
    }
}

impl Lexer {
    fn of(head: &[u8], format: Option<&'static dyn Format>) -> Self {
        let files = format.map_or("", |format| format.facts().files);
        let has = |ending| files.split(' ').any(|files| files.starts_with(ending));
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        match text.first() {
            Some(b'<') => Self::Xml(xml::Xml::default()),
            Some(b'{' | b'[' | b'(') => Self::Json(json::Json::default()),
            _ if has(".xml") => Self::Xml(xml::Xml::default()),
            _ if has(".json") || has(".ndjson") => Self::Json(json::Json::default()),
            _ => Self::Table(table::Table::new(has(".csv"))),
        }
    }

    fn take(&mut self, character: char, sample: &mut Sample) {
        match self {
            Self::Xml(xml) => xml.take(character, sample),
            Self::Json(json) => json.take(character, sample),
            Self::Table(table) => table.take(character, sample),
        }
    }

    /// Gives what is held back, as content.
    fn end(&mut self, sample: &mut Sample) {
        match self {
            Self::Xml(xml) => xml.end(sample),
            Self::Json(json) => json.end(sample),
            Self::Table(table) => table.end(sample),
        }
    }
}

impl Sample {
    fn new(places: impl Iterator<Item = u64>) -> Self {
        let around = |byte: u64| byte.saturating_sub(AROUND_BYTES / 2)..byte + AROUND_BYTES / 2;
        let mut wanted: Vec<Range<u64>> = Vec::new();
        for range in places.map(around).chain(std::iter::once(0..START_BYTES)) {
            let after = wanted.partition_point(|other| other.start <= range.start);
            wanted.insert(after, range);
        }
        let mut shown: Vec<Range<u64>> = Vec::new();
        for range in wanted {
            match shown.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => shown.push(range),
            }
        }
        Self { shown, passed: 0, at: 0, text: Vec::new() }
    }

    /// Everything that is to be shown has been.
    fn is_whole(&self) -> bool {
        self.shown.last().is_none_or(|last| last.end <= self.at)
    }

    /// Shows a text that begins at the offset `from`.
    fn show(&mut self, text: &str, from: u64) {
        while self.shown.get(self.passed).is_some_and(|range| range.end <= from) {
            self.passed += 1;
            if self.passed < self.shown.len() {
                self.text.extend_from_slice(b"\n\n[...]\n\n");
            }
        }
        if self.shown.get(self.passed).is_some_and(|range| range.contains(&from)) {
            for character in text.chars() {
                match character {
                    BAD => self.text.push(0xff),
                    other => {
                        let mut bytes = [0; 4];
                        self.text.extend_from_slice(other.encode_utf8(&mut bytes).as_bytes());
                    }
                }
            }
        }
    }

    fn show_masked(&mut self, text: &str, from: u64) {
        self.show(&masked(text), from);
    }

    /// Shows the character at hand.
    fn show_char(&mut self, character: char) {
        let mut bytes = [0; 4];
        self.show(character.encode_utf8(&mut bytes), self.at);
    }
}

/// Stands for a byte that is no text; the sample has such a byte in its place.
const BAD: char = '\u{10ffff}';

/// Content without its letters and digits.
fn masked(text: &str) -> String {
    text.chars().map(mask).collect()
}

/// What stands for a character of content.
fn mask(character: char) -> char {
    match character {
        'A'..='Z' => 'X',
        'a'..='z' => 'x',
        '0'..='9' => '0',
        // Marks and signs that are no letters in any script, and that break readers.
        '\0'..='\u{7f}'
        | '\u{a0}'
        | '\u{2000}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fffd}'
        | '\u{1f300}'..='\u{1faff}'
        | BAD => character,
        _ => 'x',
    }
}

/// Whether a character is of those that are replaced, as far as that shows.
fn is_content(character: char) -> bool {
    mask(character) != character || matches!(character, 'x' | 'X' | '0')
}

/// A value that says nothing of anybody.
fn is_word(value: &str) -> bool {
    let value = value.trim();
    WORDS.contains(&value)
        || FORMATS
            .iter()
            .map(|format| format.facts())
            .any(|facts| [facts.id, facts.family, facts.name].contains(&value))
}

/// A name as programs give them, short and without digits; others may be content.
fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | ':' | '.');
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(is_part)
}

fn sample_name(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    format!("redacted-{}", last.strip_suffix(".gz").unwrap_or(last))
}
