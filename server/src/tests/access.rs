//! Who gets in, and what every answer carries.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;
use tempfile::TempDir;
use tracing_subscriber::fmt::MakeWriter;

use super::*;
use crate::setup_link;
use crate::store::accounts::LinkFor;

async fn empty() -> Server {
    let folder = Arc::new(TempDir::new().unwrap());
    let app = open(&folder, 1_000).await;
    Server { router: router(app.clone()), app, folder, cookie: String::new(), token: None, site: 0 }
}

fn setup(token: &str) -> Value {
    json!({ "token": token, "email": "ann@example.org", "password": "correct horse",
        "site": { "name": "Blog", "url": "https://example.org" } })
}

async fn first_link(server: &Server) -> String {
    let (app, now) = (&server.app, server.app.clock().now_micros());
    setup_link::mint(app.store(), app.public_url(), LinkFor::First, now).await.unwrap()
}

fn token_of(link: &str) -> &str {
    link.split_once("/setup#").unwrap().1
}

#[tokio::test]
async fn the_setup_link_works_once() {
    let mut server = empty().await;
    assert_eq!(server.get("/api/v1/setup").await.body, json!({ "needed": true, "mail": false }));
    let link = first_link(&server).await;
    assert!(link.starts_with("http://127.0.0.1:8787/setup#"));
    let wrong = server.post("/api/v1/setup", &setup("wrong")).await;
    assert_eq!(wrong.code(), (403, "setup_link_invalid"));
    let made = server.post("/api/v1/setup", &setup(token_of(&link))).await;
    assert_eq!(made.status, 200);
    assert_eq!(made.body["sites"][0]["name"], "Blog");
    assert_eq!(server.get("/api/v1/setup").await.body, json!({ "needed": false, "mail": false }));
    let again = server.post("/api/v1/setup", &setup(token_of(&link))).await;
    assert_eq!(again.code(), (409, "already_set_up"));

    let cookie = made.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    server.cookie = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    assert_eq!(server.get("/api/v1/session").await.body["admin"]["email"], "ann@example.org");
    assert_eq!(server.delete("/api/v1/session").await.status, 204);
    assert_eq!(server.get("/api/v1/session").await.code(), (401, "signed_out"));

    let sign_in = |email: &str, password: &str| json!({ "email": email, "password": password });
    for (email, password) in [("ann@example.org", "incorrect horse"), ("bob@example.org", "x")] {
        let refused = server.post("/api/v1/session", &sign_in(email, password)).await;
        assert_eq!(refused.code(), (401, "credentials_wrong"));
    }
    let signed_in =
        server.post("/api/v1/session", &sign_in("Ann@Example.org", "correct horse")).await;
    assert_eq!(signed_in.status, 200);
}

#[tokio::test]
async fn a_setup_link_lasts_15_minutes_and_until_the_next() {
    let server = empty().await;
    let old = first_link(&server).await;
    let link = first_link(&server).await;
    let replaced = server.post("/api/v1/setup", &setup(token_of(&old))).await;
    assert_eq!(replaced.code(), (403, "setup_link_invalid"));
    server.app.clock().advance(Duration::from_mins(15));
    let late = server.post("/api/v1/setup", &setup(token_of(&link))).await;
    assert_eq!(late.code(), (403, "setup_link_invalid"));
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let server = Server::new().await;
    server.app.clock().advance(Duration::from_hours(13 * 24));
    assert_eq!(server.get("/api/v1/session").await.status, 200);
    server.app.clock().advance(Duration::from_hours(13 * 24));
    assert_eq!(server.get("/api/v1/session").await.status, 200, "its use was noted");
    server.app.clock().advance(Duration::from_hours(15 * 24));
    assert_eq!(server.get("/api/v1/session").await.code(), (401, "signed_out"));
}

#[tokio::test]
async fn nothing_of_another_account_is_there() {
    let ann = Server::new().await;
    let import = ann.send_stream(&Stream::new(vec![page("p"), comment("1", None)])).await;
    ann.work(None).await;
    let bob = ann.other_account("bob@example.org").await;
    let site = ann.site;
    for path in [
        format!("/api/v1/imports/{import}"),
        format!("/api/v1/sites/{site}/pages"),
        format!("/api/v1/sites/{site}/pages/1/comments"),
    ] {
        assert_eq!(ann.get(&path).await.status, 200, "{path}");
        assert_eq!(bob.get(&path).await.code(), (404, "not_found"), "{path}");
    }
    assert_eq!(bob.get("/api/v1/imports").await.body, json!([]));
    assert_eq!(bob.delete(&format!("/api/v1/imports/{import}")).await.status, 404);
    let create = format!("/api/v1/sites/{site}/imports");
    assert_eq!(bob.post(&create, &new_import(0)).await.status, 404);
    assert_eq!(bob.put(&import, 1, "{}\n").await.status, 404);
    assert_eq!(bob.submit(&import, 1, &Stream::new(vec![]).counts()).await.status, 404);
}

