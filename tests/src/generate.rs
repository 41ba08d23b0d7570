//! Writes what is derived from the Rust sources: the pages' TypeScript and their
//! list of formats, the JSON Schemas of the wire, the document of the HTTP API,
//! the pages about errors, formats and settings, and the fuzz targets.
//!
//! `cargo xtask generate` writes; `cargo xtask check` runs this with `--check`,
//! which writes nothing and fails where a file is not what it should be.

mod errors_page;
mod formats_page;
mod fuzz_targets;
mod page_formats;
mod settings_page;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, bail};
use clap::Parser;
use rehome_formats as formats;
use rehome_record as record;
use rehome_server::http::{dto, openapi};
use ts_rs::{Config, TS};

/// Folder of the pages' types, from the root of the checkout.
const TYPES: &str = "web/src/generated";
/// Folder of the schemas, among other documents.
const SCHEMAS: &str = "docs";
const SCHEMA_ENDING: &str = ".schema.json";

/// The document of the HTTP API.
const OPENAPI: &str = "docs/openapi.json";
/// The page about what goes wrong.
const ERRORS_PAGE: &str = "docs/errors.md";
/// The page about the settings, and a file with all of them.
const SETTINGS_PAGE: &str = "docs/settings.md";
const SETTINGS_FILE: &str = "docs/rehome.example.toml";
/// The page about the formats.
const FORMATS_PAGE: &str = "docs/formats.md";

/// Texts by their place.
type Files = BTreeMap<PathBuf, String>;

/// Derives from the Rust sources the pages' TypeScript types, the wire's
/// schemas, the document of the HTTP API, the pages about errors, formats and
/// settings, and the fuzz targets.
#[derive(Parser)]
struct Options {
    /// Write nothing; fail where a file is not fresh.
    #[arg(long)]
    check: bool,
}

fn main() -> anyhow::Result<()> {
    let Options { check } = Options::parse();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let documents = [
        (PathBuf::from(OPENAPI), serde_json::to_string_pretty(&openapi::document())? + "\n"),
        (PathBuf::from(ERRORS_PAGE), errors_page::text()),
        (PathBuf::from(FORMATS_PAGE), formats_page::text()),
        (PathBuf::from(SETTINGS_PAGE), settings_page::page()),
        (PathBuf::from(SETTINGS_FILE), settings_page::file()),
    ];
    let wanted = declarations()?.into_iter().chain(schemas()?).chain(page_formats::files(TYPES));
    let wanted: Files = wanted.chain(documents).chain(fuzz_targets::files()).collect();
    let found = existing(&root)?;
    if check {
        let stale: BTreeSet<_> = wanted
            .keys()
            .chain(found.keys())
            .filter(|name| wanted.get(*name) != found.get(*name))
            .map(|name| name.display().to_string())
            .collect();
        if !stale.is_empty() {
            let stale: Vec<_> = stale.into_iter().collect();
            bail!("not fresh, run `cargo xtask generate`: {}", stale.join(", "));
        }
        return Ok(());
    }
    for name in found.keys().filter(|name| !wanted.contains_key(*name)) {
        fs::remove_file(root.join(name))?;
    }
    for (name, text) in wanted {
        if found.get(&name) != Some(&text) {
            let place = root.join(&name);
            fs::create_dir_all(place.parent().context("a file has a folder")?)?;
            fs::write(place, text)?;
        }
    }
    Ok(())
}

/// Every JSON Schema, by its place.
fn schemas() -> anyhow::Result<Files> {
    [
        ("ndjson", record::schema::line()),
        ("new-import", record::schema::new_import()),
        ("submit", record::schema::submit()),
    ]
    .into_iter()
    .map(|(name, schema)| {
        let place = Path::new(SCHEMAS).join(format!("{name}{SCHEMA_ENDING}"));
        Ok((place, serde_json::to_string_pretty(&schema)? + "\n"))
    })
    .collect()
}

/// Every TypeScript file, by its place.
fn declarations() -> anyhow::Result<Files> {
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
        dto::PossibleDoubles,
        dto::Vanished,
        dto::PageJoins,
        dto::NewPageJoins,
        dto::SiteJob,
        dto::DeleteSite,
        dto::DeleteAccount,
        dto::NewUndo,
        dto::UndoPlan,
        dto::PageList,
        dto::CommentList,
        dto::ShownComments,
        dto::SiteChange,
        dto::Problem,
        dto::UndoPlan,
        dto::NewUndo,
        dto::NewApiToken,
        dto::CreatedApiToken,
        dto::Member,
        dto::NewRole,
        dto::NewInvitation,
        dto::CreatedInvitation,
        dto::LookAtInvitation,
        dto::InvitationOffer,
        dto::AcceptInvitation,
        dto::OpenSession,
        dto::NewPassword,
        dto::NewPasswordReset,
        dto::UsePasswordReset,
        dto::AuditList,
        dto::NoticeSettings,
        dto::NewNoticeSettings,
        dto::ServerHealth,
    );
    let declarations = files(&folder, "");
    fs::remove_dir_all(&folder)?;
    let declarations = declarations?.into_iter();
    Ok(declarations.map(|(name, text)| (Path::new(TYPES).join(name), text)).collect())
}

/// What stands where generated files belong. Nothing else may.
fn existing(root: &Path) -> io::Result<Files> {
    let mut found = Files::new();
    let places = [
        (TYPES, ""),
        (SCHEMAS, SCHEMA_ENDING),
        (page_formats::ENGLISH, page_formats::HOW_TO_GET),
        (fuzz_targets::FOLDER, ""),
    ];
    for (folder, ending) in places {
        let of_folder = files(&root.join(folder), ending)?.into_iter();
        found.extend(of_folder.map(|(name, text)| (Path::new(folder).join(name), text)));
    }
    for place in
        [OPENAPI, ERRORS_PAGE, FORMATS_PAGE, SETTINGS_PAGE, SETTINGS_FILE, fuzz_targets::MANIFEST]
    {
        if let Ok(text) = fs::read_to_string(root.join(place)) {
            found.insert(place.into(), text);
        }
    }
    Ok(found)
}

/// The files of a folder whose name ends so, by their name.
fn files(folder: &Path, ending: &str) -> io::Result<Files> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Files::new()),
        other => other?,
    };
    let mut files = Files::new();
    for entry in entries {
        let entry = entry?;
        let name = PathBuf::from(entry.file_name());
        if name.to_string_lossy().ends_with(ending) {
            files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(files)
}
