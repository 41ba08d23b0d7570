//! Writes what is derived from the Rust types: the pages' TypeScript.
//!
//! `cargo xtask generate` writes; `cargo xtask check` runs this with `--check`,
//! which writes nothing and fails where a file is not what it should be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, bail};
use clap::Parser;
use rehome_formats as formats;
use rehome_record as record;
use rehome_server::http::dto;
use ts_rs::{Config, TS};

/// Derives the pages' TypeScript types from the Rust types.
#[derive(Parser)]
struct Options {
    /// Write nothing; fail where a file is not fresh.
    #[arg(long)]
    check: bool,
}

fn main() -> anyhow::Result<()> {
    let Options { check } = Options::parse();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/generated");
    let wanted = declarations()?;
    let found = existing(&folder)?;
    if check {
        let stale: Vec<_> = wanted
            .keys()
            .chain(found.keys())
            .filter(|name| wanted.get(*name) != found.get(*name))
            .map(|name| name.display().to_string())
            .collect();
        if !stale.is_empty() {
            bail!("not fresh, run `cargo xtask generate`: {}", stale.join(", "));
        }
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    for name in found.keys().filter(|name| !wanted.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
    }
    for (name, text) in wanted {
        if found.get(&name) != Some(&text) {
            fs::write(folder.join(&name), text)?;
        }
    }
    Ok(())
}

/// Every TypeScript file, by its name.
fn declarations() -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let folder = std::env::temp_dir().join(format!("rehome-generate-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let config = Config::new().with_out_dir(&folder);
    macro_rules! export {
        ($($name:ty),+ $(,)?) => {
            $(<$name as TS>::export_all(&config).context(stringify!($name))?;)+
        };
    }
    export!(
        formats::Detection,
        formats::Preview,
        formats::Samples,
        rehome_wasm::ReadProgress,
        rehome_wasm::SendProgress,
        rehome_wasm::WorkerProblem,
        record::NewImport,
        record::Submit,
        dto::SetupState,
        dto::NewSetup,
        dto::NewSession,
        dto::Session,
        dto::NewSite,
        dto::Site,
        dto::Import,
        dto::ImportDetail,
        dto::PageList,
        dto::CommentList,
        dto::Problem,
    );
    let declarations = existing(&folder);
    fs::remove_dir_all(&folder)?;
    Ok(declarations?)
}

fn existing(folder: &Path) -> io::Result<BTreeMap<PathBuf, String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        other => other?,
    };
    entries
        .map(|entry| {
            let entry = entry?;
            Ok((PathBuf::from(entry.file_name()), fs::read_to_string(entry.path())?))
        })
        .collect()
}
