//! What browsers are told to refuse, and which cookies they get.

use super::*;

async fn served_at(public_url: &str) -> HeaderMap {
    let server = Server::with(|config| config.public_url = Some(public_url.to_owned())).await;
    let reply = server.get("/api/v1/setup").await;
    assert_eq!(reply.status, 200);
    reply.headers
}

#[tokio::test]
async fn every_answer_says_what_to_refuse() {
    let server = Server::new().await;
    let paths = ["/", "/healthz", "/api/v1/session", "/api/v1/nothing", "/nothing.js", "/import"];
    for path in paths {
        let headers = server.get(path).await.headers;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let directives: Vec<_> = policy.split("; ").collect();
        for directive in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(directives.contains(&directive), "{path}: {directive} is not in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("report-"), "{policy}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer", "{path}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin", "{path}");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin", "{path}");
        assert!(headers["permissions-policy"].to_str().unwrap().contains("camera=()"), "{path}");
    }
}

#[tokio::test]
async fn https_is_for_good_where_it_is_there() {
    let strict = header::STRICT_TRANSPORT_SECURITY;
    let headers = served_at("https://rehome.example.org").await;
    assert_eq!(headers[&strict], "max-age=31536000");
    assert!(!served_at("http://localhost:8787").await.contains_key(&strict));
}

#[tokio::test]
async fn cookies_are_bound_to_https_and_the_host() {
    let server = Server::with(|config| {
        config.public_url = Some("https://rehome.example.org".into());
    })
    .await;
    let hash = server.app.passwords().hash("correct horse".into()).await.unwrap();
    let mut tx = server.app.store().begin().await.unwrap();
    accounts::insert_owner(&mut tx, "bob@example.org", &hash, 0).await.unwrap();
    tx.commit().await.unwrap();
    let body = json!({ "email": "bob@example.org", "password": "correct horse" });
    let reply = server.post("/api/v1/session", &body).await;
    let cookies: Vec<_> =
        reply.headers.get_all(header::SET_COOKIE).iter().map(|set| set.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    for (cookie, name) in cookies.iter().zip(["__Host-rehome=", "__Host-rehome-browser="]) {
        assert!(cookie.starts_with(name), "{cookie}");
        assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax; Max-Age="), "{cookie}");
        assert!(cookie.ends_with("; Secure"), "{cookie}");
    }
    // A page on another origin of the same machine cannot set it: the prefix says so.
    let unprefixed = Request::get("/api/v1/session")
        .header(header::COOKIE, cookies[0].split(';').next().unwrap().trim_start_matches("__Host-"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(server.send(unprefixed).await.status, 401);
}
