//! The program, and what it printed.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::NamedTempFile;

/// Far more than anything waited for takes; not a measure of anything.
const PATIENCE: Duration = Duration::from_mins(4);

/// Asks again and again until there is something.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/disqus").join(name)
}

/// A copy of a fixture without its last bytes.
pub(crate) fn cut(name: &str, by: usize) -> NamedTempFile {
    let bytes = std::fs::read(fixture(name)).unwrap();
    file_of(&bytes[..bytes.len() - by])
}

pub(crate) fn file_of(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// A made-up export of several chunks.
pub(crate) fn large() -> Vec<u8> {
    let mut export = Vec::new();
    rehome_generate::disqus(12_000, 7, &mut export).unwrap();
    export
}

/// `rehome push` with a clean environment.
pub(crate) fn push(server: &str, site: &str, file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rehome"));
    command.args(["push", "--server", server, "--site", site]).arg(file).stdin(Stdio::null());
    for name in ["REHOME_TOKEN", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
        command.env_remove(name);
    }
    command
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Came {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Came {
    pub(crate) fn of(mut command: Command) -> Self {
        command.output().unwrap().into()
    }

    /// The one object of `--json`.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl From<Output> for Came {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("no signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Starts it without waiting.
pub(crate) fn start(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}
