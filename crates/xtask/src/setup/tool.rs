//! Programs from crates.io, pinned, in a cache outside the checkout.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::announce;
use crate::process;
use crate::project::Project;

/// A crate whose programs are installed.
pub(super) struct Tool<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) programs: &'a [&'a str],
    pub(super) why: &'a str,
    pub(super) build: Build,
}

/// How a program is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// For programs that work long.
    Optimized,
    /// In about a third of the time, for programs that mostly wait for others.
    Quick,
}

impl Tool<'_> {
    /// Gives the folder that holds the tool's programs; installs them when they are not there.
    ///
    /// Two of these at once are safe: cargo locks the folder it installs into.
    pub(super) fn ensure(&self, project: &Project) -> Result<PathBuf> {
        let (name, version) = (self.name, self.version);
        let root = project.cache.join("tools").join(format!("{name}-{version}"));
        let folder = root.join("bin");
        if self.is_in(&folder) {
            return Ok(folder);
        }
        let long = match self.build {
            Build::Optimized => "about 3 minutes",
            Build::Quick => "about a minute",
        };
        announce(&format!("installing {name} {version} (once, {long}): {}", self.why));
        if process::run(&mut self.cargo_install(project, &root, true)).is_err() {
            announce(&format!(
                "installing {name} {version} with newer dependencies: its own lock file does not resolve"
            ));
            process::run(&mut self.cargo_install(project, &root, false))?;
        }
        if !self.is_in(&folder) {
            bail!(
                "{name} {version} was installed, but its programs do not run: delete {} and try again",
                root.display()
            );
        }
        Ok(folder)
    }

    fn is_in(&self, folder: &Path) -> bool {
        let runs = |program| process::succeeds(Command::new(folder.join(program)).arg("--version"));
        self.programs.iter().all(runs)
    }

    fn cargo_install(&self, project: &Project, root: &Path, locked: bool) -> Command {
        let mut command = project.command("cargo");
        command
            .args(["install", self.name, "--version", self.version, "--root"])
            .arg(root)
            // The checkout's target folder is not the place for a tool's intermediate files.
            .env_remove("CARGO_TARGET_DIR");
        if self.build == Build::Quick {
            command.arg("--debug").env("CARGO_PROFILE_DEV_DEBUG", "0");
        }
        if locked {
            command.arg("--locked");
        }
        command
    }
}
