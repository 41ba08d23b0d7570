//! wasm-pack and wasm-bindgen's programs, pinned, in a cache outside the checkout.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::tool::{Build, Tool};
use crate::project::{Project, with_folders_first};

const WASM_PACK_VERSION: &str = "0.15.1";

/// Tools that were seen to be there.
pub(crate) struct WasmTools {
    /// Folders with programs, for the front of `PATH`.
    folders: Vec<PathBuf>,
}

impl WasmTools {
    /// wasm-pack with a subcommand. It finds every tool it wants on `PATH`, and must not download others.
    pub(crate) fn wasm_pack(&self, project: &Project, subcommand: &str) -> Command {
        let mut command = project.command("wasm-pack");
        let path = command
            .get_envs()
            .find_map(|(name, value)| (name == "PATH").then(|| value.map(ToOwned::to_owned)))
            .flatten();
        let path = with_folders_first(&self.folders, path.or_else(|| env::var_os("PATH")));
        // `Command` looks for its program on the PATH it is given.
        command.env("PATH", path);
        command.args([subcommand, "--mode", "no-install"]);
        command
    }
}

/// Installs what is missing. Two of these at once are safe: cargo locks the folder it installs into.
pub(super) fn ensure(project: &Project) -> Result<WasmTools> {
    let bindgen_version = locked_version(project, "wasm-bindgen")?;
    let tools = [
        Tool {
            name: "wasm-pack",
            version: WASM_PACK_VERSION,
            programs: &["wasm-pack"],
            why: "it builds and tests the browser part",
            build: Build::Quick,
        },
        // Library and program speak a private format: they only work together in the same version.
        Tool {
            name: "wasm-bindgen-cli",
            version: &bindgen_version,
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            why: "it must be the version in Cargo.lock",
            // It works through megabytes of WebAssembly at every build.
            build: Build::Optimized,
        },
    ];
    let folders = tools.iter().map(|tool| tool.ensure(project)).collect::<Result<_>>()?;
    Ok(WasmTools { folders })
}

#[derive(Deserialize)]
struct LockFile {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: String,
}

fn locked_version(project: &Project, package: &str) -> Result<String> {
    let path = project.root.join("Cargo.lock");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    version_in(&text, package)
}

/// The version of a package in a `Cargo.lock`; fails when it is there not once but never or several times.
fn version_in(lock_file: &str, package: &str) -> Result<String> {
    let lock_file: LockFile = toml::from_str(lock_file).context("Cargo.lock is not as expected")?;
    let mut versions = lock_file
        .package
        .into_iter()
        .filter(|locked| locked.name == package)
        .map(|locked| locked.version);
    match (versions.next(), versions.next()) {
        (Some(version), None) => Ok(version),
        (Some(one), Some(other)) => bail!(
            "Cargo.lock holds {package} {one} and {other}, but its command line tool can match only one: bring the crates to the same version"
        ),
        (None, _) => bail!("Cargo.lock holds no {package}, so the version of its tool is unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK_FILE: &str = r#"
version = 4

[[package]]
name = "rehome-wasm"
version = "0.1.0"
dependencies = ["wasm-bindgen"]

[[package]]
name = "wasm-bindgen"
version = "0.2.129"
source = "registry"
checksum = "00"

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.128"
"#;

    #[test]
    fn the_version_is_the_locked_one() {
        let version = version_in(LOCK_FILE, "wasm-bindgen").expect("locked");
        assert_eq!(version, "0.2.129");
    }

    #[test]
    fn an_absent_package_is_an_error() {
        let error = version_in(LOCK_FILE, "js-sys").expect_err("absent");
        assert!(error.to_string().contains("holds no js-sys"), "{error}");
    }

    #[test]
    fn two_versions_are_an_error_that_names_both() {
        let twice =
            format!("{LOCK_FILE}\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n");
        let error = version_in(&twice, "wasm-bindgen").expect_err("twice");
        assert!(error.to_string().contains("0.2.129 and 0.2.130"), "{error}");
    }
}
