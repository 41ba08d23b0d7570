//! What is refused, and how that is said.

use std::path::Path;

use serde_json::Value;

use crate::proxy::{Fate, Proxy};
use crate::rehome::{Came, cut, file_of, fixture, push};
use crate::server::Server;

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

#[test]
fn a_wrong_token_is_an_error_that_does_not_show_it() {
    let server = Server::set_up();
    let wrong = "rehome_c2VjcmV0LXRoYXQtaXMtd3Jvbmc";
    for json in [false, true] {
        let mut command = push(&server.base, "1", &fixture("basic.xml"));
        command.args(["--token", wrong]);
        if json {
            command.arg("--json");
        }
        let came = Came::of(command);
        assert_eq!(came.code, 1, "{came:?}");
        assert!(!came.out.contains(wrong) && !came.err.contains(wrong), "{came:?}");
        if json {
            let error = &came.json()["error"];
            assert_eq!((&error["code"], &error["status"]), (&"token_invalid".into(), &401.into()));
        } else {
            assert!(came.err.starts_with("error: This token is wrong or was revoked."), "{came:?}");
        }
    }
    assert_eq!(server.get("/imports"), Value::Array(Vec::new()));
}

#[test]
fn a_cut_file_is_refused_with_its_place_and_goes_through_when_asked() {
    let server = Server::set_up();
    let file = cut("basic.xml", 400);
    let refused = Came::of(server.push(file.path()));
    assert_eq!(refused.code, 1, "{refused:?}");
    let size = file.as_file().metadata().unwrap().len();
    let name = file.path().file_name().unwrap().to_str().unwrap();
    assert!(refused.err.starts_with(&format!("error: {name}, line ")), "{refused:?}");
    assert!(
        refused.err.contains(&format!(", byte {size}: The file stops before its end")),
        "{refused:?}"
    );
    assert!(
        refused.err.contains("the 12 comments that can be read all the same, add --incomplete"),
        "{refused:?}"
    );
    assert_eq!(server.get("/imports"), Value::Array(Vec::new()), "nothing was begun");

    let mut command = server.push(file.path());
    command.arg("--json");
    let error = Came::of(command).json()["error"].take();
    assert_eq!((&error["code"], &error["byte"]), (&"file_cut".into(), &size.into()));
    assert!(error["line"].as_u64().unwrap() > 1);

    let mut command = server.push(file.path());
    command.arg("--incomplete");
    let came = Came::of(command);
    assert_eq!(came.code, 0, "{came:?}");
    assert!(came.out.contains("succeeded"), "{came:?}");
    assert!(came.out.contains("(NOT COMPLETE: "), "{came:?}");
    let import = server.newest();
    assert_eq!(
        (&import["state"], &import["seen"]["complete"]),
        (&"succeeded".into(), &"no".into())
    );
    assert_eq!(import["result"]["comments"]["inserted"], 12);
}

#[test]
fn incomplete_marks_nothing_where_the_file_is_whole() {
    let server = Server::set_up();
    let mut command = server.push(&fixture("basic.xml"));
    command.arg("--incomplete");
    let came = Came::of(command);
    assert_eq!(came.code, 0, "{came:?}");
    assert!(!came.out.contains("NOT COMPLETE"), "{came:?}");
    assert_eq!(server.newest()["seen"]["complete"], "yes");
}

#[test]
fn a_file_without_comments_is_no_success() {
    let server = Server::set_up();
    for name in ["empty.xml", "pages-only.xml"] {
        let came = Came::of(server.push(&fixture(name)));
        assert_eq!(came.code, 1, "{came:?}");
        assert!(came.err.contains("There is no comment in this file."), "{came:?}");
    }
    assert_eq!(server.get("/imports"), Value::Array(Vec::new()));
}

#[test]
fn a_file_that_is_no_export_is_refused() {
    let server = Server::set_up();
    let text = file_of(b"{\"hello\": 1}");
    let folder = tempfile::tempdir().unwrap();
    for (path, code) in [
        (text.path(), "format_unknown"),
        (folder.path(), "read_failed"),
        (Path::new("/dev/null"), "read_failed"),
        (&folder.path().join("none.xml"), "read_failed"),
    ] {
        let mut command = server.push(path);
        command.arg("--json");
        let came = Came::of(command);
        assert_eq!((came.code, &came.json()["error"]["code"]), (1, &code.into()), "{came:?}");
    }
}

