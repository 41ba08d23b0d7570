//! How long what there was before is kept.

use super::*;
use crate::sweep::sweep;

#[tokio::test]
async fn what_was_there_before_is_kept_for_thirty_days() {
    let server = Server::with_batches_of(2).await;
    server.apply(&base()).await;
    let second =
        server.apply(&changed(|records| of_id(records, "2")["body"] = json!("other words"))).await;
    let ann = server.me().await;
    let kept = "SELECT (SELECT count(*) FROM import_changed)
        + (SELECT count(*) FROM import_changed_sources) + (SELECT count(*) FROM import_added)
        + (SELECT count(*) FROM import_pages)";
    server.app.clock().advance(std::time::Duration::from_hours(24 * 29));
    sweep(&server.app).await.unwrap();
    let server = server.signed_in(&ann).await;
    assert_eq!(server.import(second["id"].as_str().unwrap()).await["can_undo"], true);
    assert_ne!(number(&server, kept).await, 0);
    let asked = ask_undo(&server, &second["id"], false).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    server.app.clock().advance(std::time::Duration::from_hours(24));
    sweep(&server.app).await.unwrap();
    server.work(None).await;
    let second = server.import(second["id"].as_str().unwrap()).await;
    assert_eq!(second["state"], "undone", "asked for in time: {second}");
    assert_eq!(number(&server, kept).await, 0);
    let reply = server.get("/api/v1/imports").await.body;
    assert_eq!(reply[1]["can_undo"], false);
    let late = ask_undo(&server, &reply[1]["id"], false).await;
    assert_eq!(late.code(), (409, "undo_expired"));
}

#[tokio::test]
async fn nothing_is_kept_where_nothing_is_to_be_kept() {
    let server = Server::with(|config| config.keep_history_days = 0).await;
    let import = server.apply(&base()).await;
    assert_eq!(ask_undo(&server, &import["id"], false).await.code(), (409, "undo_expired"));
    sweep(&server.app).await.unwrap();
    assert_eq!(number(&server, "SELECT count(*) FROM import_added").await, 0);
}

#[tokio::test]
async fn words_that_are_undone_or_expired_are_in_no_file() {
    let server = Server::new().await;
    server.apply(&changed(|records| of_id(records, "2")["body"] = json!("theold words"))).await;
    let second = server
        .apply(&changed(|records| {
            of_id(records, "2")["body"] = json!("thenew words");
            records.push(comment("theadded", None));
        }))
        .await;
    for word in ["theold", "thenew", "theadded"] {
        assert!(is_on_disk(&server, word), "{word}");
    }
    undo(&server, &second).await;
    for word in ["thenew", "theadded"] {
        assert!(!is_on_disk(&server, word), "{word}");
    }
    server.apply(&base()).await;
    assert!(is_on_disk(&server, "theold"), "as it was before the last one");
    server.app.clock().advance(std::time::Duration::from_hours(24 * 30));
    sweep(&server.app).await.unwrap();
    assert!(!is_on_disk(&server, "theold"));
}

fn is_on_disk(server: &Server, word: &str) -> bool {
    let word = word.as_bytes();
    std::fs::read_dir(server.folder.path().join("data")).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        path.is_file()
            && std::fs::read(path).unwrap().windows(word.len()).any(|window| window == word)
    })
}

#[tokio::test]
async fn an_import_of_before_there_was_undo_cannot_be_taken_back() {
    let server = Server::new().await;
    let import = server.apply(&base()).await;
    for sql in
        ["DELETE FROM import_added", "DELETE FROM import_pages", "UPDATE imports SET undoable = 0"]
    {
        sqlx::query(sql).execute(&mut *server.app.store().begin_raw().await).await.unwrap();
    }
    let import = server.import(import["id"].as_str().unwrap()).await;
    assert_eq!(import["can_undo"], false);
    assert_eq!(ask_undo(&server, &import["id"], false).await.code(), (409, "undo_expired"));
    let later = server.apply(&changed(|records| records.push(comment("new", None)))).await;
    assert_eq!(ask_undo(&server, &import["id"], true).await.code(), (409, "undo_expired"));
    undo(&server, &later).await;
}
