//! Exports of Example Comments, a vendor that does not exist: the file that
//! CONTRIBUTING.md shows, kept here so that a test can follow the recipe.
//!
//! One JSON object: `{"exporter": "example-comments", "pages": […],
//! "comments": […]}`, its arrays in any order. What is easily got wrong: `re`
//! is 0 for what answers nothing.

use std::io::Read;

use rehome_record::{Author, BodyFormat, Comment, Complete, Kind, Page, Status};

use crate::fields::Fields;
use crate::json::Json;
use crate::{
    Entry, EntryReader, Evidence, Facts, Format, Position, ReadError, Reading, Reason, Record,
    RecordKind,
};

/// Reads exports of Example Comments.
pub(crate) struct Example;

const FACTS: Facts = Facts {
    id: "example",
    family: "example",
    name: "Example Comments",
    files: ".json",
    reader: "example/1",
    fields: &["page.url", "comment.parent", "comment.author", "comment.status", "comment.body"],
    optional_fields: &[],
    evidence: Evidence::Inferred,
    versions: "none: it is made up",
    how_to_get: &["Open Example Comments, press “Export”, and drop the file here."],
    keeps: &["which comments wait for approval"],
    loses: &["Votes: Example Comments does not export them."],
};

impl Format for Example {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let mark = b"\"exporter\": \"example-comments\"";
        let is_there = head.windows(mark.len()).any(|window| window == mark);
        is_there.then(|| vec![Reason { code: "json_keys", detail: Some("exporter".to_owned()) }])
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        let json = Json::new(text, reading.buffer_bytes);
        Box::new(Reader { json, place: Place::Start })
    }
}

struct Reader<'a> {
    json: Json<'a>,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    InObject,
    InArray(RecordKind),
    /// The object's end was seen.
    End,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            match self.place {
                Place::Start => {
                    self.json.enter()?;
                    self.place = Place::InObject;
                }
                Place::InObject => {
                    let Some(key) = self.json.next_key()? else {
                        self.place = Place::End;
                        continue;
                    };
                    let records = match key.as_str() {
                        "pages" => Some(RecordKind::Page),
                        "comments" => Some(RecordKind::Comment),
                        _ => None,
                    };
                    match records {
                        Some(of) if self.json.is_array()? => {
                            self.json.enter()?;
                            self.place = Place::InArray(of);
                        }
                        _ => self.json.skip()?,
                    }
                }
                Place::InArray(of) if self.json.next_element()? => {
                    let at = self.json.at()?;
                    return Ok(Some(match self.json.value()?.ok().and_then(|v| Fields::new(of, v)) {
                        Some(fields) => record(at, of, fields),
                        None => Entry::lost(at, "record_broken", of),
                    }));
                }
                Place::InArray(_) => self.place = Place::InObject,
                Place::End => return Ok(None),
            }
        }
    }

    fn origin(&self) -> Option<&str> {
        None
    }

    fn complete(&self) -> Complete {
        if self.place == Place::End { Complete::Yes } else { Complete::No }
    }
}

fn record(at: Position, of: RecordKind, mut fields: Fields) -> Entry {
    let id = fields.word("id");
    fields.set_id(id.as_deref());
    let record = match id {
        None => Err("id_missing"),
        Some(id) if of == RecordKind::Page => Ok(Record::Page(Page {
            source_id: id,
            url: fields.word("url"),
            ..Page::default()
        })),
        Some(id) => comment(id, &mut fields).map(|comment| Record::Comment(Box::new(comment))),
    };
    fields.finish(at, record)
}

fn comment(source_id: String, fields: &mut Fields) -> Result<Comment, &'static str> {
    Ok(Comment {
        source_id,
        page: fields.word("page").ok_or("page_missing")?,
        parent: fields.word("re").filter(|parent| parent != "0"),
        author: Author { name: fields.text("by"), ..Author::default() },
        created_at: fields.date("at"),
        edited_at: None,
        status: match fields.flag("waits") {
            Some(true) => Status::Pending,
            _ => Status::Approved,
        },
        kind: Kind::Comment,
        body: fields.text("text"),
        body_format: BodyFormat::Text,
        votes: None,
        ip: None,
        aliases: Vec::new(),
        extras: rehome_record::Extras::new(),
    })
}
