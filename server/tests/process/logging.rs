//! What the log says, and in which form.

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Server, Settings, wait_for};
use crate::stream::Discussion;

fn settings(format: &str) -> Settings {
    let environment = vec![
        ("REHOME_LOG", "rehome_server=debug,info".to_owned()),
        ("REHOME_LOG_FORMAT", format.to_owned()),
        ("REHOME_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
    ];
    Settings { environment, ..Settings::default() }
}

#[test]
fn a_request_is_named_alike_in_its_answer_and_in_the_log() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), settings("text"));
    let own = server.get("/api/v1/imports").headers["x-request-id"].to_str().unwrap().to_owned();
    let line = wait_for("its line", || server.logged_line(&format!("request{{id=\"{own}\"}}")));
    assert!(line.contains("answered") && line.contains("/api/v1/imports"), "{line}");
    let given = server.get_named("/api/v1/imports", "proxy-4711");
    assert_eq!(given.headers["x-request-id"], "proxy-4711");
    wait_for("its line", || server.logged_line("request{id=\"proxy-4711\"}"));
    let refused = server.get_named("/api/v1/imports", "ann@example.org");
    assert_ne!(refused.headers["x-request-id"], "ann@example.org");
}

#[test]
fn a_log_in_json_is_one_object_a_line_and_says_what_a_line_is_about() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::set_up(folder.path(), settings("json"));
    let discussion = Discussion { comments: 500, pages: 5 };
    let import = server.send(discussion, &discussion.pieces(1_000));
    server.wait_state(&import, "succeeded");
    let reply = server.get("/api/v1/imports?secret-query=1");
    let name = reply.headers["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(server.stop().code(), Some(0));

    let lines: Vec<Value> = server
        .log_lines()
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect();
    for line in &lines {
        for field in ["timestamp", "level", "message", "target"] {
            assert!(line[field].is_string(), "{field} is missing: {line}");
        }
    }
    let spans = |line: &Value| line["spans"].as_array().cloned().unwrap_or_default();
    let answered = lines.iter().find(|line| spans(line).iter().any(|span| span["id"] == *name));
    let answered = answered.expect("a line about the request");
    assert_eq!(answered["route"], "/api/v1/imports");
    let ended = lines.iter().find(|line| line["message"] == "import ended").unwrap();
    let spans = spans(ended);
    let job = spans.iter().find(|span| span["name"] == "job").expect("it is about a job");
    assert_eq!((&job["import"], &job["kind"]), (&Value::from(import), &Value::from("import")));
    assert!(job["job"].is_u64(), "{job}");
    for secret in ["ann@example.org", "secret-query", "Comment 1:", server.cookie(), "127.0.0.1"] {
        let found = server.logged_line(secret);
        assert!(found.is_none(), "{found:?}");
    }
}
