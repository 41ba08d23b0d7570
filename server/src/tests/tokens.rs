//! What programs sign in with.

use std::time::Duration;

use super::people::ended;
use super::*;

/// A token that does what those before scopes did.
fn made_of(name: impl Into<String>) -> Value {
    json!({ "name": name.into(), "scopes": ["read", "import"] })
}

async fn make(server: &Server, name: &str) -> (i64, String) {
    let made = server.post("/api/v1/tokens", &made_of(name)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["token"]["id"].as_i64().unwrap();
    (id, made.body["secret"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_program_imports_and_reads_with_a_token() {
    let server = Server::new().await;
    let (_, secret) = make(&server, "Laptop").await;
    let program = server.with_token(&secret);
    let import = program.apply(&Stream::new(vec![page("p"), comment("1", None)])).await;
    assert_eq!(import["started_by"], "ann@example.org");
    assert_eq!(program.comments().await.len(), 1);
    for path in ["/api/v1/sites", "/api/v1/imports", "/api/v1/events"] {
        let request = program.request("GET", path).body(Body::empty()).unwrap();
        let response = program.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn the_secret_is_shown_once_and_only_its_hash_is_stored() {
    let server = Server::new().await;
    let made = server.post("/api/v1/tokens", &made_of("  Laptop ")).await;
    let secret = made.body["secret"].as_str().unwrap();
    assert!(secret.starts_with("rehome_") && secret.len() == "rehome_".len() + 43, "{secret}");
    assert_eq!(made.body["token"]["name"], "Laptop");
    assert_eq!(made.body["token"]["created_by"], "ann@example.org");
    let listed = server.get("/api/v1/tokens").await.body;
    assert_eq!(listed, json!([made.body["token"]]));
    assert!(!listed.to_string().contains(secret));
    let stored: (String, Vec<u8>) = sqlx::query_as("SELECT name, token_hash FROM api_tokens")
        .fetch_one(server.app.store().reader())
        .await
        .unwrap();
    assert_eq!(stored, ("Laptop".to_owned(), token::hash(secret)));
}

#[tokio::test]
async fn a_wrong_or_revoked_token_is_refused() {
    let server = Server::new().await;
    let (id, secret) = make(&server, "Laptop").await;
    let program = server.with_token(&secret);
    assert_eq!(program.get("/api/v1/sites").await.status, 200);
    let other = server.with_token(&secret.to_uppercase());
    assert_eq!(other.get("/api/v1/sites").await.code(), (401, "token_invalid"));
    let empty = server.with_token("");
    assert_eq!(empty.get("/api/v1/sites").await.code(), (401, "token_invalid"));
    // A cookie's secret is none, and the other way round.
    let cookie = server.with_token(&server.cookie);
    assert_eq!(cookie.get("/api/v1/sites").await.code(), (401, "token_invalid"));
    let path = format!("/api/v1/tokens/{id}");
    let live = program.follow().await;
    server.waking(server.delete(&path)).await;
    ended(live).await;
    assert_eq!(program.get("/api/v1/sites").await.code(), (401, "token_invalid"));
    assert_eq!(server.get("/api/v1/tokens").await.body, json!([]));
    assert_eq!(server.delete(&path).await.code(), (404, "not_found"));
}

#[tokio::test]
async fn a_bearer_that_a_proxy_adds_takes_nothing_from_a_person() {
    let server = Server::new().await;
    let asked = async |path: &str, cookie: &str| {
        let request = server.request("GET", path).header(header::AUTHORIZATION, "Bearer ey.J0.x");
        let (mut parts, body) = request.body(Body::empty()).unwrap().into_parts();
        let cookie = format!("rehome={cookie}").parse().unwrap();
        parts.headers.insert(header::COOKIE, cookie);
        server.send(Request::from_parts(parts, body)).await
    };
    for path in ["/api/v1/session", "/api/v1/sites", "/api/v1/tokens"] {
        assert_eq!(asked(path, &server.cookie).await.status, 200, "{path}");
    }
    assert_eq!(asked("/api/v1/session", "old").await.code(), (401, "signed_out"));
    assert_eq!(asked("/api/v1/sites", "old").await.code(), (401, "token_invalid"));
}

#[tokio::test]
async fn a_token_does_nothing_that_only_people_do() {
    let server = Server::new().await;
    let (id, secret) = make(&server, "Laptop").await;
    let program = server.with_token(&secret);
    let site = json!({ "name": "Blog", "url": "https://example.org" });
    for refused in [
        program.get("/api/v1/session").await,
        program.delete("/api/v1/session").await,
        program.get("/api/v1/tokens").await,
        program.post("/api/v1/tokens", &made_of("Another")).await,
        program.delete(&format!("/api/v1/tokens/{id}")).await,
        program.post("/api/v1/sites", &site).await,
    ] {
        assert_eq!(refused.code(), (403, "person_needed"));
    }
    assert_eq!(server.get("/api/v1/tokens").await.body.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_is_good_for_its_account_alone() {
    let ann = Server::new().await;
    let import = ann.send_stream(&Stream::new(vec![page("p"), comment("1", None)])).await;
    let bob = ann.other_account("bob@example.org").await;
    let (id, secret) = make(&bob, "Laptop").await;
    let program = bob.with_token(&secret);
    let sites = program.get("/api/v1/sites").await.body;
    assert_eq!(sites.as_array().unwrap().len(), 1);
    assert_eq!(sites[0]["id"], bob.site);
    assert_eq!(program.get("/api/v1/imports").await.body, json!([]));
    let site = ann.site;
    for refused in [
        program.get(&format!("/api/v1/imports/{import}")).await,
        program.get(&format!("/api/v1/sites/{site}/pages")).await,
        program.delete(&format!("/api/v1/imports/{import}")).await,
        program.post(&format!("/api/v1/sites/{site}/imports"), &new_import(0)).await,
        program.put(&import, 1, "{}\n").await,
        program.submit(&import, 1, &Stream::new(vec![]).counts()).await,
        ann.delete(&format!("/api/v1/tokens/{id}")).await,
    ] {
        assert_eq!(refused.code(), (404, "not_found"));
    }
    assert_eq!(ann.get("/api/v1/tokens").await.body, json!([]));
    assert_eq!(program.get("/api/v1/sites").await.status, 200, "nobody else revoked it");
}

#[tokio::test]
async fn its_last_use_is_noted_at_most_hourly() {
    let server = Server::new().await;
    let (_, secret) = make(&server, "Laptop").await;
    let program = server.with_token(&secret);
    let noted = async || server.get("/api/v1/tokens").await.body[0]["last_used_at"].clone();
    assert_eq!(noted().await, Value::Null);
    program.get("/api/v1/sites").await;
    let first = noted().await;
    assert!(first.is_string());
    server.app.clock().advance(Duration::from_mins(59));
    program.get("/api/v1/sites").await;
    assert_eq!(noted().await, first);
    server.app.clock().advance(Duration::from_mins(2));
    program.get("/api/v1/sites").await;
    assert_ne!(noted().await, first);
}

#[tokio::test]
async fn names_and_numbers_have_limits() {
    let server = Server::new().await;
    for name in [String::new(), "  ".to_owned(), "a\nb".to_owned(), "ä".repeat(101)] {
        let refused = server.post("/api/v1/tokens", &made_of(name)).await;
        assert_eq!(refused.code(), (422, "token_name_invalid"));
    }
    let mut last = 0;
    for _ in 0..50 {
        last = make(&server, &"ä".repeat(100)).await.0;
    }
    let full = server.post("/api/v1/tokens", &made_of("One more")).await;
    assert_eq!(full.code(), (409, "tokens_full"));
    make(&server.other_account("bob@example.org").await, "His own").await;
    server.delete(&format!("/api/v1/tokens/{last}")).await;
    make(&server, "One more").await;
}
