//! The real program on a folder of its own.

use std::io::{BufRead, BufReader, Write};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Client;

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

/// Says loudly that a test cannot run on this machine; a failure where CI says so.
pub(crate) fn skipped(why: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must not lack this: {why}");
    // Written past the test runner, which hides what passing tests print.
    // `cargo xtask test` counts each of these lines as a skipped test.
    let test = std::thread::current();
    let said = format!("\nSKIPPED {}: {why}\n", test.name().unwrap_or("a test"));
    std::io::stdout().write_all(said.as_bytes()).unwrap();
}

/// Settings that a test chooses.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub batch_records: usize,
    pub busy_timeout_ms: u32,
    pub sweep_every_ms: u32,
    pub header_timeout_ms: u32,
    pub body_idle_ms: u32,
    /// Names and values of what is set beside these.
    pub environment: Vec<(&'static str, String)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            batch_records: 1_000,
            busy_timeout_ms: 10_000,
            sweep_every_ms: 60_000,
            header_timeout_ms: 15_000,
            body_idle_ms: 60_000,
            environment: Vec::new(),
        }
    }
}

/// A server and the browser that is signed in to it.
pub(crate) struct Server {
    data: PathBuf,
    settings: Settings,
    child: Child,
    client: Client,
    log: Arc<Mutex<Vec<String>>>,
    /// What it printed beside the log, link and address included.
    printed: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts on a data folder and makes the account.
    pub(crate) fn set_up(data: &Path, settings: Settings) -> Self {
        Self::set_up_with(data, settings, str::to_owned)
    }

    /// The same with the token that is made of the one on the terminal.
    pub(crate) fn set_up_with(
        data: &Path,
        settings: Settings,
        token: impl FnOnce(&str) -> String,
    ) -> Self {
        let Started { child, out, log, printed } = spawn(data, &settings);
        let base = address(&out, &log);
        let link = next_line(&out, &log, "http").expect("a set-up link");
        let (_, first) = link.split_once('#').expect("the link carries a token");
        let client = Client::set_up(&base, &token(first.trim()));
        Self { data: data.to_owned(), settings, child, client, log, printed }
    }

    /// Starts on a folder that has its account already; nobody is signed in.
    pub(crate) fn again(data: &Path, settings: Settings) -> Self {
        let Started { child, out, log, printed } = spawn(data, &settings);
        let client = Client::signed_in(&address(&out, &log), String::new(), 0);
        Self { data: data.to_owned(), settings, child, client, log, printed }
    }

    /// As `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As an operator or the system does: SIGTERM.
    pub(crate) fn stop(&mut self) -> ExitStatus {
        self.ask_to_stop();
        self.wait_end()
    }

