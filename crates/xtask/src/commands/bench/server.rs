//! `cargo xtask bench server`: how fast imports are applied and taken back, beside plain inserts.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::commands::build::{self, ServerBuild};
use crate::commands::generate;
use crate::process;
use crate::project::Project;
use crate::setup;

/// Of the comments, so many are imported once more each, without and with listeners.
const FOLLOWED: u64 = 5;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Comments in the import; 1,000,000 are an export of 645 MB.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1000..))]
    comments: u64,
    /// Browsers that follow an import at the same time.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=500))]
    listeners: u32,
    /// The export's format: Disqus, or any other that can be made up.
    #[arg(long, default_value = "disqus")]
    format: String,
    /// Leave the data folder of the server and print where it is.
    #[arg(long)]
    keep: bool,
}

/// Fails when what it runs does; a broken limit is the script's own exit code.
pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    setup::for_build(project)?;
    let export = generate::of_format(&args.format)?;
    let file = generate::export(project, export, args.comments)?;
    let followed = generate::export(project, export, args.comments / FOLLOWED)?;
    let server = build::server(project, ServerBuild::Release)?;
    let cli = build::release_cli(project)?;
    let insert_loop = insert_loop(project)?;
    let measured = process::run(
        project
            .command("node")
            .arg("tests/bench/server.mjs")
            .env("REHOME_BENCH_FILE", &file)
            .env("REHOME_BENCH_COMMENTS", args.comments.to_string())
            .env("REHOME_BENCH_FOLLOWED_FILE", &followed)
            .env("REHOME_BENCH_FOLLOWED_COMMENTS", (args.comments / FOLLOWED).to_string())
            .env("REHOME_BENCH_LISTENERS", args.listeners.to_string())
            .env("REHOME_BENCH_KEEP", if args.keep { "1" } else { "" })
            .env("REHOME_INSERT_LOOP_BIN", insert_loop)
            .env("REHOME_CLI_BIN", cli)
            .env("REHOME_SERVER_BIN", server),
    );
    for place in [file, followed] {
        std::fs::remove_file(place)?;
    }
    measured?;
    Ok(ExitCode::SUCCESS)
}

/// Builds what an import is held against, and gives its place.
fn insert_loop(project: &Project) -> Result<PathBuf> {
    let example = ["--package", "rehome-server", "--example", "insert_loop"];
    process::run(project.command("cargo").args(["build", "--release"]).args(example))?;
    let name = format!("insert_loop{}", std::env::consts::EXE_SUFFIX);
    Ok(project.target_dir.join("release/examples").join(name))
}
