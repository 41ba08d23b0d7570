//! Mails and webhooks of imports that end, through a real mail server and to a
//! real receiver, which another implementation of the specification checks.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::mail_server::{MailServer, pem};
use crate::process::{Server, Settings, wait_for};
use crate::receiver::{Receiver, Request, SECRET, free_port};
use crate::stream::Discussion;

const SMALL: Discussion = Discussion { comments: 40, pages: 4 };

fn settings(webhook: &str, more: &[(&'static str, &str)]) -> Settings {
    let mut environment = vec![
        ("REHOME_WEBHOOK_URL", webhook.to_owned()),
        ("REHOME_WEBHOOK_SECRET", SECRET.to_owned()),
        // Far less than operators wait.
        ("REHOME_NOTICE_WAIT_MS", "20".to_owned()),
    ];
    environment.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    Settings { environment, ..Settings::default() }
}

fn private(port: u16) -> Settings {
    settings(&format!("http://127.0.0.1:{port}/hook?key=v"), &[ALLOW_PRIVATE])
}

const ALLOW_PRIVATE: (&str, &str) = ("REHOME_WEBHOOK_ALLOW_PRIVATE", "true");

/// An import whose staged files are gone when it is applied.
fn fail_import(server: &Server) -> Value {
    let pieces = SMALL.pieces(10_000);
    let import = server.create(SMALL);
    server.put_all(&import, &pieces);
    server.lose_staged();
    assert_eq!(server.submit(&import, SMALL, &pieces).status, 200);
    let failed = server.wait_state(&import, "failed");
    assert_eq!(failed["error"]["code"], "spool_unreadable");
    failed
}

fn health(server: &Server) -> Value {
    let mut reply = server.get("/api/v1/health");
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["notices"].take()
}

/// Waits until so many wait, fail and are given up.
fn wait_health(server: &Server, wanted: [u64; 3]) -> Value {
    wait_for(&format!("{wanted:?}"), || {
        let health = health(server);
        let numbers = ["waiting", "failing", "given_up"].map(|name| health[name].as_u64());
        (numbers == wanted.map(Some)).then_some(health)
    })
}

/// What came from the outside, and must not get out again.
const CONTENT: [&str; 9] = [
    "export.xml",
    "forum",
    "Comment ",
    "Author ",
    "Guest ",
    "Zebra",
    "zebra.example.org",
    "example.org/1",
    "disqus",
];

fn assert_without_content(text: &str) {
    for word in CONTENT {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn a_failure_reaches_operators_and_whoever_asked_and_tells_nothing_of_the_content() {
    let folder = TempDir::new().unwrap();
    let Some(mails) = MailServer::start(folder.path(), &[]) else { return };
    let receiver = Receiver::start(Some("204 No Content"));
    let mut settings = private(receiver.port);
    settings.environment.extend([
        ("REHOME_SMTP_URL", format!("smtp://127.0.0.1:{}", mails.port)),
        ("REHOME_MAIL_FROM", "Rehome <rehome@example.net>".to_owned()),
        ("REHOME_NOTIFY_EMAILS", "op@example.net,deputy@example.net".to_owned()),
    ]);
    let mut server = Server::set_up(&folder.path().join("data"), settings);
    let set = server.put_json("/api/v1/notice-settings", &json!({ "import_ended": "mine" }));
    assert_eq!((set.status, &set.body["mail"]), (200, &json!(true)));
    let site = json!({ "name": "Zebra's blog", "url": "https://zebra.example.org" });
    let site = server.post("/api/v1/sites", &site).body["id"].as_i64().unwrap();
    server.use_site(site);
    let failed = fail_import(&server);
    let id = failed["id"].as_str().unwrap();

    let requests = receiver.wait(1);
    requests[0].verify();
    assert_eq!(requests[0].first_line, "POST /hook?key=v HTTP/1.1");
    assert_eq!(requests[0].headers["content-type"], "application/json");
    let body: Value = serde_json::from_str(&requests[0].body).unwrap();
    let link = format!("{}/imports/{id}", server.base());
    let wanted = json!({
        "type": "import.failed",
        "timestamp": failed["finished_at"],
        "data": {
            "account": 1, "site": site, "import": id, "state": "failed", "link": link,
            "code": "spool_unreadable",
            "comments":
                { "received": 40, "inserted": 0, "updated": 0, "unchanged": 0, "rejected": 0 },
        },
    });
    assert_eq!(body, wanted);
    assert_without_content(&requests[0].body);

    let mails = mails.wait_mails(3);
    let operators = "You get this because your address is set as an operator's of this server.";
    let settings = format!("{}/settings/account", server.base());
    let member = format!("You asked to be told when an import ends. Change that here:\n{settings}");
    for (to, why) in [
        ("op@example.net", operators),
        ("deputy@example.net", operators),
        ("ann@example.org", &*member),
    ] {
        let mail = mails.iter().find(|mail| mail.contains(&format!("To: {to}\n"))).expect(to);
        let (head, text) = mail.split_once("\n\n").unwrap();
        assert!(head.contains("Subject: Rehome: an import failed"), "{head}");
        assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
        assert!(head.contains("Message-ID: <msg_"), "{head}");
        let wanted = format!(
            "Import:   {id}\nSite:     number {site}\nState:    failed\n\
             Reason:   spool_unreadable. The staged data could not be read back.\n\
             Comments: 40 received; 0 new, 0 changed, 0 as they were, 0 left out\n\n\
             More about it:\n{link}\n\n{why}"
        );
        assert_eq!(text.trim_end(), wanted);
        assert_without_content(mail);
    }
    wait_health(&server, [0, 0, 0]);
    assert_eq!(server.stop().code(), Some(0));
    assert_eq!((mails.len(), receiver.requests().len()), (3, 1));
    assert_eq!(server.logged("example.net") + server.logged("127.0.0.1:"), 0);
}

#[test]
fn a_success_is_mailed_to_whoever_asked_and_is_no_matter_of_operators() {
    let folder = TempDir::new().unwrap();
    let Some(mails) = MailServer::start(folder.path(), &[]) else { return };
    let receiver = Receiver::start(Some("204 No Content"));
    let mut settings = private(receiver.port);
    settings.environment.extend([
        ("REHOME_SMTP_URL", format!("smtp://127.0.0.1:{}", mails.port)),
        ("REHOME_MAIL_FROM", "rehome@example.net".to_owned()),
        ("REHOME_NOTIFY_EMAILS", "op@example.net".to_owned()),
    ]);
    let mut server = Server::set_up(&folder.path().join("data"), settings);
    let pieces = SMALL.pieces(10_000);
    let first = server.send(SMALL, &pieces);
    server.wait_state(&first, "succeeded");
    server.put_json("/api/v1/notice-settings", &json!({ "import_ended": "all" }));
    let second = server.send(SMALL, &pieces);
    server.wait_state(&second, "succeeded");
    let mail = mails.wait_mails(1).remove(0);
    assert!(mail.contains("Subject: Rehome: an import is done"), "{mail}");
    assert!(mail.contains(&second) && !mail.contains(&first), "{mail}");
    let counts = "Comments: 40 received; 0 new, 0 changed, 40 as they were, 0 left out";
    assert!(mail.contains(counts), "{mail}");
    assert_without_content(&mail);
    wait_health(&server, [0, 0, 0]);
    assert_eq!(server.stop().code(), Some(0));
    assert_eq!((mails.mails().len(), receiver.connections()), (1, 0));
}

#[test]
fn a_receiver_that_comes_back_gets_it_once() {
    let folder = TempDir::new().unwrap();
    let port = free_port();
    let mut server = Server::set_up(folder.path(), private(port));
    let failed = fail_import(&server);
    let waiting = wait_health(&server, [0, 1, 0]);
    assert_eq!(waiting["last_error_code"], "webhook_unreachable");
    assert!(waiting["oldest_waiting_at"].is_string(), "{waiting}");
    let receiver = Receiver::at(port, "200 OK");
    let request = receiver.wait(1).remove(0);
    request.verify();
    assert!(request.body.contains(failed["id"].as_str().unwrap()));
    wait_health(&server, [0, 0, 0]);
    // Two more starts, each of which sends what is due.
    for _ in 0..2 {
        assert_eq!(server.stop().code(), Some(0));
        server.start();
    }
    let next = fail_import(&server);
    assert!(receiver.wait(2)[1].body.contains(next["id"].as_str().unwrap()));
    wait_health(&server, [0, 0, 0]);
    assert_eq!(receiver.requests().len(), 2);
}

#[test]
fn a_server_that_was_killed_before_it_could_tell_tells_after_its_start() {
    let folder = TempDir::new().unwrap();
    let port = free_port();
    let mut server = Server::set_up(folder.path(), private(port));
    let failed = fail_import(&server);
    server.kill();
    let receiver = Receiver::at(port, "200 OK");
    assert_eq!(receiver.connections(), 0);
    server.start();
    let request = receiver.wait(1).remove(0);
    request.verify();
    assert!(request.body.contains(failed["id"].as_str().unwrap()));
    wait_health(&server, [0, 0, 0]);
    assert_eq!(receiver.requests().len(), 1);
}

#[test]
fn what_was_cut_in_the_middle_of_sending_comes_again_under_the_same_id() {
    let folder = TempDir::new().unwrap();
    let receiver = Receiver::start(None);
    let mut server = Server::set_up(folder.path(), private(receiver.port));
    fail_import(&server);
    receiver.wait(1);
    server.kill();
    receiver.answer(Some("200 OK"));
    server.start();
    let requests = receiver.wait(2);
    requests.iter().for_each(Request::verify);
    let what = |request: &Request| {
        let mut body: Value = serde_json::from_str(&request.body).unwrap();
        // The server is at another port after its start.
        body["data"]["link"].take();
        (request.id().to_owned(), body)
    };
    assert_eq!(what(&requests[0]), what(&requests[1]));
    wait_health(&server, [0, 0, 0]);
    assert_eq!(receiver.requests().len(), 2);
}

#[test]
fn failures_back_off_redirects_are_not_followed_and_410_ends_it() {
    let folder = TempDir::new().unwrap();
    let elsewhere = Receiver::start(Some("200 OK"));
    let receiver = Receiver::start(Some(&format!(
        "307 Temporary Redirect\r\nlocation: http://127.0.0.1:{}/",
        elsewhere.port
    )));
    let server = Server::set_up(folder.path(), private(receiver.port));
    fail_import(&server);
    receiver.wait(2);
    let failing = wait_health(&server, [0, 1, 0]);
    assert_eq!(failing["last_error_code"], "webhook_redirects");
    receiver.answer(Some("503 Service Unavailable"));
    wait_for("the other reason", || {
        (health(&server)["last_error_code"] == "webhook_failed").then_some(())
    });
    receiver.answer(Some("410 Gone"));
    let given_up = wait_health(&server, [0, 0, 1]);
    assert_eq!(given_up["last_error_code"], "webhook_gone");
    let tried = receiver.requests();
    receiver.answer(Some("200 OK"));
    assert_eq!(server.post("/api/v1/health/notices/retry", &json!({})).status, 200);
    wait_health(&server, [0, 0, 0]);
    let all = receiver.requests();
    assert_eq!(all.len(), tried.len() + 1, "410 was the last until an owner asked");
    assert!(all.iter().all(|request| request.id() == all[0].id()));
    all.iter().for_each(Request::verify);
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_name_of_this_machine_is_not_connected_to_unless_the_operator_allows_it() {
    let folder = TempDir::new().unwrap();
    let receiver = Receiver::by_https("200 OK");
    let url = format!("https://localhost:{}/", receiver.port);
    let known = ("SSL_CERT_FILE", &*pem("localhost.pem"));
    let server = Server::set_up(&folder.path().join("refused"), settings(&url, &[known]));
    fail_import(&server);
    let failing = wait_health(&server, [0, 1, 0]);
    assert_eq!(failing["last_error_code"], "webhook_private");
    assert_eq!(receiver.connections(), 0);
    drop(server);

    // By https it goes to whom its certificate belongs to, and to nobody else.
    let stranger = ("SSL_CERT_FILE", &*pem("stranger.pem"));
    let allowed = settings(&url, &[stranger, ALLOW_PRIVATE]);
    let server = Server::set_up(&folder.path().join("stranger"), allowed);
    fail_import(&server);
    let failing = wait_health(&server, [0, 1, 0]);
    assert_eq!(failing["last_error_code"], "webhook_untrusted");
    assert_eq!(receiver.requests().len(), 0);
    drop(server);

    let allowed = settings(&url, &[known, ALLOW_PRIVATE]);
    let server = Server::set_up(&folder.path().join("known"), allowed);
    fail_import(&server);
    receiver.wait(1)[0].verify();
    wait_health(&server, [0, 0, 0]);
}

#[test]
fn a_webhook_that_could_never_be_told_is_refused_at_the_start() {
    let folder = TempDir::new().unwrap();
    for (url, sentence) in [
        ("http://hooks.example.org/", "--webhook-url must be https"),
        ("http://127.0.0.1:9/", "--webhook-url must be https"),
        ("https://127.0.0.1:9/", "--webhook-url is an address of this machine"),
        ("https://[::ffff:10.0.0.1]/", "--webhook-url is an address of this machine"),
        ("https://169.254.169.254/token", "--webhook-url is an address of this machine"),
    ] {
        let data = folder.path().join("data");
        let output = Command::new(env!("CARGO_BIN_EXE_rehome-server"))
            .args(["--listen", "127.0.0.1:0", "--webhook-secret", SECRET])
            .args(["--webhook-url", url, "--data"])
            .arg(&data)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(sentence), "{url}: {said}");
        assert!(!said.contains(url) && !said.contains(SECRET), "{said}");
        assert!(!data.exists(), "a refused setting leaves nothing behind");
    }
}
