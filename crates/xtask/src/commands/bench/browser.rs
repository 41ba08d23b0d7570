//! `cargo xtask bench browser`: a large export of each format through the page, up to the
//! chunks that it sends, held against what the command line writes.

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use rehome_generate::{EXPORTS, Export};

use super::readers::comments_in;
use crate::commands::build::{self, ServerBuild};
use crate::commands::generate;
use crate::process;
use crate::project::Project;
use crate::setup;
use crate::wasm_pack_toml::WasmPackToml;

const MIB: u64 = 1024 * 1024;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Size of the large file; the small one has a tenth of it.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    mib: u64,
    /// This format alone.
    #[arg(long, value_parser = PossibleValuesParser::new(EXPORTS.iter().map(|export| export.id)))]
    format: Option<String>,
}

/// Fails where the browser sends other bytes than the command line writes, or
/// where its memory grows by more than the ids of the file.
pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    let browsers = setup::for_browser_tests(project)?;
    let tools = setup::for_build(project)?;
    let config = WasmPackToml::read(project)?;
    build::wasm(project, &tools)?;
    build::web(project)?;
    let server = build::server(project, ServerBuild::Release)?;
    let cli = build::release_cli(project)?;
    let is_wanted =
        |export: &&Export| args.format.as_ref().is_none_or(|wanted| wanted == export.id);
    let mut files = Vec::new();
    for export in EXPORTS.iter().filter(is_wanted) {
        for size_bytes in [args.mib * MIB / 10, args.mib * MIB] {
            let comments = comments_in(export, size_bytes)?;
            let file = generate::export(project, export, comments)?;
            files.push(format!("{}\t{comments}\t{}", export.id, file.display()));
        }
    }
    process::run(
        project
            .command("node")
            .arg("tests/bench/formats.mjs")
            .env("REHOME_BENCH_FILES", files.join("\n"))
            .env("REHOME_SERVER_BIN", server)
            .env("REHOME_CLI_BIN", cli)
            .env("REHOME_CHROMIUM", &browsers.chromium)
            .env("REHOME_CHROMIUM_ARGS", config.browser_args().join(" ")),
    )?;
    Ok(ExitCode::SUCCESS)
}
