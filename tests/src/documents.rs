//! The documents tell the truth.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rehome_formats::FORMATS;
use rehome_record::{Line, parse_line};
use serde_json::Value;

/// Text of `docs/ndjson.md`.
fn wires_document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ndjson.md");
    fs::read_to_string(&path).unwrap()
}

/// The lines that the document shows.
pub(crate) fn shown_lines() -> Vec<String> {
    let document = wires_document();
    document.lines().filter(|line| line.starts_with("{\"type\"")).map(str::to_owned).collect()
}

#[test]
fn lines_shown_in_the_wires_document_are_valid() {
    let mut kinds = BTreeSet::new();
    for line in shown_lines() {
        let parsed = parse_line(line.as_bytes()).unwrap_or_else(|e| panic!("{e}: {line}"));
        parsed.validate().unwrap_or_else(|e| panic!("{e}: {line}"));
        kinds.insert(match parsed {
            Line::Header(_) => "header",
            Line::Page(_) => "page",
            Line::Author(_) => "author",
            Line::Comment(_) => "comment",
            Line::Removed(_) => "removed",
            Line::End(_) => "end",
        });
    }
    assert_eq!(kinds.len(), 6, "the document shows {kinds:?} alone");
}

#[test]
fn the_wires_document_lists_every_field_and_no_other() {
    let document = wires_document();
    let schema = rehome_record::schema::line();
    let kinds = schema["oneOf"].as_array().unwrap();
    assert_eq!(kinds.len(), 6);
    for kind in kinds {
        let name = kind["properties"]["type"]["const"].as_str().unwrap();
        let required = texts(&kind["required"]);
        let in_schema: BTreeSet<_> = keys(&kind["properties"])
            .filter(|field| field != "type")
            .map(|field| (field.clone(), required.contains(&field)))
            .collect();
        assert_eq!(listed_fields(&document, name), in_schema, "{name}");
    }
}

#[test]
fn the_wires_document_names_every_part_of_a_field_and_every_word() {
    let document = wires_document();
    let named = |word: &str| {
        document.contains(&format!("`{word}`")) || document.contains(&format!("\"{word}\":"))
    };
    let schema = rehome_record::schema::line();
    let mut looked_at = 0;
    for definition in schema["$defs"].as_object().unwrap().values() {
        let parts = keys(&definition["properties"]);
        let choices = definition["oneOf"].as_array().into_iter().flatten();
        let words = choices.map(|choice| choice["const"].as_str().unwrap().to_owned());
        for word in parts.chain(words) {
            assert!(named(&word), "{word}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 20, "{looked_at}");
}

#[test]
fn names_that_the_wires_document_gives_for_fields_are_fields() {
    let document = wires_document();
    let names = document.lines().find(|line| line.starts_with("Names for `fields`")).unwrap();
    let names: Vec<_> = quoted(names).filter(|name| name.contains('.')).collect();
    assert_eq!(names, rehome_record::FIELDS);
    for name in names {
        let (kind, field) = name.split_once('.').unwrap();
        let fields = listed_fields(&document, kind);
        assert!(fields.iter().any(|(listed, _)| listed == field), "{name}");
    }
}

#[test]
fn the_page_about_the_formats_names_every_fact_in_plain_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/formats.md");
    let page = fs::read_to_string(&path).unwrap();
    for facts in FORMATS.iter().map(|format| format.facts()) {
        let (_, section) = page.split_once(&format!("\n## {}\n", facts.name)).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let lists = [facts.how_to_get, facts.keeps, facts.loses].concat();
        let facts_alone = [facts.id, facts.family, facts.files, facts.reader, facts.versions];
        for fact in lists.iter().chain(&facts_alone) {
            assert!(section.contains(fact), "{}: {fact}", facts.id);
        }
        for field in facts.fields.iter().chain(facts.optional_fields) {
            assert!(!section.contains(field), "{}: {field} has no plain words", facts.id);
        }
    }
}

/// Fields in the table of a kind of line, and whether they are required.
fn listed_fields(document: &str, kind: &str) -> BTreeSet<(String, bool)> {
    let section = document.lines().skip_while(|line| *line != format!("### {kind}")).skip(1);
    let rows =
        section.take_while(|line| !line.starts_with('#')).filter(|line| line.starts_with("| `"));
    rows.flat_map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let required = match cells[2] {
            "required" => true,
            "" => false,
            other => panic!("{other} in {row}"),
        };
        quoted(cells[1]).map(move |field| (field.to_owned(), required)).collect::<Vec<_>>()
    })
    .collect()
}

/// What stands between back quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn keys(object: &Value) -> impl Iterator<Item = String> {
    object.as_object().into_iter().flatten().map(|(key, _)| key.clone())
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Each test that the page about security names is there.
#[test]
fn tests_that_the_security_page_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let folders = [
        "server/src/tests",
        "server/tests/process",
        "server/src",
        "server/src/http",
        "server/src/notify",
    ];
    let mut named = 0;
    for words in page.split('`').skip(1).step_by(2) {
        if words.contains('/') && words.starts_with("tests/") {
            assert!(root.join(words).exists(), "{words}");
        }
        let Some((module, test)) = words.rsplit_once("::") else { continue };
        named += 1;
        let wanted = format!("fn {test}()");
        let found = folders.iter().any(|folder| {
            let file = root.join(folder).join(format!("{}.rs", module.replace("::", "/")));
            fs::read_to_string(file).is_ok_and(|text| text.contains(&wanted))
        });
        assert!(found, "{words} is in none of {folders:?}");
    }
    assert!(named > 30, "{named}");
}
