//! The server, asked through its router. This file is the one that touches the API;
//! the others say what is sent and what must come of it.

mod access;
mod addresses;
mod audit;
mod chunks;
mod deletion;
mod document;
mod documented;
mod endings;
mod headers;
mod hostile;
mod identity;
mod invitations;
mod jobs;
mod jobs_model;
mod limits;
mod members;
mod migrations;
mod notices;
mod page_joins;
mod passwords;
mod people;
mod reading_back;
mod report;
mod resume;
mod roles;
mod route_walk;
mod secrets;
mod sessions;
mod sign_ins;
mod stream;
mod tables;
mod tokens;
mod undo;
mod upserts;
mod watched;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::account_limits::AccountLimits;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, MailSettings, PublicUrl, Timing};
use crate::http::router;
use crate::jobs::runner::{self, Stop};
use crate::notify::NoticeSettings;
use crate::store::{accounts, jobs as queue, sites};
use crate::token;

/// A server on a folder of its own, with one signed-in admin. No job runs by itself.
struct Server {
    app: App,
    folder: Arc<TempDir>,
    router: Router,
    cookie: String,
    /// Sent instead of the cookie.
    token: Option<String>,
    site: i64,
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Reply {
    fn code(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or(""))
    }
}

async fn open(folder: &TempDir, batch_records: usize) -> App {
    open_with(Config { batch_records, ..config(folder) }).await
}

fn config(folder: &TempDir) -> Config {
    Config {
        listen: "127.0.0.1:8787".parse().unwrap(),
        data: folder.path().join("data"),
        public_url: None,
        metrics_listen: None,
        batch_records: 1_000,
        keep_history_days: 30,
        trusted_proxy: Vec::new(),
        limits: AccountLimits::default(),
        timing: Timing::default(),
        mail: MailSettings::default(),
        notices: NoticeSettings::default(),
    }
}

async fn open_with(config: Config) -> App {
    let public = PublicUrl::new(config.public_url.as_deref(), config.listen).unwrap();
    App::open(&config, public, Clock::default()).await.unwrap()
}

impl Server {
    async fn new() -> Self {
        Self::with_batches_of(1_000).await
    }

    async fn with_batches_of(batch_records: usize) -> Self {
        Self::with(|config| config.batch_records = batch_records).await
    }

