//! schemathesis, which asks the server everything that its OpenAPI document allows and forbids.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{announce, debian, is_root};
use crate::process;
use crate::project::Project;

/// Everything that is installed, each in one version.
const REQUIREMENTS: &str = "tests/schemathesis/requirements.txt";
const PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// Gives the Python that has it; installs it when it is not there. None where
/// this machine has no Python that could: only under CI is that an error.
pub(super) fn ensure(project: &Project) -> Result<Option<PathBuf>> {
    let requirements = fs::read_to_string(project.root.join(REQUIREMENTS))
        .with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let folder = project.cache.join("tools/schemathesis");
    // Another list is another installation.
    let installed = folder.join("installed.txt");
    let python = folder.join("bin/python");
    if fs::read_to_string(&installed).is_ok_and(|before| before == requirements) && runs(&python) {
        return Ok(Some(python));
    }
    if !makes_environments() {
        if is_root() && debian::is_here() {
            announce("installing Python (once): schemathesis, which tests the server, needs it");
            debian::install(&PACKAGES)?;
        } else if env::var_os("CI").is_none() {
            println!("no Python with venv: {}", debian::install_command(&PACKAGES));
            return Ok(None);
        } else {
            bail!("Python with venv is missing: `{}`", debian::install_command(&PACKAGES));
        }
    }
    announce("installing schemathesis (once, less than a minute): it tests the server");
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    process::run(
        project
            .command(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .args(["--requirement", REQUIREMENTS]),
    )?;
    if !runs(&python) {
        bail!("schemathesis was installed, but does not run: delete {}", folder.display());
    }
    fs::write(&installed, requirements)
        .with_context(|| format!("cannot write {}", installed.display()))?;
    Ok(Some(python))
}

fn makes_environments() -> bool {
    process::succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"]))
}

fn runs(python: &Path) -> bool {
    process::succeeds(Command::new(python).args(["-c", "import schemathesis"]))
}
