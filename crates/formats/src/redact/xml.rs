//! XML: names of elements and attributes stay, and what they need to be found.

use super::{MAX_WORD_CHARS, Sample, is_content, is_name, is_word, mask, masked};
use crate::entities;

/// A tag longer than this is content with a `<` in it.
const MAX_TAG_CHARS: usize = 2048;
/// The longest reference that is waited for.
const MAX_REFERENCE_CHARS: usize = 34;

/// Where in the XML the character at hand stands.
#[derive(Default)]
pub(super) struct Xml {
    place: Place,
    /// Held back until it shows what it is, with its offset.
    held: String,
    from: u64,
    /// In a tag: the quote that is open.
    quote: Option<char>,
    /// The last two characters, in parts that end with two and a `>`.
    last: [char; 2],
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Content; it may be a word until it is too long.
    #[default]
    Value,
    /// Content that is too long for a word.
    Text,
    Reference,
    Markup,
    /// Content that may be a word.
    CdataValue,
    Cdata,
    Comment,
    /// `<!DOCTYPE`, or instructions for somebody else.
    Declaration,
}

impl Xml {
    pub(super) fn take(&mut self, character: char, sample: &mut Sample) {
        match self.place {
            Place::Value => self.value(character, sample),
            Place::Text => self.text(character, sample),
            Place::Reference => self.reference(character, sample),
            Place::Markup => self.markup(character, sample),
            Place::CdataValue => self.cdata_value(character, sample),
            Place::Cdata => self.until(character, "]]", sample),
            Place::Comment => self.until(character, "--", sample),
            Place::Declaration => {
                sample.show_char(mask(character));
                if character == '>' {
                    self.hold(Place::Value, sample);
                }
            }
        }
    }

    pub(super) fn end(&mut self, sample: &mut Sample) {
        let held = std::mem::take(&mut self.held);
        sample.show_masked(&held, self.from);
        self.place = Place::Text;
    }

    /// Holds back what follows the character at hand.
    fn hold(&mut self, place: Place, sample: &Sample) {
        self.place = place;
        self.held.clear();
        self.from = sample.at + 1;
        self.last = ['\0'; 2];
    }

    /// Gives up on what is held back: it is content.
    fn release(&mut self, sample: &mut Sample) {
        sample.show_masked(&self.held, self.from);
        self.held.clear();
        self.place = Place::Text;
    }

    fn value(&mut self, character: char, sample: &mut Sample) {
        match character {
            '<' if is_word(&self.held) => {
                sample.show(&self.held, self.from);
                self.held.clear();
                self.text(character, sample);
            }
            '<' | '&' => {
                self.release(sample);
                self.text(character, sample);
            }
            _ => {
                self.held.push(character);
                if self.held.len() > MAX_WORD_CHARS {
                    self.release(sample);
                }
            }
        }
    }

    fn text(&mut self, character: char, sample: &mut Sample) {
        match character {
            '<' | '&' => {
                self.place = if character == '<' { Place::Markup } else { Place::Reference };
                self.held.clear();
                self.held.push(character);
                self.from = sample.at;
                self.quote = None;
            }
            _ => sample.show_char(mask(character)),
        }
    }

    fn reference(&mut self, character: char, sample: &mut Sample) {
        if character == ';' {
            let meaning = entities::meaning(&self.held[1..]);
            if meaning.is_some_and(|meaning| !meaning.chars().any(is_content)) {
                sample.show(&self.held, self.from);
            } else {
                sample.show_masked(&self.held, self.from);
            }
            sample.show_char(';');
            self.held.clear();
            self.place = Place::Text;
        } else if character.is_ascii_alphanumeric() && self.held.len() < MAX_REFERENCE_CHARS
            || character == '#' && self.held == "&"
        {
            self.held.push(character);
        } else {
            self.release(sample);
            self.text(character, sample);
        }
    }

