//! CONTRIBUTING.md says how a vendor is added, and this does it: in a copy of
//! the two crates, with a vendor that does not exist.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file that is only written where it differs, so that a second run finds
/// everything compiled.
fn put(place: &Path, text: &[u8]) {
    if fs::read(place).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below a folder, as paths from `root`.
fn below(folder: &Path, root: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, root, files);
        } else {
            files.push(path.strip_prefix(root).unwrap().to_owned());
        }
    }
}

/// The lines that the recipe adds, with the files that they go into: those of
/// its code block that end in `// <path>`.
fn added_lines() -> Vec<(String, PathBuf)> {
    let recipe = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let lines = recipe.lines().filter_map(|line| line.split_once("// crates/"));
    lines
        .map(|(line, place)| (line.trim().to_owned(), Path::new("crates").join(place.trim())))
        .collect()
}

/// A module goes beside the others, a format into the list.
fn with_line(text: &str, line: &str) -> String {
    if line.starts_with("pub(crate) mod") {
        return format!("{text}{line}\n");
    }
    let (before, rest) = text.split_once("\nformats! {").unwrap();
    format!("{before}\nformats! {{ {line} {rest}")
}

/// A workspace of the two crates alone.
fn manifest() -> String {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (before, rest) = text.split_once("members = [").unwrap();
    let (_, rest) = rest.split_once("[workspace.package]").unwrap();
    let text = format!(
        "{before}members = [\"crates/record\", \"crates/formats\"]\n[workspace.package]{rest}"
    );
    // What follows speaks of crates that are not there.
    text.split("[profile.").next().unwrap().to_owned()
}

#[test]
fn a_vendor_takes_one_file_and_one_line() {
    let root = root();
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recipe");
    let mut files = Vec::new();
    for folder in ["crates/record", "crates/formats"] {
        below(&root.join(folder), &root, &mut files);
    }
    let added = added_lines();
    assert_eq!(added.len(), 2, "{added:?}");
    for file in files {
        let mut bytes = fs::read(root.join(&file)).unwrap();
        for (line, _) in added.iter().filter(|(_, place)| *place == file) {
            bytes = with_line(&String::from_utf8(bytes).unwrap(), line).into_bytes();
        }
        put(&copy.join(&file), &bytes);
    }
    put(&copy.join("Cargo.toml"), manifest().as_bytes());
    // Cargo takes out of it what the two crates do not need, so the whole one
    // is kept beside it.
    let (lock, taken) = (fs::read(root.join("Cargo.lock")).unwrap(), copy.join("Cargo.lock.taken"));
    if fs::read(&taken).ok().as_ref() != Some(&lock) {
        put(&copy.join("Cargo.lock"), &lock);
        put(&taken, &lock);
    }
    for (from, to) in [
        ("example.rs", "src/vendors/example.rs"),
        ("reads.rs", "tests/reads.rs"),
        ("basic.json", "tests/basic.json"),
    ] {
        let bytes = fs::read(root.join("tests/recipe").join(from)).unwrap();
        put(&copy.join("crates/formats").join(to), &bytes);
    }
    let output = Command::new(env!("CARGO"))
        .args(["test", "--offline", "--package", "rehome-formats", "--features", "all-readers"])
        .args(["--test", "reads", "--target-dir"])
        .arg(copy.join("target"))
        .current_dir(&copy)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("test result: ok. 2 passed"), "{said}\n{complained}");
}
