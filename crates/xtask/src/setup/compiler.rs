//! A C compiler: the server carries the C source of `SQLite`.

use std::env;
use std::process::Command;

use anyhow::{Result, bail};

use super::{announce, debian, is_root};
use crate::process;

/// Makes sure that `cc`, or what `CC` names, runs.
pub(super) fn ensure() -> Result<()> {
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    if process::succeeds(Command::new(&compiler).arg("--version")) {
        return Ok(());
    }
    if is_root() && debian::is_here() {
        announce("installing build-essential: SQLite, which the server carries, is C");
        return debian::install(&["build-essential"]);
    }
    bail!(
        "no C compiler (`{}`) was found, and SQLite needs one: install it, on Debian or Ubuntu with `{}`",
        compiler.display(),
        debian::install_command(&["build-essential"])
    )
}
