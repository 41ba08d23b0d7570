//! The way through projects, pages and comments, inside of each other or apart.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::fields::Fields;
use crate::json::{Json, has_key};
use crate::{Issue, Position, ReadError, RecordKind};

use super::{DELETED, PROJECT_OF};

/// The version of the file with projects that is known.
const VERSION: u64 = 1;

/// Deleted projects that are remembered, where pages stand apart from them.
const MAX_DELETED: usize = 1000;

/// What of a page or project is kept until its end.
const KEPT: [&str; 11] = [
    "id",
    "slug",
    "url",
    "title",
    "created_at",
    "createdAt",
    "deletedAt",
    "deleted_at",
    "projectId",
    "project_id",
    "version",
];

/// Something that was met.
pub(super) enum Found {
    /// A comment, and the page around it.
    Comment(Position, Fields, Option<String>),
    /// A page, and whether its project is deleted.
    Page(Position, Fields, bool),
    /// A record that cannot be believed, and why.
    Broken(Position, Fields, &'static str),
    /// A record that is none.
    Lost(Position, RecordKind),
    /// Something beside the records.
    About(Position, Issue),
}

/// What an object, or the objects of a list, are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Root,
    Project,
    Page,
    Comment,
}

/// What is being walked.
enum Open {
    List(Kind),
    Object(Object),
}

struct Object {
    kind: Kind,
    at: Position,
    fields: Map<String, Value>,
    /// Comments of a page whose id comes behind them, and where they stand.
    held: Vec<(Position, Value)>,
}

impl Object {
    fn id(&self) -> Option<String> {
        match self.fields.get("id")? {
            Value::String(id) => Some(id.trim().to_owned()).filter(|id| !id.is_empty()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }

    fn is_deleted(&self) -> bool {
        DELETED.iter().any(|name| match self.fields.get(*name) {
            None | Some(Value::Null) => false,
            Some(Value::String(time)) => !time.is_empty(),
            Some(_) => true,
        })
    }
}

/// The way through one JSON text.
pub(super) struct Walk<'a> {
    json: Json<'a>,
    /// What a list is that has no object around it.
    alone: Kind,
    open: Vec<Open>,
    place: Place,
    found: VecDeque<Found>,
    projects: u64,
    /// Ids of deleted projects.
    deleted: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Inside,
    Done,
}

impl<'a> Walk<'a> {
    /// `head` is the start of the text.
    pub(super) fn new(json: Json<'a>, head: &[u8]) -> Self {
        let has_lists = has_key(head, "pages") || has_key(head, "comments");
        let is_comments = !has_lists && has_key(head, "by_nickname");
        let alone = if is_comments { Kind::Comment } else { Kind::Project };
        let (open, found, deleted) = (Vec::new(), VecDeque::new(), Vec::new());
        Self { json, alone, open, place: Place::Start, found, projects: 0, deleted }
    }

    /// What comes next; none once the end was seen.
    pub(super) fn next(&mut self) -> Result<Option<Found>, ReadError> {
        loop {
            if let Some(found) = self.found.pop_front() {
                return Ok(Some(found));
            }
            match (self.place, self.open.last()) {
                (Place::Start, _) => self.start()?,
                (Place::Inside, Some(Open::List(kind))) => self.element(*kind)?,
                (Place::Inside, Some(Open::Object(_))) => self.field()?,
                (Place::Inside, None) => {
                    self.place = Place::Done;
                    if self.json.next_document()? {
                        let at = self.json.at()?;
                        self.found.push_back(about(at, "junk_after_end"));
                    }
                }
                (Place::Done, _) => return Ok(None),
            }
        }
    }

    fn start(&mut self) -> Result<(), ReadError> {
        self.place = Place::Inside;
        let is_list = self.json.is_array()?;
        self.enter((!is_list).then_some(Kind::Root), self.alone)
    }

    /// Enters an object of that kind, or else a list of `of`.
    fn enter(&mut self, object: Option<Kind>, of: Kind) -> Result<(), ReadError> {
        let at = self.json.at()?;
        self.json.enter()?;
        self.open.push(match object {
            Some(kind) => Open::Object(Object { kind, at, fields: Map::new(), held: Vec::new() }),
            None => Open::List(of),
        });
        Ok(())
    }

