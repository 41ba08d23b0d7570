//! A mail server that keeps what it gets in a folder: aiosmtpd, from `PyPI`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::process::{skipped, wait_for};

/// Certificates for `localhost`, and one of a stranger. `crates/cli` says how they were made.
pub(crate) fn pem(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/cli/tests/push/tls");
    folder.join(name).to_str().unwrap().to_owned()
}

pub(crate) struct MailServer {
    child: Child,
    pub port: u16,
    mails: PathBuf,
}

impl MailServer {
    /// None, said loudly, where `cargo xtask test` has not installed it; a failure in CI.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Option<Self> {
        let Some(python) = std::env::var_os("REHOME_MAIL_PYTHON") else {
            skipped(
                "REHOME_MAIL_PYTHON names no Python that has aiosmtpd (`cargo xtask test` does)",
            );
            return None;
        };
        // It takes no port 0. Whoever takes this one in between makes it end, which is seen.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mails = folder.join("mails");
        let child = Command::new(python)
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .args(arguments)
            .arg(&mails)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { child, port, mails };
        wait_for("the mail server listens", || {
            let ended = server.child.try_wait().unwrap();
            assert!(ended.is_none(), "the mail server ended: {ended:?}");
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        });
        Some(server)
    }

    /// What came so far, in no order.
    pub(crate) fn mails(&self) -> Vec<String> {
        // `new` is there from the first mail on, and mails are moved there whole.
        let Ok(files) = std::fs::read_dir(self.mails.join("new")) else { return Vec::new() };
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    }

    /// Waits until so many came.
    pub(crate) fn wait_mails(&self, count: usize) -> Vec<String> {
        wait_for("mail", || Some(self.mails()).filter(|mails| mails.len() >= count))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
