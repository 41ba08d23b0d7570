//! `cargo xtask bench sign-ins`: what somebody who guesses passwords costs others.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::build::{self, ServerBuild};
use crate::process;
use crate::project::Project;
use crate::setup;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Wrong passwords that one address tries.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    guesses: u32,
}

/// Fails where the guessing keeps an admin out who signs in from elsewhere.
pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    setup::for_build(project)?;
    let server = build::server(project, ServerBuild::Release)?;
    process::run(
        project
            .command("node")
            .arg("tests/bench/sign-ins.mjs")
            .env("REHOME_BENCH_GUESSES", args.guesses.to_string())
            .env("REHOME_SERVER_BIN", server),
    )?;
    Ok(ExitCode::SUCCESS)
}
