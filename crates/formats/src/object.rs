//! Exports that are one JSON object, with an array for each kind of record.

use std::io::Read;

use rehome_record::Complete;
use serde_json::Value;

use crate::fields::Fields;
use crate::json::Json;
use crate::{Entry, HEAD_BYTES, Position, ReadError, RecordKind};

/// An array of the object, and what its elements are.
pub(crate) type Array = (&'static str, RecordKind);

/// The object, walked from its start to its end. Its members may come in any
/// order; the arrays may be absent or null.
pub(crate) struct Object<'a> {
    json: Json<'a>,
    arrays: &'static [Array],
    /// Member of a record of which nothing but numbers, words and texts is read.
    thinned: Option<&'static str>,
    place: Place,
    records: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Inside,
    InArray(Array),
    After,
    /// The file ended where it should.
    Done,
}

/// What stands next in the object.
pub(crate) enum Found {
    /// An element of that array.
    Record(&'static str, Position, Fields),
    /// A member that is none of the arrays: its value is read by
    /// [`Object::value`] or passed over by [`Object::skip`].
    Member(String),
    /// A record that is lost, or something that a person should know.
    Said(Entry),
    /// Nothing: the file has ended.
    End,
}

impl<'a> Object<'a> {
    pub(crate) fn new(
        text: Box<dyn Read + 'a>,
        buffer_bytes: usize,
        arrays: &'static [Array],
    ) -> Self {
        let json = Json::new(text, buffer_bytes);
        Self { json, arrays, thinned: None, place: Place::Before, records: 0 }
    }

    /// The same, where that member of a record holds records in records, however
    /// deep: objects and arrays in it are read as null.
    pub(crate) fn thinned(self, member: &'static str) -> Self {
        Self { thinned: Some(member), ..self }
    }

    /// Whether the object's end was seen, and nothing stands behind it.
    pub(crate) fn complete(&self) -> Complete {
        if self.place == Place::Done { Complete::Yes } else { Complete::No }
    }

    pub(crate) fn next(&mut self) -> Result<Found, ReadError> {
        loop {
            match self.place {
                Place::Before => {
                    if self.json.is_array()? {
                        return Err(self.json.error("json_broken"));
                    }
                    self.json.enter()?;
                    self.place = Place::Inside;
                }
                Place::Inside => {
                    if let Some(found) = self.member()? {
                        return Ok(found);
                    }
                }
                Place::InArray(array) => {
                    if self.json.next_element()? {
                        return self.record(array);
                    }
                    self.place = Place::Inside;
                }
                Place::After => match self.json.peek()? {
                    None => self.place = Place::Done,
                    // A second export may be glued to the first.
                    Some(b'{') => self.place = Place::Before,
                    Some(_) => {
                        let at = self.json.at()?;
                        while self.json.next_document()? {
                            self.json.pass_byte();
                        }
                        return Ok(Found::Said(Entry::about_file(at, "junk_after_end")));
                    }
                },
                Place::Done => return Ok(Found::End),
            }
        }
    }

    /// The value of the member at hand, and its place.
    pub(crate) fn value(&mut self) -> Result<(Position, Value), ReadError> {
        let at = self.json.at()?;
        let value = self.json.value()?;
        Ok((at, value.unwrap_or_default()))
    }

    /// Passes over the value of the member at hand.
    pub(crate) fn skip(&mut self) -> Result<(), ReadError> {
        self.json.skip()
    }

    fn member(&mut self) -> Result<Option<Found>, ReadError> {
        let Some(key) = self.json.next_key()? else {
            self.place = Place::After;
            return Ok(None);
        };
        let Some(array) = self.arrays.iter().find(|(name, _)| *name == key) else {
            return Ok(Some(Found::Member(key)));
        };
        if self.json.is_array()? {
            self.json.enter()?;
            self.place = Place::InArray(*array);
            return Ok(None);
        }
        let (at, value) = self.value()?;
        let is_empty = value.is_null();
        let said = || Found::Said(Entry::about_file(at, "field_unreadable"));
        Ok((!is_empty).then(said))
    }

