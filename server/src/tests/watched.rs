//! What those who watch the server are told.

use super::*;
use crate::http::health::operators_router;
use crate::metrics::{ALL, Kind};

/// What the operators' own address answers.
async fn ask(server: &Server, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = operators_router(server.app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.into()).unwrap())
}

async fn numbers(server: &Server) -> String {
    let (status, text) = ask(server, "/metrics").await;
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

/// The value of a series; none where it is not there.
fn value(text: &str, series: &str) -> Option<f64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    Some(rest.parse().unwrap())
}

fn comments() -> Stream {
    Stream::new(vec![page("p"), comment("1", None), comment("2", Some("1"))])
}

#[tokio::test]
async fn jobs_and_rows_are_counted_once_each() {
    let server = Server::new().await;
    let rows = "rehome_rows_total{record=\"comment\",outcome=\"inserted\"}";
    let waiting = "rehome_jobs_waiting{kind=\"import\"}";
    assert_eq!(value(&numbers(&server).await, rows), Some(0.0), "there from the start");

    let id = server.send_stream(&comments()).await;
    server.app.clock().advance(std::time::Duration::from_secs(90));
    let text = numbers(&server).await;
    assert_eq!(value(&text, waiting), Some(1.0));
    assert!(value(&text, "rehome_oldest_waiting_job_age_seconds").unwrap() >= 90.0, "{text}");
    assert!(value(&text, "rehome_spool_bytes").unwrap() > 0.0, "{text}");

    assert!(server.work(None).await);
    assert_eq!(server.import(&id).await["state"], "succeeded");
    for _ in 0..2 {
        let text = numbers(&server).await;
        assert_eq!(value(&text, rows), Some(2.0));
        assert_eq!(value(&text, waiting), Some(0.0));
        assert_eq!(value(&text, "rehome_oldest_waiting_job_age_seconds"), Some(0.0));
        assert_eq!(value(&text, "rehome_spool_bytes"), Some(0.0));
        let ended = "rehome_imports_ended_total{outcome=\"succeeded\"}";
        assert_eq!(value(&text, ended), Some(1.0));
        let jobs = "rehome_job_duration_seconds_count{kind=\"import\",outcome=\"succeeded\"}";
        assert_eq!(value(&text, jobs), Some(1.0), "{text}");
    }
    server.apply(&comments()).await;
    let text = numbers(&server).await;
    let unchanged = "rehome_rows_total{record=\"comment\",outcome=\"unchanged\"}";
    assert_eq!((value(&text, rows), value(&text, unchanged)), (Some(2.0), Some(2.0)));
}

