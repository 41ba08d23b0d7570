//! `cargo xtask bench readers`: how fast each reader reads, and in how much memory.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::builder::PossibleValuesParser;
use rehome_generate::{EXPORTS, Export};
use serde::Deserialize;

use crate::commands::generate;
use crate::process;
use crate::project::Project;

/// What the others are held against.
const REFERENCE: &str = "disqus";
/// Comments that tell how large one is.
const TRIED: u64 = 2000;
const MIB: f64 = 1024.0 * 1024.0;
/// Of several runs, the middle one counts.
const RUNS: usize = 3;
/// What a reader may remember of a comment: its id, where it must.
const BYTES_A_COMMENT: u64 = 64;
/// What differs between two runs of the same.
const SLACK_BYTES: u64 = 4 * 1024 * 1024;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Size of the large file; the small one has a tenth of it.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    mib: u64,
    /// This format alone, beside Disqus.
    #[arg(long, value_parser = PossibleValuesParser::new(EXPORTS.iter().map(|export| export.id)))]
    format: Option<String>,
}

/// What the measuring program prints.
#[derive(Deserialize)]
struct Told {
    format: Option<String>,
    #[serde(default)]
    comments: u64,
    #[serde(default)]
    took_ms: f64,
    peak_bytes: Option<u64>,
}

/// One file, read several times.
struct Measured {
    mib: f64,
    mib_a_second: f64,
    peak_bytes: u64,
    comments: u64,
}

/// The small file and the large one.
struct Row {
    id: &'static str,
    small: Measured,
    large: Measured,
}

/// Fails where a reader's memory grows with the file, or where it loses a comment.
pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    let program = build(project)?;
    let mut rows: Vec<Row> = Vec::new();
    let is_wanted = |export: &&Export| {
        export.id == REFERENCE || args.format.as_ref().is_none_or(|wanted| wanted == export.id)
    };
    for export in EXPORTS.iter().filter(is_wanted) {
        let small = measure(project, &program, export, args.mib * 1024 * 1024 / 10)?;
        let large = measure(project, &program, export, args.mib * 1024 * 1024)?;
        match small.zip(large) {
            Some((small, large)) => rows.push(Row { id: export.id, small, large }),
            None => println!("SKIPPED {}: it has no reader yet", export.id),
        }
    }
    print(&rows)?;
    let growing: Vec<_> = rows.iter().filter(|row| row.grows()).map(|row| row.id).collect();
    if !growing.is_empty() {
        bail!("memory grows with the file: {}", growing.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

impl Row {
    fn grows(&self) -> bool {
        let comments = self.large.comments - self.small.comments;
        let most = self.small.peak_bytes + comments * BYTES_A_COMMENT + SLACK_BYTES;
        self.large.peak_bytes > most
    }
}

fn build(project: &Project) -> Result<PathBuf> {
    let package =
        ["--package", "rehome-formats", "--features", "all-readers", "--example", "measure"];
    process::run(project.command("cargo").args(["build", "--release"]).args(package))?;
    let name = format!("measure{}", std::env::consts::EXE_SUFFIX);
    Ok(project.target_dir.join("release/examples").join(name))
}

/// About so many comments are in an export of that size.
pub(super) fn comments_in(export: &Export, size_bytes: u64) -> Result<u64> {
    let tried = (export.write)(TRIED, 1, &mut io::sink())?;
    Ok(size_bytes * TRIED / tried.size_bytes)
}

/// None where no reader recognises the export.
fn measure(
    project: &Project,
    program: &Path,
    export: &Export,
    size_bytes: u64,
) -> Result<Option<Measured>> {
    let comments = comments_in(export, size_bytes)?;
    let place = generate::export(project, export, comments)?;
    let told = (0..RUNS).map(|_| ask(program, &place)).collect::<Result<Vec<Told>>>();
    let mib = std::fs::metadata(&place)?.len() as f64 / MIB;
    std::fs::remove_file(&place)?;
    let mut told = told?;
    told.sort_by(|a, b| a.took_ms.total_cmp(&b.took_ms));
    let middle = &told[RUNS / 2];
    let Some(format) = &middle.format else { return Ok(None) };
    if (format.as_str(), middle.comments) != (export.format, comments) {
        bail!("{}: {} of {comments} comments were read, as {format}", export.id, middle.comments);
    }
    let peaks = told.iter().filter_map(|told| told.peak_bytes);
    Ok(Some(Measured {
        mib,
        mib_a_second: mib * 1000.0 / middle.took_ms,
        peak_bytes: peaks.max().context("this system does not tell how much memory was taken")?,
        comments,
    }))
}

fn ask(program: &Path, file: &Path) -> Result<Told> {
    let told = process::output(Command::new(program).arg(file))?;
    serde_json::from_str(&told).context("the measuring program printed something else")
}

fn print(rows: &[Row]) -> Result<()> {
    let reference = rows.iter().find(|row| row.id == REFERENCE).context("Disqus was not read")?;
    println!(
        "\n{:<16}{:>9}{:>11}{:>11}{:>10}{:>11}{:>11}",
        "format", "comments", "MiB", "MiB/s", "x Disqus", "peak MiB", "a tenth"
    );
    for row in rows {
        let Row { id, small, large } = row;
        let ratio = large.mib_a_second / reference.large.mib_a_second;
        println!(
            "{id:<16}{:>9}{:>11.1}{:>11.1}{ratio:>10.2}{:>11.1}{:>11.1}{}",
            large.comments,
            large.mib,
            large.mib_a_second,
            large.peak_bytes as f64 / MIB,
            small.peak_bytes as f64 / MIB,
            if row.grows() { "  GROWS" } else { "" },
        );
    }
    Ok(())
}
