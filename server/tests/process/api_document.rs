//! `docs/api.md` tells the truth: its import in four lines is run.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Server, Settings};

fn document(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The first block of this language.
fn block(document: &str, language: &str) -> String {
    let (_, rest) = document.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_four_lines_of_the_document_import_what_the_other_document_shows() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(&folder.path().join("data"), Settings::default());
    assert_eq!(server.site, 1, "the document names it");
    let made =
        server.post("/api/v1/tokens", &json!({ "name": "curl", "scopes": ["import", "read"] }));
    let secret = made.body["secret"].as_str().unwrap();

    let lines = block(&document("api.md"), "sh");
    assert_eq!(lines.lines().count(), 4);
    let script = lines.replacen("https://rehome.example.org", server.base(), 1).replacen(
        "rehome_…",
        secret,
        1,
    );
    assert!(script.contains(server.base()) && script.contains(secret), "{script}");
    fs::write(folder.path().join("comments.ndjson"), block(&document("ndjson.md"), "json"))
        .unwrap();
    let ran = Command::new("sh")
        .args(["-eu", "-c", &script])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let (out, said) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}\n{said}");

    let told: Vec<Value> =
        serde_json::Deserializer::from_str(&out).into_iter().map(Result::unwrap).collect();
    let [followed, read_back] = told.as_slice() else { panic!("{out}") };
    assert_eq!(followed["import"]["state"], "succeeded", "{out}");
    assert_eq!(followed["import"]["result"]["comments"]["inserted"], 2, "{out}");
    assert_eq!(read_back["page"]["url"], "https://blog.example.org/2019/06/moving-house/", "{out}");
    // The other comment is spam.
    assert_eq!(read_back["comments"].as_array().unwrap().len(), 1, "{out}");
    assert!(out.contains("The list saved us a day."), "{out}");
}
