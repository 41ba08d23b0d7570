//! Stopped in good order, and asked how it is.

use tempfile::TempDir;

use crate::client::{assert_adds_up, came_of, done};
use crate::database::Database;
use crate::process::{Server, Settings, wait_for};
use crate::stream::Discussion;

#[test]
fn a_stop_in_the_middle_is_no_interruption_and_the_next_start_goes_on() {
    let discussion = Discussion { comments: 20_000, pages: 200 };
    let folder = TempDir::new().unwrap();
    let settings = Settings { batch_records: 200, ..Settings::default() };
    let mut server = Server::set_up(folder.path(), settings);
    let import = server.send(discussion, &discussion.pieces(2_000));
    for stop in 1..=2 {
        // Twice, with at least one more batch in between: a stop counts for nothing.
        let before = done(&server.import(&import));
        wait_for("some comments", || {
            let now = server.at_work(&import)?;
            let comments = came_of(&now)[0] > 0;
            (comments && done(&now) > before).then_some(())
        });
        let status = server.stop();
        assert_eq!(status.code(), Some(0), "stop {stop}");
        let mut database = Database::open(&server.database());
        assert_eq!(
            database.text("SELECT state FROM jobs WHERE kind = 'import'").unwrap(),
            "queued"
        );
        assert_eq!(database.text("SELECT interrupted_at FROM jobs WHERE kind = 'import'"), None);
        // At the border of a batch: what is counted is what is there.
        let counted = database.count("SELECT result -> 'comments' ->> 'inserted' FROM imports");
        assert_eq!(database.count("SELECT count(*) FROM comments"), counted);
        drop(database);
        server.start();
    }
    let ended = server.wait_state(&import, "succeeded");
    assert_eq!(came_of(&ended), [20_000, 0, 0, 0]);
    assert_adds_up(&ended);
    assert!(server.staged().is_empty());
    let mut database = Database::open(&server.database());
    database.assert_holds(discussion);
    assert_eq!(database.count("SELECT attempt FROM jobs WHERE kind = 'import'"), 3);
}

#[test]
fn health_says_when_the_database_is_gone() {
    let folder = TempDir::new().unwrap();
    let (data, elsewhere) = (folder.path().join("data"), folder.path().join("elsewhere"));
    let server = Server::set_up(&data, Settings::default());
    assert_eq!(server.get("/healthz").status, 200);
    std::fs::rename(&data, &elsewhere).unwrap();
    let gone = server.get("/healthz");
    assert_eq!(gone.code(), (503, "unavailable"));
    assert!(gone.retry_after().is_some());
    std::fs::rename(&elsewhere, &data).unwrap();
    assert_eq!(server.get("/healthz").status, 200);
}
