//! The same lines on every machine.

use std::path::{Path, PathBuf};
use std::process::Command;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let entries = |folder: &Path| std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut files: Vec<_> = entries(&folder)
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| entries(&folder).collect::<Vec<_>>())
        .filter(|file| file.is_file() && file.extension().is_none_or(|end| end != "md"))
        .collect();
    files.sort();
    files
}

/// What `rehome convert` writes on a machine of that time zone.
fn converted(file: &Path, zone: &str) -> Vec<u8> {
    let mut rehome = Command::new(env!("CARGO_BIN_EXE_rehome"));
    let output = rehome.env("TZ", zone).arg("convert").arg(file).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // Some leave a choice open that has to be decided first.
    let is_open = said.contains("\"choice_needed\"");
    assert_eq!(output.status.success(), !is_open, "{}: {said}", file.display());
    output.stdout
}

#[test]
fn every_fixture_gives_the_same_lines_in_any_time_zone() {
    let files = fixtures();
    assert!(files.len() > 10, "{files:?}");
    let mut compared = 0;
    for file in &files {
        let expected = converted(file, "UTC");
        compared += usize::from(!expected.is_empty());
        for zone in ["Asia/Kolkata", "America/New_York"] {
            assert!(converted(file, zone) == expected, "{} in {zone}", file.display());
        }
    }
    assert!(compared * 10 > files.len() * 9, "{compared} of {}", files.len());
}
