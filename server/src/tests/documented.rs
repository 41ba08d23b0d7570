//! Whether what the server answers is what its document says: asked of every
//! answer that any of these tests gets.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use axum::http::{Method, StatusCode, header};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::Reply;
use crate::http::codes::Code;
use crate::http::openapi;

pub(super) static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi::document);

/// Every operation: its method in small letters, its path, and what is said of it.
pub(super) fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter();
        operations.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    })
}

/// The operation that an address belongs to, the one with the fewest variables first.
fn operation(method: &Method, path: &str) -> Option<(&'static str, &'static Value)> {
    let method = method.as_str().to_lowercase();
    operations()
        .filter(|(its_method, template, _)| *its_method == method && fits(template, path))
        .min_by_key(|(_, template, _)| template.matches('{').count())
        .map(|(_, template, operation)| (template, operation))
}

fn fits(template: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let all = template
        .split('/')
        .all(|wanted| parts.next().is_some_and(|part| part == wanted || wanted.starts_with('{')));
    all && parts.next().is_none()
}

/// Panics where the document does not say that there may be such an answer.
pub(super) fn check(method: &Method, path: &str, reply: &Reply) {
    let Some((template, operation)) = operation(method, path) else { return };
    let status = reply.status.as_u16().to_string();
    let shown = format!("{method} {template} answered {status}: {}", reply.body);
    let mut response = &operation["responses"][&status];
    if let Some(reference) = response["$ref"].as_str() {
        response = DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap();
    }
    assert!(!response.is_null(), "that is not documented: {shown}");
    for name in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(reply.headers.contains_key(name), "{name} is missing: {shown}");
    }
    let Some(content) = response["content"].as_object() else {
        assert_eq!(reply.body, Value::Null, "{shown}");
        return;
    };
    let given = reply.headers[header::CONTENT_TYPE].to_str().unwrap();
    let schema = content.get(given).map(|content| &content["schema"]);
    let schema = schema.unwrap_or_else(|| panic!("not as {given}: {shown}"));
    if ["application/json", "application/problem+json"].contains(&given) {
        with_validator(schema, |validator| {
            let complaints: Vec<_> =
                validator.iter_errors(&reply.body).map(|error| error.to_string()).collect();
            assert!(complaints.is_empty(), "{complaints:?}: {shown}");
        });
    }
}

/// Making one takes longer than using it.
fn with_validator(schema: &Value, used: impl FnOnce(&Validator)) {
    static MADE: Mutex<BTreeMap<String, &'static Validator>> = Mutex::new(BTreeMap::new());
    let validator = {
        let mut made = MADE.lock().unwrap();
        *made.entry(schema.to_string()).or_insert_with(|| {
            let whole = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            Box::leak(Box::new(options.build(&whole).unwrap()))
        })
    };
    used(validator);
}

#[test]
fn the_document_says_enough_of_every_route() {
    let mut ids = Vec::new();
    for (method, path, operation) in operations() {
        let shown = format!("{method} {path}");
        ids.push(operation["operationId"].as_str().unwrap());
        assert!(operation["summary"].is_string(), "{shown}");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{shown}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{shown}: {parameter}");
        }
        for (status, _) in operation["responses"].as_object().unwrap() {
            let status = StatusCode::from_bytes(status.as_bytes());
            assert!(status.is_ok(), "{shown} has a code outside of any status");
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "operation ids are told apart");
}

#[test]
fn the_document_names_nothing_that_is_not_in_it() {
    let mut waiting = vec![&*DOCUMENT];
    while let Some(value) = waiting.pop() {
        if let Some(reference) = value["$ref"].as_str() {
            let place = reference.trim_start_matches('#');
            assert!(DOCUMENT.pointer(place).is_some(), "{reference} is not there");
        }
        match value {
            Value::Array(all) => waiting.extend(all),
            Value::Object(object) => waiting.extend(object.values()),
            _ => {}
        }
    }
}

#[test]
fn every_code_is_of_some_route() {
    /// Those of addresses that are no route, and of the pages.
    const ELSEWHERE: [Code; 2] = [Code::MethodNotAllowed, Code::PagesMissing];
    let text = DOCUMENT.to_string();
    for code in Code::ALL {
        let in_document = text.contains(&format!("\"{}\"", code.word()));
        assert_ne!(in_document, ELSEWHERE.contains(code), "{code:?}");
    }
}
