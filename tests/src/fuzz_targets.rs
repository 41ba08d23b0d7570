//! `fuzz/Cargo.toml` and `fuzz/fuzz_targets`, from the list of formats.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use rehome_formats::FORMATS;

/// Folder of the targets, from the root of the checkout.
pub(crate) const FOLDER: &str = "fuzz/fuzz_targets";
/// What cargo knows of them.
pub(crate) const MANIFEST: &str = "fuzz/Cargo.toml";

const HEAD: &str = r#"# Made from the list of formats by `cargo xtask generate`.
# Not a member of the workspace: only `cargo xtask fuzz` builds it, and with flags of its own.
[package]
name = "rehome-fuzz"
version = "0.0.0"
edition = "2024"
publish = false
description = "Fuzz targets: one for each reader."

[package.metadata]
cargo-fuzz = true

[package.metadata.cargo-machete]
# Used by the checks that are included from the tests.
ignored = ["rehome-record"]

[dependencies]
libfuzzer-sys = "0.4.13"
rehome-formats = { path = "../crates/formats", features = ["all-readers", "encoding"] }
rehome-record = { path = "../crates/record" }

[workspace]

[profile.release]
debug = "line-tables-only"
"#;

/// Every file, by its place.
pub(crate) fn files() -> Vec<(PathBuf, String)> {
    let mut manifest = HEAD.to_owned();
    let mut files = Vec::new();
    for facts in FORMATS.iter().map(|format| format.facts()) {
        let file = format!("{}.rs", facts.id);
        let _ = write!(
            manifest,
            "\n[[bin]]\nname = \"{}\"\npath = \"fuzz_targets/{file}\"\ntest = false\ndoc = false\nbench = false\n",
            facts.id
        );
        files.push((Path::new(FOLDER).join(file), target(facts.id, facts.name)));
    }
    files.push((MANIFEST.into(), manifest));
    files
}

fn target(id: &str, name: &str) -> String {
    format!(
        "//! Any bytes as an export of {name}.\n#![no_main]\n\n\
         libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read(\"{id}\", bytes));\n"
    )
}
