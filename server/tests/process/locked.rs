//! Another program holds the database's lock for longer than the server waits.

use tempfile::TempDir;

use crate::client::{assert_adds_up, came_of};
use crate::database::Database;
use crate::process::{Server, Settings, wait_for};
use crate::stream::Discussion;

fn impatient() -> Settings {
    Settings { batch_records: 100, busy_timeout_ms: 50, ..Settings::default() }
}

#[test]
fn a_locked_database_refuses_for_now_and_keeps_nothing_half() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), impatient());
    let discussion = Discussion { comments: 1_000, pages: 10 };
    let pieces = discussion.pieces(400);
    let import = server.create(discussion);
    server.put_all(&import, &pieces[..1]);
    let staged = server.staged();

    let lock = Database::lock(&server.database());
    let path = format!("/api/v1/sites/{}/imports", server.site);
    for refused in [
        server.put(&import, &pieces[1]),
        server.submit(&import, discussion, &pieces),
        server.post(&path, &discussion.new_import()),
    ] {
        assert_eq!(refused.code(), (503, "unavailable"));
        assert!(refused.retry_after().is_some());
    }
    assert_eq!(server.staged(), staged);
    assert_eq!(server.held(&import).len(), 1, "reading goes on");
    assert_eq!(server.get("/healthz").status, 200);
    drop(lock);

    server.put_all(&import, &pieces[1..]);
    assert_eq!(server.submit(&import, discussion, &pieces).status, 200);
    let ended = server.wait_state(&import, "succeeded");
    assert_eq!(came_of(&ended), [1_000, 0, 0, 0]);
    assert_adds_up(&ended);
    Database::open(&server.database()).assert_holds(discussion);
}

#[test]
fn a_job_waits_for_a_lock_and_goes_on_where_it_was() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), impatient());
    let discussion = Discussion { comments: 40_000, pages: 100 };
    let import = server.send(discussion, &discussion.pieces(4_000));
    wait_for("some comments", || (came_of(&server.import(&import))[0] > 1_000).then_some(()));
    let lock = Database::lock(&server.database());
    server.wait_logged("the job waits for its storage", 3);
    let waiting = server.import(&import);
    assert_eq!(waiting["state"], "running", "{waiting}");
    assert!(waiting["error"].is_null(), "{waiting}");
    drop(lock);
    let ended = server.wait_state(&import, "succeeded");
    assert_eq!(came_of(&ended), [40_000, 0, 0, 0]);
    assert_adds_up(&ended);
    assert!(server.staged().is_empty());
    let mut database = Database::open(&server.database());
    database.assert_holds(discussion);
    assert_eq!(database.count("SELECT attempt FROM jobs WHERE kind = 'import'"), 1);
    assert_eq!(database.text("SELECT interrupted_at FROM jobs WHERE kind = 'import'"), None);
}
