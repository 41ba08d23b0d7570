//! What one account may take of the server.

use std::num::NonZeroU32;
use std::time::Duration;

use super::*;

fn most(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap()
}

fn lines(comments: usize, bytes: usize) -> String {
    let mut records = vec![page("p")];
    records.extend((0..comments).map(|id| {
        let mut comment = comment(&id.to_string(), None);
        // Nothing that gzip makes much shorter.
        let body = (0..bytes / 64).map(|at| {
            let hash = Sha256::digest(format!("{id} {at}"));
            BASE64_STANDARD.encode(hash)
        });
        comment["body"] = json!(body.collect::<String>());
        comment
    }));
    Stream::new(records).text()
}

#[tokio::test]
async fn imports_under_way_are_limited_and_told() {
    let server = Server::with(|config| config.limits.most_open_imports = most(2)).await;
    let bob = server.other_account("bob@example.org").await;
    let first = server.create(0).await;
    let detail = server.get(&format!("/api/v1/imports/{first}")).await.body;
    assert_eq!(detail["limits"]["open_imports"], 2);
    assert_eq!(detail["limits"]["chunks_per_minute"], 3_000);
    assert_eq!(detail["limits"]["staged_bytes"], 4_294_967_296_u64);
    server.create(0).await;
    let create = format!("/api/v1/sites/{}/imports", server.site);
    let full = server.post(&create, &new_import(0)).await;
    assert_eq!(full.code(), (429, "imports_full"));
    assert_eq!(full.headers[header::RETRY_AFTER], "20");
    let stream = Stream::new(vec![]).text();
    let request = server.request("POST", &format!("{create}/stream"));
    let whole = server.send(request.body(Body::from(stream)).unwrap()).await;
    assert_eq!(whole.code(), (429, "imports_full"));
    bob.create(0).await;

    assert_eq!(server.delete(&format!("/api/v1/imports/{first}")).await.status, 200);
    server.create(0).await;
}

#[tokio::test]
async fn an_import_that_takes_the_place_of_another_fits() {
    let server = Server::with(|config| config.limits.most_open_imports = most(1)).await;
    let first = server.create(0).await;
    let mut new = new_import(0);
    new["replace"] = json!(first);
    let create = format!("/api/v1/sites/{}/imports", server.site);
    assert_eq!(server.post(&create, &new).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn chunks_that_come_too_fast_wait_for_their_turn() {
    let server = Server::with(|config| config.limits.chunks_per_minute = most(3)).await;
    let bob = server.other_account("bob@example.org").await;
    let import = server.create(1).await;
    let stream = Stream::new(vec![page("p"), comment("1", None)]);
    for _ in 0..3 {
        assert_eq!(server.put(&import, 1, &stream.text()).await.status, 204);
    }
    let early = server.put(&import, 1, &stream.text()).await;
    assert_eq!(early.code(), (429, "chunks_too_fast"));
    let wait: u64 = early.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    let theirs = bob.create(1).await;
    assert_eq!(bob.put(&theirs, 1, &stream.text()).await.status, 204);

    server.app.clock().advance(Duration::from_secs(wait));
    assert_eq!(server.put(&import, 1, &stream.text()).await.status, 204);
}

#[tokio::test]
async fn staged_bytes_are_limited_over_all_imports() {
    let server = Server::with(|config| config.limits.most_staged_mib = most(1)).await;
    let chunk = lines(14, 64 * 1024);
    let size = gzip(chunk.as_bytes()).len();
    assert!((600_000..1_000_000).contains(&size), "{size}");
    let first = server.create(14).await;
    assert_eq!(server.put(&first, 1, &chunk).await.status, 204);
    let second = server.create(14).await;
    let full = server.put(&second, 1, &chunk).await;
    assert_eq!(full.code(), (429, "staging_full"));
    assert_eq!(full.headers[header::RETRY_AFTER], "20");
    // What no wait would help is refused for good.
    let alone = server.put(&first, 2, chunk.split_once('\n').unwrap().1).await;
    assert_eq!(alone.code(), (413, "stream_too_large"));
    let staged = std::fs::read_dir(server.folder.path().join("data/spool").join(&first)).unwrap();
    assert_eq!(staged.count(), 1, "what was refused is not left behind");

    assert_eq!(server.delete(&format!("/api/v1/imports/{first}")).await.status, 200);
    assert_eq!(server.put(&second, 1, &chunk).await.status, 204);
}

#[tokio::test]
async fn each_route_takes_only_as_much_as_it_needs() {
    let server = Server::new().await;
    let long = |bytes: usize| json!({ "name": "x".repeat(bytes), "url": "https://example.org" });
    let sites = server.post("/api/v1/sites", &long(9_000)).await;
    assert_eq!(sites.code(), (413, "body_too_large"));
    for path in ["/api/v1/session", "/api/v1/setup", "/api/v1/tokens"] {
        assert_eq!(server.post(path, &long(9_000)).await.code(), (413, "body_too_large"), "{path}");
    }
    let create = format!("/api/v1/sites/{}/imports", server.site);
    let mut new = new_import(0);
    new["options"] = json!({ "url_mapping": "x".repeat(20_000) });
    assert_ne!(server.post(&create, &new).await.status, 413);
    new["options"] = json!({ "url_mapping": "x".repeat(70_000) });
    assert_eq!(server.post(&create, &new).await.code(), (413, "body_too_large"));
    let import = server.create(0).await;
    let path = format!("/api/v1/imports/{import}/chunks/1");
    let request = server.request("PUT", &path).header(header::CONTENT_ENCODING, "gzip");
    let request = request.body(Body::from(vec![0; 8 * 1024 * 1024 + 1])).unwrap();
    assert_eq!(server.send(request).await.code(), (413, "chunk_too_large"));
}
