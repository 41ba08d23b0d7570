//! The comments of a page by its address, for whoever shows them.

use axum::body::Body;
use axum::http::{Request, header};

use super::*;

/// A server whose site `https://example.org` has a page with some comments.
async fn server() -> Server {
    let server = Server::new().await;
    let mut spam = comment("spam", None);
    spam["status"] = json!("spam");
    let mut below_spam = comment("below spam", Some("spam"));
    below_spam["author"] = json!({ "name": "Bo", "email": "bo@example.org" });
    below_spam["ip"] = json!("192.0.2.7");
    let mut pending = comment("pending", Some("1"));
    pending["status"] = json!("pending");
    let mut deleted = comment("deleted", None);
    deleted["status"] = json!("deleted");
    let mut note = comment("note", None);
    note["kind"] = json!("note");
    let mut html = comment("1", None);
    html["body"] = json!("<p onclick=\"x()\">One<script>x()</script></p>");
    let records =
        vec![page("p"), html, pending, spam, below_spam, deleted, note, comment("2", Some("1"))];
    server.apply(&Stream::new(records)).await;
    server
}

fn path(server: &Server, query: &str) -> String {
    format!("/api/v1/sites/{}/comments?{query}", server.site)
}

const PAGE: &str = "url=https%3A%2F%2Fexample.org%2Fp";

impl Server {
    async fn make_public(&self, public: bool) {
        let change = json!({ "public_comments": public });
        let reply = self.patch(&format!("/api/v1/sites/{}", self.site), &change).await;
        assert_eq!(reply.body["public_comments"], public, "{}", reply.body);
    }

