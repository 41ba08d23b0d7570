//! The records of a format, and what shows that one begins.

use super::{begins, name_end, shares_start};

/// The elements of a format that are records, by their local names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Records {
    /// Each stands in the root and has an id; references to them are empty or
    /// hold text.
    InRoot(&'static [&'static str]),
    /// Some stand in others.
    Nested(&'static [Nested]),
}

/// A record of a format whose records nest.
#[derive(Debug)]
pub(crate) struct Nested {
    /// Its name without prefix.
    pub(crate) name: &'static str,
    /// How many elements it stands in.
    pub(crate) depth: usize,
    pub(crate) mark: Mark,
}

/// What shows that a start tag in a value is a record's, and no quote of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nothing.
    Nothing,
    /// It has a prefix, and all its fields have the same one and its name in theirs.
    Prefix,
    /// It has an id.
    Id,
    /// Its name, which means nothing elsewhere.
    Name,
}

impl Records {
    /// Of the record of that name: how many elements it stands in.
    pub(crate) fn depth_of(self, local_name: &str) -> Option<usize> {
        match self {
            Self::InRoot(names) => names.contains(&local_name).then_some(1),
            Self::Nested(records) => {
                records.iter().find(|record| record.name == local_name).map(|record| record.depth)
            }
        }
    }

    /// The name of the record whose start tag these bytes begin.
    pub(crate) fn begun(self, tag: &[u8]) -> Option<&'static str> {
        let begins = |name: &str| {
            let local = memchr::memchr(b':', tag).map_or(tag, |colon| &tag[colon + 1..]);
            tag.starts_with(name.as_bytes()) || local.starts_with(name.as_bytes())
        };
        match self {
            Self::InRoot(names) => names.iter().copied().find(|name| begins(name)),
            Self::Nested(records) => {
                records.iter().map(|record| record.name).find(|name| begins(name))
            }
        }
    }

    /// The deepest that a record stands.
    pub(crate) fn deepest(self) -> usize {
        match self {
            Self::InRoot(_) => 1,
            Self::Nested(records) => records.iter().map(|record| record.depth).max().unwrap_or(1),
        }
    }
}

/// Whether a record's start tag with an id stands here and an element in it
/// comes next; none where more of the text is needed to tell.
pub(super) fn is_identified_record(names: &[&str], text: &[u8], is_all: bool) -> Option<bool> {
    let undecided = is_all.then_some(false);
    let Some(name) = names.iter().find(|name| shares_start(text, name.as_bytes())) else {
        return Some(false);
    };
    match text.get(name.len()) {
        Some(next) if !next.is_ascii_whitespace() => return Some(false),
        Some(_) => {}
        None => return undecided,
    }
    let end = match memchr::memchr2(b'<', b'>', text) {
        Some(end) if text[end] == b'>' => end,
        Some(_) => return Some(false),
        None => return undecided,
    };
    if text[end - 1] == b'/' || !text[..end].windows(3).any(|three| three == b"id=") {
        return Some(false);
    }
    match text[end + 1..].trim_ascii_start() {
        [] | [b'<'] => undecided,
        [first, second, ..] => Some(*first == b'<' && *second != b'/'),
        [_] => Some(false),
    }
}

/// The depth of the record whose start tag stands here, with an element in it
/// next; none where more of the text is needed to tell. In a value, records are
/// quoted now and then: there, `strictly` takes those alone whose first field
/// shows what they are.
#[expect(clippy::option_option, reason = "whether it can be told, and what is told")]
pub(super) fn nested_record(
    records: &[Nested],
    text: &[u8],
    is_all: bool,
    strictly: bool,
) -> Option<Option<usize>> {
    let undecided = is_all.then_some(None);
    let Some(end) = name_end(text) else { return undecided };
    let name = &text[..end];
    let colon = memchr::memchr(b':', name);
    let local = colon.map_or(name, |colon| &name[colon + 1..]);
    let of_name = |record: &&Nested| record.name.as_bytes() == local;
    let Some(record) = records.iter().find(of_name) else { return Some(None) };
    let is_prefixed = record.mark == Mark::Prefix;
    if is_prefixed != colon.is_some() || strictly && record.mark == Mark::Nothing {
        return Some(None);
    }
    let close = match memchr::memchr2(b'<', b'>', &text[end..]) {
        Some(close) if text[end + close] == b'>' => end + close,
        Some(_) => return Some(None),
        None => return undecided,
    };
    let has_id = text[end..close].windows(3).any(|three| three == b"id=");
    if text[close - 1] == b'/' || strictly && record.mark == Mark::Id && !has_id {
        return Some(None);
    }
    let inside = text[close + 1..].trim_ascii_start();
    let is_record = match inside {
        [] | [b'<'] => return undecided,
        [b'<', field @ ..] if strictly && is_prefixed => begins(field, name, is_all)?,
        [first, second, ..] => *first == b'<' && *second != b'/',
        [_] => false,
    };
    Some(is_record.then_some(record.depth))
}
