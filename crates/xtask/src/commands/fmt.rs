//! `cargo xtask fmt`: every source file, each kind by its own formatter.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::project::Project;
use crate::setup::{node, rust};

/// What Prettier formats; Biome does the rest, and does not know Svelte well enough yet.
pub(crate) const SVELTE_FILES: &str = "web/src/**/*.svelte";

pub(crate) fn run(project: &Project) -> Result<ExitCode> {
    rust::ensure_components(project)?;
    node::ensure(project)?;
    process::run(project.command("cargo").args(["fmt", "--all"]))?;
    // `check` without the linter is the formatter together with the order of imports.
    process::run(project.command("biome").args(["check", "--write", "--linter-enabled=false"]))?;
    process::run(project.command("prettier").args(["--write", SVELTE_FILES]))?;
    Ok(ExitCode::SUCCESS)
}
