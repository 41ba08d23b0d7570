//! Every way for an import to end, and that nothing staged is left after it.

use std::time::Duration;

use super::*;
use crate::sweep::sweep;

fn long_stream() -> Stream {
    let mut records = vec![page("p")];
    records.extend((0..20).map(|n| comment(&n.to_string(), None)));
    Stream::new(records)
}

#[tokio::test]
async fn cancelled_while_receiving() {
    let server = Server::new().await;
    let import = server.create(20).await;
    server.put(&import, 1, &long_stream().text()).await;
    assert_eq!(server.staged(), std::slice::from_ref(&import));
    let cancelled = server.delete(&format!("/api/v1/imports/{import}")).await;
    assert_eq!(cancelled.body["state"], "cancelled");
    assert!(server.staged().is_empty());
    let late = server.put(&import, 1, &long_stream().text()).await;
    assert_eq!(late.code(), (409, "not_receiving"));
    assert!(server.staged().is_empty());
    let again = server.delete(&format!("/api/v1/imports/{import}")).await;
    assert_eq!(again.code(), (409, "ended"));
}

#[tokio::test]
async fn chunks_in_flight_leave_no_file_behind_a_cancel() {
    let server = Server::new().await;
    for _ in 0..20 {
        let import = server.create(0).await;
        let lines: Vec<_> = (2..6).map(|n| format!("{}\n", page(&n.to_string()))).collect();
        let path = format!("/api/v1/imports/{import}");
        let (_, _, _, cancelled, _) = tokio::join!(
            server.put(&import, 2, &lines[0]),
            server.put(&import, 3, &lines[1]),
            server.put(&import, 4, &lines[2]),
            server.delete(&path),
            server.put(&import, 5, &lines[3]),
        );
        assert_eq!(cancelled.body["state"], "cancelled");
        assert!(server.staged().is_empty());
    }
}

#[tokio::test]
async fn cancelled_while_queued() {
    let server = Server::new().await;
    let import = server.send_stream(&long_stream()).await;
    let cancelled = server.delete(&format!("/api/v1/imports/{import}")).await;
    assert_eq!(cancelled.body["state"], "cancelled");
    assert!(server.staged().is_empty());
    assert!(!server.work(None).await, "its job is gone");
}

#[tokio::test]
async fn cancelled_while_running_keeps_and_counts_what_is_applied() {
    let server = Server::with_batches_of(5).await;
    let id = server.send_stream(&long_stream()).await;
    // The page, then two batches of comments.
    server.work(Some(3)).await;
    assert_eq!(server.import(&id).await["state"], "running");
    server.delete(&format!("/api/v1/imports/{id}")).await;
    server.work(None).await;
    let import = server.import(&id).await;
    assert_eq!((&import["state"], came_of(&import)), (&json!("cancelled"), (10, 0, 0, 0)));
    assert!(server.staged().is_empty());
    let pages = server.get(&format!("/api/v1/sites/{}/pages", server.site)).await.body;
    assert_eq!(pages["pages"][0]["comments"], 10);
    assert_eq!(came_of(&server.apply(&long_stream()).await), (10, 0, 10, 0));
}

#[tokio::test]
async fn a_job_that_cannot_read_its_spool_fails_with_a_sentence() {
    let server = Server::new().await;
    let id = server.send_stream(&long_stream()).await;
    server.app.spool().clear(&id).await.unwrap();
    server.work(None).await;
    let import = server.import(&id).await;
    assert_eq!(
        (&import["state"], &import["error"]["code"]),
        (&json!("failed"), &json!("spool_unreadable"))
    );
    assert!(!server.work(None).await, "it is not started again");
    let second = server.apply(&long_stream()).await;
    assert_eq!(came_of(&second), (20, 0, 0, 0));
}

#[tokio::test]
async fn an_unfinished_stream_expires_a_day_after_its_last_chunk() {
    let server = Server::new().await;
    let import = server.create(20).await;
    server.app.clock().advance(Duration::from_hours(23));
    server.put(&import, 1, &long_stream().text()).await;
    server.app.clock().advance(Duration::from_hours(23));
    sweep(&server.app).await.unwrap();
    assert_eq!(server.import(&import).await["state"], "receiving");
    server.app.clock().advance(Duration::from_hours(1));
    sweep(&server.app).await.unwrap();
    assert_eq!(server.import(&import).await["state"], "expired");
    assert!(server.staged().is_empty());
}

#[tokio::test]
async fn the_sweep_removes_files_without_an_import_alone() {
    let server = Server::new().await;
    let import = server.create(20).await;
    server.put(&import, 1, &long_stream().text()).await;
    let spool = server.folder.path().join("data/spool");
    std::fs::create_dir(spool.join("stray")).unwrap();
    std::fs::write(spool.join("stray/1.ndjson.gz"), b"x").unwrap();
    std::fs::write(spool.join("file"), b"x").unwrap();
    sweep(&server.app).await.unwrap();
    assert_eq!(server.staged(), [import]);
}

#[tokio::test]
async fn an_end_that_a_process_died_on_is_reached_by_the_next() {
    let server = Server::new().await;
    let import = server.create(20).await;
    server.put(&import, 1, &long_stream().text()).await;
    sqlx::query("UPDATE imports SET ending = 'cancelled'")
        .execute(&mut *server.app.store().begin_raw().await)
        .await
        .unwrap();
    let server = server.restart(1_000).await;
    assert_eq!(server.import(&import).await["state"], "cancelled");
    assert!(server.staged().is_empty());
}
