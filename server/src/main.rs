//! `rehome-server`: see `rehome-server --help`.

use std::process::ExitCode;

use anyhow::Context;
use rehome_server::{Cli, run, serve, settings};

fn main() -> anyhow::Result<ExitCode> {
    let Cli { command, config, logs, config_file: _ } =
        Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    logs.start();
    for unknown in settings::unknown_variables(std::env::vars_os().map(|(name, _)| name)) {
        tracing::warn!("{unknown}");
    }
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?
        .block_on(async {
            match command {
                None => serve(config).await.map(|()| ExitCode::SUCCESS),
                Some(command) => run(command, &config).await,
            }
        })
}
