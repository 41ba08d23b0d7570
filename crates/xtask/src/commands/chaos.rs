//! `cargo xtask chaos`: kills the real server again and again in imports, longer than the tests do.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::project::Project;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Kills, each after at least one more committed batch.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// The seed that a failure printed, to have the same imports and places again.
    #[arg(long)]
    seed: Option<u64>,
}

/// Fails when a comment was lost or doubled, or the history does not add up. The
/// server is optimised, as people run it: that is many kills in little time.
pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    let mut command = project.command("cargo");
    command
        .args(["test", "--release", "--package", "rehome-server", "--test", "process", "chaos::"])
        .args(["--", "--nocapture", "--test-threads", "1"])
        .env("REHOME_CHAOS_ROUNDS", args.rounds.to_string());
    if let Some(seed) = args.seed {
        command.env("REHOME_SEED", seed.to_string());
    }
    process::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