    pub(crate) fn ask_to_stop(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    pub(crate) fn wait_end(&mut self) -> ExitStatus {
        wait_for("the program ends", || self.child.try_wait().unwrap())
    }

    /// Starts the program again after it ended.
    pub(crate) fn start(&mut self) {
        let Started { child, out, log, printed } = spawn(&self.data, &self.settings);
        (self.child, self.log, self.printed) = (child, log, printed);
        self.client = self.client.at(&address(&out, &self.log));
    }

    pub(crate) fn kill_and_start(&mut self) {
        self.kill();
        self.start();
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data.join("rehome.sqlite")
    }

    /// Files staged, by their folders' and own names.
    pub(crate) fn staged(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in std::fs::read_dir(self.data.join("spool")).unwrap() {
            let folder = folder.unwrap().path();
            for file in std::fs::read_dir(folder).unwrap() {
                names.push(file.unwrap().file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        names
    }

    /// As a disk does that loses files: those of every import that is staged.
    pub(crate) fn lose_staged(&self) {
        for folder in std::fs::read_dir(self.data.join("spool")).unwrap() {
            std::fs::remove_dir_all(folder.unwrap().path()).unwrap();
        }
    }

    /// Imports into that site from now on.
    pub(crate) fn use_site(&mut self, site: i64) {
        self.client.site = site;
    }

    /// How often the log of the running program says so.
    pub(crate) fn logged(&self, words: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|line| line.contains(words)).count()
    }

    /// The first line of the log that says so.
    pub(crate) fn logged_line(&self, words: &str) -> Option<String> {
        self.log.lock().unwrap().iter().find(|line| line.contains(words)).cloned()
    }

    /// All lines of the log.
    pub(crate) fn log_lines(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn wait_logged(&self, words: &str, times: usize) {
        wait_for(words, || (self.logged(words) >= times).then_some(()));
    }

    /// Waits until the import is in the state, and gives it.
    pub(crate) fn wait_state(&self, import: &str, state: &str) -> Value {
        wait_for(state, || {
            let found = self.client.import(import);
            let other =
                ["succeeded", "failed", "cancelled"].iter().find(|end| found["state"] == **end);
            assert!(other.is_none_or(|end| *end == state), "{found}\n{}", self.log_text());
            (found["state"] == state).then_some(found)
        })
    }

    /// The import at work; none while it waits for its turn. It must not have ended.
    pub(crate) fn at_work(&self, import: &str) -> Option<Value> {
        let found = self.client.import(import);
        let state = found["state"].as_str().unwrap();
        assert!(["queued", "running"].contains(&state), "{found}");
        (state == "running").then_some(found)
    }

    /// All that the running program logged.
    pub(crate) fn log_text(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// All that the running program printed beside its log.
    pub(crate) fn printed(&self) -> String {
        self.printed.lock().unwrap().join("\n")
    }
}

impl Deref for Server {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", self.log_text());
        }
    }
}

struct Started {
    child: Child,
    out: Receiver<String>,
    log: Arc<Mutex<Vec<String>>>,
    printed: Arc<Mutex<Vec<String>>>,
}

fn spawn(data: &Path, settings: &Settings) -> Started {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rehome-server"))
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env_remove("REHOME_PUBLIC_URL")
        .env("REHOME_BATCH_RECORDS", settings.batch_records.to_string())
        .env("REHOME_BUSY_TIMEOUT_MS", settings.busy_timeout_ms.to_string())
        .env("REHOME_SWEEP_EVERY_MS", settings.sweep_every_ms.to_string())
        .env("REHOME_HEADER_TIMEOUT_MS", settings.header_timeout_ms.to_string())
        .env("REHOME_BODY_IDLE_MS", settings.body_idle_ms.to_string())
        .env("REHOME_LOG", "info")
        .envs(settings.environment.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (send, out) = channel();
    let printed = Arc::new(Mutex::new(Vec::new()));
    let (stdout, kept) = (BufReader::new(child.stdout.take().unwrap()), Arc::clone(&printed));
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            kept.lock().unwrap().push(line.clone());
            // Nobody listens any more once the address is known.
            let _ = send.send(line);
        }
    });
    let log = Arc::new(Mutex::new(Vec::new()));
    let (stderr, kept) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&log));
    std::thread::spawn(move || {
        for line in stderr.lines().map_while(Result::ok) {
            kept.lock().unwrap().push(line);
        }
    });
    Started { child, out, log, printed }
}

fn address(out: &Receiver<String>, log: &Mutex<Vec<String>>) -> String {
    next_line(out, log, "Rehome is at ").expect("an address")
}

/// What stands after the words in the next line, from `http` on.
fn next_line(out: &Receiver<String>, log: &Mutex<Vec<String>>, words: &str) -> Option<String> {
    let Ok(line) = out.recv_timeout(PATIENCE) else {
        let log = log.lock().unwrap().join("\n");
        panic!("the program does not start:\n{log}");
    };
    assert!(line.contains(words), "{line}");
    line.find("http").map(|at| line[at..].to_owned())
}
