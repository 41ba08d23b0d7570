//! `cargo xtask bench memory`: a generated export through the page, in a real browser.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::build::{self, ServerBuild};
use crate::commands::generate;
use crate::process;
use crate::project::Project;
use crate::setup;
use crate::wasm_pack_toml::WasmPackToml;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Comments in the export; 1,500,000 are about 1 GB.
    #[arg(long, default_value_t = 1_500_000, value_parser = clap::value_parser!(u64).range(1..))]
    comments: u64,
}

/// Fails when what it runs does; a broken limit is the script's own exit code.
pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    let browsers = setup::for_browser_tests(project)?;
    let tools = setup::for_build(project)?;
    let config = WasmPackToml::read(project)?;
    let file = generate::export(project, generate::of_format("disqus")?, args.comments)?;
    build::wasm(project, &tools)?;
    build::web(project)?;
    let server = build::server(project, ServerBuild::Release)?;
    process::run(
        project
            .command("node")
            .arg("tests/bench/memory.mjs")
            .env("REHOME_BENCH_FILE", file)
            .env("REHOME_BENCH_COMMENTS", args.comments.to_string())
            .env("REHOME_SERVER_BIN", server)
            .env("REHOME_CHROMIUM", &browsers.chromium)
            .env("REHOME_CHROMIUM_ARGS", config.browser_args().join(" ")),
    )?;
    Ok(ExitCode::SUCCESS)
}
