//! `cargo xtask test`: every test there is.

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ValueEnum;

use super::build::{self, ServerBuild};
use crate::counts::Runner;
use crate::project::Project;
use crate::report::{Outcome, Report, run_tests};
use crate::setup::{self, Browser, WasmTools, browser};
use crate::snapshots;
use crate::wasm_pack_toml::WasmPackToml;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run these alone, with what they need built.
    #[arg(long, value_enum, num_args = 1..)]
    only: Vec<Suite>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// All Rust tests but those in a browser.
    Rust,
    /// The WebAssembly module in Chromium.
    Wasm,
    /// The pages' unit tests.
    Web,
    /// The whole story in Chromium, against the real server.
    Journey,
}

const SET_UP: &str = "set-up";
const RUST: &str = "rust tests";
const BUILD_WASM: &str = "build wasm";
const BUILD_WEB: &str = "build web";
const BUILD_SERVER: &str = "build server";

/// What the set-up found.
struct Ready {
    tools: WasmTools,
    browser: Browser,
    config: WasmPackToml,
}

pub(crate) fn run(project: &Project, args: &Args) -> ExitCode {
    let wanted = |suite| args.only.is_empty() || args.only.contains(&suite);
    let mut report = Report::default();
    let mut ready = None;
    report.step(SET_UP, &[], || {
        ready = Some(set_up(project)?);
        Ok(Outcome::uncounted())
    });
    let Some(ready) = ready else {
        return report.finish();
    };
    if wanted(Suite::Rust) {
        rust_steps(&mut report, project);
    }
    if wanted(Suite::Wasm) {
        report.step("wasm tests", &[], || wasm_tests(project, &ready));
    }
    if wanted(Suite::Web) || wanted(Suite::Journey) {
        report.step(BUILD_WASM, &[], || {
            build::wasm(project, &ready.tools)?;
            Ok(Outcome::uncounted())
        });
    }
    if wanted(Suite::Web) {
        report.step("web tests", &[BUILD_WASM], || web_tests(project));
    }
    if wanted(Suite::Journey) {
        journey_steps(&mut report, project, &ready);
    }
    report.finish()
}

fn set_up(project: &Project) -> Result<Ready> {
    Ok(Ready {
        // First what may need a person, then what takes minutes.
        browser: browser::ensure()?,
        tools: setup::for_build(project)?,
        config: WasmPackToml::read(project)?,
    })
}

fn rust_steps(report: &mut Report, project: &Project) {
    let mut references = None;
    report.step(RUST, &[], || {
        let list = snapshots::new_references_file(project)?;
        let outcome = rust_tests(project, &list);
        references = Some(list);
        outcome
    });
    report.step("recordings", &[RUST], || {
        let list = references.as_deref().context("the Rust tests made no list")?;
        snapshots::refuse_unreferenced(project, list)?;
        Ok(Outcome::uncounted())
    });
}

fn rust_tests(project: &Project, references: &Path) -> Result<Outcome> {
    let arguments = ["test", "--workspace", "--exclude", "rehome-wasm", "--no-fail-fast"];
    run_tests(
        project
            .command("cargo")
            .args(arguments)
            // Recordings are compared, never written.
            .env("INSTA_UPDATE", "no")
            .env_remove("INSTA_FORCE_PASS")
            .env(snapshots::REFERENCES_VARIABLE, references),
        Runner::Cargo,
    )
}

fn wasm_tests(project: &Project, ready: &Ready) -> Result<Outcome> {
    let capabilities = project.scratch()?.join("webdriver.json");
    let json = ready.config.webdriver_json(&ready.browser);
    fs::write(&capabilities, json.to_string())
        .with_context(|| format!("cannot write {}", capabilities.display()))?;
    let mut command = ready.tools.wasm_pack(project, "test");
    command
        .args(["--headless", "--chrome", "--chromedriver"])
        .arg(&ready.browser.chromedriver)
        .arg(&ready.config.crate_dir)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    if env::var_os("WASM_BINDGEN_TEST_TIMEOUT").is_none() {
        // Seconds. Its own 20 are short for a busy machine.
        command.env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    }
    run_tests(&mut command, Runner::Cargo)
}

fn web_tests(project: &Project) -> Result<Outcome> {
    run_tests(project.command("npm").args(["test", "--workspace", "web"]), Runner::Vitest)
}

fn journey_steps(report: &mut Report, project: &Project, ready: &Ready) {
    report.step(BUILD_WEB, &[BUILD_WASM], || {
        build::web(project)?;
        Ok(Outcome::uncounted())
    });
    let mut server = None;
    report.step(BUILD_SERVER, &[BUILD_WEB], || {
        server = Some(build::server(project, ServerBuild::Tested)?);
        Ok(Outcome::uncounted())
    });
    report.step("browser journey", &[BUILD_SERVER], || {
        let server = server.as_deref().context("the server was not built")?;
        journey(project, ready, server)
    });
}

fn journey(project: &Project, ready: &Ready, server: &Path) -> Result<Outcome> {
    run_tests(
        project
            .command("node")
            .arg("tests/e2e/run.mjs")
            .env("REHOME_SERVER_BIN", server)
            .env("REHOME_CHROMIUM", &ready.browser.chromium)
            .env("REHOME_CHROMIUM_ARGS", ready.config.browser_args().join(" ")),
        Runner::Journey,
    )
}
