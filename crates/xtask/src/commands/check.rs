//! `cargo xtask check`: all that needs no running of tests.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use super::fmt::SVELTE_FILES;
use super::{build, generate};
use crate::process;
use crate::project::Project;
use crate::report::{Outcome, Report};
use crate::setup::{self, DependencyTools};
use crate::wasm_size;

const SET_UP: &str = "set-up";
const WASM: &str = "build wasm";

const WASM_TARGET: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
const DENY_WARNINGS: [&str; 3] = ["--", "--deny", "warnings"];

pub(crate) fn run(project: &Project) -> ExitCode {
    let cargo = |arguments: &[&str]| {
        let mut command = project.command("cargo");
        command.args(arguments);
        command
    };
    let mut report = Report::default();
    let mut tools = None;
    let mut dependency_tools = None;
    report.step(SET_UP, &[], || {
        dependency_tools = Some(setup::for_check(project)?);
        tools = Some(setup::for_build(project)?);
        Ok(Outcome::uncounted())
    });
    report.step("rustfmt", &[SET_UP], || passes(&mut cargo(&["fmt", "--all", "--check"])));
    report.step("clippy", &[SET_UP], || {
        let all = ["clippy", "--workspace", "--all-targets", "--exclude", "rehome-wasm"];
        passes(cargo(&all).args(DENY_WARNINGS))
    });
    report.step("clippy wasm32", &[SET_UP], || {
        let wasm = ["clippy", "--package", "rehome-wasm", "--all-targets"];
        passes(cargo(&wasm).args(WASM_TARGET).args(DENY_WARNINGS))
    });
    report.step("clippy wasm32 libraries", &[SET_UP], || {
        let libraries =
            ["clippy", "--package", "rehome-record", "--package", "rehome-formats", "--lib"];
        passes(cargo(&libraries).args(WASM_TARGET).args(DENY_WARNINGS))
    });
    report.step("docs", &[SET_UP], || {
        let doc = ["doc", "--workspace", "--no-deps", "--exclude", "rehome-wasm"];
        passes(cargo(&doc).env("RUSTDOCFLAGS", "--deny warnings"))
    });
    report.step("docs wasm32", &[SET_UP], || {
        let doc = ["doc", "--package", "rehome-wasm", "--no-deps"];
        passes(cargo(&doc).args(WASM_TARGET).env("RUSTDOCFLAGS", "--deny warnings"))
    });
    report.step("generated files", &[SET_UP], || {
        generate::check(project)?;
        Ok(Outcome::one_check())
    });
    if let Some(tools) = &dependency_tools {
        dependency_steps(&mut report, project, tools);
    }
    // The pages' types come from it.
    report.step(WASM, &[SET_UP], || {
        let tools = tools.as_ref().context("the set-up gave no tools")?;
        build::wasm(project, tools)?;
        Ok(Outcome::one_check())
    });
    report.step("wasm size", &[WASM], || {
        wasm_size::check(project)?;
        Ok(Outcome::one_check())
    });
    report.step("svelte-check", &[WASM], || {
        passes(project.command("npm").args(["run", "check", "--workspace", "web"]))
    });
    report.step("biome", &[SET_UP], || {
        passes(project.command("biome").args(["check", "--error-on-warnings"]))
    });
    report.step("prettier", &[SET_UP], || {
        passes(project.command("prettier").args(["--check", SVELTE_FILES]))
    });
    report.finish()
}

fn dependency_steps(report: &mut Report, project: &Project, tools: &DependencyTools) {
    report.step("licences, sources, bans", &[], || {
        let check = ["--hide-inclusion-graph", "bans", "licenses", "sources"];
        passes(tools.deny(project, "check").args(check))
    });
    report.step("advisories", &[], || {
        // Fetched by itself, so that a missing network is not taken for a finding, nor the other way round.
        if let Err(error) = process::run(tools.deny(project, "fetch").arg("db")) {
            return Ok(Outcome::skipped(&format!(
                "the database of known holes cannot be reached, so nobody looked for any: {error}"
            )));
        }
        passes(tools.deny(project, "check").args(["--disable-fetch", "advisories"]))
    });
    report.step("unused dependencies", &[], || passes(&mut tools.machete(project)));
}

fn passes(command: &mut Command) -> Result<Outcome> {
    process::run(command)?;
    Ok(Outcome::one_check())
}