    async fn patch(&self, path: &str, body: &Value) -> Reply {
        let request = self
            .request("PATCH", path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    async fn as_stranger(&self, query: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::get(path(self, query));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

/// Depth and words; a dash for those that are not shown.
fn thread(reply: &Reply) -> Vec<(u64, String)> {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let comments = reply.body["comments"].as_array().unwrap().iter();
    comments
        .map(|comment| {
            let words = comment["body"].as_str().unwrap_or("-").to_owned();
            (comment["depth"].as_u64().unwrap(), words)
        })
        .collect()
}

#[tokio::test]
async fn strangers_read_approved_comments_where_the_owner_says_so() {
    let server = server().await;
    assert_eq!(server.as_stranger(PAGE, &[]).await.code(), (404, "not_found"));
    server.make_public(true).await;
    let reply = server.as_stranger(PAGE, &[]).await;
    let expected = [(1, "<p>One</p>"), (2, "2"), (1, "-"), (2, "below spam")];
    assert_eq!(thread(&reply), expected.map(|(depth, words)| (depth, words.to_owned())));
    assert_eq!(reply.body["page"]["title"], "Page p");
    assert_eq!(reply.body["page"]["comments"], 3);
    assert_eq!(reply.body["next"], Value::Null);
    let removed = &reply.body["comments"][2];
    let nothing = ["author", "created_at", "edited_at", "kind", "body", "body_format"];
    assert!(nothing.iter().all(|field| removed[*field].is_null()), "{removed}");
    assert_eq!(removed["removed"], true);
    assert_eq!(reply.body["comments"][3]["parent_id"], removed["id"]);
    let text = reply.body.to_string();
    for private in ["bo@", "192.0.2.7", "spam\",\"status", "status", "pending", "deleted", "note"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
    server.make_public(false).await;
    assert_eq!(server.as_stranger(PAGE, &[]).await.code(), (404, "not_found"));
}

#[tokio::test]
async fn whoever_belongs_to_the_account_reads_in_any_case() {
    let server = server().await;
    let reply = server.get(&path(&server, PAGE)).await;
    assert_eq!(thread(&reply).len(), 4);
    assert_eq!(reply.headers[header::CACHE_CONTROL], "private, no-cache");
    assert_eq!(reply.headers[header::VARY], "Origin, Cookie, Authorization");
    for (scope, answer) in [("read", (200, "")), ("import", (403, "scope_needed"))] {
        let new = json!({ "name": "reader", "scopes": [scope] });
        let made = server.post("/api/v1/tokens", &new).await;
        let program = server.with_token(made.body["secret"].as_str().unwrap());
        assert_eq!(program.get(&path(&server, PAGE)).await.code(), answer);
    }
    let wrong = server.with_token("rehome_wrong");
    assert_eq!(wrong.get(&path(&server, PAGE)).await.code(), (401, "token_invalid"));
    let bob = server.other_account("bob@example.org").await;
    assert_eq!(bob.get(&path(&server, PAGE)).await.code(), (404, "not_found"));
    let nowhere = "/api/v1/sites/999/comments?url=x";
    assert_eq!(server.get(nowhere).await.code(), (404, "not_found"));
    server.make_public(true).await;
    assert_eq!(wrong.get(&path(&server, PAGE)).await.status, 200);
    assert_eq!(bob.get(&path(&server, PAGE)).await.status, 200);
}

#[tokio::test]
async fn a_page_is_found_as_imports_find_it() {
    let server = server().await;
    server.make_public(true).await;
    for query in [
        "url=https%3A%2F%2FEXAMPLE.org%3A443%2Fp%23comments",
        "url=%20https%3A%2F%2Fexample.org%2Fp",
    ] {
        assert_eq!(thread(&server.as_stranger(query, &[]).await).len(), 4, "{query}");
    }
    for query in ["url=http%3A%2F%2Fexample.org%2Fp", "url=nonsense", "identifier=p", "url="] {
        let none = server.as_stranger(query, &[]).await;
        assert_eq!(none.body, json!({ "page": null, "comments": [], "next": null }), "{query}");
    }
    for query in ["", "url=a&identifier=b"] {
        let unnamed = server.as_stranger(query, &[]).await;
        assert_eq!(unnamed.code(), (400, "page_unnamed"), "{query}");
    }
    // The page moves, and is found under both addresses; and by its identifier.
    let mut moved = page("p");
    moved["url"] = json!("https://example.org/new");
    moved["identifier"] = json!("post 7");
    let mut stream = Stream::new(vec![moved]);
    stream.header["fields"].as_array_mut().unwrap().push(json!("page.identifier"));
    server.apply(&stream).await;
    for query in [PAGE, "url=https%3A%2F%2Fexample.org%2Fnew", "identifier=post%207"] {
        assert_eq!(thread(&server.as_stranger(query, &[]).await).len(), 4, "{query}");
    }
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let server = server().await;
    server.make_public(true).await;
    let first = server.as_stranger(PAGE, &[]).await;
    assert_eq!(first.headers[header::CACHE_CONTROL], "public, max-age=60");
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    assert!(tag.starts_with('"') && tag.len() == 34, "{tag}");
    for known in [tag.clone(), format!("\"other\", {tag}"), "*".to_owned()] {
        let again = server.as_stranger(PAGE, &[("if-none-match", &known)]).await;
        assert_eq!((again.status.as_u16(), &again.body), (304, &Value::Null));
        for name in [header::ETAG, header::CACHE_CONTROL, header::VARY] {
            assert_eq!(again.headers[&name], first.headers[&name]);
        }
    }
    let other = server.as_stranger(PAGE, &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.status, 200);
    server.apply(&Stream::new(vec![page("p"), comment("3", None)])).await;
    let changed = server.as_stranger(PAGE, &[("if-none-match", &tag)]).await;
    assert_eq!(thread(&changed).len(), 5);
}

#[tokio::test]
async fn scripts_of_the_site_alone_may_read() {
    let server = server().await;
    let preflight = async |origin: &'static str| {
        let request = Request::options(path(&server, PAGE))
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "if-none-match");
        server.send(request.body(Body::empty()).unwrap()).await
    };
    let allow = header::ACCESS_CONTROL_ALLOW_ORIGIN;
    let hidden = preflight("https://example.org").await;
    assert_eq!(hidden.code(), (404, "not_found"));
    assert!(!hidden.headers.contains_key(&allow), "it does not say that there is a site");
    let for_admin = server.request("GET", &path(&server, PAGE));
    let for_admin = for_admin.header(header::ORIGIN, "https://example.org");
    let for_admin = server.send(for_admin.body(Body::empty()).unwrap()).await;
    assert!(!for_admin.headers.contains_key(&allow), "nor does a session open it to scripts");

    server.make_public(true).await;
    for origin in ["https://example.org", "http://example.org", "https://www.example.org"] {
        let reply = server.as_stranger(PAGE, &[("origin", origin)]).await;
        assert_eq!(reply.headers[&allow], origin);
        assert!(!reply.headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
        let asked = preflight(origin).await;
        assert_eq!(asked.headers[&allow], origin);
        assert_eq!(asked.headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "If-None-Match");
        assert_eq!(asked.headers[header::VARY], "Origin");
        // An error is readable, too.
        let error = server.as_stranger("cursor=x&url=a", &[("origin", origin)]).await;
        assert_eq!(error.code(), (400, "cursor_invalid"));
        assert_eq!(error.headers[&allow], origin);
    }
    for origin in ["https://evil.example", "null", "https://sub.example.org"] {
        let reply = server.as_stranger(PAGE, &[("origin", origin)]).await;
        assert!(!reply.headers.contains_key(&allow), "{origin}");
        assert_eq!(reply.headers[header::VARY], "Origin", "{origin}");
        assert!(!preflight(origin).await.headers.contains_key(&allow), "{origin}");
    }
}

#[tokio::test]
async fn going_on_reading_survives_an_import() {
    let server = Server::new().await;
    let first: Vec<_> = (1..=9).map(|id| comment(&id.to_string(), None)).collect();
    server.apply(&Stream::new([vec![page("p")], first].concat())).await;
    server.make_public(true).await;
    let mut got = Vec::new();
    let mut query = format!("{PAGE}&limit=4");
    for part in 0.. {
        let reply = server.as_stranger(&query, &[]).await;
        got.extend(thread(&reply).into_iter().map(|(_, words)| words));
        let Some(next) = reply.body["next"].as_str() else { break };
        query = format!("{PAGE}&limit=4&cursor={next}");
        if part == 0 {
            // One before the place, one after it, and the one at the place is hidden.
            let mut hidden = comment("4", None);
            hidden["status"] = json!("spam");
            let mut early = comment("early", None);
            early["created_at"] = json!("2001-01-01T00:00:00Z");
            let mut late = comment("late", None);
            late["created_at"] = json!("2031-01-01T00:00:00Z");
            server.apply(&Stream::new(vec![page("p"), hidden, early, late])).await;
        }
    }
    assert_eq!(got, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "late"]);
}

#[tokio::test]
async fn owners_change_a_site_and_nobody_else_does() {
    let server = Server::new().await;
    let site = format!("/api/v1/sites/{}", server.site);
    let all = json!({ "name": " New ", "url": "http://localhost:4000", "public_comments": true });
    let changed = server.patch(&site, &all).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let expected = json!({ "id": server.site, "name": "New", "url": "http://localhost:4000",
        "revision": 0, "public_comments": true });
    assert_eq!(changed.body, expected);
    assert_eq!(server.patch(&site, &json!({})).await.body, expected);
    assert_eq!(server.get("/api/v1/sites").await.body, json!([expected]));
    for (body, code) in [
        (json!({ "name": "" }), (422, "site_name_invalid")),
        (json!({ "url": "ftp://example.org" }), (422, "site_url_invalid")),
        (json!({ "revision": 7 }), (422, "body_invalid")),
        (json!(["New", null, true]), (422, "body_invalid")),
    ] {
        assert_eq!(server.patch(&site, &body).await.code(), code, "{body}");
    }
    let bob = server.other_account("bob@example.org").await;
    assert_eq!(bob.patch(&site, &all).await.code(), (404, "not_found"));
    let mut tx = server.app.store().begin().await.unwrap();
    sqlx::query("UPDATE admins SET role = 'admin' WHERE email = 'ann@example.org'")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(server.patch(&site, &all).await.code(), (403, "role_needed"));
}
