//! The lines of an import's report, for programs and for spreadsheets.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::audit::{Format, harmless};
use super::dto::{Import, ImportState, PossibleDouble};
use crate::store::report::Facts;

const COLUMNS: [&str; 9] =
    ["section", "name", "value", "count", "file", "chunk", "line", "byte", "source_id"];

/// One line for programs; of one, spreadsheets may get several rows.
#[derive(Debug)]
pub(super) struct Line {
    kind: &'static str,
    facts: Map<String, Value>,
}

impl Line {
    /// Of an object.
    pub(super) fn new(kind: &'static str, facts: Value) -> Self {
        let Value::Object(facts) = facts else { unreachable!("facts are an object") };
        Self { kind, facts }
    }

    pub(super) fn of(kind: &'static str, of: &impl Serialize) -> Self {
        Self::new(kind, serde_json::to_value(of).unwrap_or_else(|_| json!({})))
    }

    /// By its ids alone: pages have titles and addresses.
    pub(super) fn of_double(double: &PossibleDouble) -> Self {
        let facts = json!({
            "source_id": double.source_id,
            "comment": double.comment,
            "other": double.other,
            "other_sources": double.other_sources,
            "page": double.page.as_ref().map(|page| page.id),
        });
        Self::new("possible_double", facts)
    }
}

/// Who, when, what, how much; and whether the sums add up.
pub(super) fn facts_of(import: &Import, facts: &Facts) -> Value {
    let sums = Sums::of(import);
    json!({
        "id": import.id,
        "state": import.state,
        "started_by": import.started_by,
        "created_at": import.created_at,
        "received_at": facts.received_at,
        "submitted_at": facts.submitted_at,
        "started_at": facts.started_at,
        "finished_at": import.finished_at,
        "undone_at": facts.undone_at,
        "site": import.site_id,
        "file": import.file,
        "format": import.format,
        "origin": import.origin,
        "reader": facts.reader,
        "options": facts.options,
        "seen": import.seen,
        "received": import.received,
        "result": facts.result,
        "error": import.error.as_ref().map(|error| &error.code),
        "adds_up": sums.0.values().all(|sum| sum.adds_up),
        "sums": sums.0,
        "issues_told": facts.issues.is_some(),
    })
}

/// What must be as much as something else.
struct Sums(BTreeMap<&'static str, Sum>);

#[derive(Serialize)]
struct Sum {
    total: u64,
    parts: u64,
    /// Of the total, what the import did not come to.
    not_applied: u64,
    adds_up: bool,
}

impl Sums {
    fn of(import: &Import) -> Self {
        let (seen, received, result) = (&import.seen, &import.received, &import.result);
        // Later, rows may be taken back; what came of the lines stays as it was.
        let open = [
            ImportState::Receiving,
            ImportState::Queued,
            ImportState::Running,
            ImportState::Failed,
            ImportState::Cancelled,
            ImportState::Expired,
        ];
        let may_lack = open.contains(&import.state);
        let skipped: u64 = seen.skipped_by_reason.values().sum();
        let rejected = result.rejected_by_reason.values().sum();
        let (pages, authors, comments) = (result.pages, result.authors, result.comments);
        let whole = |total, parts| Sum::new(total, parts, false);
        let applied = |total, parts: super::dto::Upserted| {
            let parts = parts.inserted + parts.updated + parts.unchanged + parts.rejected;
            Sum::new(total, parts, may_lack)
        };
        Self(BTreeMap::from([
            ("seen", whole(seen.comments, seen.kept + skipped)),
            ("rejected", whole(rejected, pages.rejected + authors.rejected + comments.rejected)),
            ("pages", applied(received.pages, pages)),
            ("authors", applied(received.authors, authors)),
            ("comments", applied(received.comments + received.removed, comments)),
        ]))
    }
}

impl Sum {
    fn new(total: u64, parts: u64, may_lack: bool) -> Self {
        let adds_up = if may_lack { parts <= total } else { parts == total };
        Self { total, parts, not_applied: total.saturating_sub(parts), adds_up }
    }
}

/// As text. The first piece of a table has the names of its columns.
pub(super) fn written(format: Format, lines: &[Line], is_first: bool) -> anyhow::Result<Vec<u8>> {
    match format {
        Format::Ndjson => ndjson(lines),
        Format::Csv => csv(lines, is_first),
    }
}

fn ndjson(lines: &[Line]) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    for line in lines {
        let mut all = line.facts.clone();
        all.insert("type".to_owned(), line.kind.into());
        serde_json::to_writer(&mut text, &all)?;
        text.push(b'\n');
    }
    Ok(text)
}

