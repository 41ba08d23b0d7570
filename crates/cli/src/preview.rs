//! `rehome preview`.

use std::io::{self, Write};
use std::process::ExitCode;

use rehome_formats::{Previewer, Summary};

use crate::chosen::Chosen;
use crate::open::{self, Opened};
use crate::table;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    chosen: Chosen,
}

/// Prints what is in the export. Fails (after printing what was read) where it
/// cannot be read to its end.
///
/// # Errors
/// A sentence about what is wrong with the command line; nothing was done then.
pub(crate) fn run(args: &Args) -> Result<anyhow::Result<ExitCode>, String> {
    let options = args.chosen.options()?;
    let Opened { format, source, .. } = match args.chosen.files().open() {
        Ok(opened) => opened,
        Err(error) => {
            let printed = if args.json { print_json(&Summary::of_nothing()) } else { Ok(()) };
            return Ok(printed.and_then(|()| open::print_error(&error)));
        }
    };
    let (preview, _) = Previewer::new(format, source, &options).run();
    let printed = if args.json {
        print_json(&preview.summary)
    } else {
        let text = table::render(format.facts().name, &preview, &options, table::width());
        io::stdout().lock().write_all(text.as_bytes()).map_err(Into::into)
    };
    Ok(printed.and_then(|()| match &preview.error {
        Some(error) => open::print_error(error),
        None => Ok(ExitCode::SUCCESS),
    }))
}

fn print_json(summary: &Summary) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, summary)?;
    stdout.write_all(b"\n")?;
    Ok(())
}
