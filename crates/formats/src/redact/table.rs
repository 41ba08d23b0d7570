//! Tables (CSV): the header stays. What is of no known kind has none.

use super::{MAX_WORD_CHARS, Sample, is_word, mask};

/// A header longer than this is none.
const MAX_HEADER_CHARS: usize = 8192;

/// Where in the table the character at hand stands.
pub(super) struct Table {
    /// The first row, up to its end, is shown as it is.
    in_header: bool,
    /// Characters of it so far.
    header_chars: usize,
    /// In the header: inside of quotes.
    quoted: bool,
    /// Held back as long as it may be a word, with its offset.
    held: String,
    from: u64,
    /// What is at hand is too long for a word.
    long: bool,
}

impl Table {
    pub(super) fn new(has_header: bool) -> Self {
        Self {
            in_header: has_header,
            header_chars: 0,
            quoted: false,
            held: String::new(),
            from: 0,
            long: false,
        }
    }

    pub(super) fn take(&mut self, character: char, sample: &mut Sample) {
        if self.in_header {
            self.quoted ^= character == '"';
            self.header_chars += 1;
            let is_end = character == '\n' && !self.quoted;
            self.in_header = !is_end && self.header_chars < MAX_HEADER_CHARS;
            sample.show_char(character);
            return;
        }
        if matches!(character, ',' | ';' | '\t' | '"' | '\r' | '\n') {
            self.end(sample);
            sample.show_char(character);
            self.long = false;
        } else if self.long {
            sample.show_char(mask(character));
        } else {
            if self.held.is_empty() {
                self.from = sample.at;
            }
            self.held.push(character);
            if self.held.len() > MAX_WORD_CHARS {
                sample.show_masked(&self.held, self.from);
                self.held.clear();
                self.long = true;
            }
        }
    }

    pub(super) fn end(&mut self, sample: &mut Sample) {
        if is_word(&self.held) {
            sample.show(&self.held, self.from);
        } else {
            sample.show_masked(&self.held, self.from);
        }
        self.held.clear();
    }
}
