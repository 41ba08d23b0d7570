//! Jobs that are interrupted, wait for each other, and are followed live.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures_util::StreamExt;

use super::*;
use crate::store::{job_ends, sweeps};

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

#[tokio::test]
async fn whoever_connects_again_gets_what_changed_since() {
    let server = Server::new().await;
    server.apply(&stream()).await;
    let old = server.apply(&stream()).await;
    let seen = old["version"].as_i64().unwrap();
    let follow = async |seen: i64| {
        let request = server.request("GET", "/api/v1/events").header("last-event-id", seen);
        let request = request.body(Body::empty()).unwrap();
        let response = server.router.clone().oneshot(request).await.unwrap();
        response.into_body().into_data_stream()
    };
    let new = server.create(10).await;
    let mut events = follow(seen).await;
    let (name, version, import) = next_event(&mut events).await.unwrap();
    assert_eq!((name.as_str(), &import["id"]), ("import", &json!(new)));
    // Nothing changed since: the next thing that is heard is the next change.
    let mut events = follow(version).await;
    let newer = server.create(10).await;
    server.app.changed();
    let (name, _, import) = next_event(&mut events).await.unwrap();
    assert_eq!((name.as_str(), &import["id"]), ("import", &json!(newer)));
    // Of another database, or of one that was put back.
    let mut events = follow(1_000_000).await;
    assert_eq!(next_event(&mut events).await.unwrap().0, "snapshot");
}

#[tokio::test]
async fn there_is_one_sweep_at_a_time_and_it_waits_for_nobody() {
    let server = Server::new().await;
    let store = server.app.store();
    server.send_stream(&stream()).await;
    let import = server.claim().await.unwrap();
    let now = server.app.clock().now_micros();
    let lease = runner::lease_until(&server.app);
    assert!(sweeps::add(store, now).await.unwrap());
    assert!(!sweeps::add(store, now).await.unwrap());
    assert!(server.claim().await.is_none(), "sweeps are taken by themselves");
    let sweep = queue::claim_sweep(store, now, lease).await.unwrap().unwrap();
    assert!(!sweeps::add(store, now).await.unwrap());
    assert!(queue::claim_sweep(store, now, lease).await.unwrap().is_none());
    let stop = || Stop::AtShutdown(server.app.shutdown().clone());
    runner::work(&server.app, sweep, stop()).await;
    assert!(sweeps::add(store, now).await.unwrap());
    let sweep = queue::claim_sweep(store, now, lease).await.unwrap().unwrap();
    runner::work(&server.app, sweep.clone(), stop()).await;
    let kept: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, state FROM jobs WHERE kind = 'sweep'")
            .fetch_all(store.reader())
            .await
            .unwrap();
    assert_eq!(kept, [(sweep.job, "succeeded".to_owned())]);
    runner::work(&server.app, import, stop()).await;
}

#[tokio::test]
async fn jobs_of_all_kinds_of_a_site_wait_for_each_other() {
    use crate::http::dto::JobKind;
    let server = Server::new().await;
    let bob = server.other_account("bob@example.org").await;
    let account_id: i64 = sqlx::query_scalar("SELECT account_id FROM sites WHERE id = $1")
        .bind(server.site)
        .fetch_one(server.app.store().reader())
        .await
        .unwrap();
    let add = async |kind: JobKind, site_id: Option<i64>| {
        let job = queue::NewJob {
            kind,
            account_id,
            site_id,
            import: None,
            undoes: None,
            asked_by: None,
            cursor: "{}".to_owned(),
            task: None,
            total: 0,
        };
        let mut tx = server.app.store().begin().await.unwrap();
        let job = queue::add(&mut tx, &job, 0).await.unwrap();
        tx.commit().await.unwrap();
        job
    };
    let end = async |claim: queue::Claim| {
        let mut tx = server.app.store().begin().await.unwrap();
        job_ends::succeed(&mut tx, &claim, 0).await.unwrap();
        tx.commit().await.unwrap();
    };
    let join = add(JobKind::Regroup, Some(server.site)).await;
    let import = server.send_stream(&stream()).await;
    let delete = add(JobKind::Delete, None).await;
    let undo = add(JobKind::Undo, Some(server.site)).await;
    let others = bob.send_stream(&stream()).await;
    let waits = server.import(&import).await;
    assert_eq!((&waits["behind"], &waits["behind_kind"]), (&Value::Null, &json!("undo")));
    // Undoing goes before what waits, and another account's site waits for nobody.
    let first = server.claim().await.unwrap();
    assert_eq!(first.job, undo);
    let elsewhere = server.claim().await.unwrap();
    assert_eq!(elsewhere.kind, JobKind::Import);
    assert_eq!(bob.import(&others).await["state"], "running");
    assert!(server.claim().await.is_none());
    end(first).await;
    let second = server.claim().await.unwrap();
    assert_eq!(second.job, join);
    let waits = server.import(&import).await;
    assert_eq!(waits["behind_kind"], "regroup");
    assert!(server.claim().await.is_none());
    end(second).await;
    let stop = || Stop::AtShutdown(server.app.shutdown().clone());
    let third = server.claim().await.unwrap();
    assert_eq!(third.kind, JobKind::Import);
    assert!(server.claim().await.is_none(), "the account is not deleted under an import");
    runner::work(&server.app, third, stop()).await;
    let last = server.claim().await.unwrap();
    assert_eq!(last.job, delete);
    server.send_stream(&stream()).await;
    assert!(server.claim().await.is_none(), "nothing begins while the account is deleted");
}
