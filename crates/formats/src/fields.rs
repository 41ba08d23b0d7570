//! The fields of one record, by name, each taken as what it should be.
//!
//! Exports are written by many versions of many programs: a number may come as
//! text, a missing value as null, `""` or `"undefined"`. A field of another
//! shape is a warning, and the rest of the record stands.

use rehome_record::Timestamp;
use serde_json::{Map, Value};

use crate::dates::parse_date;
use crate::{Entry, Issue, Position, Record, RecordKind};

/// A record's fields that were not taken yet, and what was found wrong.
pub(crate) struct Fields {
    map: Map<String, Value>,
    of: RecordKind,
    source_id: Option<String>,
    issues: Vec<Issue>,
}

impl Fields {
    /// The fields of a record that is `value`; none where that is no object.
    pub(crate) fn new(of: RecordKind, value: Value) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self::of_map(of, map)),
            _ => None,
        }
    }

    /// The fields of a record that is `map`.
    pub(crate) fn of_map(of: RecordKind, map: Map<String, Value>) -> Self {
        Self { map, of, source_id: None, issues: Vec::new() }
    }

    /// Names the record in what is said of it.
    pub(crate) fn set_id(&mut self, source_id: Option<&str>) {
        self.source_id = source_id.map(str::to_owned);
        for issue in &mut self.issues {
            issue.source_id.clone_from(&self.source_id);
        }
    }

    /// Whether the record has a field of that name, be it null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Whether the field is text, and `is_so`.
    pub(crate) fn is_text(&self, name: &str, is_so: impl Fn(&str) -> bool) -> bool {
        self.map.get(name).and_then(Value::as_str).is_some_and(is_so)
    }

    /// Any value; none where it is absent or null.
    pub(crate) fn value(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|value| !value.is_null())
    }

    /// Text, as it is; a number's own digits. None where it is absent, null or empty.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let text = match self.value(name)? {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => return self.unreadable(),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The first of these names that has text.
    pub(crate) fn first_text(&mut self, names: &[&str]) -> Option<String> {
        names.iter().fold(None, |found, name| {
            let text = self.text(name);
            found.or(text)
        })
    }

    /// Text without white space around it.
    pub(crate) fn word(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// Yes or no: a boolean, 0 or 1, or one of these as text.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(flag) => Some(flag),
            Value::Number(number) if number.as_i64() == Some(0) => Some(false),
            Value::Number(number) if number.as_i64() == Some(1) => Some(true),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => Some(true),
                "false" | "0" | "no" => Some(false),
                "" => None,
                _ => self.bad("bad_flag"),
            },
            _ => self.bad("bad_flag"),
        }
    }

    /// A whole number, as such or as text.
    pub(crate) fn number(&mut self, name: &str) -> Option<i64> {
        let found = match self.value(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        found.or_else(|| self.unreadable())
    }

    /// A moment as text: RFC 3339, or a date and time that is UTC without saying so.
    pub(crate) fn date(&mut self, name: &str) -> Option<Timestamp> {
        let text = match self.value(name)? {
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text,
            _ => return self.bad("bad_date"),
        };
        parse_date(text.trim()).or_else(|| self.bad("bad_date"))
    }

    /// A moment as a number of units since 1970, with `micros` microseconds to
    /// a unit; text may also be a date.
    pub(crate) fn unix_time(&mut self, name: &str, micros: i64) -> Option<Timestamp> {
        let found = match self.value(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => match text.trim().parse() {
                Ok(units) => Some(units),
                Err(_) => return parse_date(text.trim()).or_else(|| self.bad("bad_date")),
            },
            _ => None,
        };
        let time =
            found.and_then(|units| units.checked_mul(micros)).and_then(Timestamp::from_micros);
        time.or_else(|| self.bad("bad_date"))
    }

    /// A moment under the first of these names that has one: a number counts
    /// units since 1970, text is a date and time.
    pub(crate) fn first_moment(&mut self, names: &[&str], micros: i64) -> Option<Timestamp> {
        let name =
            names.iter().find(|name| self.map.get(**name).is_some_and(|it| !it.is_null()))?;
        let is_number = match &self.map[*name] {
            Value::String(text) => text.trim().bytes().all(|byte| byte.is_ascii_digit()),
            other => other.is_number(),
        };
        if is_number { self.unix_time(name, micros) } else { self.date(name) }
    }

    /// An object's fields, with the issues told as this record's own.
    pub(crate) fn object(&mut self, name: &str) -> Option<Self> {
        let Value::Object(map) = self.value(name)? else { return self.unreadable() };
        let source_id = self.source_id.clone();
        Some(Self { map, of: self.of, source_id, issues: Vec::new() })
    }

    /// A list; empty where it is absent or null.
    pub(crate) fn list(&mut self, name: &str) -> Vec<Value> {
        match self.value(name) {
            None => Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => self.unreadable().unwrap_or_default(),
        }
    }

    /// Takes the issues of an object inside.
    pub(crate) fn take_issues(&mut self, inner: Self) {
        for issue in inner.issues {
            self.add(issue);
        }
    }

    /// Says something of the record, once for each code.
    pub(crate) fn warn(&mut self, code: &'static str) {
        self.add(Issue::warning(code, self.of, self.source_id.clone()));
    }

    /// Says something of the record that is good to know.
    pub(crate) fn note(&mut self, code: &'static str) {
        self.add(Issue::info(code, self.of, self.source_id.clone()));
    }

    /// Adds an issue that was made elsewhere.
    pub(crate) fn add(&mut self, issue: Issue) {
        if self.issues.iter().all(|known| known.code != issue.code) {
            self.issues.push(issue);
        }
    }

    /// The record with all that was found, or the code of why it is lost.
    pub(crate) fn finish(self, at: Position, record: Result<Record, &'static str>) -> Entry {
        let Self { of, source_id, issues, .. } = self;
        let record = record.and_then(|record| {
            match &record {
                Record::Page(page) => page.validate().map(|()| record),
                Record::Author(author) => author.validate().map(|()| record),
                Record::Comment(comment) => comment.validate().map(|()| record),
                Record::Removed(_) => Ok(record),
            }
            .map_err(|invalid| invalid.code)
        });
        let record = record.map_err(|code| Issue::lost(code, of, source_id));
        Entry { at, record, warnings: issues, withheld: None }
    }

    fn unreadable<T>(&mut self) -> Option<T> {
        self.bad("field_unreadable")
    }

    fn bad<T>(&mut self, code: &'static str) -> Option<T> {
        self.warn(code);
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_exports_write() {
        let record = json!({
            "a": "x", "b": 7, "c": null, "d": "", "e": true, "f": "FALSE", "g": "12",
            "h": "2020-01-02T03:04:05Z", "i": 1_577_934_245, "j": {"k": "v"}, "l": [1], "m": " w ",
        });
        let mut fields = Fields::new(RecordKind::Comment, record).unwrap();
        assert_eq!(fields.text("a").as_deref(), Some("x"));
        assert_eq!(fields.text("b").as_deref(), Some("7"));
        assert_eq!((fields.text("c"), fields.text("d"), fields.text("absent")), (None, None, None));
        assert_eq!((fields.flag("e"), fields.flag("f")), (Some(true), Some(false)));
        assert_eq!(fields.number("g"), Some(12));
        assert_eq!(fields.date("h"), fields.unix_time("i", 1_000_000));
        assert_eq!(fields.object("j").unwrap().text("k").as_deref(), Some("v"));
        assert_eq!(fields.list("l").len(), 1);
        assert_eq!(fields.word("m").as_deref(), Some("w"));
        assert_eq!(fields.issues, []);
    }

    #[test]
    fn another_shape_is_said_once_and_named() {
        let record = json!({"a": [], "b": {}, "c": "later", "d": "maybe"});
        let mut fields = Fields::new(RecordKind::Comment, record).unwrap();
        assert_eq!((fields.text("a"), fields.number("b")), (None, None));
        assert_eq!((fields.date("c"), fields.flag("d")), (None, None));
        fields.set_id(Some("7"));
        let codes: Vec<_> = fields.issues.iter().map(|issue| issue.code).collect();
        assert_eq!(codes, ["field_unreadable", "bad_date", "bad_flag"]);
        assert!(fields.issues.iter().all(|issue| issue.source_id.as_deref() == Some("7")));
        assert!(Fields::new(RecordKind::Comment, json!([])).is_none());
    }
}
