//! Where things are: the checkout, cargo's target folder, the cache outside the checkout.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::process;

/// The places that every command needs.
pub(crate) struct Project {
    /// The root of the checkout.
    pub(crate) root: PathBuf,
    /// Where cargo builds, as cargo itself says.
    pub(crate) target_dir: PathBuf,
    /// Tools that outlive the checkout and `cargo clean`.
    pub(crate) cache: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Project {
    /// Asks cargo for the workspace this program was started from.
    ///
    /// Fails when cargo cannot read the workspace, or when no folder for the cache can be told.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        // `cargo run` says where the crate is now; the compiled-in place serves a program started by hand.
        let manifest = env::var_os("CARGO_MANIFEST_PATH").map_or(manifest, PathBuf::from);
        let metadata = process::output(
            Command::new("cargo")
                .args(["metadata", "--no-deps", "--format-version=1"])
                .arg("--manifest-path")
                .arg(manifest),
        )?;
        let metadata: Metadata =
            serde_json::from_str(&metadata).context("cannot read what `cargo metadata` printed")?;
        Ok(Self {
            root: metadata.workspace_root,
            target_dir: metadata.target_directory,
            cache: cache_folder()?,
        })
    }

    /// A folder in the target folder for what this program writes itself; made when missing.
    pub(crate) fn scratch(&self) -> Result<PathBuf> {
        let folder = self.target_dir.join("xtask");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// A command that runs in the root of the checkout and prefers the project's own tools.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.path());
        command
    }

    /// `PATH` with npm's programs in front: wasm-pack takes the `wasm-opt` it finds there.
    fn path(&self) -> OsString {
        with_folders_first(&[self.root.join("node_modules/.bin")], env::var_os("PATH"))
    }
}

/// Puts `folders` in front of a `PATH` value.
pub(crate) fn with_folders_first(folders: &[PathBuf], path: Option<OsString>) -> OsString {
    let path = path.unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&path));
    // Only a folder whose own name holds the separator cannot be joined: then PATH stays as it was.
    env::join_paths(all).unwrap_or(path)
}

fn cache_folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = set("REHOME_CACHE") {
        return std::path::absolute(folder).context("REHOME_CACHE names no folder");
    }
    if let Some(folder) = set("XDG_CACHE_HOME") {
        return Ok(PathBuf::from(folder).join("rehome"));
    }
    let Some(home) = set("HOME") else {
        bail!("neither REHOME_CACHE nor HOME is set: set REHOME_CACHE to a folder for build tools");
    };
    Ok(PathBuf::from(home).join(".cache/rehome"))
}
