//! Two workers with clocks of their own, which die, pause and come back: what
//! holds whatever they do, and whatever admins do meanwhile.
//!
//! The queue, the import and the store are the real ones. A machine tries steps
//! at random, and where one of the rules is broken it looks for the fewest steps
//! that break it, and prints them.

mod rules;
mod workers;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

use self::rules::{Happened, Rules};
use self::workers::Workers;
use super::*;
use crate::jobs::runner;
use crate::sweep;

const CASES: u32 = 48;
const MOST_STORIES: usize = 30;
/// Imports at the same time; an account may not have many more.
const MOST_OPEN: usize = 10;
const SECOND: i64 = 1_000_000;
/// With the most that two clocks differ, a lease has run out in any case.
const LEASE_SECONDS: i64 = 60;

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// An admin sends and submits an edition of the export to one of two sites.
    Submit { site: usize, edition: usize },
    /// An admin cancels an import, counted from the first.
    Cancel { import: usize },
    /// A worker without a job takes one from the queue.
    Claim { worker: usize },
    /// A worker does so many batches, however long it slept before.
    Go { worker: usize, batches: u64 },
    /// A worker says that it lives.
    Beat { worker: usize },
    /// A worker goes on to the end.
    Finish { worker: usize },
    /// A worker stops in good order and gives its job back.
    Stop { worker: usize },
    /// A worker's process dies.
    Die { worker: usize },
    /// A worker without a job looks for those whose leases ran out.
    Release { worker: usize },
    /// A worker's clock is set.
    Skew { worker: usize, seconds: i64 },
    /// Time passes.
    Wait { seconds: i64 },
    /// The sweep comes by.
    Sweep,
}

/// Single steps, and stories that chance alone would hardly ever tell.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let stories = prop_oneof![
        12 => step().prop_map(|step| vec![step]),
        2 => (0..2_usize, 0..3_u64, 1..3_u64, any::<bool>()).prop_map(paused),
        1 => (0..2_usize, 0..4_u64).prop_map(dies_twice),
    ];
    (submit(), vec(stories, 1..MOST_STORIES))
        .prop_map(|(first, stories)| [vec![first], stories.concat()].concat())
}

fn step() -> impl Strategy<Value = Step> {
    let worker = || 0..2_usize;
    prop_oneof![
        4 => submit(),
        3 => (0..6_usize).prop_map(|import| Step::Cancel { import }),
        6 => worker().prop_map(|worker| Step::Claim { worker }),
        9 => (worker(), 1..4_u64).prop_map(|(worker, batches)| Step::Go { worker, batches }),
        1 => worker().prop_map(|worker| Step::Beat { worker }),
        1 => worker().prop_map(|worker| Step::Finish { worker }),
        1 => worker().prop_map(|worker| Step::Stop { worker }),
        3 => worker().prop_map(|worker| Step::Die { worker }),
        5 => worker().prop_map(|worker| Step::Release { worker }),
        2 => (worker(), -90..90_i64).prop_map(|(worker, seconds)| Step::Skew { worker, seconds }),
        4 => (1..100_i64).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Sweep),
    ]
}

fn submit() -> impl Strategy<Value = Step> {
    (0..2_usize, 0..5_usize).prop_map(|(site, edition)| Step::Submit { site, edition })
}

/// A worker sleeps longer than its lease, the other takes over, and it wakes up.
fn paused((worker, before, between, ends): (usize, u64, u64, bool)) -> Vec<Step> {
    let other = 1 - worker;
    let goes_on = if ends {
        Step::Finish { worker: other }
    } else {
        Step::Go { worker: other, batches: between }
    };
    vec![
        Step::Die { worker: other },
        Step::Claim { worker },
        Step::Go { worker, batches: before },
        Step::Wait { seconds: LEASE_SECONDS + 200 },
        Step::Release { worker: other },
        Step::Claim { worker: other },
        goes_on,
        Step::Go { worker, batches: 1 },
    ]
}

/// Two processes die of the same batch.
fn dies_twice((worker, before): (usize, u64)) -> Vec<Step> {
    let once = [
        Step::Claim { worker },
        Step::Go { worker, batches: before },
        Step::Die { worker },
        Step::Wait { seconds: LEASE_SECONDS + 200 },
        Step::Release { worker },
    ];
    let again = [
        Step::Claim { worker },
        Step::Die { worker },
        Step::Wait { seconds: LEASE_SECONDS + 200 },
        Step::Release { worker },
    ];
    [&[Step::Die { worker }], &once[..], &again[..]].concat()
}

