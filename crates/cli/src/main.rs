//! `rehome`: looks into an export of a comment system, converts it to NDJSON,
//! and sends it to a server.

mod open;
mod preview;
mod push;
mod table;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use rehome_formats::{Convert, Previewer, ReadError};
use rehome_record::{IMPORT_INCOMPLETE, LineWriter, Options};

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
    Preview {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        /// The export as the old system gave it, gzip or not.
        file: PathBuf,
    },
    /// Writes an export as normalized NDJSON to standard output.
    Convert {
        /// Take what can be read of a file that stops before its end.
        #[arg(long)]
        incomplete: bool,
        /// The export as the old system gave it, gzip or not.
        file: PathBuf,
    },
    Push(push::Args),
}

fn main() -> anyhow::Result<ExitCode> {
    let result = match Cli::parse().command {
        Command::Preview { json, file } => preview::run(&file, json),
        Command::Convert { incomplete, file } => convert(&file, incomplete),
        Command::Push(args) => match push::run(&args) {
            Ok(result) => result,
            Err(sentence) => refuse("push", &sentence),
        },
    };
    match result {
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
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Reads the file twice: pages may stand after their comments, and the header
/// says which fields the file carries.
fn convert(path: &std::path::Path, incomplete: bool) -> anyhow::Result<ExitCode> {
    let (format, source) = match open::recognised(path) {
        Ok(opened) => opened,
        Err(error) => return open::report(path, &error),
    };
    let options = options(incomplete);
    let (_, index) = Previewer::new(format, source, &options).run();
    let source = match open::source(path) {
        Ok(source) => source,
        Err(error) => return open::report(path, &error),
    };
    let mut writer = LineWriter::new(io::BufWriter::new(io::stdout().lock()));
    let mut failed: Option<ReadError> = None;
    for line in Convert::new(format, source, index, options) {
        match line {
            Ok(line) => writer.write(&line)?,
            Err(error) => failed = Some(error),
        }
    }
    writer.finish()?.flush().context("writing to standard output")?;
    match failed {
        Some(error) => open::report(path, &error),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// What the header says of the choices made on the command line.
fn options(incomplete: bool) -> Options {
    let chosen = incomplete.then(|| (IMPORT_INCOMPLETE.to_owned(), true.into()));
    chosen.into_iter().collect()
}
