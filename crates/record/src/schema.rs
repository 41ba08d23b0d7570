//! JSON Schema of the wire, made from its types: for the generator alone.
//!
//! A line that keeps to the schema has the right shape. What the schema cannot
//! say is said in words: lengths are bytes of UTF-8 here and characters there,
//! so it is never stricter than [`Line::validate`](crate::Line::validate).

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::limits::{
    MAX_ALIASES, MAX_BODY_BYTES, MAX_EXTRAS_BYTES, MAX_ID_BYTES, MAX_LINE_BYTES, MAX_TEXT_BYTES,
};
use crate::{Line, NewImport, SCHEMA_VERSION, Submit, Timestamp};

/// Ids, and names that are kept to the same rules.
const IDS: [&str; 7] = ["source_id", "page", "parent", "format", "family", "origin", "reader"];
/// Lists of such names.
const LISTS_OF_IDS: [&str; 2] = ["fields", "redacted"];
/// Every other text of a limited length.
const TEXTS: [&str; 6] = ["url", "identifier", "title", "name", "email", "ip"];
/// U+0000 to U+001F and U+007F to U+009F.
const NO_CONTROL_CHARACTERS: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

/// Of one line of the stream.
#[must_use]
pub fn line() -> Value {
    let mut schema = of::<Line>();
    schema.insert("title".into(), json!("One line of normalized NDJSON, version 1"));
    schema.insert("description".into(), json!(about_lines()));
    let mut schema = schema.to_value();
    limit(&mut schema);
    let kinds = schema["oneOf"].as_array_mut().into_iter().flatten();
    kinds.for_each(adjust);
    schema
}

fn about_lines() -> String {
    format!(
        "docs/ndjson.md says what the lines mean. `maxLength` counts characters, but the server \
         counts bytes of UTF-8: it may find a text too long that this schema takes. Not said \
         here: a line has at most {MAX_LINE_BYTES} bytes, `extras` as JSON {MAX_EXTRAS_BYTES}."
    )
}

/// Of the request that opens a stream.
#[must_use]
pub fn new_import() -> Value {
    of::<NewImport>().to_value()
}

/// Of the request that closes a stream.
#[must_use]
pub fn submit() -> Value {
    of::<Submit>().to_value()
}

fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

/// What the types alone do not say of a kind of line.
fn adjust(kind: &mut Value) {
    match kind["properties"]["type"]["const"].as_str() {
        Some("header") => {
            kind["properties"]["schema"] =
                json!({ "description": "Version of the line format.", "const": SCHEMA_VERSION });
        }
        // Inside a comment, a guest has no id.
        Some("author") => {
            kind["properties"]["source_id"]["type"] = json!("string");
            kind["required"].as_array_mut().expect("the type is required").push("source_id".into());
        }
        _ => {}
    }
}

/// Adds the limits to every property, by its name.
fn limit(schema: &mut Value) {
    match schema {
        Value::Array(all) => all.iter_mut().for_each(limit),
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                properties.iter_mut().for_each(|(name, property)| limit_property(name, property));
            }
            object.values_mut().for_each(limit);
        }
        _ => {}
    }
}

fn limit_property(name: &str, property: &mut Value) {
    let Some(property) = property.as_object_mut() else { return };
    if IDS.contains(&name) {
        limit_id(property);
    } else if LISTS_OF_IDS.contains(&name) {
        limit_id(property["items"].as_object_mut().expect("a list has items"));
    } else if TEXTS.contains(&name) {
        property.insert("maxLength".into(), json!(MAX_TEXT_BYTES));
    } else if name == "body" {
        property.insert("maxLength".into(), json!(MAX_BODY_BYTES));
    } else if name == "aliases" {
        property.insert("maxItems".into(), json!(MAX_ALIASES));
    } else if property.get("format") == Some(&json!("uint32")) {
        property.insert("maximum".into(), json!(u32::MAX));
    }
}

fn limit_id(property: &mut Map<String, Value>) {
    property.insert("minLength".into(), json!(1));
    property.insert("maxLength".into(), json!(MAX_ID_BYTES));
    property.insert("pattern".into(), json!(NO_CONTROL_CHARACTERS));
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "A moment between the years 1 and 9999, with a zone, in whole microseconds.",
        })
    }
}
