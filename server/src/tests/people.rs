//! What the tests about people share: further members, their tokens, live streams.

use axum::body::{BodyDataStream, HttpBody};
use futures_util::StreamExt;
use tokio::sync::OnceCell;

use super::*;
use crate::http::dto::{Role, Scope};
use crate::store::accounts::AdminRow;
use crate::store::{api_tokens, sessions};

pub(super) const PASSWORD: &str = "correct horse";

impl Server {
    /// The same server as another client sees it.
    fn seen_with(&self, cookie: &str, token: Option<&str>) -> Self {
        Self {
            app: self.app.clone(),
            folder: Arc::clone(&self.folder),
            router: self.router.clone(),
            cookie: cookie.to_owned(),
            token: token.map(str::to_owned),
            site: self.site,
        }
    }

    pub(super) fn nobody(&self) -> Self {
        self.seen_with("", None)
    }

    /// Another member of the account, signed in. Their password is [`PASSWORD`].
    pub(super) async fn member(&self, email: &str, role: Role) -> (Self, AdminRow) {
        // Hashing takes long, and is the same for all.
        static HASH: OnceCell<String> = OnceCell::const_new();
        let hashing = || async { self.app.passwords().hash(PASSWORD.to_owned()).await.unwrap() };
        let hash = HASH.get_or_init(hashing).await;
        let account = self.me().await.account_id;
        let now = self.app.clock().now_micros();
        let mut tx = self.app.store().begin().await.unwrap();
        let member = accounts::insert_admin(&mut tx, account, email, hash, role, now);
        let member = member.await.unwrap().unwrap();
        tx.commit().await.unwrap();
        (self.signed_in(&member).await, member)
    }

    /// One more browser of a person.
    pub(super) async fn signed_in(&self, person: &AdminRow) -> Self {
        let cookie = token::mint().unwrap();
        let now = self.app.clock().now_micros();
        let mut tx = self.app.store().begin().await.unwrap();
        sessions::insert(&mut tx, &token::hash(&cookie), person.id, None, now).await.unwrap();
        tx.commit().await.unwrap();
        self.seen_with(&cookie, None)
    }

    /// A program with a token that a person made, whatever their role.
    pub(super) async fn program(&self, maker: &AdminRow, scopes: &[Scope]) -> Self {
        let secret = format!("rehome_{}", token::mint().unwrap());
        let now = self.app.clock().now_micros();
        let hash = token::hash(&secret);
        let mut tx = self.app.store().begin().await.unwrap();
        api_tokens::insert(&mut tx, maker, "Laptop", scopes, &hash, now).await.unwrap();
        tx.commit().await.unwrap();
        self.with_token(&secret)
    }

    /// Who is signed in, as the store knows them.
    pub(super) async fn me(&self) -> AdminRow {
        let session = self.get("/api/v1/session").await.body;
        let email = session["admin"]["email"].as_str().unwrap();
        accounts::admin_by_email(self.app.store(), email).await.unwrap().unwrap().0
    }

    pub(super) async fn ask(&self, method: &str, path: &str, body: &Value) -> Reply {
        let request = self
            .request(method, path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// Status of an attempt to sign in.
    pub(super) async fn sign_in(&self, email: &str, password: &str) -> u16 {
        let new = json!({ "email": email, "password": password });
        self.nobody().post("/api/v1/session", &new).await.status.as_u16()
    }

    /// A live stream, after its first event has come.
    pub(super) async fn follow(&self) -> BodyDataStream {
        let request = self.request("GET", "/api/v1/events").body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let mut events = response.into_body().into_data_stream();
        let first = events.next().await.unwrap().unwrap();
        assert!(first.starts_with(b"event: snapshot"), "{first:?}");
        events
    }

    /// What comes of a request after which live answers must look whether they may go on.
    pub(super) async fn waking(&self, asked: impl Future<Output = Reply>) -> Reply {
        let mut changes = self.app.changes();
        changes.mark_unchanged();
        let reply = asked.await;
        assert!(reply.status.is_success(), "{}", reply.body);
        assert!(changes.has_changed().unwrap(), "they would look at their next sign of life only");
        reply
    }

    /// Actions of the audit log, the oldest first.
    pub(super) async fn actions(&self) -> Vec<String> {
        let list = self.get("/api/v1/audit?limit=200").await.body;
        let entries = list["entries"].as_array().unwrap();
        let word = |entry: &Value| entry["action"].as_str().unwrap().to_owned();
        entries.iter().rev().map(word).collect()
    }
}

/// Waits for the end of a live stream. What it still says is of no interest.
pub(super) async fn ended(mut events: BodyDataStream) {
    while events.next().await.is_some() {}
}

/// Whether a live stream goes on although it has looked whether it may.
pub(super) async fn goes_on(server: &Server, mut events: BodyDataStream) {
    // It tells of an import only after the look.
    server.create(0).await;
    let event = events.next().await.unwrap().unwrap();
    assert!(event.starts_with(b"event: import"), "{event:?}");
    assert!(!events.is_end_stream());
}
