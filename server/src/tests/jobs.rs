//! Jobs that are interrupted, wait for each other, and are followed live.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures_util::StreamExt;

use super::*;

fn stream() -> Stream {
    let mut records = vec![page("p"), page("q")];
    records.extend((0..10).map(|n| comment(&n.to_string(), (n > 0).then_some("0"))));
    Stream::new(records)
}

/// As a killed process leaves it: the job is still its own.
async fn leave_claimed(server: &Server) {
    sqlx::query("UPDATE jobs SET state = 'running', lease_until = 1 WHERE state = 'queued'")
        .execute(&mut *server.app.store().begin_raw().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_killed_server_goes_on_at_any_batch_exactly_once() {
    let whole = Server::with_batches_of(3).await;
    whole.apply(&stream()).await;
    let expected = whole.comments().await;
    // One batch of pages, four of comments, three of parents.
    for killed_after in 0..=8 {
        let server = Server::with_batches_of(3).await;
        let id = server.send_stream(&stream()).await;
        server.work(Some(killed_after)).await;
        if killed_after < 8 {
            leave_claimed(&server).await;
        }
        let server = server.restart(2).await;
        server.work(None).await;
        let import = server.import(&id).await;
        assert_eq!(import["state"], "succeeded", "after {killed_after}: {import}");
        assert_eq!(came_of(&import), (10, 0, 0, 0), "after {killed_after}");
        assert_adds_up(&import);
        assert_eq!(server.comments().await, expected, "after {killed_after}");
        assert!(server.staged().is_empty());
    }
}

#[tokio::test]
async fn dying_twice_at_one_place_is_a_failure() {
    let server = Server::with_batches_of(3).await;
    let id = server.send_stream(&stream()).await;
    server.work(Some(2)).await;
    leave_claimed(&server).await;
    let server = server.restart(3).await;
    assert_eq!(server.import(&id).await["state"], "running", "it goes on the first time");
    leave_claimed(&server).await;
    let server = server.restart(3).await;
    let import = server.import(&id).await;
    assert_eq!(
        (&import["state"], &import["error"]["code"]),
        (&json!("failed"), &json!("interrupted_twice"))
    );
    assert_eq!(came_of(&import), (3, 0, 0, 0));
    assert!(server.staged().is_empty());
    assert!(!server.work(None).await);
}

#[tokio::test]
async fn a_worker_that_lost_its_claim_writes_nothing() {
    let server = Server::with_batches_of(3).await;
    let id = server.send_stream(&stream()).await;
    let old = queue::claim(server.app.store(), 0, 1).await.unwrap().unwrap();
    runner::release_abandoned(&server.app, 2).await.unwrap();
    let stop = Stop::AtShutdown(server.app.shutdown().clone());
    runner::work(&server.app, old, stop).await;
    assert_eq!(came_of(&server.import(&id).await), (0, 0, 0, 0));
    server.work(None).await;
    assert_eq!(came_of(&server.import(&id).await), (10, 0, 0, 0));
}

#[tokio::test]
async fn one_import_of_a_site_runs_and_the_next_says_behind_which() {
    let server = Server::with_batches_of(3).await;
    let first = server.send_stream(&stream()).await;
    let second = server.send_stream(&stream()).await;
    assert_eq!(server.import(&first).await["behind"], Value::Null);
    assert_eq!(server.import(&second).await["behind"], json!(first));
    let claim = server.claim().await.unwrap();
    assert!(server.claim().await.is_none());
    let stop = Stop::AtShutdown(server.app.shutdown().clone());
    runner::work(&server.app, claim, stop).await;
    assert_eq!(server.import(&second).await["behind"], Value::Null);
    server.work(None).await;
    assert_eq!(came_of(&server.import(&second).await), (0, 0, 10, 0));
}

/// The next event with data: its name, id and data.
async fn next_event(body: &mut BodyDataStream) -> Option<(String, i64, Value)> {
    loop {
        let bytes = tokio::time::timeout(Duration::from_secs(20), body.next())
            .await
            .expect("an event comes")?
            .unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name))
                .map(|value| value.trim_start_matches(':').trim().to_owned())
        };
        if let Some(data) = field("data") {
            return Some((
                field("event").unwrap(),
                field("id").unwrap().parse().unwrap(),
                serde_json::from_str(&data).unwrap(),
            ));
        }
    }
}

#[tokio::test]
async fn live_events_begin_with_a_snapshot_and_tell_each_change() {
    let server = Server::with_batches_of(3).await;
    server.app.start();
    let bob = server.other_account("bob@example.org").await;
    let old = server.create(10).await;
    let request = server.request("GET", "/api/v1/events").body(Body::empty()).unwrap();
    let response = server.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut events = response.into_body().into_data_stream();
    let (name, version, snapshot) = next_event(&mut events).await.unwrap();
    assert_eq!((name.as_str(), &snapshot[0]["id"]), ("snapshot", &json!(old)));
    bob.send_stream(&stream()).await;
    let id = server.send_stream(&stream()).await;
    let mut last = version;
    loop {
        let (name, version, import) = next_event(&mut events).await.unwrap();
        assert_eq!((name.as_str(), &import["id"]), ("import", &json!(id)), "only its own");
        assert!(version > last && import["version"] == version);
        last = version;
        if import["state"] == "succeeded" {
            assert_eq!(came_of(&import), (10, 0, 0, 0));
            break;
        }
    }
    server.app.begin_shutdown();
    assert!(next_event(&mut events).await.is_none(), "a stop ends the stream");
    server.app.shut_down().await;
}
