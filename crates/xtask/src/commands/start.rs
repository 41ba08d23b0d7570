//! `cargo xtask start`: build all, then run the server in the foreground.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use super::build::{self, ServerBuild};
use crate::process;
use crate::project::Project;
use crate::setup;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The address and port to serve on.
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: String,
    /// The folder for the database and the staged files [default: data in the checkout]
    #[arg(long)]
    data: Option<PathBuf>,
    /// More arguments for the server.
    #[arg(last = true)]
    for_server: Vec<String>,
}

pub(crate) fn run(project: &Project, args: Args) -> Result<ExitCode> {
    let data = match args.data {
        Some(folder) => std::path::absolute(folder).context("--data names no folder")?,
        None => project.root.join("data"),
    };
    let tools = setup::for_build(project)?;
    build::wasm(project, &tools)?;
    build::web(project)?;
    let server = build::server(project, ServerBuild::Release)?;
    let mut command = Command::new(server);
    command
        .current_dir(&project.root)
        .args(["--listen", &args.listen])
        .arg("--data")
        .arg(data)
        .args(args.for_server);
    println!("$ {}", process::shown(&command));
    become_server(command)
}

/// Takes this process's place, so that Ctrl-C and a supervisor's signals reach the server itself.
#[cfg(unix)]
fn become_server(mut command: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;

    let error = command.exec();
    Err(error).context("cannot start the server")
}

#[cfg(not(unix))]
fn become_server(mut command: Command) -> Result<ExitCode> {
    let status = command.status().context("cannot start the server")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
