//! Packages from `PyPI`, pinned, each with an environment of its own in the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::{announce, debian, is_root};
use crate::process;
use crate::project::Project;

/// A mail server: the server's tests send their mail to it.
pub(crate) const AIOSMTPD: Package = Package {
    name: "aiosmtpd",
    module: "aiosmtpd",
    version: "1.4.6",
    why: "tests send mail to a real server",
};

/// A package that is installed.
pub(crate) struct Package {
    name: &'static str,
    /// What Python imports.
    module: &'static str,
    version: &'static str,
    why: &'static str,
}

impl Package {
    /// Gives the Python that has the package; installs it when it is not there.
    pub(crate) fn ensure(&self, project: &Project) -> Result<PathBuf> {
        let (name, version) = (self.name, self.version);
        let folder = project.cache.join("python").join(format!("{name}-{version}"));
        let python = folder.join("bin/python");
        if self.is_in(&python) {
            return Ok(python);
        }
        ensure_venv(project)?;
        announce(&format!("installing {name} {version} from PyPI (once, seconds): {}", self.why));
        process::run(project.command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        process::run(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .arg(format!("{name}=={version}")),
        )?;
        if !self.is_in(&python) {
            bail!(
                "{name} {version} was installed, but does not load: delete {} and try again",
                folder.display()
            );
        }
        Ok(python)
    }

    fn is_in(&self, python: &PathBuf) -> bool {
        process::succeeds(Command::new(python).args(["-c", &format!("import {}", self.module)]))
    }
}

/// Debian has the environments in a package of their own.
fn ensure_venv(project: &Project) -> Result<()> {
    const PACKAGE: &str = "python3-venv";
    if process::succeeds(project.command("python3").args(["-c", "import venv, ensurepip"])) {
        return Ok(());
    }
    if is_root() && debian::is_here() {
        announce("installing python3-venv: some tests need packages from PyPI");
        return debian::install(&[PACKAGE]);
    }
    bail!(
        "Python 3 with its `venv` is needed for tests: install it, on Debian or Ubuntu with `{}`",
        debian::install_command(&[PACKAGE])
    )
}
