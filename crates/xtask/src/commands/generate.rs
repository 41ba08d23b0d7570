//! `cargo xtask generate`: files that are made from the Rust sources.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::process;
use crate::project::Project;

pub(crate) fn run(project: &Project) -> Result<ExitCode> {
    process::run(&mut generator(project))?;
    Ok(ExitCode::SUCCESS)
}

/// Fails when a generated file is not what the generator would write now.
pub(crate) fn check(project: &Project) -> Result<()> {
    process::run(generator(project).args(["--", "--check"]))
}

fn generator(project: &Project) -> Command {
    let mut command = project.command("cargo");
    command.args(["run", "--quiet", "--package", "rehome-tests", "--bin", "generate"]);
    command
}
