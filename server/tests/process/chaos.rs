//! `kill -9`, again and again, in imports that change what those before them left.

use tempfile::TempDir;

use crate::client::{assert_adds_up, came_of, done};
use crate::database::Database;
use crate::editions::Edition;
use crate::process::{Server, Settings, wait_for};
use crate::stream::Random;

const COMMENTS: usize = 50_000;
/// `cargo xtask chaos` sets another number.
const ROUNDS: u64 = 25;
/// Kills of one import at most, spread over it.
const KILLS_OF_ONE: u64 = 6;

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
        chaos.import(&next, Some(&edition), &mut random);
        edition = next;
    }
    // All is as it was sent: nothing is left to do.
    chaos.import(&edition, Some(&edition), &mut random);
    chaos.assert_history();
}

struct Chaos {
    server: Server,
    kills: u64,
    rounds: u64,
}

impl Chaos {
    /// Through to its end, with kills on the way as long as some are left.
    fn import(&mut self, edition: &Edition, before: Option<&Edition>, random: &mut Random) {
        let import = edition.send(&self.server);
        self.kill_on_the_way(&import, random);
        let ended = self.server.wait_state(&import, "succeeded");
        assert_eq!(came_of(&ended), edition.must_come_of(before), "{ended}");
        assert_adds_up(&ended);
        assert!(self.server.staged().is_empty());
        edition.assert_held(&mut Database::open(&self.server.database()));
    }

    fn kill_on_the_way(&mut self, import: &str, random: &mut Random) {
        let kills = (1 + random.below(KILLS_OF_ONE)).min(self.rounds - self.kills);
        let total = self.server.import(import)["progress"]["total"].as_u64().unwrap();
        for kill in 0..kills {
            let share = total / kills;
            let place = kill * share + random.below(share);
            let before = done(&self.server.import(import));
            // Not twice within one batch: that is a failure of the job, as it should be.
            let reached = wait_for("one more batch", || {
                let now = self.server.import(import);
                let over = !["queued", "running"].contains(&now["state"].as_str().unwrap());
                let there = done(&now) > before && done(&now) >= place;
                (over || there).then_some((over, done(&now)))
            });
            // As long as a few answers take, which is never the same.
            for _ in 0..random.below(20) {
                self.server.import(import);
            }
            let (over, at) = reached;
            if over {
                return;
            }
            self.kills += 1;
            eprintln!("kill {} of {} after {at} of {total} in {import}", self.kills, self.rounds);
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
            ("job that is not over", "SELECT count(*) FROM jobs WHERE state <> 'succeeded'"),
            ("lease of a job that is over", "SELECT count(*) FROM jobs WHERE lease_until NOT NULL"),
            ("end without a time", "SELECT count(*) FROM imports WHERE finished_at IS NULL"),
            ("chunk of an import that is over", "SELECT count(*) FROM chunks"),
            (
                "import without a job",
                "SELECT count(*) FROM imports WHERE seq NOT IN (SELECT import FROM jobs)",
            ),
        ] {
            assert_eq!(database.count(sql), 0, "{none}");
        }
        let attempts = database.count("SELECT sum(attempt) FROM jobs");
        let jobs = database.count("SELECT count(*) FROM jobs");
        let kills = usize::try_from(self.kills).unwrap();
        // A kill behind the last batch may find nothing left to be taken up again.
        assert!((jobs..=jobs + kills).contains(&attempts), "{attempts} attempts, {jobs} jobs");
    }
}
