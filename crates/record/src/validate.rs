//! What a record must keep to, beyond its shape.

use std::fmt;

use crate::limits::{MAX_ALIASES, MAX_BODY_BYTES, MAX_EXTRAS_BYTES, MAX_ID_BYTES, MAX_TEXT_BYTES};
use crate::{Author, Comment, Extras, Header, Line, Page, Removed, SCHEMA_VERSION};

/// Why a record is refused. It never holds the refused value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid {
    /// Stable word for the reason, e.g. `text_too_long`.
    pub code: &'static str,
    /// The field, e.g. `author.name`.
    pub field: &'static str,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.code)
    }
}

impl std::error::Error for Invalid {}

impl Line {
    /// Checks lengths, ids and versions.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Header(header) => header.validate(),
            Self::Page(page) => page.validate(),
            Self::Author(author) => {
                id(author.source_id.as_deref().unwrap_or_default(), "source_id")?;
                author.validate()
            }
            Self::Comment(comment) => comment.validate(),
            Self::Removed(Removed { source_id, .. }) => id(source_id, "source_id"),
            Self::End(_) => Ok(()),
        }
    }
}

impl Header {
    /// Checks the version and the names.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.schema != SCHEMA_VERSION {
            return Err(Invalid { code: "schema_unknown", field: "schema" });
        }
        for (value, field) in [
            (&self.format, "format"),
            (&self.family, "family"),
            (&self.origin, "origin"),
            (&self.reader, "reader"),
        ] {
            id(value, field)?;
        }
        for name in self.fields.iter().chain(&self.redacted) {
            id(name, "fields")?;
        }
        Ok(())
    }
}

impl Page {
    /// Checks lengths and ids.
    pub fn validate(&self) -> Result<(), Invalid> {
        id(&self.source_id, "source_id")?;
        text(self.url.as_deref(), "url")?;
        text(self.identifier.as_deref(), "identifier")?;
        text(self.title.as_deref(), "title")?;
        extras(&self.extras)
    }
}

impl Author {
    /// Checks lengths; the id is optional here.
    pub fn validate(&self) -> Result<(), Invalid> {
        if let Some(source_id) = &self.source_id {
            id(source_id, "author.source_id")?;
        }
        text(self.name.as_deref(), "author.name")?;
        text(self.email.as_deref(), "author.email")?;
        text(self.url.as_deref(), "author.url")
    }
}

impl Comment {
    /// Checks lengths and ids. Says nothing about whether page and parent exist.
    pub fn validate(&self) -> Result<(), Invalid> {
        id(&self.source_id, "source_id")?;
        id(&self.page, "page")?;
        if let Some(parent) = &self.parent {
            id(parent, "parent")?;
        }
        self.author.validate()?;
        if self.body.as_ref().is_some_and(|body| body.len() > MAX_BODY_BYTES) {
            return Err(Invalid { code: "body_too_long", field: "body" });
        }
        text(self.ip.as_deref(), "ip")?;
        if self.aliases.len() > MAX_ALIASES {
            return Err(Invalid { code: "too_many", field: "aliases" });
        }
        for alias in &self.aliases {
            id(&alias.family, "aliases.family")?;
            if let Some(origin) = &alias.origin {
                id(origin, "aliases.origin")?;
            }
            id(&alias.source_id, "aliases.source_id")?;
        }
        extras(&self.extras)
    }
}

fn id(value: &str, field: &'static str) -> Result<(), Invalid> {
    let code = if value.is_empty() {
        "id_empty"
    } else if value.len() > MAX_ID_BYTES {
        "id_too_long"
    } else if value.chars().any(char::is_control) {
        "id_control_character"
    } else {
        return Ok(());
    };
    Err(Invalid { code, field })
}

fn text(value: Option<&str>, field: &'static str) -> Result<(), Invalid> {
    match value {
        Some(value) if value.len() > MAX_TEXT_BYTES => {
            Err(Invalid { code: "text_too_long", field })
        }
        _ => Ok(()),
    }
}

fn extras(extras: &Extras) -> Result<(), Invalid> {
    let fits = extras.is_empty()
        || serde_json::to_vec(extras).is_ok_and(|json| json.len() <= MAX_EXTRAS_BYTES);
    if fits { Ok(()) } else { Err(Invalid { code: "text_too_long", field: "extras" }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_line;

    fn refused(json: &str) -> Invalid {
        parse_line(json.as_bytes()).unwrap().validate().unwrap_err()
    }

    #[test]
    fn says_what_and_where_without_the_value() {
        let cases = [
            (r#"{"type":"page","source_id":""}"#.to_owned(), "id_empty", "source_id"),
            (
                format!(r#"{{"type":"page","source_id":"1","url":"{}"}}"#, "x".repeat(16_385)),
                "text_too_long",
                "url",
            ),
            (
                r#"{"type":"comment","source_id":"a\u0000b","page":"1","status":"spam","body_format":"html"}"#.to_owned(),
                "id_control_character",
                "source_id",
            ),
            (
                format!(
                    r#"{{"type":"comment","source_id":"1","page":"1","status":"spam","body_format":"html","body":"{}"}}"#,
                    "x".repeat(MAX_BODY_BYTES + 1)
                ),
                "body_too_long",
                "body",
            ),
            (
                r#"{"type":"header","schema":2,"format":"f","family":"f","origin":"o","reader":"r","fields":[]}"#.to_owned(),
                "schema_unknown",
                "schema",
            ),
            (r#"{"type":"author","name":"Ann"}"#.to_owned(), "id_empty", "source_id"),
        ];
        for (json, code, field) in cases {
            assert_eq!(refused(&json), Invalid { code, field });
        }
    }
}
