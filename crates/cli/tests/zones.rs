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
    assert_eq!(output.status.code(), Some(0), "{}: {said}", file.display());
    output.stdout
}

#[test]
fn every_fixture_gives_the_same_lines_in_any_time_zone() {
    let files = fixtures();
    assert!(files.len() > 10, "{files:?}");
    for file in files {
        let expected = converted(&file, "UTC");
        assert!(!expected.is_empty(), "{}", file.display());
        for zone in ["Asia/Kolkata", "America/New_York"] {
            assert!(converted(&file, zone) == expected, "{} in {zone}", file.display());
        }
    }
}
