//! Recordings (`*.snap`) that no test reads any more are refused: they look like proof and prove nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// The environment variable with which insta writes down each recording that it compares with.
pub(crate) const REFERENCES_VARIABLE: &str = "INSTA_SNAPSHOT_REFERENCES_FILE";

/// Makes the file for insta's list anew, empty, and gives its path.
pub(crate) fn new_references_file(project: &Project) -> Result<PathBuf> {
    let path = project.scratch()?.join("snapshot-references");
    fs::write(&path, "").with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Fails with the names of recordings in the checkout that are not in insta's list.
///
/// The list must come from a run of all tests.
pub(crate) fn refuse_unreferenced(project: &Project, references: &Path) -> Result<()> {
    let list = fs::read_to_string(references)
        .with_context(|| format!("cannot read {}", references.display()))?;
    let used = list.lines().filter_map(|line| fs::canonicalize(line).ok());
    let used: BTreeSet<PathBuf> = used.collect();
    let mut unused = Vec::new();
    for snapshot in snapshots_below(&project.root, &project.target_dir)? {
        if !used.contains(&fs::canonicalize(&snapshot)?) {
            unused.push(snapshot);
        }
    }
    if unused.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = unused
        .iter()
        .map(|path| path.strip_prefix(&project.root).unwrap_or(path))
        .map(|path| path.display().to_string())
        .collect();
    bail!(
        "no test reads these recordings, delete them or their tests are not run: {}",
        names.join(", ")
    )
}

fn snapshots_below(folder: &Path, target_dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            let foreign = name == "node_modules" || name.starts_with('.') || path == target_dir;
            if !foreign {
                found.extend(snapshots_below(&path, target_dir)?);
            }
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkout(folder: &Path) -> Project {
        for folder_name in ["tests/snapshots", "node_modules/x", "target/x"] {
            fs::create_dir_all(folder.join(folder_name)).expect("folder made");
        }
        for file in
            ["tests/snapshots/used.snap", "node_modules/x/foreign.snap", "target/x/old.snap"]
        {
            fs::write(folder.join(file), "---\n---\n").expect("file written");
        }
        Project {
            root: folder.to_owned(),
            target_dir: folder.join("target"),
            cache: folder.join("cache"),
        }
    }

    #[test]
    fn recordings_that_tests_read_pass() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let project = checkout(folder.path());
        let references = new_references_file(&project).expect("list made");
        let used = folder.path().join("tests/snapshots/../snapshots/used.snap");
        fs::write(&references, format!("{}\n", used.display())).expect("list written");
        refuse_unreferenced(&project, &references).expect("all are used");
    }

    #[test]
    fn a_left_over_recording_is_named() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let project = checkout(folder.path());
        let references = new_references_file(&project).expect("list made");
        let error = refuse_unreferenced(&project, &references).expect_err("one is unused");
        let message = error.to_string();
        assert!(message.contains("tests/snapshots/used.snap"), "{message}");
        assert!(!message.contains("foreign.snap"), "{message}");
        assert!(!message.contains("old.snap"), "{message}");
    }
}
