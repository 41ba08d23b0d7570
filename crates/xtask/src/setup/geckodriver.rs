//! geckodriver, through which the wasm tests drive Firefox. Debian has no package of it.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::tool::{Build, Tool};
use crate::process;
use crate::project::Project;

const TOOL: Tool<'static> = Tool {
    name: "geckodriver",
    version: "0.37.1",
    programs: &["geckodriver"],
    why: "tests run in Firefox too",
    build: Build::Quick,
};

/// Names a geckodriver to take in place of our own.
const VARIABLE: &str = "REHOME_GECKODRIVER";

/// Gives its place; installs it when it is not there.
pub(super) fn ensure(project: &Project) -> Result<PathBuf> {
    if let Some(wished) = env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        let path = PathBuf::from(wished);
        if !process::succeeds(Command::new(&path).arg("--version")) {
            bail!("{VARIABLE} is {}, which does not run", path.display());
        }
        return Ok(path);
    }
    Ok(TOOL.ensure(project)?.join("geckodriver"))
}
