//! `cargo xtask test`: every test there is.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ValueEnum;

use super::build::{self, ServerBuild};
use crate::counts::Runner;
use crate::process;
use crate::project::Project;
use crate::report::{Outcome, Report, run_tests, run_tests_in};
use crate::setup::{self, Browsers, WasmTools};
use crate::snapshots;
use crate::wasm_pack_toml::{TestBrowser, WasmPackToml};

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
    /// The WebAssembly module, in Chromium and in Firefox.
    Wasm,
    /// The pages' unit tests.
    Web,
    /// The whole story in Chromium, against the real server.
    Journey,
    /// The real server against its own OpenAPI document.
    Schemathesis,
}

const SET_UP: &str = "set-up";
const RUST: &str = "rust tests";
const BUILD_WASM: &str = "build wasm";
const BUILD_WEB: &str = "build web";
const BUILD_SERVER: &str = "build server and command line";

/// What the set-up found.
struct Ready {
    tools: WasmTools,
    browsers: Browsers,
    config: WasmPackToml,
    /// The Python that has the mail server.
    mail_python: PathBuf,
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
        rust_steps(&mut report, project, &ready);
    }
    if wanted(Suite::Wasm) {
        // The second run finds everything compiled by the first.
        report.step("wasm tests, Chromium", &[], || {
            wasm_tests(project, &ready, TestBrowser::Chromium)
        });
        report
            .step("wasm tests, Firefox", &[], || wasm_tests(project, &ready, TestBrowser::Firefox));
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
    if wanted(Suite::Schemathesis) {
        report.step("schemathesis", &[], || schemathesis(project));
    }
    report.finish()
}

fn set_up(project: &Project) -> Result<Ready> {
    Ok(Ready {
        // First what may need a person, then what takes minutes.
        browsers: setup::for_browser_tests(project)?,
        tools: setup::for_build(project)?,
        mail_python: setup::python::AIOSMTPD.ensure(project)?,
        config: WasmPackToml::read(project)?,
    })
}

fn rust_steps(report: &mut Report, project: &Project, ready: &Ready) {
    let mut references = None;
    report.step(RUST, &[], || {
        let list = snapshots::new_references_file(project)?;
        let outcome = rust_tests(project, ready, &list);
        references = Some(list);
        outcome
    });
    report.step("recordings", &[RUST], || {
        let list = references.as_deref().context("the Rust tests made no list")?;
        snapshots::refuse_unreferenced(project, list)?;
        Ok(Outcome::uncounted())
    });
}

fn rust_tests(project: &Project, ready: &Ready, references: &Path) -> Result<Outcome> {
    let arguments = ["test", "--workspace", "--exclude", "rehome-wasm", "--no-fail-fast"];
    run_tests(
        project
            .command("cargo")
            .args(arguments)
            // Recordings are compared, never written.
            .env("INSTA_UPDATE", "no")
            .env_remove("INSTA_FORCE_PASS")
            .env(snapshots::REFERENCES_VARIABLE, references)
            .env("REHOME_MAIL_PYTHON", &ready.mail_python),
        Runner::Cargo,
    )
}

fn wasm_tests(project: &Project, ready: &Ready, browser: TestBrowser) -> Result<Outcome> {
    let (program, driver, flags, name) = match browser {
        TestBrowser::Chromium => (
            &ready.browsers.chromium,
            &ready.browsers.chromedriver,
            ["--chrome", "--chromedriver"],
            "Chrome",
        ),
        TestBrowser::Firefox => (
            &ready.browsers.firefox,
            &ready.browsers.geckodriver,
            ["--firefox", "--geckodriver"],
            "Firefox",
        ),
    };
    process::run(project.command(program).arg("--version"))?;
    let capabilities = project.scratch()?.join(format!("webdriver-{name}.json"));
    let json = ready.config.webdriver_json(browser, &ready.browsers);
    fs::write(&capabilities, json.to_string())
        .with_context(|| format!("cannot write {}", capabilities.display()))?;
    let mut command = ready.tools.wasm_pack(project, "test");
    command
        .arg("--headless")
        .args(flags)
        .arg(driver)
        .arg(&ready.config.crate_dir)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    for variable in ["GECKODRIVER", "SAFARIDRIVER", "CHROMEDRIVER", "MSEDGEDRIVER"] {
        // The runner takes the first that it finds, whatever wasm-pack was told.
        command.env_remove(variable).env_remove(format!("{variable}_REMOTE"));
    }
    if env::var_os("WASM_BINDGEN_TEST_TIMEOUT").is_none() {
        // Seconds. Its own 20 are short for a busy machine.
        command.env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    }
    run_tests_in(&format!("headless tests in {name} "), &mut command, Runner::Cargo)
}

fn web_tests(project: &Project) -> Result<Outcome> {
    run_tests(project.command("npm").args(["test", "--workspace", "web"]), Runner::Vitest)
}

fn journey_steps(report: &mut Report, project: &Project, ready: &Ready) {
    report.step(BUILD_WEB, &[BUILD_WASM], || {
        build::web(project)?;
        Ok(Outcome::uncounted())
    });
    let mut binaries = None;
    report.step(BUILD_SERVER, &[BUILD_WEB], || {
        binaries = Some((build::server(project, ServerBuild::Tested)?, build::cli(project)?));
        Ok(Outcome::uncounted())
    });
    report.step("browser journey", &[BUILD_SERVER], || {
        let (server, cli) = binaries.as_ref().context("the server was not built")?;
        journey(project, ready, server, cli)
    });
}

fn journey(project: &Project, ready: &Ready, server: &Path, cli: &Path) -> Result<Outcome> {
    run_tests(
        project
            .command("node")
            .arg("tests/e2e/run.mjs")
            .env("REHOME_SERVER_BIN", server)
            .env("REHOME_CLI_BIN", cli)
            .env("REHOME_CHROMIUM", &ready.browsers.chromium)
            .env("REHOME_CHROMIUM_ARGS", ready.config.browser_args().join(" ")),
        Runner::Journey,
    )
}

fn schemathesis(project: &Project) -> Result<Outcome> {
    let Some(python) = setup::for_schemathesis(project)? else {
        return Ok(Outcome::skipped("there is no Python, so nobody asked the server"));
    };
    let server = build::server(project, ServerBuild::Tested)?;
    run_tests(
        project
            .command(python)
            .arg("tests/schemathesis/run.py")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("REHOME_SERVER_BIN", server),
        Runner::Journey,
    )
}
