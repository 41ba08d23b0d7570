//! The document of the API, as the server gives it.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;
use tower::ServiceExt;

use super::Server;
use super::documented::{DOCUMENT, operations};

async fn text_of(server: &Server, path: &str) -> (String, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = server.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (kind, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn the_document_that_is_served_is_the_one_of_the_repository() {
    let server = Server::new().await;
    let (kind, given) = text_of(&server, "/api/v1/openapi.json").await;
    assert_eq!(kind, "application/json");
    let mut given: Value = serde_json::from_str(&given).unwrap();
    let cookie = &mut given["components"]["securitySchemes"]["session"]["name"];
    assert_eq!(cookie, "rehome", "this server is on its machine's own address");
    *cookie = "__Host-rehome".into();
    assert_eq!(given, *DOCUMENT);
    let kept: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    assert_eq!(kept, *DOCUMENT, "run `cargo xtask generate`");
}

#[tokio::test]
async fn the_page_shows_every_route_and_shape_and_needs_no_script() {
    let server = Server::new().await;
    let (kind, page) = text_of(&server, "/api/docs").await;
    assert_eq!(kind, "text/html; charset=utf-8");
    for (_, path, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        assert!(page.contains(&format!("<h3 id=\"{id}\">")), "{path}");
        assert!(page.contains(&format!("href=\"#{id}\"")), "{path}");
    }
    for name in DOCUMENT["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("<h3 id=\"shape-{name}\">")), "{name}");
    }
    for refused in ["<script", "<style", "style=", "onclick=", "//cdn"] {
        assert!(!page.contains(refused), "{refused}");
    }
    let (kind, style) = text_of(&server, "/api/docs.css").await;
    assert_eq!(kind, "text/css; charset=utf-8");
    assert!(!style.contains("@import") && !style.contains("url("));
}
