//! What a fresh machine lacks, put in place. Each part looks first and does nothing when all is there.

mod browser;
mod compiler;
mod debian;
mod dependency_tools;
mod geckodriver;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod rust;
mod schemathesis;
mod tool;
mod wasm_tools;

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

pub(crate) use self::browser::Browsers;
pub(crate) use self::dependency_tools::DependencyTools;
pub(crate) use self::wasm_tools::WasmTools;
use crate::process;
use crate::project::Project;

/// All that building needs: a C compiler, the wasm32 target, the wasm tools, and npm's packages.
pub(crate) fn for_build(project: &Project) -> Result<WasmTools> {
    compiler::ensure()?;
    rust::ensure_wasm_target(project)?;
    node::ensure(project)?;
    wasm_tools::ensure(project)
}

/// Browsers, and the programs that drive them.
pub(crate) fn for_browser_tests(project: &Project) -> Result<Browsers> {
    // First what may need a person, then what takes a minute.
    let found = browser::ensure()?;
    let geckodriver = geckodriver::ensure(project)?;
    Ok(found.with_geckodriver(geckodriver))
}

/// The Python that has schemathesis; none where this machine has no Python.
pub(crate) fn for_schemathesis(project: &Project) -> Result<Option<PathBuf>> {
    schemathesis::ensure(project)
}

/// rustfmt, Clippy, and what looks at dependencies.
pub(crate) fn for_check(project: &Project) -> Result<DependencyTools> {
    rust::ensure_components(project)?;
    dependency_tools::ensure(project)
}

/// All that any command needs.
pub(crate) fn everything(project: &Project) -> Result<()> {
    for_browser_tests(project)?;
    for_check(project)?;
    for_schemathesis(project)?;
    for_build(project)?;
    python::AIOSMTPD.ensure(project)?;
    println!("everything is in place");
    Ok(())
}

/// Whether this program runs as root, and so may install packages, and must start Chromium without its sandbox.
pub(crate) fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Says what the set-up is about to do, and why.
fn announce(what: &str) {
    println!("» {what}");
}