    async fn with(set: impl FnOnce(&mut Config)) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let mut config = config(&folder);
        set(&mut config);
        let app = open_with(config).await;
        let (cookie, site) = add_account(&app, "ann@example.org").await;
        Self { router: router(app.clone()), app, folder, cookie, token: None, site }
    }

    /// The next process on the same folder.
    async fn restart(self, batch_records: usize) -> Self {
        let Self { app, folder, cookie, token, site, router: old } = self;
        app.shut_down().await;
        drop((app, old));
        let app = open(&folder, batch_records).await;
        Self { router: router(app.clone()), app, folder, cookie, token, site }
    }

    /// The same server as another account sees it.
    async fn other_account(&self, email: &str) -> Self {
        let (cookie, site) = add_account(&self.app, email).await;
        Self {
            app: self.app.clone(),
            folder: Arc::clone(&self.folder),
            router: self.router.clone(),
            cookie,
            token: None,
            site,
        }
    }

    /// The same server as a program sees it that has this token.
    fn with_token(&self, secret: &str) -> Self {
        Self {
            app: self.app.clone(),
            folder: Arc::clone(&self.folder),
            router: self.router.clone(),
            cookie: String::new(),
            token: Some(secret.to_owned()),
            site: self.site,
        }
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let reply = Reply {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        };
        documented::check(&method, &path, &reply);
        reply
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request =
            Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8787");
        match &self.token {
            Some(secret) => request.header(header::AUTHORIZATION, format!("Bearer {secret}")),
            None => request.header(header::COOKIE, format!("rehome={}", self.cookie)),
        }
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.send(self.request("DELETE", path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// Makes an import of so many kept comments and gives its id.
    async fn create(&self, comments: usize) -> String {
        let reply =
            self.post(&format!("/api/v1/sites/{}/imports", self.site), &new_import(comments)).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        reply.body["import"]["id"].as_str().unwrap().to_owned()
    }

    async fn put(&self, import: &str, number: u32, plain: &str) -> Reply {
        self.put_bytes(import, number, gzip(plain.as_bytes()), &digest(plain.as_bytes())).await
    }

    async fn put_bytes(&self, import: &str, number: u32, gzip: Vec<u8>, digest: &str) -> Reply {
        let path = format!("/api/v1/imports/{import}/chunks/{number}");
        let request = self
            .request("PUT", &path)
            .header(header::CONTENT_ENCODING, "gzip")
            .header("unencoded-digest", digest)
            .body(Body::from(gzip))
            .unwrap();
        self.send(request).await
    }

    async fn submit(&self, import: &str, chunks: u32, counts: &Value) -> Reply {
        let body = json!({ "chunks": chunks, "counts": counts });
        self.post(&format!("/api/v1/imports/{import}/submit"), &body).await
    }

    /// Creates, sends in one chunk and submits, and gives the id.
    async fn send_stream(&self, stream: &Stream) -> String {
        let mut new = new_import(stream.comments());
        for key in ["format", "origin", "reader"] {
            new[key] = stream.header[key].clone();
        }
        let reply = self.post(&format!("/api/v1/sites/{}/imports", self.site), &new).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        let import = reply.body["import"]["id"].as_str().unwrap().to_owned();
        let reply = self.put(&import, 1, &stream.text()).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.body);
        let reply = self.submit(&import, 1, &stream.counts()).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        import
    }

    /// Runs the oldest job, all of it or only so many batches. False where none waits.
    async fn work(&self, batches: Option<u64>) -> bool {
        let Some(claim) = self.claim().await else {
            return false;
        };
        let stop = match batches {
            Some(batches) => Stop::AfterBatches(Arc::new(AtomicU64::new(batches))),
            None => Stop::AtShutdown(self.app.shutdown().clone()),
        };
        runner::work(&self.app, claim, stop).await;
        true
    }

    /// Takes the oldest job that may be taken.
    async fn claim(&self) -> Option<queue::Claim> {
        let now = self.app.clock().now_micros();
        let lease = runner::lease_until(&self.app);
        queue::claim(self.app.store(), now, lease).await.unwrap()
    }

    async fn import(&self, id: &str) -> Value {
        self.get(&format!("/api/v1/imports/{id}")).await.body["import"].take()
    }

    /// Sends a stream through to its end and gives the import.
    async fn apply(&self, stream: &Stream) -> Value {
        let id = self.send_stream(stream).await;
        assert!(self.work(None).await);
        let import = self.import(&id).await;
        assert_eq!(import["state"], "succeeded", "{import}");
        assert_adds_up(&import);
        assert!(self.staged().is_empty());
        import
    }

    fn staged(&self) -> Vec<String> {
        std::fs::read_dir(self.folder.path().join("data/spool"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    }

    /// The threads of the site's first page: `(depth, body)`.
    async fn thread(&self) -> Vec<(u64, String)> {
        let comments = self.comments().await;
        comments
            .iter()
            .map(|comment| {
                let body = comment["body"].as_str().unwrap_or("-").to_owned();
                (comment["depth"].as_u64().unwrap(), body)
            })
            .collect()
    }

    async fn comments(&self) -> Vec<Value> {
        let pages = self.get(&format!("/api/v1/sites/{}/pages", self.site)).await.body;
        let page = pages["pages"][0]["id"].as_i64().unwrap();
        let path = format!("/api/v1/sites/{}/pages/{page}/comments", self.site);
        self.get(&path).await.body["comments"].as_array().unwrap().clone()
    }
}

/// Straight through the store: the setup link makes only the first.
async fn add_account(app: &App, email: &str) -> (String, i64) {
    let cookie = token::mint().unwrap();
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await.unwrap();
    let admin = accounts::insert_owner(&mut tx, email, "no password", now).await.unwrap().unwrap();
    let site = crate::http::dto::NewSite { name: "Site".into(), url: "https://example.org".into() };
    let site = sites::insert(&mut tx, admin.account_id, &site, now).await.unwrap();
    crate::store::sessions::insert(&mut tx, &token::hash(&cookie), admin.id, None, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    (cookie, site.id)
}

/// Of a file that no other import has.
fn new_import(comments: usize) -> Value {
    static FILES: AtomicU64 = AtomicU64::new(0);
    let fingerprint = FILES.fetch_add(1, Ordering::Relaxed).to_string();
    json!({
        "format": "disqus", "origin": "forum", "reader": "disqus/1",
        "file": { "name": "export.xml", "size_bytes": 10, "fingerprint": fingerprint },
        "seen": { "comments": comments, "kept": comments, "skipped_by_reason": {}, "complete": "yes" },
    })
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn digest(plain: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(plain)))
}

/// The sums that an admin is shown, for each kind.
fn assert_adds_up(import: &Value) {
    let sum = |kind: &str| -> u64 {
        ["inserted", "updated", "unchanged", "rejected"]
            .iter()
            .map(|came| import["result"][kind][came].as_u64().unwrap())
            .sum()
    };
    let received = |kind: &str| import["received"][kind].as_u64().unwrap();
    assert_eq!(sum("pages"), received("pages"), "{import}");
    assert_eq!(sum("authors"), received("authors"), "{import}");
    assert_eq!(sum("comments"), received("comments") + received("removed"), "{import}");
    assert_eq!(import["progress"]["done"], import["progress"]["total"], "{import}");
}

/// `(inserted, updated, unchanged, rejected)` of the comments.
fn came_of(import: &Value) -> (u64, u64, u64, u64) {
    let comments = &import["result"]["comments"];
    let count = |name: &str| comments[name].as_u64().unwrap();
    (count("inserted"), count("updated"), count("unchanged"), count("rejected"))
}

const FIELDS: [&str; 9] = [
    "page.url",
    "page.title",
    "author.name",
    "author.email",
    "comment.parent",
    "comment.author",
    "comment.created_at",
    "comment.status",
    "comment.body",
];

/// A stream as a test writes it: records between a header and an end.
#[derive(Clone)]
struct Stream {
    header: Value,
    records: Vec<Value>,
}

impl Stream {
    fn new(records: Vec<Value>) -> Self {
        let header = json!({
            "type": "header", "schema": 1, "format": "disqus", "family": "disqus",
            "origin": "forum", "reader": "disqus/1", "fields": FIELDS,
        });
        Self { header, records }
    }

    fn count(&self, kind: &str) -> usize {
        self.records.iter().filter(|record| record["type"] == kind).count()
    }

    fn comments(&self) -> usize {
        self.count("comment")
    }

    fn counts(&self) -> Value {
        json!({
            "pages": self.count("page"), "authors": self.count("author"),
            "comments": self.count("comment"), "removed": self.count("removed"),
        })
    }

    fn end(&self) -> Value {
        json!({ "type": "end", "counts": self.counts(), "complete": "yes" })
    }

    fn text(&self) -> String {
        let end = self.end();
        let lines = std::iter::once(&self.header).chain(&self.records);
        let mut text = String::new();
        for line in lines.chain([&end]) {
            text.push_str(&line.to_string());
            text.push('\n');
        }
        text
    }
}

fn page(source_id: &str) -> Value {
    json!({ "type": "page", "source_id": source_id, "title": format!("Page {source_id}"),
        "url": format!("https://example.org/{source_id}") })
}

/// On page `p`; its body is its id.
fn comment(source_id: &str, parent: Option<&str>) -> Value {
    let mut comment = json!({
        "type": "comment", "source_id": source_id, "page": "p", "author": { "name": "Ann" },
        "created_at": "2021-06-03T03:54:08Z", "status": "approved", "body": source_id,
        "body_format": "html",
    });
    if let Some(parent) = parent {
        comment["parent"] = json!(parent);
    }
    comment
}
