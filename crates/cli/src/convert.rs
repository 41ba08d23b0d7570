//! `rehome convert`.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use rehome_formats::{Convert, ErrorReport, Index, Previewer};
use rehome_record::{IMPORT_INCOMPLETE, LineWriter, Options};

use crate::chosen::{self, Chosen};
use crate::open::{self, Files, Opened};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Take what can be read of a file that stops before its end.
    #[arg(long)]
    incomplete: bool,
    #[command(flatten)]
    chosen: Chosen,
}

/// Reads the files twice: pages may stand after their comments, and the header
/// says which fields the export carries.
///
/// # Errors
/// A sentence about what is wrong with the command line; nothing was done then.
pub(crate) fn run(args: &Args) -> Result<anyhow::Result<ExitCode>, String> {
    let mut options = args.chosen.options()?;
    if args.incomplete {
        options.insert(IMPORT_INCOMPLETE.to_owned(), true.into());
    }
    let files = args.chosen.files();
    Ok(match known(&files, &options).and_then(|index| Ok((index, files.open()?))) {
        Ok((index, opened)) => write(opened, index, options),
        Err(error) => open::print_error(&error),
    })
}

fn known(files: &Files, options: &Options) -> Result<Index, ErrorReport> {
    files.check_readable_again()?;
    let Opened { format, source, .. } = files.open()?;
    let (preview, index) = Previewer::new(format, source, options).run();
    chosen::check(files, &preview, options)?;
    Ok(index)
}

fn write(opened: Opened, index: Index, options: Options) -> anyhow::Result<ExitCode> {
    let Opened { format, source, names } = opened;
    let mut writer = LineWriter::new(io::BufWriter::new(io::stdout().lock()));
    let mut failed = None;
    for line in Convert::new(format, source, index, options) {
        match line {
            Ok(line) => writer.write(&line)?,
            Err(error) => failed = Some(error),
        }
    }
    writer.finish()?.flush().context("writing to standard output")?;
    match failed {
        Some(error) => open::print_error(&open::in_files(&names, &error)),
        None => Ok(ExitCode::SUCCESS),
    }
}
