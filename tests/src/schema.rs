//! The wire's JSON Schema and the reader agree.

use jsonschema::Validator;
use rehome_record::{
    IMPORT_INCOMPLETE, MAX_BODY_BYTES, MAX_ID_BYTES, MAX_TEXT_BYTES, parse_line, schema,
};
use serde_json::{Map, Value, json};

use crate::documents::shown_lines;
use crate::fixtures;

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::meta::validate(schema).unwrap();
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

fn complaints(validator: &Validator, line: &Value) -> Vec<String> {
    validator
        .iter_errors(line)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect()
}

#[test]
fn lines_that_the_document_shows_keep_to_the_schema() {
    let validator = validator(&schema::line());
    for line in shown_lines() {
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(complaints(&validator, &line), [""; 0], "{line}");
    }
}

#[test]
fn lines_of_every_fixture_keep_to_the_schema() {
    let validator = validator(&schema::line());
    let mut looked_at = 0;
    for fixture in fixtures::all() {
        for line in fixtures::lines(&fixture.name, &fixture.bytes).unwrap().0 {
            let line = serde_json::to_value(line).unwrap();
            assert_eq!(complaints(&validator, &line), [""; 0], "{}: {line}", fixture.name);
            looked_at += 1;
        }
    }
    assert!(looked_at > 50, "{looked_at}");
}

/// Every shown line, with one place of it changed at a time.
#[test]
fn the_schema_takes_what_the_reader_takes_and_nothing_else() {
    let validator = validator(&schema::line());
    let (mut taken, mut refused) = (0, 0);
    for line in shown_lines() {
        let line: Value = serde_json::from_str(&line).unwrap();
        for changed in changes(&line) {
            let json = changed.to_string();
            let reads = parse_line(json.as_bytes()).is_ok_and(|line| line.validate().is_ok());
            let fits = validator.is_valid(&changed);
            assert_eq!(fits, reads, "{}", json.chars().take(400).collect::<String>());
            if reads { taken += 1 } else { refused += 1 }
        }
    }
    assert!(taken > 100 && refused > 1000, "{taken} taken, {refused} refused");
}

#[test]
fn what_opens_and_closes_a_stream_keeps_to_its_schema() {
    let new_import = validator(&schema::new_import());
    let mut opens = json!({
        "format": "disqus", "origin": "blog", "reader": "disqus/1",
        "options": { IMPORT_INCOMPLETE: true },
        "file": { "name": "a.xml", "size_bytes": 7, "fingerprint": "00" },
        "seen": { "comments": 2, "kept": 1, "skipped_by_reason": { "no_id": 1 }, "complete": "no" },
    });
    assert_eq!(complaints(&new_import, &opens), [""; 0]);
    let submit = validator(&schema::submit());
    let counts = json!({ "pages": 1, "authors": 0, "comments": 1, "removed": 0 });
    let mut closes = json!({ "chunks": 1, "counts": counts });
    assert_eq!(complaints(&submit, &closes), [""; 0]);
    for (validator, request) in [(new_import, &mut opens), (submit, &mut closes)] {
        request["surprise"] = json!(1);
        assert!(!validator.is_valid(request), "{request}");
    }
}

/// Everything that one change makes of a value: a key less, an unknown key
/// more, another value in the place of each.
fn changes(value: &Value) -> Vec<Value> {
    let mut changes = Vec::new();
    match value {
        Value::Object(object) => {
            let mut more = object.clone();
            more.insert("surprise".into(), json!(1));
            changes.push(Value::Object(more));
            for (key, inner) in object {
                let mut less = object.clone();
                less.remove(key);
                changes.push(Value::Object(less));
                changes.extend(put_in_place(object, key, inner));
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                changes.extend(other_values(inner).into_iter().map(|other| {
                    let mut list = list.clone();
                    list[at] = other;
                    Value::Array(list)
                }));
            }
            changes.push(Value::Array(list.iter().cycle().take(17).cloned().collect()));
        }
        _ => {}
    }
    changes
}

fn put_in_place(object: &Map<String, Value>, key: &str, inner: &Value) -> Vec<Value> {
    // What is inside is a source's own: every value is good.
    let free = ["extras", "options"].contains(&key);
    let others = if free { wrong_kinds() } else { other_values(inner) };
    let others = others.into_iter().map(|other| {
        let mut object = object.clone();
        object.insert(key.to_owned(), other);
        Value::Object(object)
    });
    others.collect()
}

fn other_values(value: &Value) -> Vec<Value> {
    let mut others = changes(value);
    others.extend(wrong_kinds());
    // serde also reads a struct from the list of its values. No document says so.
    others.retain(|other| !(value.is_object() && other.is_array()));
    for text in ["", "text", "a\u{1}b", "a\u{85}b", "2021-06-03", "2021-06-03T05:54:08+02:00"] {
        others.push(json!(text));
    }
    for length in [MAX_ID_BYTES, MAX_TEXT_BYTES, MAX_BODY_BYTES] {
        others.push(json!("x".repeat(length)));
        others.push(json!("x".repeat(length + 1)));
    }
    others
}

fn wrong_kinds() -> Vec<Value> {
    let numbers = [json!(0), json!(1), json!(-1), json!(1.5), json!(5_000_000_000_u64)];
    let rest = [json!(null), json!(true), json!("text"), json!([]), json!({})];
    numbers.into_iter().chain(rest).collect()
}
