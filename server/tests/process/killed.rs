//! `kill -9`, at any moment.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::client::{assert_adds_up, came_of, done};
use crate::database::Database;
use crate::process::{Server, Settings, wait_for};
use crate::stream::{Discussion, Random};

const KILLS: u64 = 10;

#[test]
fn ten_kills_in_two_hundred_thousand_comments_lose_and_double_nothing() {
    let discussion = Discussion { comments: 200_000, pages: 20_000 };
    let pieces = discussion.pieces(4_000);
    let mut random = Random::seeded();
    let folder = TempDir::new().unwrap();
    let mut server = Server::set_up(folder.path(), Settings::default());
    let import = server.send(discussion, &pieces);
    let total = server.import(&import)["progress"]["total"].as_u64().unwrap();
    for kill in 0..KILLS {
        // The first among the pages, the others anywhere in their share of the
        // way, and none before one more batch is committed.
        let share = total * 95 / 100 / KILLS;
        let within = if kill == 0 { discussion.pages as u64 / 2 } else { share };
        let place = kill * share + random.below(within);
        let before = done(&server.import(&import));
        let more = wait_for("one more batch", || {
            let now = server.at_work(&import)?;
            (done(&now) > before && done(&now) >= place).then(|| done(&now))
        });
        for _ in 0..random.below(30) {
            server.import(&import);
        }
        let at = server.at_work(&import).expect("it is not over");
        eprintln!("kill {kill} after {more} of {total}, in {}", at["progress"]["phase"]);
        server.kill_and_start();
    }
    let ended = server.wait_state(&import, "succeeded");
    assert_eq!(came_of(&ended), [200_000, 0, 0, 0]);
    assert_adds_up(&ended);
    assert_eq!(ended["result"]["pages"]["inserted"], 20_000);
    assert!(server.staged().is_empty());
    let mut database = Database::open(&server.database());
    database.assert_holds(discussion);
    assert_eq!(
        database.count("SELECT attempt FROM jobs WHERE kind = 'import'"),
        11,
        "each start took it up once"
    );
    let pages = server.get(&format!("/api/v1/sites/{}/pages", server.site)).body;
    assert_eq!((&pages["total"], &pages["pages"][0]["comments"]), (&20_000.into(), &10.into()));

    let again = server.send(discussion, &pieces);
    let ended = server.wait_state(&again, "succeeded");
    assert_eq!(came_of(&ended), [0, 0, 200_000, 0]);
    assert_adds_up(&ended);
    assert!(server.staged().is_empty());
    assert_eq!(database.count("SELECT count(*) FROM comments"), 200_000);
}

#[test]
fn a_second_kill_at_the_same_place_fails_the_job_and_says_why() {
    let discussion = Discussion { comments: 20_000, pages: 10 };
    // One chunk is one batch, long enough to be met in the middle of it.
    let pieces = discussion.pieces(30_000);
    assert_eq!(pieces.len(), 1);
    let folder = TempDir::new().unwrap();
    let settings = Settings { batch_records: 1_000_000, ..Settings::default() };
    let mut server = Server::set_up(folder.path(), settings);
    let import = server.send(discussion, &pieces);
    let mut places = Vec::new();
    let mut database = Database::open(&server.database());
    for attempt in 1..=2 {
        wait_for("the pass over the comments", || {
            let now = server.at_work(&import)?;
            // What people see stays while the job waits to be taken up again.
            let taken = "SELECT count(*) FROM jobs WHERE kind = 'import' AND state = 'running'";
            let attempts = database.count("SELECT attempt FROM jobs WHERE kind = 'import'");
            let at_work = database.count(taken) == 1 && attempts == attempt;
            (at_work && now["progress"]["phase"] == "comments").then_some(())
        });
        server.kill();
        places.push(database.text("SELECT cursor FROM jobs WHERE kind = 'import'").unwrap());
        server.start();
    }
    assert_eq!(places[0], places[1], "the kills met the same batch");
    let failed = server.wait_state(&import, "failed");
    assert_eq!(failed["error"]["code"], "interrupted_twice");
    assert!(failed["error"]["message"].as_str().unwrap().contains("stopped twice"), "{failed}");
    assert_eq!(came_of(&failed), [0; 4]);
    assert_eq!(failed["result"]["pages"]["inserted"], 10, "what was committed stays");
    assert!(server.staged().is_empty());
    assert_eq!(database.text("SELECT state FROM jobs WHERE kind = 'import'").unwrap(), "failed");

    // Neither by itself nor by another start, and it is in nobody's way.
    server.kill_and_start();
    assert_eq!(server.import(&import)["state"], "failed");
    let small = Discussion { comments: 50, pages: 10 };
    let next = server.send(small, &small.pieces(1_000));
    assert_eq!(came_of(&server.wait_state(&next, "succeeded")), [50, 0, 0, 0]);
    assert_eq!(
        database.count("SELECT attempt FROM jobs WHERE kind = 'import' ORDER BY id LIMIT 1"),
        2
    );
}

#[test]
fn every_chunk_that_was_answered_is_held_after_a_kill() {
    let discussion = Discussion { comments: 6_000, pages: 30 };
    let pieces = discussion.pieces(100);
    let mut random = Random::seeded();
    let folder = TempDir::new().unwrap();
    let mut server = Server::set_up(folder.path(), Settings::default());
    let import = server.create(discussion);
    let (next, answered) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let enough = 5 + usize::try_from(random.below(30)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let sender = (*server).clone();
            let (next, answered, pieces, import) = (&next, &answered, &pieces, &import);
            scope.spawn(move || {
                while let Some(piece) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // No answer: the server is gone.
                    let Ok(reply) = sender.try_put(import, piece) else { return };
                    assert_eq!(reply.status, 204, "{}", reply.body);
                    answered.lock().unwrap().insert(piece.number, piece.digest.clone());
                }
            });
        }
        wait_for("some answers", || (answered.lock().unwrap().len() >= enough).then_some(()));
        server.kill();
    });
    server.start();
    let held: BTreeMap<_, _> = server.held(&import).into_iter().collect();
    let answered = answered.into_inner().unwrap();
    assert!(answered.len() >= enough && held.len() < pieces.len());
    for (number, digest) in &answered {
        assert_eq!(held.get(number), Some(digest), "chunk {number}");
    }
    assert_eq!(server.import(&import)["state"], "receiving");
    let missing = pieces.iter().filter(|piece| !held.contains_key(&piece.number));
    for piece in missing {
        assert_eq!(server.put(&import, piece).status, 204);
    }
    assert_eq!(server.submit(&import, discussion, &pieces).status, 200);
    let ended = server.wait_state(&import, "succeeded");
    assert_eq!(came_of(&ended), [6_000, 0, 0, 0]);
    assert_adds_up(&ended);
    assert!(server.staged().is_empty(), "half-written files included");
    Database::open(&server.database()).assert_holds(discussion);
}
