//! cargo-deny and cargo-machete, which look at what the crates depend on.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::tool::{Build, Tool};
use crate::project::Project;

const DENY: Tool<'static> = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    programs: &["cargo-deny"],
    why: "it checks licences, sources and known holes of dependencies",
    build: Build::Quick,
};

const MACHETE: Tool<'static> = Tool {
    name: "cargo-machete",
    version: "0.9.2",
    programs: &["cargo-machete"],
    why: "it finds dependencies that nothing uses",
    build: Build::Quick,
};

/// Tools that were seen to be there.
pub(crate) struct DependencyTools {
    deny: PathBuf,
    machete: PathBuf,
}

impl DependencyTools {
    /// cargo-deny with a subcommand, over the locked dependencies.
    pub(crate) fn deny(&self, project: &Project, subcommand: &str) -> Command {
        let mut command = project.command(&self.deny);
        command.args(["--locked", subcommand]);
        command
    }

    /// cargo-machete over the whole checkout.
    pub(crate) fn machete(&self, project: &Project) -> Command {
        let mut command = project.command(&self.machete);
        // Crates may be named otherwise than their packages.
        command.args(["--with-metadata", "--skip-target-dir"]);
        command
    }
}

pub(super) fn ensure(project: &Project) -> Result<DependencyTools> {
    Ok(DependencyTools {
        deny: DENY.ensure(project)?.join("cargo-deny"),
        machete: MACHETE.ensure(project)?.join("cargo-machete"),
    })
}