    fn markup(&mut self, character: char, sample: &mut Sample) {
        if character == '<' && self.quote.is_none() {
            self.release(sample);
            self.text(character, sample);
            return;
        }
        self.held.push(character);
        match self.held.as_str() {
            "<!--" => return self.begin(Place::Comment, sample),
            "<![CDATA[" => return self.begin(Place::CdataValue, sample),
            "<!DOCTYPE" | "<!doctype" => return self.begin(Place::Declaration, sample),
            _ => {}
        }
        if self.held.starts_with("<!") && !could_be_known(&self.held)
            || self.held.len() > MAX_TAG_CHARS
        {
            return self.release(sample);
        }
        match self.quote {
            Some(open) if character == open => self.quote = None,
            None if character == '"' || character == '\'' => self.quote = Some(character),
            None if character == '>' => {
                let shown = tag(&self.held);
                sample.show(&shown, self.from);
                self.hold(Place::Value, sample);
            }
            _ => {}
        }
    }

    /// Shows how a part begins, and goes into it.
    fn begin(&mut self, place: Place, sample: &mut Sample) {
        sample.show(&self.held, self.from);
        self.hold(place, sample);
    }

    fn cdata_value(&mut self, character: char, sample: &mut Sample) {
        self.held.push(character);
        if let Some(value) = self.held.strip_suffix("]]>") {
            let shown = if is_word(value) { self.held.clone() } else { masked(&self.held) };
            sample.show(&shown, self.from);
            self.hold(Place::Value, sample);
        } else if self.held.len() > MAX_WORD_CHARS {
            let mut last = self.held.chars().rev();
            self.last = [last.next().unwrap_or('\0'), last.next().unwrap_or('\0')];
            self.last.reverse();
            self.release(sample);
            self.place = Place::Cdata;
        }
    }

    /// Content up to these two characters and a `>`.
    fn until(&mut self, character: char, end: &str, sample: &mut Sample) {
        sample.show_char(mask(character));
        if character == '>' && end.chars().eq(self.last) {
            self.hold(Place::Value, sample);
        } else {
            self.last = [self.last[1], character];
        }
    }
}

fn could_be_known(held: &str) -> bool {
    ["<!--", "<![CDATA[", "<!DOCTYPE", "<!doctype"].iter().any(|known| known.starts_with(held))
}

/// A tag with its names, and without its values; content, if it is none.
fn tag(held: &str) -> String {
    if held.starts_with("<?xml ") && held.ends_with("?>") {
        return held.to_owned();
    }
    names_and_values(held).unwrap_or_else(|| masked(held))
}

fn names_and_values(held: &str) -> Option<String> {
    let inside = held.strip_prefix('<')?.strip_suffix('>')?;
    let start = usize::from(inside.starts_with('/'));
    let (name, mut rest) = inside[start..].split_at(
        inside[start..].find([' ', '\t', '\r', '\n', '/']).unwrap_or(inside.len() - start),
    );
    if !is_name(name) {
        return None;
    }
    let mut shown = held[..=start].to_owned() + name;
    loop {
        let (space, behind) = rest.split_at(rest.len() - rest.trim_start().len());
        shown.push_str(space);
        if behind.is_empty() || behind == "/" {
            return Some(shown + behind + ">");
        }
        let (name, behind) = behind.split_once('=')?;
        if !is_name(name.trim_end()) {
            return None;
        }
        let value = behind.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value_inside, behind_value) = value[1..].split_once(quote)?;
        shown.push_str(name);
        shown.push('=');
        shown.push_str(&behind[..behind.len() - value.len()]);
        shown.push(quote);
        shown.push_str(&attribute(name.trim_end(), value_inside));
        shown.push(quote);
        rest = behind_value;
    }
}

fn attribute(name: &str, value: &str) -> String {
    // Without their addresses, names could not be told apart.
    let is_address =
        name == "xmlns" || name.starts_with("xmlns:") || name.ends_with(":schemaLocation");
    if is_address || is_word(value) { value.to_owned() } else { masked(value) }
}
