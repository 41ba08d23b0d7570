//! `kill -9`, again and again, in imports that change what those before them left.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{assert_adds_up, came_of, done};
use crate::database::Database;
use crate::editions::Edition;
use crate::process::{Server, Settings, wait_for};
use crate::stream::Random;

const COMMENTS: usize = 50_000;
/// `cargo xtask chaos` sets another number.
const ROUNDS: u64 = 25;
/// Kills of one import or undo at most, spread over it.
const KILLS_OF_ONE: u64 = 8;

#[test]
fn kills_at_any_moment_lose_and_double_nothing() {
    let rounds = std::env::var("REHOME_CHAOS_ROUNDS").ok();
    let rounds = rounds.map_or(ROUNDS, |given| given.parse().expect("a number of kills"));
    let mut random = Random::seeded();
    let folder = TempDir::new().unwrap();
    let settings = Settings { batch_records: 500, ..Settings::default() };
    let mut chaos = Chaos { server: Server::set_up(folder.path(), settings), kills: 0, rounds };
    let mut edition = Edition::first(COMMENTS);
    chaos.import(&edition, None, &mut random);
    while chaos.kills < rounds {
        // The same file again now and then, and else the discussion has gone on.
        let next = if random.below(4) == 0 { edition.clone() } else { edition.next(&mut random) };
        let import = chaos.import(&next, Some(&edition), &mut random);
        if next.differs_from(&edition) && random.below(3) == 0 {
            chaos.undo(&import, &edition, &mut random);
        } else {
            edition = next;
        }
    }
    // All is as it was sent: nothing is left to do.
    chaos.import(&edition, Some(&edition), &mut random);
    chaos.assert_history();
}

/// What is killed.
#[derive(Debug, Clone, Copy)]
enum Work {
    Import,
    Undo,
}

impl Work {
    /// Rows done.
    fn done(self, import: &Value) -> u64 {
        match self {
            Self::Import => done(import),
            Self::Undo => import["undoing"]["done"].as_u64().unwrap_or(0),
        }
    }

    fn is_over(self, import: &Value) -> bool {
        let is = |states: &[&str]| states.iter().any(|state| import["state"] == **state);
        match self {
            Self::Import => !is(&["queued", "running"]),
            Self::Undo => is(&["undone"]),
        }
    }
}

struct Chaos {
    server: Server,
    kills: u64,
    rounds: u64,
}

impl Chaos {
    /// Through to its end, with kills on the way as long as some are left.
    fn import(
        &mut self,
        edition: &Edition,
        before: Option<&Edition>,
        random: &mut Random,
    ) -> String {
        let import = edition.send(&self.server);
        let total = self.server.import(&import)["progress"]["total"].as_u64().unwrap();
        self.kill_on_the_way(&import, Work::Import, total, random);
        let ended = self.server.wait_state(&import, "succeeded");
        assert_eq!(came_of(&ended), edition.must_come_of(before), "{ended}");
        assert_adds_up(&ended);
        assert!(self.server.staged().is_empty());
        edition.assert_held(&mut Database::open(&self.server.database()));
        import
    }

    /// All of the newest import, with kills on the way as well.
    fn undo(&mut self, import: &str, before: &Edition, random: &mut Random) {
        let path = format!("/api/v1/imports/{import}/undo");
        let reply = self.server.post(&path, &json!({ "with_later": false }));
        assert_eq!(reply.status, 202, "{}", reply.body);
        let total = wait_for("what there is to undo", || {
            let now = self.server.import(import);
            let total = now["undoing"]["total"].as_u64().unwrap_or(0);
            (total > 0 || now["state"] == "undone").then_some(total)
        });
        self.kill_on_the_way(import, Work::Undo, total, random);
        wait_for("it is taken back", || {
            let now = self.server.import(import);
            assert_ne!(now["undoing"]["state"], "failed", "{now}");
            (now["state"] == "undone").then_some(())
        });
        before.assert_held(&mut Database::open(&self.server.database()));
    }

    fn kill_on_the_way(&mut self, import: &str, work: Work, total: u64, random: &mut Random) {
        let kills = (2 + random.below(KILLS_OF_ONE - 1)).min(self.rounds - self.kills);
        for kill in 0..kills {
            let share = (total / kills).max(1);
            let place = kill * share + random.below(share);
            let before = work.done(&self.server.import(import));
            // Not twice within one batch: that is a failure of the job, as it should be.
            let (at, over) = wait_for("one more batch", || {
                let now = self.server.import(import);
                let (at, over) = (work.done(&now), work.is_over(&now));
                (over || (at > before && at >= place)).then_some((at, over))
            });
            // As long as a few answers take, which is never the same.
            for _ in 0..random.below(20) {
                self.server.import(import);
            }
            if over {
                return;
            }
            self.kills += 1;
            let rounds = self.rounds;
            eprintln!("kill {} of {rounds} after {at} of {total}, {work:?} {import}", self.kills);
            self.server.kill_and_start();
        }
    }

    /// What the tables say of all that happened.
    fn assert_history(&self) {
        let mut database = Database::open(&self.server.database());
        assert_eq!(database.text("PRAGMA integrity_check").as_deref(), Some("ok"));
        assert!(database.rows("PRAGMA foreign_key_check").is_empty());
        for (none, sql) in [
            ("import that is not over", "SELECT count(*) FROM imports WHERE state <> 'succeeded'"),
            (
                "job that is not over",
                "SELECT count(*) FROM jobs WHERE state <> 'succeeded' AND kind <> 'sweep'",
            ),
            ("lease of a job that is over", "SELECT count(*) FROM jobs WHERE lease_until NOT NULL"),
            ("end without a time", "SELECT count(*) FROM imports WHERE finished_at IS NULL"),
            ("chunk of an import that is over", "SELECT count(*) FROM chunks"),
            (
                "import without a job",
                "SELECT count(*) FROM imports WHERE seq NOT IN
                    (SELECT import FROM jobs WHERE kind = 'import')",
            ),
            (
                "row that two imports added",
                "SELECT count(*) FROM import_added a JOIN import_added b ON a.kind = b.kind
                    AND a.first_id <= b.last_id AND b.first_id <= a.last_id
                    AND (a.import, a.first_id) <> (b.import, b.first_id)",
            ),
            (
                "import that changed others than it kept",
                "SELECT count(*) FROM imports i WHERE undone_at IS NULL
                    AND (result -> 'comments' ->> 'updated') <> (SELECT count(*) FROM import_changed c
                        WHERE c.import = i.seq AND c.kind = 'comment')",
            ),
        ] {
            assert_eq!(database.count(sql), 0, "{none}");
        }
        let there = database.count("SELECT count(*) FROM comments");
        let added = "SELECT sum(last_id - first_id + 1) FROM import_added
            WHERE kind = 'comment' AND import IN (SELECT seq FROM imports WHERE undone_at IS NULL)";
        assert_eq!(database.count(added), there, "comments that an import is known to have added");
        let attempts = database.count("SELECT sum(attempt) FROM jobs WHERE kind <> 'sweep'");
        let jobs = database.count("SELECT count(*) FROM jobs WHERE kind <> 'sweep'");
        let kills = usize::try_from(self.kills).unwrap();
        // A kill behind the last batch may find nothing left to be taken up again.
        assert!((jobs..=jobs + kills).contains(&attempts), "{attempts} attempts, {jobs} jobs");
    }
}
