//! The `OpenAPI` document for people: one page without any script, made on the
//! server, so that it needs nothing that the content security policy refuses.

mod shapes;

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};

use super::openapi;

/// The colours of the pages, and what is of this page alone.
const STYLE: &str = concat!(
    include_str!("../../../web/src/styles/tokens.css"),
    include_str!("docs_page/docs_page.css"),
);

static PAGE: LazyLock<String> = LazyLock::new(|| page(&openapi::document()).into_string());

/// `GET /api/docs`.
pub(super) async fn show() -> Response {
    ([(header::CACHE_CONTROL, "no-cache")], Html(PAGE.as_str())).into_response()
}

/// `GET /api/docs.css`.
pub(super) async fn style() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, STYLE).into_response()
}

/// An operation and where it is.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    says: &'a Value,
}

impl Operation<'_> {
    fn id(&self) -> &str {
        text(&self.says["operationId"])
    }
}

fn page(document: &Value) -> Markup {
    let tags: Vec<_> = members(&document["tags"])
        .map(|tag| (text(&tag["name"]), text(&tag["description"])))
        .collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Rehome: the API" }
                link rel="icon" type="image/svg+xml" href="/favicon.svg";
                link rel="stylesheet" href="/api/docs.css";
            }
            body {
                a.skip href="#routes" { "Skip to the routes" }
                header {
                    h1 { "The API of this server" }
                    p {
                        "This page is made of "
                        a href="/api/v1/openapi.json" { "the OpenAPI document" }
                        ", and that is made of the server’s own routes. "
                        a href="/" { "Back to Rehome" }
                    }
                    p {
                        "Programs send an API token as " code { "Authorization: Bearer …" }
                        "; browsers send the cookie that signing in gives. What goes wrong is "
                        "answered as " code { "application/problem+json" } ", with a stable "
                        code { "code" } "."
                    }
                }
                nav aria-label="Routes" {
                    @for (tag, _) in &tags {
                        h2 { (capital(tag)) }
                        ul {
                            @for operation in of_tag(document, tag) {
                                li { a href={ "#" (operation.id()) } { (address(&operation)) } }
                            }
                        }
                    }
                }
                main id="routes" {
                    @for (tag, about) in &tags {
                        section aria-labelledby={ "tag-" (tag) } {
                            h2 id={ "tag-" (tag) } { (capital(tag)) }
                            p { (about) }
                            @for operation in of_tag(document, tag) {
                                (route(document, &operation))
                            }
                        }
                    }
                    (shapes::all(&document["components"]["schemas"]))
                }
            }
        }
    }
}

fn of_tag<'a>(document: &'a Value, tag: &str) -> Vec<Operation<'a>> {
    let items = object(&document["paths"]);
    let operations = items.flat_map(|(path, item)| {
        object(item).map(move |(method, says)| Operation { method, path, says })
    });
    let mut operations: Vec<_> =
        operations.filter(|operation| operation.says["tags"][0] == tag).collect();
    operations.sort_by_key(|operation| (operation.path, method_order(operation.method)));
    operations
}

/// As people read them: first what changes nothing.
fn method_order(method: &str) -> usize {
    ["get", "post", "put", "patch", "delete"].iter().position(|known| *known == method).unwrap_or(0)
}

fn address(operation: &Operation<'_>) -> Markup {
    html! {
        span.method { (operation.method.to_uppercase()) } " "
        span.path {
            @for part in operation.path.split_inclusive('/') { (part) wbr; }
        }
    }
}

fn route(document: &Value, operation: &Operation<'_>) -> Markup {
    let says = operation.says;
    html! {
        article aria-labelledby=(operation.id()) {
            h3 id=(operation.id()) { a href={ "#" (operation.id()) } { (address(operation)) } }
            p.lead { (words(text(&says["summary"]))) }
            @if let Some(more) = says["description"].as_str() { p { (words(more)) } }
            p.access { (access(&says["security"])) }
            (parameters(&says["parameters"]))
            (body(&says["requestBody"]))
            (answers(document, &says["responses"]))
        }
    }
}

fn access(security: &Value) -> &'static str {
    let said = security.to_string();
    match (said.contains("session"), said.contains("token")) {
        (true, true) => "For whoever is signed in, or has a token.",
        (true, false) => "For people who are signed in. A token is not enough.",
        (false, true) => "For programs with a token.",
        (false, false) => "For everybody.",
    }
}

fn parameters(parameters: &Value) -> Markup {
    let all: Vec<_> = members(parameters).collect();
    html! {
        @if !all.is_empty() {
            table {
                caption { "Parameters" }
                thead { tr { th scope="col" { "Name" } th scope="col" { "In" } th scope="col" { "What" } } }
                tbody {
                    @for parameter in all {
                        tr {
                            th scope="row" { code { (text(&parameter["name"])) } }
                            td {
                                (text(&parameter["in"]))
                                @if parameter["required"] == true { ", needed" }
                            }
                            td {
                                (words(text(&parameter["description"]))) " "
                                span.shape { (shapes::in_short(&parameter["schema"])) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn body(body: &Value) -> Markup {
    html! {
        @for (kind, content) in object(&body["content"]) {
            p {
                "Body: " code { (kind) } ", " (shapes::in_short(&content["schema"]))
                @if let Some(about) = body["description"].as_str() { ". " (words(about)) }
            }
        }
    }
}

fn answers(document: &Value, answers: &Value) -> Markup {
    html! {
        table {
            caption { "Answers" }
            thead { tr { th scope="col" { "Status" } th scope="col" { "What" } } }
            tbody {
                @for (status, answer) in object(answers) {
                    @let answer = resolved(document, answer);
                    tr.bad[!status.starts_with('2')] {
                        th scope="row" { (status) }
                        td {
                            @for paragraph in text(&answer["description"]).split("\n\n") {
                                div { (words(paragraph)) }
                            }
                            @for (kind, content) in object(&answer["content"]) {
                                @if kind != "application/problem+json" {
                                    div.shape { (shapes::in_short(&content["schema"])) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let place = value["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
    place.and_then(|place| document.pointer(place)).unwrap_or(value)
}

/// A sentence, in which what stands between backticks is code.
fn words(sentence: &str) -> Markup {
    html! {
        @for (at, part) in sentence.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn members(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
