//! The documents tell the truth.

use std::fs;
use std::path::Path;

use rehome_record::{Line, parse_line};

#[test]
fn lines_shown_in_the_wires_document_are_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ndjson.md");
    let document = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = document.lines().filter(|line| line.starts_with("{\"type\"")).collect();
    let mut kinds = std::collections::BTreeSet::new();
    for line in lines {
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