    fn element(&mut self, kind: Kind) -> Result<(), ReadError> {
        if !self.json.next_element()? {
            self.open.pop();
            return Ok(());
        }
        if kind != Kind::Comment && self.json.is_object()? {
            return self.enter(Some(kind), kind);
        }
        let at = self.json.at()?;
        let value = self.json.value::<Value>()?.unwrap_or_default();
        let page = self.page_around();
        let found = match kind {
            Kind::Comment => self.comment(at, value, page),
            Kind::Page => Found::Lost(at, RecordKind::Page),
            Kind::Project | Kind::Root => about(at, "element_unknown"),
        };
        self.found.push_back(found);
        Ok(())
    }

    fn comment(&mut self, at: Position, value: Value, page: Option<String>) -> Found {
        let invalid = self.json.take_invalid(RecordKind::Comment, None);
        let Some(mut fields) = Fields::new(RecordKind::Comment, value) else {
            return Found::Lost(at, RecordKind::Comment);
        };
        if let Some(issue) = invalid {
            fields.add(issue);
        }
        Found::Comment(at, fields, page)
    }

    /// The next field of an object, or its end.
    fn field(&mut self) -> Result<(), ReadError> {
        let Some(key) = self.json.next_key()? else {
            if let Some(Open::Object(object)) = self.open.pop() {
                self.close(object);
            }
            return Ok(());
        };
        let is_array = self.json.is_array()?;
        let Some(Open::Object(object)) = self.open.last_mut() else { return Ok(()) };
        let list = match key.to_ascii_lowercase().as_str() {
            "project" | "projects" => Some(Kind::Project),
            "page" | "pages" => Some(Kind::Page),
            "comment" | "comments" => Some(Kind::Comment),
            _ => None,
        };
        // A list alone may be one of pages.
        if object.kind == Kind::Project && (key == "slug" || list == Some(Kind::Comment)) {
            object.kind = Kind::Page;
        }
        match list {
            Some(Kind::Comment)
                if is_array && object.kind == Kind::Page && object.id().is_none() =>
            {
                let at = self.json.at()?;
                if let Ok(list) = self.json.value::<Vec<Value>>()? {
                    object.held.extend(list.into_iter().map(|comment| (at, comment)));
                }
                Ok(())
            }
            Some(of) if is_array => self.enter(None, of),
            _ if KEPT.contains(&key.as_str()) => {
                let at = self.json.at()?;
                let value = self.json.value::<Value>()?.unwrap_or_default();
                if object.kind == Kind::Root && key == "version" && value != VERSION {
                    return Err(ReadError::version_unknown(at, value.as_i64()));
                }
                object.fields.insert(key, value);
                Ok(())
            }
            _ => self.json.skip(),
        }
    }

    fn close(&mut self, mut object: Object) {
        match object.kind {
            Kind::Page => {
                let page = object.id();
                for (at, comment) in std::mem::take(&mut object.held) {
                    let found = self.comment(at, comment, page.clone());
                    self.found.push_back(found);
                }
                let is_deleted = self.is_in_deleted(&object);
                let fields = Fields::of_map(RecordKind::Page, object.fields);
                self.found.push_back(Found::Page(object.at, fields, is_deleted));
            }
            Kind::Project => {
                self.projects += 1;
                if self.projects == 2 {
                    let issue = Issue::info("several_origins", RecordKind::File, None);
                    self.found.push_back(Found::About(object.at, issue));
                }
                if object.is_deleted() && self.deleted.len() < MAX_DELETED {
                    self.deleted.extend(object.id());
                }
            }
            Kind::Root | Kind::Comment => {}
        }
    }

    /// Whether the project of a page is deleted, as far as it was read.
    fn is_in_deleted(&self, page: &Object) -> bool {
        let around = self.open.iter().any(|open| match open {
            Open::Object(object) => object.kind == Kind::Project && object.is_deleted(),
            Open::List(_) => false,
        });
        let mut named = PROJECT_OF.iter().filter_map(|name| page.fields.get(*name)?.as_str());
        around || named.any(|id| self.deleted.iter().any(|deleted| deleted == id))
    }

    /// The id of the page that is walked.
    fn page_around(&self) -> Option<String> {
        self.open.iter().rev().find_map(|open| match open {
            Open::Object(object) if object.kind == Kind::Page => object.id(),
            _ => None,
        })
    }
}

/// Something beside the records that is passed over.
fn about(at: Position, code: &'static str) -> Found {
    Found::About(at, Issue::warning(code, RecordKind::File, None))
}
