//! The server in a process of its own, with an account, a site and a token.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rehome_server::{AccountLimits, Config, MailSettings, Timing, serve};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use crate::rehome::push;

/// Names the data folder in the process that is the server.
const SERVES: &str = "REHOME_TEST_SERVES";
/// The test that the process runs, since a program of another crate cannot be
/// asked for.
const PROGRAM: &str = "server::a_server_is_set_up_and_takes_its_token";
/// Far more than a start takes.
const PATIENCE: Duration = Duration::from_mins(4);

pub(crate) struct Server {
    _data: TempDir,
    child: Child,
    agent: Agent,
    pub base: String,
    cookie: String,
    pub token: String,
}

impl Server {
    pub(crate) fn set_up() -> Self {
        let data = TempDir::new().unwrap();
        let (child, lines) = spawn(data.path());
        let base = after(&lines, "Rehome is at ");
        let link = after(&lines, "Set up your account (once, within 15 minutes): ");
        let (_, secret) = link.split_once('#').expect("the link carries a secret");
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        let mut server =
            Self { _data: data, child, agent, base, cookie: String::new(), token: String::new() };
        let new = json!({
            "token": secret, "email": "ann@example.org", "password": "a long password",
            "site": { "name": "The Blog", "url": "https://blog.example.org/" },
        });
        let (cookie, session) = server.post("/setup", &new);
        assert_eq!(session["sites"][0]["id"], 1);
        server.cookie = cookie.expect("a session");
        let (_, created) =
            server.post("/tokens", &json!({ "name": "tests", "scopes": ["read", "import"] }));
        created["secret"].as_str().unwrap().clone_into(&mut server.token);
        server
    }

    /// A push to the only site, with the token in the environment.
    pub(crate) fn push(&self, file: &Path) -> Command {
        self.push_through(&self.base, file)
    }

    /// The same, through something in between.
    pub(crate) fn push_through(&self, base: &str, file: &Path) -> Command {
        let mut command = push(base, "1", file);
        command.env("REHOME_TOKEN", &self.token);
        command
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let url = format!("{}/api/v1{path}", self.base);
        let mut answer = self.agent.get(url).header("cookie", &self.cookie).call().unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status(), 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The newest import.
    pub(crate) fn newest(&self) -> Value {
        self.get("/imports")[0].take()
    }

    /// Numbers of the chunks that an import holds.
    pub(crate) fn held(&self, import: &Value) -> Vec<u32> {
        let detail = self.get(&format!("/imports/{}", import["id"].as_str().unwrap()));
        let chunks = detail["chunks"].as_array().unwrap();
        chunks.iter().map(|c| c["number"].as_u64().unwrap().try_into().unwrap()).collect()
    }

    /// Session cookie and body.
    fn post(&self, path: &str, body: &Value) -> (Option<String>, Value) {
        let mut answer = self
            .agent
            .post(format!("{}/api/v1{path}", self.base))
            .header("cookie", &self.cookie)
            .header("content-type", "application/json")
            .send(body.to_string())
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(answer.status().is_success(), "{text}");
        let cookie = answer
            .headers()
            .get("set-cookie")
            .map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
        (cookie, serde_json::from_str(&text).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_is_set_up_and_takes_its_token() {
    if let Ok(data) = std::env::var(SERVES) {
        run(data.as_ref());
        return;
    }
    let server = Server::set_up();
    assert!(server.token.starts_with("rehome_"));
    assert_eq!(server.get("/sites")[0]["name"], "The Blog");
}

fn run(data: &Path) {
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data: data.to_owned(),
        public_url: None,
        batch_records: 1_000,
        trusted_proxy: Vec::new(),
        limits: AccountLimits::default(),
        timing: Timing::default(),
        keep_history_days: 30,
        mail: MailSettings::default(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(serve(config)).unwrap();
}

fn spawn(data: &Path) -> (Child, Receiver<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", PROGRAM, "--nocapture"])
        .env(SERVES, data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (send, lines) = channel();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            // Nobody listens any more once the link is known.
            let _ = send.send(line);
        }
    });
    (child, lines)
}

/// What follows the words, in the next line that has them.
fn after(lines: &Receiver<String>, words: &str) -> String {
    loop {
        let line = lines.recv_timeout(PATIENCE).expect("the server starts");
        if let Some((_, rest)) = line.split_once(words) {
            return rest.trim().to_owned();
        }
    }
}
