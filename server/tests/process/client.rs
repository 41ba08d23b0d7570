//! Asks the server as the pages do.

use std::net::TcpStream;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{HeaderMap, Response};
use ureq::{Body, Error};

use crate::stream::{Discussion, Piece};

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Reply {
    /// Status and stable word.
    pub(crate) fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or(""))
    }

    pub(crate) fn retry_after(&self) -> Option<&str> {
        self.headers.get("retry-after")?.to_str().ok()
    }
}

/// A browser with its cookie, or a program with its token.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: Agent,
    base: String,
    cookie: String,
    /// Sent instead of the cookie.
    token: Option<String>,
    pub site: i64,
}

impl Client {
    /// Makes the account with the link from the terminal.
    pub(crate) fn set_up(base: &str, token: &str) -> Self {
        let mut client = Self::signed_in(base, String::new(), 0);
        let new = json!({
            "token": token, "email": "ann@example.org", "password": "a long password",
            "site": { "name": "Site", "url": "https://example.org" },
        });
        let reply = client.post("/api/v1/setup", &new);
        assert_eq!(reply.status, 200, "{}", reply.body);
        client = client.signed_in_by(&reply);
        client.site = reply.body["sites"][0]["id"].as_i64().unwrap();
        client
    }

    /// The browser that got this answer, which signed it in.
    pub(crate) fn signed_in_by(&self, reply: &Reply) -> Self {
        let cookie = reply.headers["set-cookie"].to_str().unwrap();
        Self { cookie: cookie.split(';').next().unwrap().to_owned(), ..self.clone() }
    }

    /// A browser with this cookie.
    pub(crate) fn signed_in(base: &str, cookie: String, site: i64) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Self { agent, base: base.to_owned(), cookie, token: None, site }
    }

    /// The same browser after the server was started again.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self::signed_in(base, self.cookie.clone(), self.site)
    }

    /// A program that has this token.
    pub(crate) fn with_token(&self, secret: &str) -> Self {
        Self { token: Some(secret.to_owned()), ..self.clone() }
    }

    /// Name and value of the header that says who asks.
    fn caller(&self) -> (&'static str, String) {
        match &self.token {
            Some(token) => ("authorization", format!("Bearer {token}")),
            None => ("cookie", self.cookie.clone()),
        }
    }

    /// A connection of its own, on which nothing is said yet.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(self.base.trim_start_matches("http://")).unwrap()
    }

    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Address of the server.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        let (name, value) = self.caller();
        let request = self.agent.get(format!("{}{path}", self.base)).header(name, value);
        reply(request.call().unwrap())
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        let (name, value) = self.caller();
        let request = self.agent.delete(format!("{}{path}", self.base)).header(name, value);
        reply(request.call().unwrap())
    }

    /// As a proxy sends it that names requests.
    pub(crate) fn get_named(&self, path: &str, name: &str) -> Reply {
        let request = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("x-request-id", name);
        reply(request.call().unwrap())
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        let (name, value) = self.caller();
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header(name, value)
            .header("content-type", "application/json");
        reply(request.send(body.to_string()).unwrap())
    }

    pub(crate) fn put_json(&self, path: &str, body: &Value) -> Reply {
        let request = self
            .agent
            .put(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("content-type", "application/json");
        reply(request.send(body.to_string()).unwrap())
    }

    pub(crate) fn create(&self, discussion: Discussion) -> String {
        let path = format!("/api/v1/sites/{}/imports", self.site);
        let reply = self.post(&path, &discussion.new_import());
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.body["import"]["id"].as_str().unwrap().to_owned()
    }

    /// An error where no answer came.
    pub(crate) fn try_put(&self, import: &str, piece: &Piece) -> Result<Reply, Error> {
        let path = format!("/api/v1/imports/{import}/chunks/{}", piece.number);
        let (name, value) = self.caller();
        self.agent
            .put(format!("{}{path}", self.base))
            .header(name, value)
            .header("content-encoding", "gzip")
            .header("unencoded-digest", &piece.digest)
            .send(&piece.gzip[..])
            .map(reply)
    }

    pub(crate) fn put(&self, import: &str, piece: &Piece) -> Reply {
        self.try_put(import, piece).unwrap()
    }

    pub(crate) fn put_all(&self, import: &str, pieces: &[Piece]) {
        for piece in pieces {
            let reply = self.put(import, piece);
            assert_eq!(reply.status, 204, "chunk {}: {}", piece.number, reply.body);
        }
    }

    pub(crate) fn submit(&self, import: &str, discussion: Discussion, pieces: &[Piece]) -> Reply {
        let body = json!({ "chunks": pieces.len(), "counts": discussion.counts() });
        self.post(&format!("/api/v1/imports/{import}/submit"), &body)
    }

    /// Creates, sends and submits, and gives the id.
    pub(crate) fn send(&self, discussion: Discussion, pieces: &[Piece]) -> String {
        let import = self.create(discussion);
        self.put_all(&import, pieces);
        let reply = self.submit(&import, discussion, pieces);
        assert_eq!(reply.status, 200, "{}", reply.body);
        import
    }

    pub(crate) fn import(&self, id: &str) -> Value {
        let mut reply = self.get(&format!("/api/v1/imports/{id}"));
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body["import"].take()
    }

    /// Numbers and digests of the chunks that are held.
    pub(crate) fn held(&self, id: &str) -> Vec<(usize, String)> {
        let reply = self.get(&format!("/api/v1/imports/{id}"));
        let chunks = reply.body["chunks"].as_array().unwrap();
        chunks
            .iter()
            .map(|chunk| {
                let number = usize::try_from(chunk["number"].as_u64().unwrap()).unwrap();
                (number, chunk["digest"].as_str().unwrap().to_owned())
            })
            .collect()
    }
}

fn reply(mut response: Response<Body>) -> Reply {
    let text = response.body_mut().read_to_string().unwrap_or_default();
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
    }
}

/// `(inserted, updated, unchanged, rejected)` of the comments.
pub(crate) fn came_of(import: &Value) -> [u64; 4] {
    ["inserted", "updated", "unchanged", "rejected"]
        .map(|name| import["result"]["comments"][name].as_u64().unwrap())
}

/// Record lines done, over all passes.
pub(crate) fn done(import: &Value) -> u64 {
    import["progress"]["done"].as_u64().unwrap_or(0)
}

/// What was sent is what came of it, for each kind of line.
pub(crate) fn assert_adds_up(import: &Value) {
    for kind in ["pages", "authors", "comments"] {
        let result = &import["result"][kind];
        let sum: u64 = ["inserted", "updated", "unchanged", "rejected"]
            .iter()
            .map(|came| result[came].as_u64().unwrap())
            .sum();
        let received = |kind: &str| import["received"][kind].as_u64().unwrap();
        let removed = if kind == "comments" { received("removed") } else { 0 };
        assert_eq!(sum, received(kind) + removed, "{kind}: {import}");
    }
    assert_eq!(import["progress"]["done"], import["progress"]["total"], "{import}");
}
