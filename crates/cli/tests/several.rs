//! Several files or an archive as one export, and what is chosen about it.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/disqus").join(name)
}

fn run<S: AsRef<OsStr>>(arguments: &[S]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rehome")).args(arguments).output().unwrap()
}

/// A command over files.
fn over(arguments: &[&str], files: &[PathBuf]) -> Output {
    let arguments = arguments.iter().map(OsStr::new);
    run(&arguments.chain(files.iter().map(|file| file.as_os_str())).collect::<Vec<_>>())
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|e| panic!("{e}: {bytes:?}"))
}

fn summary(files: &[PathBuf]) -> Value {
    let output = over(&["preview", "--json"], files);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    json(&output.stdout)
}

/// An archive with entries that are stored as they are.
fn zip(folder: &Path, names: &[&str]) -> PathBuf {
    let place = folder.join("export.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&place).unwrap());
    for name in names {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(&std::fs::read(fixture(name)).unwrap()).unwrap();
    }
    zip.finish().unwrap();
    place
}

#[test]
fn several_files_and_an_archive_of_them_are_the_same_export() {
    let names = ["basic.xml", "old-2012.xml"];
    let files = names.map(fixture);
    let seen = |summary: &Value| summary["comments"]["seen"].as_u64().unwrap();
    let each: u64 = files.iter().map(|file| seen(&summary(std::slice::from_ref(file)))).sum();
    let both = summary(&files);
    assert_eq!(seen(&both), each);
    assert_eq!(summary(&[files[1].clone(), files[0].clone()]), both, "the order does not count");
    let folder = TempDir::new().unwrap();
    let archive = zip(folder.path(), &names);
    assert_eq!(summary(std::slice::from_ref(&archive))["comments"], both["comments"]);
    let lines = |files: &[PathBuf]| {
        let output = over(&["convert"], files);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        output.stdout
    };
    assert!(lines(&files) == lines(&[archive]));
}

#[test]
fn an_error_names_the_file_that_it_is_about() {
    let folder = TempDir::new().unwrap();
    let cut = folder.path().join("zz-cut.xml");
    let bytes = std::fs::read(fixture("basic.xml")).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() - 400]).unwrap();
    let damaged = folder.path().join("zz-damaged.xml.gz");
    std::fs::write(&damaged, b"\x1f\x8bnothing of gzip").unwrap();
    let missing = folder.path().join("zz-missing.xml");
    for (file, code) in [(cut, "file_cut"), (damaged, "gzip_damaged"), (missing, "read_failed")] {
        for command in ["preview", "convert"] {
            let output = over(&[command], &[fixture("old-2012.xml"), file.clone()]);
            assert_eq!(output.status.code(), Some(1));
            let error = json(&output.stderr);
            let name = file.file_name().unwrap().to_str().unwrap();
            assert_eq!((&error["code"], &error["file"]), (&code.into(), &name.into()), "{error}");
        }
    }
}

#[test]
fn a_format_can_be_said_and_an_unknown_one_is_refused_with_the_list() {
    let folder = TempDir::new().unwrap();
    let bare = folder.path().join("bare.xml");
    std::fs::write(&bare, "<export></export>").unwrap();
    let output = over(&["preview"], std::slice::from_ref(&bare));
    assert_eq!(json(&output.stderr)["code"], "format_unknown");
    let output = over(&["preview", "--json", "--as", "disqus"], &[bare]);
    assert_eq!(json(&output.stdout)["format"], "disqus");
    for command in ["preview", "convert"] {
        let output = over(&[command, "--as", "discus"], &[fixture("basic.xml")]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("possible values: ") && said.contains("disqus"), "{said}");
    }
}

#[test]
fn options_stand_in_the_header_and_unknown_ones_are_refused_with_the_list() {
    let chosen = ["convert", "--option", "site_address=https://example.org", "--take-private"];
    let output = over(&chosen, &[fixture("basic.xml")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let header: Value = json(output.stdout.split(|byte| *byte == b'\n').next().unwrap());
    let expected =
        serde_json::json!({ "site_address": "https://example.org", "take_private": true });
    assert_eq!(header["options"], expected);

    for (option, said) in
        [("site_adress=x", "site_address, page_key, pages_are, host"), ("host", "NAME=VALUE")]
    {
        let output = over(&["preview", "--option", option], &[fixture("basic.xml")]);
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(said), "{stderr}");
    }
    let twice = ["convert", "--option", "host=a", "--option", "host=b"];
    let output = over(&twice, &[fixture("basic.xml")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("given twice"));
}

#[test]
fn a_needed_choice_that_is_not_made_is_an_error_and_can_be_made() {
    let file = fixture("../commento/no-host.json");
    let output = over(&["preview"], std::slice::from_ref(&file));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("\nto be decided: site_address. Add --option site_address=TEXT.\n"));
    let output = over(&["convert"], std::slice::from_ref(&file));
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert_eq!(json(&output.stderr)["code"], "choice_needed");
    let chosen = ["convert", "--option", "site_address=https://example.org"];
    let output = over(&chosen, &[file]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("https://example.org/"));
}

#[test]
fn comments_that_were_never_public_are_shown_and_left_out_unless_they_are_taken() {
    let file = fixture("../wordpress-wxr/private.xml");
    let comments = |arguments: &[&str]| {
        let output = over(arguments, std::slice::from_ref(&file));
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().filter(|line| line.starts_with("{\"type\":\"comment\"")).count() as u64
    };
    let summary = &summary(std::slice::from_ref(&file))["comments"];
    let by_reason = summary["withheld_by_reason"].as_object().unwrap();
    let withheld: u64 = by_reason.values().map(|count| count.as_u64().unwrap()).sum();
    let kept = summary["kept"].as_u64().unwrap();
    assert!(withheld > 0 && withheld <= kept, "{summary}");
    assert_eq!(comments(&["convert"]), kept - withheld);
    assert_eq!(comments(&["convert", "--take-private"]), kept);
    let output = over(&["preview"], std::slice::from_ref(&file));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("not sent without --take-private"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_pipe_can_be_previewed_but_not_converted() {
    use std::process::Stdio;

    let through_a_pipe = |command: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rehome"))
            .args([command, "/dev/stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // It is closed early where nothing is read.
        let _ = stdin.write_all(&std::fs::read(fixture("basic.xml")).unwrap());
        drop(stdin);
        child.wait_with_output().unwrap()
    };
    let output = through_a_pipe("preview");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = through_a_pipe("convert");
    assert_eq!(output.status.code(), Some(1));
    let error = json(&output.stderr);
    assert_eq!(error["code"], "read_failed");
    assert!(error["message"].as_str().unwrap().contains("more than once"), "{error}");
}

#[test]
fn formats_lists_every_format_for_people_and_for_programs() {
    let output = run(&["formats"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Disqus\n  id        disqus\n"), "{text}");
    assert!(text.contains("\n  get it    1. "), "{text}");
    let listed = json(&run(&["formats", "--json"]).stdout);
    let ids: Vec<_> =
        listed.as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect();
    let known: Vec<_> = rehome_formats::FORMATS.iter().map(|format| format.facts().id).collect();
    assert_eq!(ids, known);
    for format in listed.as_array().unwrap() {
        for name in ["family", "name", "files", "evidence", "versions"] {
            assert!(!format[name].as_str().unwrap().is_empty(), "{name} of {format}");
        }
        assert!(!format["how_to_get"].as_array().unwrap().is_empty(), "{format}");
    }
}
