//! `cargo xtask generate`: files that are made from the Rust sources, and large exports.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Subcommand;
use rehome_generate::Written;

use crate::process;
use crate::project::Project;

#[derive(clap::Args)]
#[command(
    about = "Write the files made from the Rust types anew; or, with a subcommand, something large"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// A large export of Disqus: about 1 GB for 1,500,000 comments. The same numbers give the same bytes.
    Disqus(Disqus),
}

#[derive(clap::Args)]
struct Disqus {
    /// How many comments.
    #[arg(long)]
    comments: u64,
    /// Another seed gives another file.
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Where to [default: a file in the target folder]
    #[arg(long)]
    output: Option<PathBuf>,
}

const SEED: u64 = 42;

pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    match &args.what {
        None => process::run(&mut generator(project))?,
        Some(What::Disqus(wanted)) => {
            let place = match &wanted.output {
                Some(place) => place.clone(),
                None => disqus_place(project, wanted.comments, wanted.seed)?,
            };
            let written = write_disqus(&place, wanted.comments, wanted.seed)?;
            let Written { pages, comments, size_bytes } = written;
            println!(
                "{}: {size_bytes} bytes, {comments} comments on {pages} pages",
                place.display()
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails when a generated file is not what the generator would write now.
pub(crate) fn check(project: &Project) -> Result<()> {
    process::run(generator(project).args(["--", "--check"]))
}

/// The place of a Disqus export of so many comments. It is written anew each
/// time: seconds, and it never comes from an older generator.
pub(crate) fn disqus(project: &Project, comments: u64) -> Result<PathBuf> {
    let place = disqus_place(project, comments, SEED)?;
    println!("writing {comments} comments to {}", place.display());
    write_disqus(&place, comments, SEED)?;
    Ok(place)
}

fn disqus_place(project: &Project, comments: u64, seed: u64) -> Result<PathBuf> {
    Ok(project.scratch()?.join(format!("disqus-{comments}-{seed}.xml")))
}

/// Under another name until it is whole: what bears the name is never half a file.
fn write_disqus(place: &Path, comments: u64, seed: u64) -> Result<Written> {
    let cannot_write = || format!("cannot write {}", place.display());
    let mut unfinished = place.as_os_str().to_owned();
    unfinished.push(".part");
    let file = File::create(&unfinished).with_context(cannot_write)?;
    let written = rehome_generate::disqus(comments, seed, BufWriter::with_capacity(1 << 20, file))
        .with_context(cannot_write)?;
    fs::rename(&unfinished, place).with_context(cannot_write)?;
    Ok(written)
}

fn generator(project: &Project) -> Command {
    let mut command = project.command("cargo");
    command.args(["run", "--quiet", "--package", "rehome-tests", "--bin", "generate"]);
    command
}
