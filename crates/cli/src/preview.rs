//! `rehome preview`.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use rehome_formats::{Preview, Previewer, Summary};
use rehome_record::Options;

use crate::{open, table};

/// Prints what is in the file. Fails (after printing what was read) where the
/// file cannot be read to its end.
pub(crate) fn run(path: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let (format, source) = match open::recognised(path) {
        Ok(opened) => opened,
        Err(error) => {
            if json {
                print_json(&Summary::of_nothing())?;
            }
            return open::report(path, &error);
        }
    };
    let (Preview { summary, error, .. }, _) = Previewer::new(format, source, &Options::new()).run();
    if json {
        print_json(&summary)?;
    } else {
        io::stdout().lock().write_all(table::render(format.facts().name, &summary).as_bytes())?;
    }
    match error {
        Some(error) => open::print_error(&error),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn print_json(summary: &Summary) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, summary)?;
    stdout.write_all(b"\n")?;
    Ok(())
}
