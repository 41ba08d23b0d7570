//! What operators do from the terminal, beside a server that runs or not.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;
use tempfile::TempDir;

use crate::process::{Server, Settings};

pub(crate) fn program(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rehome-server"))
        .args(["--public-url", "https://rehome.example.org", "--data"])
        .arg(data)
        .args(arguments)
        .env_remove("REHOME_LISTEN")
        .env("REHOME_LOG", "trace")
        .output()
        .unwrap()
}

/// The token of the one line that is printed, which the log does not have.
pub(crate) fn token(output: &Output, path: &str) -> String {
    let (out, log) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{log}");
    assert_eq!(out.lines().count(), 1, "{out}");
    let link = format!("https://rehome.example.org/{path}#");
    let token = out.trim().split_once(&link).expect("a link").1.to_owned();
    assert!(!log.contains(&token), "{log}");
    token
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_password_is_reset_while_the_server_runs_and_while_it_does_not() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::set_up(folder.path(), Settings::default());
    let running = token(&program(folder.path(), &["reset-password", "Ann@example.org"]), "reset");
    let reset = |server: &Server, token: &str, password: &str| {
        let new = json!({ "token": token, "password": password });
        server.post("/api/v1/password-resets/use", &new).status
    };
    assert_eq!(server.get("/api/v1/session").status, 200, "the link alone ends nothing");
    assert_eq!(reset(&server, &running, "another password"), 204);
    assert_eq!(server.get("/api/v1/session").code(), (401, "signed_out"));
    assert_eq!(reset(&server, &running, "a third password"), 403);

    assert_eq!(server.stop().code(), Some(0));
    let stopped = token(&program(folder.path(), &["reset-password", "ann@example.org"]), "reset");
    server.start();
    assert_eq!(reset(&server, &stopped, "a third password"), 204);
    let sign_in = |password: &str| {
        let new = json!({ "email": "ann@example.org", "password": password });
        server.post("/api/v1/session", &new).status
    };
    assert_eq!((sign_in("another password"), sign_in("a third password")), (401, 200));
}

#[test]
fn a_further_account_is_made_beside_the_first() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), Settings::default());
    let token = token(&program(folder.path(), &["new-account"]), "setup");
    let new = json!({
        "token": token, "email": "otto@example.org", "password": "a long password",
        "site": { "name": "Site", "url": "https://otto.example.org" },
    });
    let made = server.post("/api/v1/setup", &new);
    assert_eq!((made.status, &made.body["role"]), (200, &json!("owner")), "{}", made.body);
    assert_eq!(server.post("/api/v1/setup", &new).code(), (409, "already_set_up"));
    assert_eq!(server.get("/api/v1/admins").body.as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_done_is_said_and_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let nowhere = folder.path().join("nowhere");
    for arguments in [&["new-account"][..], &["reset-password", "ann@example.org"]] {
        let output = program(&nowhere, arguments);
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(text(&output.stderr).contains("name its folder with --data"));
    }
    assert!(!nowhere.exists());
    let data = folder.path().join("data");
    let _server = Server::set_up(&data, Settings::default());
    let output = program(&data, &["reset-password", "bob@example.org"]);
    assert!(!output.status.success() && output.stdout.is_empty());
    let log = text(&output.stderr);
    assert!(log.contains("nobody signs in to this server with that address"), "{log}");
}
