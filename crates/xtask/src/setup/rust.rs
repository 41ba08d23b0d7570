//! The parts of the Rust toolchain that rustup does not install by default.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::announce;
use crate::process;
use crate::project::Project;

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Adds the standard library for WebAssembly to the active toolchain.
pub(crate) fn ensure_wasm_target(project: &Project) -> Result<()> {
    let sysroot = process::output(project.command("rustc").args(["--print", "sysroot"]))?;
    let library = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET);
    if library.is_dir() {
        return Ok(());
    }
    announce(&format!(
        "adding Rust's {WASM_TARGET} target (once): the browser part is built for it"
    ));
    process::run(project.command("rustup").args(["target", "add", WASM_TARGET])).with_context(
        || format!("Rust's {WASM_TARGET} target is missing: run `rustup target add {WASM_TARGET}`"),
    )
}

/// Adds rustfmt and Clippy to the active toolchain.
pub(crate) fn ensure_components(project: &Project) -> Result<()> {
    for (component, command) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if process::succeeds(project.command("cargo").args([command, "--version"])) {
            continue;
        }
        announce(&format!("adding Rust's {component} (once): `cargo {command}` needs it"));
        process::run(project.command("rustup").args(["component", "add", component]))
            .with_context(|| {
                format!("`cargo {command}` does not run: run `rustup component add {component}`")
            })?;
    }
    Ok(())
}