#[test]
fn whatever_two_workers_do_nothing_is_applied_twice_or_lost() {
    let config = Config {
        cases: CASES,
        max_shrink_iters: 400,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let happened = Arc::new(Happened::default());
    let tried = TestRunner::new(config).run(&steps(), |steps| {
        runtime.block_on(play(&steps, Arc::clone(&happened))).map_err(TestCaseError::fail)
    });
    match tried {
        Ok(()) => happened.assert_all(),
        Err(TestError::Fail(why, steps)) => panic!("{why}\nafter these steps: {steps:#?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

/// A rule that does not hold.
type Rule = Result<(), String>;

/// Fails with a sentence.
macro_rules! rule {
    ($holds:expr, $($said:tt)+) => {
        if !$holds {
            return Err(format!($($said)+));
        }
    };
}
use rule;

async fn play(steps: &[Step], happened: Arc<Happened>) -> Rule {
    let server = Server::with_batches_of(3).await;
    let site = json!({ "name": "B", "url": "https://b.example.org" });
    let site = server.post("/api/v1/sites", &site).await.body["id"].as_i64().unwrap();
    let other = Server {
        app: server.app.clone(),
        folder: Arc::clone(&server.folder),
        router: server.router.clone(),
        cookie: server.cookie.clone(),
        token: None,
        site,
    };
    let sites = [&server, &other];
    let mut rules = Rules::new(&server, happened);
    let mut workers = Workers::new(&server);
    for step in steps {
        let before = rules.look().await;
        let writes_as = workers.writes_as(*step);
        take(*step, sites, &mut workers, &mut rules)
            .await
            .map_err(|why| format!("{step:?}: {why}"))?;
        rules.check(&before, writes_as).await.map_err(|why| format!("{step:?}: {why}"))?;
    }
    workers.all_die();
    for _ in 0..3 {
        workers.wait(600);
        workers.at_base();
        runner::release_abandoned(&server.app, server.app.clock().now_micros()).await.unwrap();
        sweep::sweep(&server.app).await.unwrap();
        while server.work(None).await {}
    }
    rules.check_end(sites).await
}

async fn take(step: Step, sites: [&Server; 2], workers: &mut Workers, rules: &mut Rules) -> Rule {
    match step {
        Step::Submit { site, edition } => {
            workers.at_base();
            if rules.open().await < MOST_OPEN {
                let stream = edition_of(edition);
                let id = sites[site].send_stream(&stream).await;
                rules.submitted(id, sites[site].site, stream);
            }
        }
        Step::Cancel { import } => {
            workers.at_base();
            if let Some(id) = rules.nth(import) {
                sites[0].delete(&format!("/api/v1/imports/{id}")).await;
            }
        }
        Step::Claim { worker } => workers.claim(worker).await,
        Step::Go { worker, batches } => workers.go(worker, batches, rules).await?,
        Step::Beat { worker } => workers.beat(worker, rules).await?,
        Step::Finish { worker } => workers.finish(worker, rules).await?,
        Step::Stop { worker } => workers.stop(worker, rules).await?,
        Step::Die { worker } => workers.die(worker),
        Step::Release { worker } => workers.release(worker, rules).await?,
        Step::Skew { worker, seconds } => workers.skew(worker, seconds),
        Step::Wait { seconds } => workers.wait(seconds),
        Step::Sweep => {
            workers.at_base();
            sweep::sweep(&sites[0].app).await.unwrap();
        }
    }
    Ok(())
}

/// Editions of one export: each says something else, and the last ones miss a comment.
fn edition_of(edition: usize) -> Stream {
    let mut records = vec![page("p"), page("q")];
    for n in 0..5 + 2 * edition {
        // Parents before and behind them.
        let parent = match n % 3 {
            1 => Some((n - 1).to_string()),
            2 => Some((n + 1).to_string()),
            _ => None,
        };
        let mut comment = comment(&n.to_string(), parent.as_deref());
        comment["body"] = json!(format!("{n} in {edition}"));
        records.push(comment);
    }
    if edition > 2 {
        let gone = records.remove(3);
        records.push(json!({
            "type": "removed", "kind": "comment", "source_id": gone["source_id"],
        }));
    }
    Stream::new(records)
}
