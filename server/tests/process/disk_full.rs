//! Disks that fill up, under the staged files and under the database.

use tempfile::TempDir;

use crate::client::{Reply, assert_adds_up, came_of};
use crate::database::Database;
use crate::mounts::Disk;
use crate::process::{Server, Settings, wait_for};
use crate::stream::{Discussion, Piece};

/// Sends until the server has no more room: how many were taken, and the refusal.
fn send_until_refused(server: &Server, import: &str, pieces: &[Piece]) -> (usize, Reply) {
    for (sent, piece) in pieces.iter().enumerate() {
        let reply = server.put(import, piece);
        if reply.status != 204 {
            return (sent, reply);
        }
    }
    panic!("everything fitted");
}

/// What is held and staged is what was answered, and nothing half-written.
fn assert_only_these(server: &Server, import: &str, pieces: &[Piece]) {
    let sent: Vec<_> = pieces.iter().map(|piece| (piece.number, piece.digest.clone())).collect();
    assert_eq!(server.held(import), sent);
    let staged = server.staged();
    assert_eq!(staged.len(), pieces.len(), "{staged:?}");
    for piece in pieces {
        let name = format!("{}-", piece.number);
        assert!(staged.iter().any(|file| file.starts_with(&name) && !file.contains('#')));
    }
}

fn go_on(server: &Server, import: &str, discussion: Discussion, pieces: &[Piece], sent: usize) {
    server.put_all(import, &pieces[sent..]);
    assert_eq!(server.submit(import, discussion, pieces).status, 200);
    let ended = server.wait_state(import, "succeeded");
    let all = discussion.comments as u64;
    assert_eq!(came_of(&ended), [all, 0, 0, 0]);
    assert_adds_up(&ended);
    assert!(server.staged().is_empty());
    Database::open(&server.database()).assert_holds(discussion);
}

#[test]
fn a_chunk_that_does_not_fit_is_refused_and_the_import_goes_on_when_there_is_room() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("spool"), "256k") else { return };
    let server = Server::set_up(folder.path(), Settings::default());
    let discussion = Discussion { comments: 8_000, pages: 40 };
    let pieces = discussion.pieces(500);
    let import = server.create(discussion);
    let (sent, refused) = send_until_refused(&server, &import, &pieces);
    assert!(sent > 0);
    assert_eq!(refused.code(), (507, "disk_full"));
    assert_only_these(&server, &import, &pieces[..sent]);
    assert_eq!(server.put(&import, &pieces[sent]).code(), (507, "disk_full"), "and again");
    assert_eq!(server.get("/healthz").status, 200);
    disk.remount("size=64m");
    go_on(&server, &import, discussion, &pieces, sent);
    drop((server, disk));
}

#[test]
fn a_full_database_refuses_chunks_and_the_import_goes_on_when_there_is_room() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path(), "32m") else { return };
    let Some(spool) = Disk::mount(&folder.path().join("spool"), "32m") else { return };
    let server = Server::set_up(folder.path(), Settings::default());
    let discussion = Discussion { comments: 8_000, pages: 40 };
    let pieces = discussion.pieces(50);
    let import = server.create(discussion);
    server.put_all(&import, &pieces[..3]);
    let ballast = disk.fill();
    let (more, refused) = send_until_refused(&server, &import, &pieces[3..]);
    let sent = 3 + more;
    assert_eq!(refused.code(), (507, "disk_full"));
    assert_only_these(&server, &import, &pieces[..sent]);
    assert_eq!(server.put(&import, &pieces[sent]).code(), (507, "disk_full"), "and again");
    assert_eq!(server.import(&import)["state"], "receiving", "it can still be read");
    std::fs::remove_file(ballast).unwrap();
    go_on(&server, &import, discussion, &pieces, sent);
    drop((server, spool, disk));
}

#[test]
fn a_job_that_meets_a_full_disk_fails_once_that_can_be_stored_and_is_not_started_again() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path(), "64m") else { return };
    let Some(spool) = Disk::mount(&folder.path().join("spool"), "32m") else { return };
    let settings = Settings { batch_records: 50, sweep_every_ms: 100, ..Settings::default() };
    let mut server = Server::set_up(folder.path(), settings);
    // Many pages: bringing their numbers up to date takes more room than a batch.
    let discussion = Discussion { comments: 20_000, pages: 5_000 };
    let pieces = discussion.pieces(2_000);
    let import = server.send(discussion, &pieces);
    wait_for("most pages have comments", || {
        let now = server.at_work(&import)?;
        (came_of(&now)[0] > 5_000).then_some(())
    });
    let ballast = disk.fill();
    server.wait_logged("the job's end cannot be stored yet", 2);
    let waiting = server.import(&import);
    assert_eq!(waiting["state"], "running", "{waiting}");
    assert_eq!(server.get("/healthz").status, 200);
    std::fs::remove_file(ballast).unwrap();
    let failed = server.wait_state(&import, "failed");
    assert_eq!(failed["error"]["code"], "disk_full");
    assert!(failed["error"]["message"].as_str().unwrap().contains("Make room"), "{failed}");
    assert!(server.staged().is_empty());

    // The last batch is whole, and pages say how many comments they have.
    let counted = came_of(&failed);
    assert_eq!(&counted[1..], [0; 3]);
    let counted = usize::try_from(counted[0]).unwrap();
    let mut database = Database::open(&server.database());
    assert_eq!(database.count("SELECT count(*) FROM comments"), counted);
    assert_eq!(database.count("SELECT sum(comments) FROM pages"), counted);
    assert!((5_001..20_000).contains(&counted), "{counted}");
    assert_eq!(database.text("SELECT state FROM jobs WHERE kind = 'import'").unwrap(), "failed");
    drop(database);

    server.kill_and_start();
    let again = server.send(discussion, &pieces);
    let ended = server.wait_state(&again, "succeeded");
    let old = counted as u64;
    assert_eq!(came_of(&ended), [20_000 - old, 0, old, 0]);
    let mut database = Database::open(&server.database());
    database.assert_holds(discussion);
    assert_eq!(
        database.count("SELECT attempt FROM jobs WHERE kind = 'import' ORDER BY id LIMIT 1"),
        1
    );
    assert_eq!(server.import(&import)["state"], "failed");
    drop((database, server, spool, disk));
}

#[test]
fn a_failure_makes_its_own_room_where_staged_files_and_database_share_a_disk() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path(), "64m") else { return };
    let settings = Settings { batch_records: 50, sweep_every_ms: 100, ..Settings::default() };
    let server = Server::set_up(folder.path(), settings);
    let discussion = Discussion { comments: 20_000, pages: 5_000 };
    let import = server.send(discussion, &discussion.pieces(2_000));
    wait_for("some comments", || (came_of(&server.import(&import))[0] > 5_000).then_some(()));
    disk.fill();
    let failed = server.wait_state(&import, "failed");
    assert_eq!(failed["error"]["code"], "disk_full");
    assert!(server.staged().is_empty());
    drop((server, disk));
}
