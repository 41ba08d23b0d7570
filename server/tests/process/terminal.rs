//! The program as operators call it.

use std::path::Path;
use std::process::{Command, Output};

/// Runs it to its end on a data folder.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Output {
    run_with(data, arguments, &[])
}

/// The same with variables of the environment.
pub(crate) fn run_with(data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rehome-server"))
        .arg("--data")
        .arg(data)
        .args(arguments)
        .env_remove("REHOME_LISTEN")
        .env_remove("REHOME_PUBLIC_URL")
        .env("REHOME_LOG", "info")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// What it printed, where it succeeded.
pub(crate) fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
