//! `cargo xtask generate`: files that are made from the Rust sources, and large exports.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rehome_generate::{EXPORTS, Export, Written};

use crate::process;
use crate::project::Project;

#[derive(clap::Args)]
#[command(
    about = "Write the files made from the Rust sources anew; or, with a format, a large export"
)]
pub(crate) struct Args {
    /// Write an export of this format, made up, instead; the same numbers give the same bytes.
    #[arg(value_name = "FORMAT", value_parser = exports(), requires = "comments")]
    format: Option<&'static Export>,
    /// How many comments; 1,500,000 of Disqus are about 1 GB.
    #[arg(long, requires = "format")]
    comments: Option<u64>,
    /// Another seed gives another file.
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Where to [default: a file in the target folder]
    #[arg(long, requires = "format")]
    output: Option<PathBuf>,
}

const SEED: u64 = 42;

pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    let (Some(export), Some(comments)) = (args.format, args.comments) else {
        process::run(&mut generator(project))?;
        return Ok(ExitCode::SUCCESS);
    };
    let place = match &args.output {
        Some(place) => place.clone(),
        None => place(project, export, comments, args.seed)?,
    };
    let written = write(export, &place, comments, args.seed)?;
    let Written { pages, comments, size_bytes } = written;
    println!("{}: {size_bytes} bytes, {comments} comments on {pages} pages", place.display());
    Ok(ExitCode::SUCCESS)
}

/// Fails when a generated file is not what the generator would write now.
pub(crate) fn check(project: &Project) -> Result<()> {
    process::run(generator(project).args(["--", "--check"]))
}

/// The place of an export of so many comments. It is written anew each time:
/// seconds, and it never comes from an older generator.
pub(crate) fn export(project: &Project, export: &Export, comments: u64) -> Result<PathBuf> {
    let place = place(project, export, comments, SEED)?;
    println!("writing {comments} comments to {}", place.display());
    write(export, &place, comments, SEED)?;
    Ok(place)
}

/// The export of that format that can be made up.
///
/// Fails where there is none: a format's name is written wrongly.
pub(crate) fn of_format(id: &str) -> Result<&'static Export> {
    EXPORTS.iter().find(|export| export.id == id).with_context(|| format!("no export of {id}"))
}

fn exports() -> impl TypedValueParser<Value = &'static Export> {
    PossibleValuesParser::new(EXPORTS.iter().map(|export| export.id))
        .try_map(|id| of_format(&id).map_err(|error| error.to_string()))
}

fn place(project: &Project, export: &Export, comments: u64, seed: u64) -> Result<PathBuf> {
    let Export { id, ending, .. } = export;
    Ok(project.scratch()?.join(format!("{id}-{comments}-{seed}.{ending}")))
}

/// Under another name until it is whole: what bears the name is never half a file.
fn write(export: &Export, place: &Path, comments: u64, seed: u64) -> Result<Written> {
    let cannot_write = || format!("cannot write {}", place.display());
    let mut unfinished = place.as_os_str().to_owned();
    unfinished.push(".part");
    let file = File::create(&unfinished).with_context(cannot_write)?;
    let mut file = BufWriter::with_capacity(1 << 20, file);
    let written = (export.write)(comments, seed, &mut file).with_context(cannot_write)?;
    fs::rename(&unfinished, place).with_context(cannot_write)?;
    Ok(written)
}

fn generator(project: &Project) -> Command {
    let mut command = project.command("cargo");
    command.args(["run", "--quiet", "--package", "rehome-tests", "--bin", "generate"]);
    command
}
