//! `cargo xtask build`: the WebAssembly module, the pages, the server.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use crate::process;
use crate::project::Project;
use crate::setup::{self, WasmTools};
use crate::wasm_pack_toml::WasmPackToml;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to build; everything when none is named.
    #[arg(value_enum)]
    parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The WebAssembly module, into the pages' sources.
    Wasm,
    /// The pages, into web/dist.
    Web,
    /// The server with the pages in it, optimized.
    Server,
}

/// How the server is built.
#[derive(Clone, Copy)]
pub(crate) enum ServerBuild {
    /// Optimized: what is run and shipped.
    Release,
    /// Quicker to build, but with the pages embedded too: what the journey drives.
    Tested,
}

pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    let wanted = |part| args.parts.is_empty() || args.parts.contains(&part);
    let tools = setup::for_build(project)?;
    if wanted(Part::Wasm) || (wanted(Part::Web) && !has_wasm(project)?) {
        wasm(project, &tools)?;
    }
    if wanted(Part::Web) {
        web(project)?;
    }
    if wanted(Part::Server) {
        server(project, ServerBuild::Release)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the parts of the WebAssembly module as `wasm-pack.toml` says.
pub(crate) fn wasm(project: &Project, tools: &WasmTools) -> Result<()> {
    let config = WasmPackToml::read(project)?;
    for part in &config.parts {
        process::run(
            tools
                .wasm_pack(project, "build")
                .args(["--no-pack", "--target", &config.target])
                .args(["--profile", &config.profile, "--out-dir"])
                // wasm-pack takes a relative folder from the crate's.
                .arg(project.root.join(&config.out_dir).join(part))
                .arg(&config.crate_dir)
                .args(["--", "--no-default-features", "--features", part]),
        )?;
    }
    Ok(())
}

/// Builds the pages.
pub(crate) fn web(project: &Project) -> Result<()> {
    let npm_run = ["run", "build", "--workspace", "web"];
    process::run(project.command("npm").args(npm_run))
}

/// Builds the server, and gives the place of its binary.
pub(crate) fn server(project: &Project, build: ServerBuild) -> Result<PathBuf> {
    let (arguments, folder): (&[&str], _) = match build {
        ServerBuild::Release => (&["--release"], "release"),
        ServerBuild::Tested => (&["--features", "embed-pages"], "debug"),
    };
    process::run(
        project.command("cargo").args(["build", "--package", "rehome-server"]).args(arguments),
    )?;
    let name = format!("rehome-server{}", std::env::consts::EXE_SUFFIX);
    Ok(project.target_dir.join(folder).join(name))
}

/// Builds the command line, and gives the place of its binary.
pub(crate) fn cli(project: &Project) -> Result<PathBuf> {
    process::run(project.command("cargo").args(["build", "--package", "rehome"]))?;
    Ok(cli_in(project, "debug"))
}

/// Builds the command line, optimized, and gives the place of its binary.
pub(crate) fn release_cli(project: &Project) -> Result<PathBuf> {
    process::run(project.command("cargo").args(["build", "--package", "rehome", "--release"]))?;
    Ok(cli_in(project, "release"))
}

fn cli_in(project: &Project, folder: &str) -> PathBuf {
    project.target_dir.join(folder).join(format!("rehome{}", std::env::consts::EXE_SUFFIX))
}

fn has_wasm(project: &Project) -> Result<bool> {
    let config = WasmPackToml::read(project)?;
    let folder = project.root.join(config.out_dir);
    Ok(config.parts.iter().all(|part| folder.join(part).is_dir()))
}
