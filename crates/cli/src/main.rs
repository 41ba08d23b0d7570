//! `rehome`: looks into an export of a comment system, converts it to NDJSON,
//! and sends it to a server.

mod chosen;
mod convert;
mod formats;
mod open;
mod preview;
mod push;
mod table;
mod years;

use std::io;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

/// Moves a site's comments to a new home: looks into exports of comment
/// systems, and sends them to a Rehome server.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Says what is in an export, without sending anything.
    Preview(preview::Args),
    /// Writes an export as normalized NDJSON to standard output.
    Convert(convert::Args),
    Push(push::Args),
    /// Lists the exports that can be read, and how to get them.
    Formats(formats::Args),
}

fn main() -> anyhow::Result<ExitCode> {
    let (name, result) = match Cli::parse().command {
        Command::Preview(args) => ("preview", preview::run(&args)),
        Command::Convert(args) => ("convert", convert::run(&args)),
        Command::Push(args) => ("push", push::run(&args)),
        Command::Formats(args) => ("formats", Ok(formats::run(&args))),
    };
    match result.unwrap_or_else(|sentence| refuse(name, &sentence)) {
        // Whoever reads the output has seen enough, e.g. `rehome convert … | head`.
        Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
        other => other,
    }
}

/// Ends the program as clap itself does where a command line is wrong.
fn refuse(command: &str, sentence: &str) -> ! {
    let mut cli = Cli::command();
    cli.build();
    let command = cli.find_subcommand_mut(command).expect("it was called");
    command.error(ErrorKind::ValueValidation, sentence).exit()
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>().map(io::Error::kind);
    let json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    io.or(json) == Some(io::ErrorKind::BrokenPipe)
}
