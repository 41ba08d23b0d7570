//! `rehome-server`: see `rehome-server --help`.

use std::io::IsTerminal;

use anyhow::Context;
use clap::Parser;
use rehome_server::{Cli, run, serve};
use tracing_subscriber::EnvFilter;

fn main() -> anyhow::Result<()> {
    let Cli { command, config } = Cli::parse();
    // To stderr: stdout carries the address and the setup link alone.
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            EnvFilter::try_from_env("REHOME_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .init();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?
        .block_on(async {
            match command {
                None => serve(config).await,
                Some(command) => run(command, &config).await,
            }
        })
}
