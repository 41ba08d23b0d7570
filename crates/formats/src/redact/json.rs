//! JSON, whole or as lines, be it damaged: keys stay where they look like names.

use super::{MAX_WORD_CHARS, Sample, is_content, is_name, is_word, mask, masked};

/// Nesting that keys are followed into.
const MAX_DEPTH: usize = 100;

/// Where in the JSON the character at hand stands.
#[derive(Default)]
pub(super) struct Json {
    /// Whether each of what is open is an object.
    open: Vec<bool>,
    /// Objects and lists that are open beyond [`MAX_DEPTH`].
    deeper: usize,
    /// A string that begins here may be a key.
    key_next: bool,
    place: Place,
    /// Held back until it shows what it is, with its offset.
    held: String,
    from: u64,
    escape: Escape,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Between,
    /// A number or a bare word.
    Bare,
    /// A string that may be a key or a word.
    Value,
    /// A string that is too long for either.
    Text,
    /// Behind a string: what follows tells whether it was a key.
    AfterKey,
}

/// Where in an escape of a string the character at hand stands.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Escape {
    #[default]
    None,
    Begun,
    /// So many digits of a number, and the number.
    Number(u8, u32),
}

impl Json {
    pub(super) fn take(&mut self, character: char, sample: &mut Sample) {
        match self.place {
            Place::Between => self.between(character, sample),
            Place::Bare => {
                if is_bare(character) && self.held.len() < 64 {
                    self.held.push(character);
                } else {
                    self.release(&bare(&self.held), Place::Between, sample);
                    self.between(character, sample);
                }
            }
            Place::Value => self.value(character, sample),
            Place::Text => {
                let is_end = character == '"' && self.escape == Escape::None;
                if is_end {
                    sample.show_char('"');
                    self.place = Place::Between;
                } else if let Some(shown) = self.escape.shown(character) {
                    sample.show(&shown, sample.at);
                }
            }
            Place::AfterKey if character.is_ascii_whitespace() && self.held.len() < 256 => {
                self.held.push(character);
            }
            Place::AfterKey => {
                self.after_key(character == ':', sample);
                self.between(character, sample);
            }
        }
    }

    pub(super) fn end(&mut self, sample: &mut Sample) {
        let shown = if self.place == Place::Bare { bare(&self.held) } else { string(&self.held) };
        self.release(&shown, Place::Between, sample);
    }

    fn between(&mut self, character: char, sample: &mut Sample) {
        match character {
            '"' => {
                self.hold(Place::Value, character, sample.at);
                self.escape = Escape::None;
                return;
            }
            c if is_bare(c) => {
                self.hold(Place::Bare, character, sample.at);
                return;
            }
            '{' | '[' => self.begin(character == '{'),
            '}' | ']' => self.close(character == '}'),
            ',' => self.key_next = self.is_in_object(),
            _ => {}
        }
        sample.show_char(mask(character));
    }

    fn hold(&mut self, place: Place, character: char, from: u64) {
        self.place = place;
        self.held.clear();
        self.held.push(character);
        self.from = from;
    }

    /// Shows what stands for what is held back.
    fn release(&mut self, shown: &str, place: Place, sample: &mut Sample) {
        sample.show(shown, self.from);
        self.held.clear();
        self.place = place;
    }

    fn begin(&mut self, is_object: bool) {
        if self.open.len() < MAX_DEPTH {
            self.open.push(is_object);
        } else {
            self.deeper += 1;
        }
        self.key_next = is_object;
    }

    /// An object also ends the lists in it that do not end themselves; a list
    /// that was not begun does not end either.
    fn close(&mut self, is_object: bool) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if is_object {
            let object = self.open.iter().rposition(|is_object| *is_object);
            self.open.truncate(object.unwrap_or(self.open.len()));
        } else if self.open.last() == Some(&false) {
            self.open.pop();
        }
        self.key_next = false;
    }

    fn is_in_object(&self) -> bool {
        self.deeper == 0 && self.open.last() == Some(&true)
    }

    fn value(&mut self, character: char, sample: &mut Sample) {
        self.held.push(character);
        let is_end = character == '"' && self.escape == Escape::None;
        if is_end {
            if self.key_next && self.is_in_object() {
                self.place = Place::AfterKey;
            } else {
                let inside = &self.held[1..self.held.len() - 1];
                let shown = if is_word(inside) { self.held.clone() } else { string(&self.held) };
                self.release(&shown, Place::Between, sample);
            }
            return;
        }
        self.escape.shown(character);
        if self.held.len() > 2 * MAX_WORD_CHARS && self.escape == Escape::None {
            self.release(&string(&self.held), Place::Text, sample);
        }
    }

    fn after_key(&mut self, is_key: bool, sample: &mut Sample) {
        let name = self.held.trim_ascii_end();
        let name = &name[1..name.len() - 1];
        let is_shown = if is_key { is_name(name) || is_table_name(name) } else { is_word(name) };
        let shown = if is_shown { self.held.clone() } else { string(&self.held) };
        self.release(&shown, Place::Between, sample);
        self.key_next = !is_key;
    }
}

/// The names that `DynamoDB` and the like give to types and columns.
fn is_table_name(name: &str) -> bool {
    let words = name.split(' ').count();
    words <= 3 && name.split(' ').all(is_name)
}

impl Escape {
    /// What stands for a character of a string; nothing as long as that is open.
    fn shown(&mut self, character: char) -> Option<String> {
        match *self {
            Self::None if character == '\\' => {
                *self = Self::Begun;
                None
            }
            Self::None => Some(mask(character).to_string()),
            Self::Begun if character == 'u' => {
                *self = Self::Number(0, 0);
                None
            }
            Self::Begun => {
                *self = Self::None;
                let is_sign = matches!(character, 'b' | 'f' | 'n' | 'r' | 't');
                Some(format!("\\{}", if is_sign { character } else { mask(character) }))
            }
            Self::Number(digits, number) => {
                let Some(digit) = character.to_digit(16) else {
                    // No number: a broken escape, and what broke it.
                    *self = Self::None;
                    return Some(format!("\\u{}", mask(character)));
                };
                let number = number * 16 + digit;
                *self = Self::Number(digits + 1, number);
                if digits < 3 {
                    return None;
                }
                *self = Self::None;
                Some(format!("\\u{:04x}", masked_number(number)))
            }
        }
    }
}

/// What stands for a character that is written as a number. Halves of pairs
/// stay halves of pairs.
fn masked_number(number: u32) -> u32 {
    match number {
        0xd800..=0xdbff => 0xd83d,
        0xdc00..=0xdfff => 0xde00,
        _ => char::from_u32(number).map_or(number, |character| mask(character).into()),
    }
}

/// A string, quotes and all, as content.
fn string(held: &str) -> String {
    let mut escape = Escape::None;
    held.chars().filter_map(|character| escape.shown(character)).collect()
}

fn is_bare(character: char) -> bool {
    is_content(character) || matches!(character, '+' | '-' | '.' | '_')
}

/// A number or a bare word. A number stays one: only the first digit of several
/// is not 0.
fn bare(held: &str) -> String {
    let is_number = held.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit())
        && held.chars().all(|c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
    if matches!(held, "true" | "false" | "null") || is_number && held.len() == 1 {
        return held.to_owned();
    }
    if !is_number {
        return masked(held);
    }
    let zeros: String = held.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let start = zeros.len() - zeros.trim_start_matches('-').len();
    let is_long = zeros[start..].starts_with("00");
    if is_long { format!("{}1{}", &zeros[..start], &zeros[start + 1..]) } else { zeros }
}