fn csv(lines: &[Line], with_header: bool) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if with_header {
        writer.write_record(COLUMNS)?;
    }
    for row in lines.iter().flat_map(rows) {
        writer.write_record(row.into_cells())?;
    }
    Ok(writer.into_inner()?)
}

#[derive(Debug, Clone, Default)]
struct Row {
    section: &'static str,
    name: String,
    value: String,
    count: String,
    file: String,
    chunk: String,
    line: String,
    byte: String,
    source_id: String,
}

impl Row {
    fn into_cells(self) -> [String; COLUMNS.len()] {
        let Self { section, name, value, count, file, chunk, line, byte, source_id } = self;
        [section.to_owned(), name, value, count, file, chunk, line, byte, source_id].map(harmless)
    }
}

fn rows(line: &Line) -> Vec<Row> {
    let section = line.kind;
    let fact = |name: &str| line.facts.get(name).map(in_one_cell).unwrap_or_default();
    let about = Row { section, source_id: fact("source_id"), ..Row::default() };
    match section {
        "issue" => {
            let name = fact("code");
            let issue = Row { name, value: fact("severity"), count: fact("count"), ..about };
            of_places(&issue, &line.facts)
        }
        "rejected" => {
            let (chunk, line) = (fact("chunk"), fact("line"));
            vec![Row { name: fact("code"), chunk, line, ..about }]
        }
        "possible_double" => {
            let value = line.facts.get("other_sources").map(names_of_sources).unwrap_or_default();
            vec![Row { name: fact("other"), value, ..about }]
        }
        "vanished" => vec![about],
        _ => {
            let mut rows = Vec::new();
            flatten(section, "", &Value::Object(line.facts.clone()), &mut rows);
            rows
        }
    }
}

/// A row for each place, so that a spreadsheet can sort them.
fn of_places(issue: &Row, facts: &Map<String, Value>) -> Vec<Row> {
    let places = facts.get("places").and_then(Value::as_array).into_iter().flatten();
    let rows: Vec<_> = places
        .map(|place| Row {
            file: in_one_cell(&place["file"]),
            line: in_one_cell(&place["line"]),
            byte: in_one_cell(&place["byte"]),
            ..issue.clone()
        })
        .collect();
    if rows.is_empty() { vec![issue.clone()] } else { rows }
}

fn names_of_sources(sources: &Value) -> String {
    let sources = sources.as_array().into_iter().flatten();
    let names = sources.map(|source| {
        let part = |name: &str| source[name].as_str().unwrap_or_default();
        format!("{} {} {}", part("family"), part("origin"), part("source_id"))
    });
    names.collect::<Vec<_>>().join("; ")
}

/// A row for each fact, named by its way in: `result.comments.inserted`.
fn flatten(section: &'static str, name: &str, value: &Value, rows: &mut Vec<Row>) {
    let Value::Object(inner) = value else {
        let (name, value) = (name.to_owned(), in_one_cell(value));
        return rows.push(Row { section, name, value, ..Row::default() });
    };
    for (part, value) in inner {
        let way = if name.is_empty() { part.clone() } else { format!("{name}.{part}") };
        flatten(section, &way, value, rows);
    }
}

fn in_one_cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
