//! What JSON looks like, in words.

use maud::{Markup, html};
use serde_json::Value;

use super::{members, object, text, words};

/// Every named schema, with its fields.
pub(super) fn all(schemas: &Value) -> Markup {
    html! {
        section aria-labelledby="shapes" {
            h2 id="shapes" { "Shapes" }
            p { "What goes over the wire as JSON, by name." }
            @for (name, schema) in object(schemas) { (one(name, schema)) }
        }
    }
}

fn one(name: &str, schema: &Value) -> Markup {
    let id = format!("shape-{name}");
    let fields: Vec<_> = object(&schema["properties"]).collect();
    html! {
        article aria-labelledby=(id) {
            h3 id=(id) { a href={ "#" (id) } { (name) } }
            @for paragraph in text(&schema["description"]).split("\n\n") { p { (words(paragraph)) } }
            @if fields.is_empty() {
                p.shape { (in_short(schema)) }
            } @else {
                table {
                    caption { "Fields of " (name) }
                    thead { tr { th scope="col" { "Name" } th scope="col" { "Shape" } th scope="col" { "What" } } }
                    tbody {
                        @for (field, about) in fields {
                            tr {
                                th scope="row" { code { (field) } }
                                td { (in_short(about)) }
                                td { (words(description(about))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where a field may be null, its words stand one level deeper.
fn description(schema: &Value) -> &str {
    let own = schema["description"].as_str();
    let deeper = || members(&schema["oneOf"]).find_map(|one| one["description"].as_str());
    own.or_else(deeper).unwrap_or("")
}

/// A shape in a few words; named ones are links.
pub(super) fn in_short(schema: &Value) -> Markup {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return html! { a href={ "#shape-" (name) } { (name) } };
    }
    let choices: Vec<_> = members(&schema["oneOf"]).chain(members(&schema["enum"])).collect();
    if !choices.is_empty() {
        return html! {
            @for (at, choice) in choices.into_iter().enumerate() {
                @if at > 0 { " or " }
                @if choice.is_object() { (in_short(choice)) } @else { code { (choice) } }
            }
        };
    }
    html! { (kinds(schema)) (limits(schema)) }
}

fn kinds(schema: &Value) -> Markup {
    let kind = &schema["type"];
    let kinds: Vec<_> =
        kind.as_array().map_or_else(|| vec![text(kind)], |all| all.iter().map(text).collect());
    html! {
        @for (at, kind) in kinds.into_iter().enumerate() {
            @if at > 0 { " or " }
            @match kind {
                "array" => { "list of " (in_short(&schema["items"])) },
                "object" if schema["additionalProperties"].is_object() => {
                    "object of " (in_short(&schema["additionalProperties"]))
                },
                "" => "anything",
                "string" => {
                    "text"
                    @if schema["format"] == "date-time" { ", a moment such as " code { "2021-06-03T03:54:08Z" } }
                },
                "integer" => "whole number",
                other => (other),
            }
        }
    }
}

/// The largest numbers are left out: they stand everywhere and say little.
fn limits(schema: &Value) -> Markup {
    let limit = |name: &str| schema[name].as_u64().filter(|&limit| limit < u64::from(u32::MAX));
    html! {
        @match (limit("minimum"), limit("maximum")) {
            (Some(least), Some(most)) => { ", " (least) " to " (most) },
            (Some(least), None) if least > 0 => { ", from " (least) },
            (None, Some(most)) => { ", at most " (most) },
            _ => {}
        }
        @match (limit("minLength"), limit("maxLength")) {
            (Some(least), Some(most)) => { ", " (least) " to " (most) " characters" },
            (Some(least), None) => { ", at least " (least) " characters" },
            (None, Some(most)) => { ", at most " (most) " characters" },
            (None, None) => {}
        }
    }
}
