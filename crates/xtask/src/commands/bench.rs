//! `cargo xtask bench`: measurements. They take long and are no part of the tests.

mod browser;
mod memory;
mod readers;
mod server;
mod sign_ins;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::project::Project;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Each format through the page in Chromium: the same bytes as natively, and in how much memory.
    Browser(browser::Args),
    /// Memory of a large import in Chromium and in the server, and how long it blocks the page.
    Memory(memory::Args),
    /// Each reader's speed and memory, held against those of Disqus.
    Readers(readers::Args),
    /// How fast imports are applied, beside plain inserts of the same rows, and in how much memory.
    Server(server::Args),
    /// How long a sign-in takes while somebody else guesses passwords.
    SignIns(sign_ins::Args),
}

pub(crate) fn run(project: &Project, args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Browser(args) => browser::run(project, args),
        What::Memory(args) => memory::run(project, args),
        What::Readers(args) => readers::run(project, args),
        What::Server(args) => server::run(project, args),
        What::SignIns(args) => sign_ins::run(project, args),
    }
}
