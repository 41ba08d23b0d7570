//! Staged files on a disk that takes nothing.

use tempfile::TempDir;

use crate::client::{assert_adds_up, came_of};
use crate::database::Database;
use crate::mounts::Disk;
use crate::process::{Server, Settings, wait_for};
use crate::stream::Discussion;

#[test]
fn a_read_only_spool_refuses_chunks_for_now_and_keeps_an_end_waiting() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("spool"), "32m") else { return };
    let settings = Settings { sweep_every_ms: 50, ..Settings::default() };
    let server = Server::set_up(folder.path(), settings);
    let discussion = Discussion { comments: 3_000, pages: 30 };
    let pieces = discussion.pieces(1_000);
    let import = server.create(discussion);
    server.put_all(&import, &pieces[..2]);
    disk.remount("ro");
    let refused = server.put(&import, &pieces[2]);
    assert_eq!(refused.code(), (503, "unavailable"));
    assert!(refused.retry_after().is_some());
    assert_eq!(server.held(&import).len(), 2);
    disk.remount("rw");
    server.put_all(&import, &pieces[2..]);

    // What is staged can be applied, but not deleted: until it is, nobody is told of an end.
    disk.remount("ro");
    assert_eq!(server.submit(&import, discussion, &pieces).status, 200);
    server.wait_logged("the job could not be ended", 1);
    server.wait_logged("the sweep left something", 2);
    let waiting = server.import(&import);
    assert_eq!(
        (&waiting["state"], &waiting["progress"]["phase"]),
        (&"running".into(), &"cleanup".into())
    );
    assert_eq!(server.staged().len(), pieces.len());
    disk.remount("rw");
    let ended = server.wait_state(&import, "succeeded");
    assert_eq!(came_of(&ended), [3_000, 0, 0, 0]);
    assert_adds_up(&ended);
    assert!(server.staged().is_empty());
    Database::open(&server.database()).assert_holds(discussion);
    drop((server, disk));
}

#[test]
fn a_start_on_a_read_only_spool_serves_and_ends_imports_later() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("spool"), "32m") else { return };
    let settings = Settings { sweep_every_ms: 50, ..Settings::default() };
    let mut server = Server::set_up(folder.path(), settings);
    let discussion = Discussion { comments: 300, pages: 3 };
    let pieces = discussion.pieces(10_000);
    let import = server.create(discussion);
    server.put_all(&import, &pieces);
    disk.remount("ro");
    assert_eq!(server.submit(&import, discussion, &pieces).status, 200);
    wait_for("the passes are over", || {
        (server.import(&import)["progress"]["phase"] == "cleanup").then_some(())
    });
    server.kill_and_start();
    server.wait_logged("the sweep left something", 1);
    assert_eq!(server.import(&import)["state"], "running");
    disk.remount("rw");
    assert_eq!(came_of(&server.wait_state(&import, "succeeded")), [300, 0, 0, 0]);
    assert!(server.staged().is_empty());
    drop((server, disk));
}