#[test]
fn a_site_that_is_not_there_is_refused_with_those_that_are() {
    let server = Server::set_up();
    let mut command = push(&server.base, "7", &fixture("basic.xml"));
    command.env("REHOME_TOKEN", &server.token);
    let came = Came::of(command);
    assert_eq!(came.code, 1, "{came:?}");
    assert!(came.err.contains("1 (The Blog, https://blog.example.org/)"), "{came:?}");
}

#[test]
fn a_server_that_is_not_there_is_said_after_a_few_tries() {
    let mut command = push(NOWHERE, "1", &fixture("basic.xml"));
    command.env("REHOME_TOKEN", "rehome_token").arg("--json");
    let came = Came::of(command);
    assert_eq!(came.code, 1, "{came:?}");
    assert_eq!(came.json()["error"]["code"], "network_lost");
}

#[test]
fn a_redirect_is_said_and_not_followed() {
    let server = Server::set_up();
    let moved =
        "HTTP/1.1 308 Moved\r\nlocation: https://new.example.org/\r\ncontent-length: 0\r\n\r\n";
    let proxy = Proxy::start(&server.base, move |_| Fate::Answer(moved));
    let mut command = server.push_through(&proxy.base, &fixture("basic.xml"));
    command.arg("--json");
    let came = Came::of(command);
    assert_eq!(came.code, 1, "{came:?}");
    let error = &came.json()["error"];
    assert_eq!((&error["code"], &error["status"]), (&"server_moved".into(), &308.into()));
    assert!(error["message"].as_str().unwrap().contains("https://new.example.org/"), "{error}");
    assert_eq!(proxy.puts(), [1], "it was tried once");
}

#[test]
fn an_import_that_somebody_cancels_meanwhile_ends_the_push() {
    let server = Server::set_up();
    let (base, token) = (server.base.clone(), server.token.clone());
    let cancel = move |_| {
        let bearer = format!("Bearer {token}");
        let list = ureq::get(format!("{base}/api/v1/imports")).header("authorization", &bearer);
        let text = list.call().unwrap().body_mut().read_to_string().unwrap();
        let imports: Value = serde_json::from_str(&text).unwrap();
        let id = imports[0]["id"].as_str().unwrap();
        let cancel = ureq::delete(format!("{base}/api/v1/imports/{id}"));
        cancel.header("authorization", &bearer).call().unwrap();
        Fate::Pass
    };
    let proxy = Proxy::start(&server.base, cancel);
    let came = Came::of(server.push_through(&proxy.base, &fixture("basic.xml")));
    assert_eq!((came.code, came.out.as_str()), (1, ""), "{came:?}");
    assert!(came.err.contains("(not_receiving)"), "{came:?}");
    assert_eq!(server.newest()["state"], "cancelled");
}

#[test]
fn plain_http_to_another_machine_is_refused_before_anything_is_sent() {
    // An address that is kept free for documentation: nobody could answer.
    let mut command = push("http://192.0.2.1:8787", "1", &fixture("basic.xml"));
    command.env("REHOME_TOKEN", "rehome_token");
    let came = Came::of(command);
    assert_eq!(came.code, 2, "{came:?}");
    assert!(came.err.contains("the token and the comments would travel in the clear"), "{came:?}");
    assert!(came.err.contains("--insecure-http"), "{came:?}");
    assert_eq!(came.out, "");
}

#[test]
fn a_wrong_command_line_is_two() {
    let file = fixture("basic.xml");
    let with_token = |server: &str, file: &Path| {
        let mut command = push(server, "1", file);
        command.env("REHOME_TOKEN", "rehome_token");
        command
    };
    let mut both = push(NOWHERE, "1", &file);
    both.args(["--token", "a", "--token-file", "b"]);
    let mut two_words = push(NOWHERE, "1", &file);
    two_words.env("REHOME_TOKEN", "rehome_token rehome_other");
    for (command, words) in [
        (with_token(NOWHERE, Path::new("-")), "standard input cannot be pushed"),
        (with_token("rehome.example.org", &file), "give the server's address without a path"),
        (push(NOWHERE, "1", &file), "a token is needed"),
        (two_words, "it is one word"),
        (both, "cannot be used with"),
    ] {
        let came = Came::of(command);
        assert_eq!(came.code, 2, "{came:?}");
        assert!(came.err.contains(words), "{came:?}");
        assert!(!came.err.contains("rehome_token"), "{came:?}");
    }
}

#[test]
fn help_says_the_exit_codes() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rehome"));
    command.args(["push", "--help"]);
    let came = Came::of(command);
    assert_eq!(came.code, 0);
    for words in ["Exit codes:", "REHOME_TOKEN", "--token-file", "--insecure-http"] {
        assert!(came.out.contains(words), "{words}: {}", came.out);
    }
}
