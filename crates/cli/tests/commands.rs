//! The commands as a script sees them: output, errors, exit codes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/disqus").join(name)
}

fn rehome(command: &str, arguments: &[&str], file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rehome"))
        .arg(command)
        .args(arguments)
        .arg(file)
        .output()
        .unwrap()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|e| panic!("{e}: {bytes:?}"))
}

/// A copy of a fixture without its last bytes.
fn cut(name: &str, by: usize) -> tempfile::NamedTempFile {
    let bytes = std::fs::read(fixture(name)).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes[..bytes.len() - by]).unwrap();
    file
}

#[test]
fn preview_prints_one_object_with_stable_names_in_order() {
    let output = rehome("preview", &["--json"], &fixture("interleaved.xml"));
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1);
    let mut rest = text.as_str();
    for name in [
        "format",
        "origin",
        "complete",
        "pages",
        "seen",
        "with_comments",
        "comments",
        "seen",
        "kept",
        "skipped",
        "skipped_by_reason",
        "replies",
        "orphans",
        "max_depth",
        "by_status",
        "approved",
        "pending",
        "spam",
        "deleted",
        "authors",
        "named",
        "guests",
        "first_at",
        "last_at",
        "issues",
        "code",
        "severity",
        "count",
        "examples",
        "file",
        "byte",
        "line",
        "record",
        "source_id",
    ] {
        let name = format!("\"{name}\":");
        let at = rest.find(&name).unwrap_or_else(|| panic!("{name} is missing in {rest}"));
        rest = &rest[at + name.len()..];
    }
}

#[test]
fn a_cut_file_prints_what_was_read_and_fails() {
    let file = cut("basic.xml", 400);
    let output = rehome("preview", &["--json"], file.path());
    assert_eq!(output.status.code(), Some(1));
    let summary = json(&output.stdout);
    assert_eq!(summary["complete"], "no");
    assert_eq!(summary["comments"]["kept"], 12);
    let error = json(&output.stderr);
    assert_eq!(error["code"], "file_cut");
    let names: Vec<_> = error.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["byte", "code", "file", "line", "message"]);
}

#[test]
fn a_file_of_no_known_format_fails_with_a_reason() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "{\"hello\": 1}").unwrap();
    for command in ["preview", "convert"] {
        let output = rehome(command, &[], file.path());
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert_eq!(json(&output.stderr)["code"], "format_unknown");
    }
}

#[test]
fn a_file_that_is_not_there_is_an_error_of_the_same_form() {
    let output = rehome("preview", &["--json"], &fixture("no-such-file.xml"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json(&output.stdout)["complete"], "no");
    assert_eq!(json(&output.stderr)["code"], "read_failed");
}

#[test]
fn preview_is_readable_without_json() {
    let output = rehome("preview", &[], &fixture("basic.xml"));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("Disqus export of example-blog, complete\n"), "{text}");
    assert!(text.contains("comments in the file                        14\n"), "{text}");
    let (_, years) = text.split_once("\ncomments by year\n").unwrap();
    let longest = years.lines().take_while(|line| !line.is_empty()).map(str::len).max();
    assert_eq!(longest, Some(80), "no terminal: {text}");
}

#[test]
fn convert_writes_valid_lines_with_an_end() {
    let output = rehome("convert", &[], &fixture("basic.xml"));
    assert_eq!(output.status.code(), Some(0));
    let mut reader = rehome_record::LineReader::new(output.stdout.as_slice());
    let mut last = None;
    while let Some(line) = reader.next_line().unwrap() {
        let line = line.line.unwrap();
        line.validate().unwrap();
        last = Some(line);
    }
    let Some(rehome_record::Line::End(end)) = last else { panic!("no end") };
    assert_eq!((end.counts.pages, end.counts.comments), (5, 14));
}

#[test]
fn convert_of_a_cut_file_has_no_end_and_fails() {
    let file = cut("basic.xml", 400);
    let output = rehome("convert", &[], file.path());
    assert_eq!(output.status.code(), Some(1));
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(!lines.contains("\"type\":\"end\""));
    assert_eq!(json(&output.stderr)["code"], "file_cut");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rehome"))
        .arg("convert")
        .arg(fixture("basic.xml"))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}