    fn record(&mut self, (name, of): Array) -> Result<Found, ReadError> {
        self.records += 1;
        let at = Position { record: Some(self.records), ..self.json.at()? };
        let fields = if self.json.is_object()? {
            // What is broken between its brackets is this record's own.
            let text = match self.thinned {
                Some(member) => self.json.text_without(member)?,
                None => self.json.text()?,
            };
            let value = serde_json::from_slice(text);
            value.ok().and_then(|value| Fields::new(of, value))
        } else {
            let _other_shape = self.json.value::<Value>()?;
            None
        };
        let invalid = self.json.take_invalid(of, None);
        let Some(mut fields) = fields else {
            let lost = Entry::lost(at, "record_broken", of);
            return Ok(Found::Said(Entry { warnings: Vec::from_iter(invalid), ..lost }));
        };
        if let Some(invalid) = invalid {
            fields.add(invalid);
        }
        Ok(Found::Record(name, at, fields))
    }
}

/// Digits told of a number.
const MAX_SHOWN_DIGITS: usize = 20;

/// What the start of a JSON object shows of it.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    members: Vec<Member>,
    /// All of the text is this object.
    pub(crate) is_whole: bool,
}

#[derive(Debug)]
struct Member {
    key: String,
    starts_with: Option<u8>,
    /// Of the object that the value is, or of an array's first element.
    keys: Vec<String>,
    /// The value, where that is a number.
    number: Option<String>,
}

impl Outline {
    /// What can be seen in `head`, which may stop anywhere.
    pub(crate) fn of(head: &[u8]) -> Self {
        let mut outline = Self::default();
        let mut json = Json::new(Box::new(head), HEAD_BYTES);
        outline.is_whole = outline.walk(&mut json).unwrap_or(false);
        outline
    }

    /// The members' names, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.key.as_str())
    }

    /// The first byte of that member's value.
    pub(crate) fn starts_with(&self, name: &str) -> Option<u8> {
        self.members.iter().find(|member| member.key == name)?.starts_with
    }

    /// That member's value, where it is a number.
    pub(crate) fn number(&self, name: &str) -> Option<&str> {
        self.members.iter().find(|member| member.key == name)?.number.as_deref()
    }

    /// Whether that member, or its first record, has a field of that name.
    pub(crate) fn has(&self, name: &str, field: &str) -> bool {
        let mut members = self.members.iter().filter(|member| member.key == name);
        members.any(|member| member.keys.iter().any(|key| key == field))
    }

    /// Whether any member is an object with fields, or a list of such.
    pub(crate) fn has_records(&self) -> bool {
        self.members.iter().any(|member| !member.keys.is_empty())
    }

    /// Whether the object's end was seen, and nothing behind it.
    fn walk(&mut self, json: &mut Json<'_>) -> Result<bool, ReadError> {
        if !json.is_object()? {
            return Ok(false);
        }
        json.enter()?;
        while let Some(key) = json.next_key()? {
            let starts_with = json.peek()?;
            self.members.push(Member { key, starts_with, keys: Vec::new(), number: None });
            let Some(member) = self.members.last_mut() else { continue };
            match starts_with {
                Some(b'{') => object_keys(json, &mut member.keys)?,
                Some(b'[') => {
                    json.enter()?;
                    while json.next_element()? {
                        if member.keys.is_empty() && json.is_object()? {
                            object_keys(json, &mut member.keys)?;
                        } else {
                            json.skip()?;
                        }
                    }
                }
                Some(b'0'..=b'9') => {
                    let number = json.text()?;
                    let shown = &number[..number.len().min(MAX_SHOWN_DIGITS)];
                    member.number = Some(String::from_utf8_lossy(shown).into_owned());
                }
                _ => json.skip()?,
            }
        }
        Ok(!json.next_document()?)
    }
}

fn object_keys(json: &mut Json<'_>, keys: &mut Vec<String>) -> Result<(), ReadError> {
    json.enter()?;
    while let Some(key) = json.next_key()? {
        keys.push(key);
        json.skip()?;
    }
    Ok(())
}
