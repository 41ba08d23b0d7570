//! Debian's and Ubuntu's packages.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// Whether this is Debian or a relative of it.
pub(super) fn is_here() -> bool {
    Path::new("/etc/debian_version").exists() && Path::new("/usr/bin/apt-get").exists()
}

/// Installs packages. Only root can.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    process::run(apt_get().arg("update"))?;
    process::run(apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages))
}

/// What a person types to install the packages.
pub(super) fn install_command(packages: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    )
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
