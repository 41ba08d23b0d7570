//! `cargo xtask fuzz`: every reader against bytes that a machine makes up.
//!
//! libFuzzer needs coverage from the compiler, and that alone: the flags for it
//! are those of a stable compiler. `cargo fuzz` would add the address sanitizer,
//! which needs a nightly one; without `unsafe` there is little for it to find.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::project::Project;

/// As `cargo fuzz` passes them, without a sanitizer.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 -Cdebug-assertions=yes -Coverflow-checks=yes --cfg fuzzing";

/// Seconds that one input may take.
const TIMEOUT_SECONDS: u32 = 20;
/// Memory that one input may take, in MiB.
const MEMORY_MIB: u32 = 2048;
/// Exports are long, but what is wrong with a reader shows in short ones.
const MOST_BYTES: u32 = 32 * 1024;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How long each reader is tried.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
    /// The reader of this format alone.
    #[arg(long)]
    format: Option<String>,
}

/// Fails when something was found, or when nothing could be tried.
pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    let folder = project.root.join("fuzz");
    let mut targets = targets(&folder)?;
    if let Some(wanted) = &args.format {
        targets.retain(|target| target == wanted);
    }
    if targets.is_empty() {
        bail!("there is no such target in {}", folder.display());
    }
    let programs = build(project, &folder)?;
    let mut found = Vec::new();
    for target in &targets {
        if !is_survived(project, &folder, &programs.join(target), target, args.minutes)? {
            found.push(target.as_str());
        }
    }
    if found.is_empty() {
        println!("nothing found: {}", targets.join(", "));
        return Ok(ExitCode::SUCCESS);
    }
    for target in found {
        report(&folder, target)?;
    }
    Ok(ExitCode::FAILURE)
}

/// Names of the targets: those of the formats.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let folder = folder.join("fuzz_targets");
    let mut targets = Vec::new();
    for file in files(&folder)? {
        if file.extension() == Some(OsStr::new("rs"))
            && let Some(name) = file.file_stem()
        {
            targets.push(name.to_string_lossy().into_owned());
        }
    }
    Ok(targets)
}

/// Gives the folder that holds the programs.
fn build(project: &Project, folder: &Path) -> Result<PathBuf> {
    let version = process::output(project.command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("the compiler does not say for what it compiles")?;
    let target_dir = project.target_dir.join("fuzz");
    process::run(
        project
            .command("cargo")
            .args(["build", "--release", "--bins", "--manifest-path"])
            .arg(folder.join("Cargo.toml"))
            // With a target, what runs while building has no part in the coverage.
            .args(["--target", host, "--target-dir"])
            .arg(&target_dir)
            .env("RUSTFLAGS", COVERAGE)
            .env_remove("CARGO_ENCODED_RUSTFLAGS"),
    )?;
    Ok(target_dir.join(host).join("release"))
}

/// Whether the reader survives what is made up for so many minutes.
fn is_survived(
    project: &Project,
    folder: &Path,
    program: &Path,
    target: &str,
    minutes: u64,
) -> Result<bool> {
    let (corpus, artifacts) = (folder.join("corpus").join(target), artifacts(folder, target));
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let fixtures = project.root.join("tests/fixtures").join(target);
    let mut command = Command::new(program);
    // What is new goes to the first folder; the fixtures are read alone.
    command.arg(&corpus).arg(&fixtures).current_dir(&project.root);
    let mut prefix = artifacts.into_os_string();
    prefix.push("/");
    let mut place = std::ffi::OsString::from("-artifact_prefix=");
    place.push(prefix);
    command.arg(place).arg(dictionary(folder, &fixtures)?).args([
        format!("-max_total_time={}", minutes * 60),
        format!("-timeout={TIMEOUT_SECONDS}"),
        format!("-rss_limit_mb={MEMORY_MIB}"),
        format!("-max_len={MOST_BYTES}"),
        "-print_final_stats=1".to_owned(),
    ]);
    println!("$ {}", process::shown(&command));
    let status = command.status().with_context(|| format!("cannot start {}", program.display()))?;
    Ok(status.success())
}

/// Words of XML or JSON, whichever the fixtures are.
fn dictionary(folder: &Path, fixtures: &Path) -> Result<String> {
    let is_xml = files(fixtures)?.iter().any(|file| file.extension() == Some(OsStr::new("xml")));
    let name = if is_xml { "xml.dict" } else { "json.dict" };
    Ok(format!("-dict={}", folder.join("dictionaries").join(name).display()))
}

fn artifacts(folder: &Path, target: &str) -> PathBuf {
    folder.join("artifacts").join(target)
}

/// Says what to do with what was found.
fn report(folder: &Path, target: &str) -> Result<()> {
    println!("\nFOUND in {target}:");
    for file in files(&artifacts(folder, target))? {
        println!("  {}", file.display());
    }
    println!(
        "Make it small by hand, give it a name, put it into tests/fixtures/{target}, list it in \
         the README there, and mend the reader until `cargo test -p rehome-tests` passes; then \
         record what comes out (see CONTRIBUTING.md)."
    );
    Ok(())
}

/// Files of a folder, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot_read = || format!("cannot read {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot_read)? {
        files.push(entry.with_context(cannot_read)?.path());
    }
    files.sort();
    Ok(files)
}
