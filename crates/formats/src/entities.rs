//! Character references, as XML and as HTML write them.
//!
//! The rules of the HTML standard, with its names in a form that stays small in
//! the browser's module. The tests hold them against a library that has both.

use std::borrow::Cow;
use std::cmp::Ordering;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::BytesRef;

/// Every name of the HTML standard in order: the name without `&` and `;`; then
/// a space where it counts without `;` too, else `;`; then what it stands for
/// and [`END`].
const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/entities.txt"));
const END: u8 = 0;

/// The longest name that counts without `;`.
const MAX_BARE_BYTES: usize = 6;

/// What the numbers from 0x80 on stand for: that of Windows-1252, since pages wrote it so.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '\u{2dc}', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Appends the character that a reference stands for. XML knows five names;
/// exports also hold those of HTML. An unknown one is kept as it is written.
pub(crate) fn resolve(reference: &BytesRef<'_>, text: &mut String) -> bool {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
        return true;
    }
    if let Some(known) = resolve_xml_entity(reference) {
        text.push_str(known);
        return true;
    }
    let written = format!("&{};", &**reference);
    let decoded = unescape(&written);
    text.push_str(&decoded);
    decoded != written
}

/// HTML text with its references replaced.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    replace_references(text, named)
}

/// The value of an HTML attribute with its references replaced: there, a name
/// without `;` is one only where nothing follows that could belong to it.
pub(crate) fn unescape_attribute(value: &str) -> Cow<'_, str> {
    replace_references(value, named_in_attribute)
}

/// What a name of a reference stands for.
pub(crate) fn meaning(name: &str) -> Option<&'static str> {
    find(name).map(|(value, _)| value)
}

/// What `&` begins: what it stands for, and its bytes without the `&`.
type Reference = Option<(&'static str, usize)>;

fn replace_references(text: &str, named: fn(&str) -> Reference) -> Cow<'_, str> {
    let Some((before, mut rest)) = text.split_once('&') else { return text.into() };
    let mut plain = String::with_capacity(text.len());
    plain.push_str(before);
    loop {
        let length = if let Some((character, length)) = numeric(rest) {
            plain.push(character);
            length
        } else if let Some((value, length)) = named(rest) {
            plain.push_str(value);
            length
        } else {
            plain.push('&');
            0
        };
        let (before, next) = match rest[length..].split_once('&') {
            Some((before, next)) => (before, Some(next)),
            None => (&rest[length..], None),
        };
        plain.push_str(before);
        let Some(next) = next else { return plain.into() };
        rest = next;
    }
}

/// `#8364;` or `#x20ac;`, where the `;` may be missing.
fn numeric(text: &str) -> Option<(char, usize)> {
    let number = text.strip_prefix('#')?;
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, behind) = digits.split_at(end);
    if digits.is_empty() {
        return None;
    }
    let rest = behind.strip_prefix(';').unwrap_or(behind);
    // The only error that is left is a number too large.
    let character =
        u32::from_str_radix(digits, radix).map_or(char::REPLACEMENT_CHARACTER, numbered);
    Some((character, text.len() - rest.len()))
}

fn numbered(number: u32) -> char {
    match number {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => WINDOWS_1252[number as usize - 0x80],
        _ => char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

fn named(text: &str) -> Reference {
    let (name, behind) = split_name(text);
    if behind.starts_with(';')
        && let Some((value, _)) = find(name)
    {
        return Some((value, name.len() + 1));
    }
    // No name that counts without `;` is the start of another one.
    (1..=name.len().min(MAX_BARE_BYTES)).find_map(|length| bare(&name[..length]))
}

fn named_in_attribute(text: &str) -> Reference {
    let (name, behind) = split_name(text);
    match behind.as_bytes().first() {
        Some(b';') => find(name).map(|(value, _)| (value, name.len() + 1)),
        Some(b'=') => None,
        _ => bare(name),
    }
}

fn split_name(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_alphanumeric).count())
}

fn bare(name: &str) -> Reference {
    find(name).and_then(|(value, is_bare)| is_bare.then_some((value, name.len())))
}

/// What a name stands for, and whether it counts without `;`.
fn find(name: &str) -> Option<(&'static str, bool)> {
    // Nearly all that exports hold.
    match name {
        "amp" => Some(("&", true)),
        "lt" => Some(("<", true)),
        "gt" => Some((">", true)),
        "quot" => Some(("\"", true)),
        _ => find_in_table(name),
    }
}

fn find_in_table(name: &str) -> Option<(&'static str, bool)> {
    let bytes = NAMES.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low.midpoint(high);
        let is_end = |byte: &u8| *byte == END;
        let start = bytes[low..middle].iter().rposition(is_end).map_or(low, |end| low + end + 1);
        let end = middle + bytes[middle..].iter().position(is_end)?;
        let (known, rest) = split_name(&NAMES[start..end]);
        match known.cmp(name) {
            Ordering::Less => low = end + 1,
            Ordering::Greater => high = start,
            Ordering::Equal => return Some((&rest[1..], rest.starts_with(' '))),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_as_the_library(text: &str) {
        assert_eq!(unescape(text), htmlize::unescape(text), "{text:?}");
        assert_eq!(unescape_attribute(text), htmlize::unescape_attribute(text), "{text:?}");
    }

    #[test]
    fn every_name_is_read_as_the_standard_says() {
        let names: Vec<&[u8]> = htmlize::ENTITIES.keys().copied().collect();
        assert_eq!(names.len(), 2231);
        for name in names {
            let name = std::str::from_utf8(name).unwrap();
            let bare = name.trim_end_matches(';');
            assert_ne!(unescape(name), name);
            for cut in 1..bare.len() {
                assert_as_the_library(&bare[..cut]);
                assert_as_the_library(&format!("{};", &bare[..cut]));
            }
            for behind in ["", ";", "=", "=;", "x", "x;", "1", " ", "é", "&", "&lt;", "&#65;"] {
                assert_as_the_library(&format!("a{name}{behind}b"));
                assert_as_the_library(&format!("{bare}{behind}"));
            }
        }
    }

    #[test]
    fn every_number_is_read_as_the_standard_says() {
        let near_ends = [0, 0x7f, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xffff, 0x10_ffff, 0x11_0000];
        let ends = near_ends.into_iter().flat_map(|end: u32| end.saturating_sub(2)..end + 3);
        for number in (0..0x300).chain(ends).chain([u32::MAX]) {
            for behind in ["", ";", "g", "&", "é"] {
                assert_as_the_library(&format!("a&#{number}{behind}b"));
                assert_as_the_library(&format!("&#x{number:x}{behind}"));
                assert_as_the_library(&format!("&#X00{number:X}{behind}"));
            }
        }
        for text in ["&", "&#", "&#;", "&#x", "&#x;", "&#X;", "&#é", "&#-1;", "&#+1;", "&;", "&&"]
        {
            assert_as_the_library(text);
        }
        assert_as_the_library("&#4294967296;&#xffffffffff;&#99999999999999999999999");
    }

    #[test]
    fn pieces_in_any_order_are_read_as_the_standard_says() {
        let pieces = ["&", "#", "x", ";", "amp", "not", "in", "lt", "9", "=", "é", " ", "\0"];
        let mut at = [0; 5];
        // Counts through all of them.
        while let Some(next) = at.iter().position(|piece| piece + 1 < pieces.len()) {
            at[..next].fill(0);
            at[next] += 1;
            let text: String = at.iter().map(|piece| pieces[*piece]).collect();
            assert_as_the_library(&format!("&{text}"));
        }
    }
}
