//! What the comments stand in: nobody knows, so all that is likely is read.

use std::io::Read;

use rehome_record::Complete;
use serde_json::Value;

use crate::csv::{self, Csv, Row};
use crate::json::{Json, has_key};
use crate::lines::Lines;
use crate::{Issue, Position, ReadError, RecordKind};

/// What a comment has, whatever it stands in.
pub(super) const SIGNATURE: [&str; 2] = ["commentId", "itemId"];

/// Keys of the list, where an object is around it. `DynamoDB` says `Items`.
const LISTS: [&str; 2] = ["comments", "Items"];

/// What the comments stand in.
pub(super) enum Container {
    /// A list, or an object with a list.
    Whole,
    /// A comment a line.
    Lines,
    /// A row each, with this between the values.
    Table(u8),
}

impl Container {
    /// As the file's first bytes show it.
    pub(super) fn of(head: &[u8]) -> Self {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        if !text.starts_with(b"{") {
            return csv::columns(text).map_or(Self::Whole, |(delimiter, _)| Self::Table(delimiter));
        }
        let line = &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())];
        let first: Value = serde_json::from_slice(line).unwrap_or_default();
        match first {
            Value::Object(map) if !LISTS.iter().any(|list| map.contains_key(*list)) => Self::Lines,
            _ => Self::Whole,
        }
    }
}

/// The code of why the first bytes are of an export of comments; none if they are not.
pub(super) fn recognised(head: &[u8]) -> Option<&'static str> {
    let (code, is_ours) = match csv::columns(head) {
        Some((_, names)) => {
            let has = |field: &&str| names.iter().any(|name| name.trim() == *field);
            ("columns", SIGNATURE.iter().all(has))
        }
        None => ("json_keys", SIGNATURE.iter().all(|field| has_key(head, field))),
    };
    is_ours.then_some(code)
}

/// What comes next in the container.
pub(super) enum Found {
    Record(Position, Value),
    Row(Row),
    /// A record that cannot be read, and why.
    Lost(Position, &'static str),
    /// Something behind the end.
    Junk(Position),
}

/// The records of a file.
pub(super) enum Records<'a> {
    Whole(Json<'a>, Place),
    Lines(Lines<'a>),
    Table(Box<Csv<'a>>),
}

/// How far a file with an end is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Start,
    /// In the object around the list.
    Object,
    List {
        in_object: bool,
    },
    Behind,
    Done,
}

impl<'a> Records<'a> {
    pub(super) fn new(
        container: &Container,
        text: Box<dyn Read + 'a>,
        buffer_bytes: usize,
    ) -> Self {
        match container {
            Container::Whole => Self::Whole(Json::new(text, buffer_bytes), Place::Start),
            Container::Lines => Self::Lines(Lines::new(text, buffer_bytes)),
            Container::Table(delimiter) => {
                let name = |name: &str| name.trim().to_owned();
                Self::Table(Box::new(Csv::new(text, buffer_bytes, *delimiter, name)))
            }
        }
    }

    /// The next record; none at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Found>, ReadError> {
        match self {
            Self::Whole(json, place) => next_in_list(json, place),
            Self::Lines(lines) => next_line(lines),
            Self::Table(csv) => Ok(csv.next_row(RecordKind::Comment)?.map(Found::Row)),
        }
    }

    /// Bytes that were no text, since it was last asked.
    pub(super) fn take_invalid(&mut self) -> Option<Issue> {
        match self {
            Self::Whole(json, _) => json.take_invalid(RecordKind::Comment, None),
            Self::Lines(lines) => lines.take_invalid(RecordKind::Comment, None),
            // A row has its own already.
            Self::Table(_) => None,
        }
    }

    /// Whether the end was seen, once there is no next record.
    pub(super) fn complete(&self) -> Complete {
        match self {
            Self::Whole(..) => Complete::Yes,
            Self::Lines(_) | Self::Table(_) => Complete::Unknown,
        }
    }
}

fn next_in_list(json: &mut Json<'_>, place: &mut Place) -> Result<Option<Found>, ReadError> {
    loop {
        match *place {
            Place::Start => {
                let is_object = json.is_object()?;
                *place = if is_object { Place::Object } else { Place::List { in_object: false } };
                json.enter()?;
            }
            Place::Object => match json.next_key()? {
                Some(key) if LISTS.contains(&key.as_str()) && json.is_array()? => {
                    json.enter()?;
                    *place = Place::List { in_object: true };
                }
                Some(_) => json.skip()?,
                None => *place = Place::Behind,
            },
            Place::List { in_object } => {
                if json.next_element()? {
                    let at = json.at()?;
                    return Ok(Some(match json.value()? {
                        Ok(value) => Found::Record(at, value),
                        Err(_) => Found::Lost(at, "record_broken"),
                    }));
                }
                *place = if in_object { Place::Object } else { Place::Behind };
            }
            Place::Behind => {
                *place = Place::Done;
                if json.next_document()? {
                    return Ok(Some(Found::Junk(json.at()?)));
                }
            }
            Place::Done => return Ok(None),
        }
    }
}

fn next_line(lines: &mut Lines<'_>) -> Result<Option<Found>, ReadError> {
    let Some(line) = lines.next_line()? else { return Ok(None) };
    if line.is_too_long {
        return Ok(Some(Found::Lost(line.at, "line_too_long")));
    }
    match serde_json::from_slice(lines.text()) {
        Ok(value) => Ok(Some(Found::Record(line.at, value))),
        Err(error) if error.is_eof() && !line.is_ended => Err(lines.cut()),
        Err(_) => Ok(Some(Found::Lost(line.at, "record_broken"))),
    }
}