#[tokio::test]
async fn what_failed_is_counted_by_its_reason() {
    let server = Server::new().await;
    let id = server.send_stream(&comments()).await;
    std::fs::remove_dir_all(server.folder.path().join("data/spool").join(&id)).unwrap();
    assert!(server.work(None).await);
    assert_eq!(server.import(&id).await["error"]["code"], "spool_unreadable");
    let text = numbers(&server).await;
    let failures = "rehome_failures_total{kind=\"import\",code=\"spool_unreadable\"}";
    assert_eq!(value(&text, failures), Some(1.0), "{text}");
    let ended = "rehome_imports_ended_total{outcome=\"failed\"}";
    assert_eq!(value(&text, ended), Some(1.0));
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_what_stands_in_it() {
    let server = Server::new().await;
    server.get("/api/v1/imports/somebody").await;
    server.get("/healthz").await;
    server.get("/nothing-that-is-there/ann@example.org").await;
    let text = numbers(&server).await;
    let not_found = "rehome_http_requests_total{route=\"/api/v1/imports/{id}\",status=\"4xx\"}";
    assert_eq!(value(&text, not_found), Some(1.0), "{text}");
    let health = "rehome_http_request_duration_seconds_count{route=\"/healthz\"}";
    assert_eq!(value(&text, health), Some(1.0), "{text}");
    assert!(text.contains("route=\"other\""), "{text}");
    for secret in ["somebody", "example.org"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn live_streams_are_counted_while_they_are_open() {
    let server = Server::new().await;
    let open = |text: String| value(&text, "rehome_live_streams").unwrap();
    assert!(open(numbers(&server).await) == 0.0);
    let request = server.request("GET", "/api/v1/events").body(Body::empty()).unwrap();
    let response = server.router.clone().oneshot(request).await.unwrap();
    assert!(open(numbers(&server).await) == 1.0);
    drop(response);
    assert!(open(numbers(&server).await) == 0.0);
}

#[tokio::test]
async fn every_number_of_the_list_is_given_as_it_is_described_and_in_the_document() {
    let server = Server::new().await;
    server.get("/healthz").await;
    server.apply(&comments()).await;
    let text = numbers(&server).await;
    let document = include_str!("../../../docs/operating.md");
    for metric in ALL {
        let kind = match metric.kind {
            Kind::Gauge => "gauge",
            Kind::Counter => "counter",
            Kind::Histogram => "histogram",
        };
        assert!(text.contains(&format!("# TYPE {} {kind}\n", metric.name)), "{}", metric.name);
        assert!(text.contains(&format!("# HELP {} {}\n", metric.name, metric.about)));
        let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let row =
            format!("| `{}` | {kind} | {} | {} |", metric.name, labels.join(", "), metric.about);
        assert!(document.contains(&row), "docs/operating.md lacks this row:\n{row}");
    }
    let typed = text.lines().filter(|line| line.starts_with("# TYPE ")).count();
    assert_eq!(typed, ALL.len(), "{text}");
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        let metric = ALL.iter().find(|metric| {
            let rest = name.strip_prefix(metric.name);
            rest.is_some_and(|rest| ["", "_bucket", "_sum", "_count"].contains(&rest))
        });
        let metric = metric.unwrap_or_else(|| panic!("{line} is not of the list"));
        let labels = line.split_once('{').map_or("", |(_, rest)| rest.split('}').next().unwrap());
        for label in labels.split("\",").filter(|label| !label.is_empty()) {
            let label = label.split('=').next().unwrap();
            assert!(label == "le" || metric.labels.contains(&label), "{line}");
        }
    }
}

#[tokio::test]
async fn numbers_are_not_on_the_public_address() {
    let server = Server::new().await;
    let reply = server.get("/metrics").await;
    assert!(!reply.body.to_string().contains("rehome_"), "{}", reply.body);
    assert_ne!(
        reply.headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes()),
        Some(&b"text/plain; version=0.0.4; charset=utf-8"[..])
    );
    for path in ["/", "/api/v1/imports"] {
        assert_eq!(ask(&server, path).await.0, StatusCode::NOT_FOUND, "nothing else is there");
    }
}

#[tokio::test]
async fn a_server_that_stops_is_not_ready_and_says_so() {
    let server = Server::new().await;
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status, &ready.body["ready"]), (StatusCode::OK, &json!(true)));
    assert_eq!(ready.body["checks"].as_array().unwrap().len(), 5, "{}", ready.body);
    server.app.begin_shutdown();
    let stopping = server.get("/readyz").await;
    assert_eq!(stopping.status, StatusCode::SERVICE_UNAVAILABLE);
    let bad: Vec<_> = stopping.body["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["ok"] == false)
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    assert_eq!(bad, ["running"], "{}", stopping.body);
}

#[tokio::test]
async fn tables_of_another_version_are_not_ready() {
    let server = Server::new().await;
    let mut writer = server.app.store().begin_raw().await;
    sqlx::query("UPDATE _sqlx_migrations SET version = 999 WHERE version = 1")
        .execute(&mut *writer)
        .await
        .unwrap();
    drop(writer);
    let reply = server.get("/readyz").await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    let tables = reply.body["checks"].as_array().unwrap().iter().find(|c| c["name"] == "tables");
    assert_eq!(tables.unwrap()["ok"], false, "{}", reply.body);
}

#[tokio::test]
async fn every_answer_has_a_name_that_strangers_do_not_choose() {
    let server = Server::new().await;
    let mut names = Vec::new();
    for path in ["/", "/healthz", "/api/v1/session", "/api/v1/nothing"] {
        let request = server.request("GET", path).header("x-request-id", "chosen");
        let reply = server.send(request.body(Body::empty()).unwrap()).await;
        names.push(reply.headers["x-request-id"].to_str().unwrap().to_owned());
    }
    assert!(names.iter().all(|name| name.parse::<uuid::Uuid>().is_ok()), "{names:?}");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 4);

    let behind_proxy = Server::with(|config| {
        config.trusted_proxy = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let name = async |peer: &str, given: &str| {
        let peer: std::net::SocketAddr = peer.parse().unwrap();
        let request = behind_proxy
            .request("GET", "/healthz")
            .header("x-request-id", given)
            .extension(axum::extract::ConnectInfo(peer));
        let reply = behind_proxy.send(request.body(Body::empty()).unwrap()).await;
        reply.headers["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(name("10.0.0.1:80", "proxy-77").await, "proxy-77");
    assert_ne!(name("10.0.0.1:80", "ann@example.org").await, "ann@example.org");
    assert_ne!(name("192.0.2.1:80", "proxy-77").await, "proxy-77");
}
