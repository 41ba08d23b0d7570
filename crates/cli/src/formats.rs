//! `rehome formats`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use rehome_formats::{Evidence, FORMATS, Facts};
use serde::Serialize;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
}

/// A format as `--json` has it.
#[derive(Serialize)]
struct Listed {
    id: &'static str,
    family: &'static str,
    name: &'static str,
    files: &'static str,
    evidence: Evidence,
    versions: &'static str,
    how_to_get: &'static [&'static str],
}

/// Prints every format that can be read.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut stdout = io::stdout().lock();
    let formats = FORMATS.iter().map(|format| format.facts());
    if args.json {
        let listed: Vec<_> = formats.map(Listed::from).collect();
        serde_json::to_writer(&mut stdout, &listed)?;
        stdout.write_all(b"\n")?;
    } else {
        let listed: Vec<_> = formats.map(in_words).collect();
        stdout.write_all(listed.join("\n").as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

impl From<&'static Facts> for Listed {
    fn from(facts: &'static Facts) -> Self {
        Self {
            id: facts.id,
            family: facts.family,
            name: facts.name,
            files: facts.files,
            evidence: facts.evidence,
            versions: facts.versions,
            how_to_get: facts.how_to_get,
        }
    }
}

fn in_words(facts: &Facts) -> String {
    let evidence = match facts.evidence {
        Evidence::Confirmed => "confirmed: made from real files, or from the code that writes them",
        Evidence::Inferred => "inferred: made from what others tell of the files",
    };
    let rows = [
        ("id", facts.id),
        ("family", facts.family),
        ("files", facts.files),
        ("versions", facts.versions),
        ("reader", evidence),
    ];
    let mut text = format!("{}\n", facts.name);
    for (name, value) in rows {
        let _ = writeln!(text, "  {name:<10}{value}");
    }
    for (number, step) in (1..).zip(facts.how_to_get) {
        let name = if number == 1 { "get it" } else { "" };
        let _ = writeln!(text, "  {name:<10}{number}. {step}");
    }
    text
}