#[tokio::test]
async fn other_sites_cannot_post_and_answers_say_what_to_refuse() {
    let server = Server::new().await;
    let request = server
        .request("POST", "/api/v1/sites")
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://evil.example")
        .body(Body::empty())
        .unwrap();
    assert_eq!(server.send(request).await.code(), (403, "cross_site"));
    let reply = server.get("/api/v1/session").await;
    assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(reply.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
}

#[tokio::test]
async fn no_route_serves_the_data_folder() {
    let server = Server::new().await;
    let import = server.create(0).await;
    let stream = Stream::new(vec![]);
    assert_eq!(server.put(&import, 1, &stream.text()).await.status, 204);
    for path in [
        "/spool".to_owned(),
        format!("/spool/{import}/1.ndjson.gz"),
        format!("/data/spool/{import}"),
        "/../data/rehome.sqlite".to_owned(),
        "/rehome.sqlite".to_owned(),
        format!("/api/v1/imports/{import}/chunks/1"),
        "/api/v1/nothing".to_owned(),
        "/api/elsewhere".to_owned(),
    ] {
        let request = server.request("GET", &path).body(Body::empty()).unwrap();
        let response = server.router.clone().oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(!body.starts_with(&[0x1f, 0x8b]) && !body.starts_with(b"SQLite"), "{path}");
    }
    assert_eq!(server.get("/api/v1/nothing").await.code(), (404, "not_found"));
    assert_eq!(server.get("/api/elsewhere").await.code(), (404, "not_found"));
}

#[tokio::test]
async fn two_servers_never_share_a_folder() {
    let server = Server::new().await;
    let config = config(&server.folder);
    let public = PublicUrl::new(None, config.listen).unwrap();
    let second = App::open(&config, public, Clock::default()).await;
    assert!(matches!(second, Err(crate::OpenError::InUse(_))));
}

/// What is logged.
#[derive(Clone, Default)]
pub(super) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// One thread, so that the capturing subscriber sees every task.
#[test]
fn logs_hold_no_words_addresses_or_secrets() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(captured.clone())
        .with_env_filter("rehome_server=trace,info")
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // With a single subscriber alive, the library asks the thread that logs first,
    // which may be another test's, whether anybody listens at all.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _guard = tracing::subscriber::set_default(subscriber);
    let (cookie, token) = runtime.block_on(async {
        let server = Server::new().await;
        let mut secret = comment("secret-id", None);
        secret["body"] = json!("secret-words");
        secret["author"] = json!({ "name": "secret-name", "email": "secret@example.org" });
        let mut invalid = comment("secret-id-2", None);
        invalid["body"] = json!({ "secret-words": 1 });
        server.apply(&Stream::new(vec![page("p"), secret, invalid])).await;
        server.put("secret-import", 1, "secret-words").await;
        server.get("/api/v1/imports?secret-query=1").await;
        let made = server
            .post("/api/v1/tokens", &json!({ "name": "secret-name", "scopes": ["read"] }))
            .await;
        let token = made.body["secret"].as_str().unwrap().to_owned();
        server.with_token(&token).get("/api/v1/sites").await;
        server.with_token("secret-token").get("/api/v1/sites").await;
        (server.cookie.clone(), token)
    });
    let log = captured.text();
    assert!(log.contains("/api/v1/imports/{id}/submit"), "it was captured: {log}");
    for word in ["secret", "ann@example.org", cookie.as_str(), token.as_str()] {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
    }
}

#[tokio::test]
async fn requests_without_a_session_are_refused() {
    let server = Server::new().await;
    for path in ["/api/v1/session", "/api/v1/sites", "/api/v1/imports", "/api/v1/events"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(server.send(request).await.code(), (401, "signed_out"), "{path}");
    }
    let health = server.send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
    assert_eq!(health.status, 200);
}

#[tokio::test]
async fn a_list_of_values_is_no_body() {
    let server = Server::new().await;
    for (path, body) in [
        ("/api/v1/session", json!(["ann@example.org", "no password"])),
        ("/api/v1/sites", json!(["Site", "https://example.org"])),
    ] {
        assert_eq!(server.post(path, &body).await.code(), (422, "body_invalid"), "{path}");
    }
}
