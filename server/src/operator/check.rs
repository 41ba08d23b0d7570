//! `rehome-server check`.

use std::collections::HashSet;
use std::path::Path;

use crate::spool;
use crate::store::check::{self, Held};
use crate::store::{Store, imports};

/// What was looked at, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Checked {
    pub findings: Vec<String>,
    pub said: String,
}

/// Looks at the database and at the staged files; changes nothing.
///
/// # Errors
/// They cannot be read.
pub(super) async fn check(store: &Store, data: &Path) -> anyhow::Result<Checked> {
    let mut findings = check::findings(store).await?;
    if findings.is_empty() {
        findings.extend(spool_findings(store, &data.join("spool")).await?);
    }
    let said = if findings.is_empty() {
        let found = check::amounts(store).await?;
        format!(
            "Nothing is wrong. Sites: {}, pages: {}, comments: {}.",
            found.sites, found.pages, found.comments
        )
    } else {
        format!("Things that are wrong: {}.", findings.len())
    };
    Ok(Checked { findings, said })
}

/// A running server stages and deletes meanwhile: files first, then the tables,
/// and what seems to be missing is looked at again.
async fn spool_findings(store: &Store, spool: &Path) -> anyhow::Result<Vec<String>> {
    let mut findings = Vec::new();
    let staged = names(spool)?;
    let open: HashSet<_> = imports::open_ids(store).await?.into_iter().collect();
    let strays = staged.iter().filter(|name| !open.contains(*name) && spool.join(name).exists());
    findings.extend(
        strays.map(|name| format!("Files are staged for no import that is under way: {name}.")),
    );
    let missing = |held: &Held| {
        let (import, number, digest) = held;
        !spool.join(import).join(spool::file_name(*number, digest)).exists()
    };
    let first: Vec<_> = check::held(store).await?.into_iter().filter(missing).collect();
    if first.is_empty() {
        return Ok(findings);
    }
    let still: HashSet<_> = check::held(store).await?.into_iter().collect();
    findings.extend(first.into_iter().filter(|held| still.contains(held)).map(
        |(import, number, _)| format!("Chunk {number} of the import {import} is not staged."),
    ));
    Ok(findings)
}

fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}
