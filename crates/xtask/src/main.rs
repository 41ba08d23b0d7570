//! `cargo xtask`: one command each to start, test, check and build Rehome.
//!
//! Every command does its own set-up first ([`setup`]), each part of it only when needed and with a printed line.

mod commands;
mod counts;
mod process;
mod project;
mod report;
mod setup;
mod snapshots;
mod wasm_pack_toml;
mod wasm_size;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::commands::{bench, build, chaos, check, fmt, fuzz, generate, start, test};
use crate::project::Project;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Start, test, check and build Rehome. Each command does its own set-up."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, then run the server in the foreground.
    Start(start::Args),
    /// Run every test: Rust, WebAssembly in a browser, pages, and the browser journey.
    Test(test::Args),
    /// Formatting, lints, docs, types, and whether generated files are fresh.
    Check,
    /// Build the WebAssembly module, the pages and the server (release).
    Build(build::Args),
    /// Write the files made from the Rust sources anew; or, with a format, a large export.
    Generate(generate::Args),
    /// Measure. Takes long, and is no part of the tests.
    Bench(bench::Args),
    /// Kill the real server in the middle of imports, until one of them loses something.
    Chaos(chaos::Args),
    /// Try every reader with bytes that a machine makes up, until one of them fails.
    Fuzz(fuzz::Args),
    /// Format all sources.
    Fmt,
    /// Only the set-up of all other commands.
    Setup,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let project = Project::find()?;
    match command {
        Command::Start(args) => start::run(&project, args),
        Command::Test(args) => Ok(test::run(&project, &args)),
        Command::Check => Ok(check::run(&project)),
        Command::Build(args) => build::run(&project, &args),
        Command::Generate(args) => generate::run(&project, &args),
        Command::Bench(args) => bench::run(&project, &args),
        Command::Chaos(args) => chaos::run(&project, &args),
        Command::Fuzz(args) => fuzz::run(&project, &args),
        Command::Fmt => fmt::run(&project),
        Command::Setup => {
            setup::everything(&project)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
