//! What must hold after each step, and in the end.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use super::*;
use crate::store::jobs::{Claim, Cursor, Pass};

/// Whether a worker may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lease {
    Held,
    Lost,
}

/// Where a job is: its state, token and cursor.
pub(super) type Jobs = BTreeMap<i64, (String, i64, String)>;

pub(super) struct Rules {
    app: App,
    submitted: Vec<Submitted>,
    /// Jobs whose lease was lost, and where that was the last time.
    lost_at: BTreeMap<i64, String>,
    pub(super) happened: Arc<Happened>,
}

/// How often it came to what is tested: rules that are never put to the test hold.
#[derive(Debug, Default)]
pub(super) struct Happened {
    /// Workers that woke up without their lease.
    pub(super) refused: AtomicU64,
    succeeded: AtomicU64,
    failed: AtomicU64,
    cancelled: AtomicU64,
}

impl Happened {
    fn count(&self, state: &str) {
        let count = match state {
            "succeeded" => &self.succeeded,
            "failed" => &self.failed,
            _ => &self.cancelled,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn assert_all(&self) {
        let Self { refused, succeeded, failed, cancelled } = self;
        for count in [refused, succeeded, failed, cancelled] {
            assert_ne!(count.load(Ordering::Relaxed), 0, "{self:?}");
        }
    }
}

struct Submitted {
    id: String,
    site: i64,
    stream: Stream,
}

/// A lease that is about to be taken away.
pub(super) struct Loss {
    job: i64,
    cursor: String,
    /// The second time at this place.
    fails: bool,
}

impl Rules {
    pub(super) fn new(server: &Server, happened: Arc<Happened>) -> Self {
        Self { app: server.app.clone(), submitted: Vec::new(), lost_at: BTreeMap::new(), happened }
    }

    pub(super) fn submitted(&mut self, id: String, site: i64, stream: Stream) {
        self.submitted.push(Submitted { id, site, stream });
    }

    pub(super) fn nth(&self, n: usize) -> Option<&str> {
        self.submitted.get(n).map(|submitted| submitted.id.as_str())
    }

    pub(super) async fn open(&self) -> usize {
        let open = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')";
        usize::try_from(self.number(open).await).unwrap()
    }

    pub(super) async fn look(&self) -> Jobs {
        let rows: Vec<(i64, String, i64, String)> =
            sqlx::query_as("SELECT id, state, lease_token, cursor FROM jobs WHERE kind = 'import'")
                .fetch_all(self.app.store().reader())
                .await
                .unwrap();
        rows.into_iter().map(|(id, state, token, cursor)| (id, (state, token, cursor))).collect()
    }

    pub(super) async fn lease_of(&self, claim: &Claim) -> Lease {
        let jobs = self.look().await;
        let (state, token, _) = &jobs[&claim.job];
        if state == "running" && *token == claim.token { Lease::Held } else { Lease::Lost }
    }

    pub(super) async fn is_over(&self, job: i64) -> bool {
        is_final(&self.look().await[&job].0)
    }

    /// Everything that a worker writes, as text.
    pub(super) async fn all_rows(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (table, columns) in [
            ("jobs", "id, state, lease_token, lease_until, cursor, cancel_requested, attempt"),
            ("imports", "seq, state, ending, phase, done, result, error, finished_at"),
            ("comments", "id, page_id, parent_id, status, body"),
            ("comment_sources", "site_id, source_id, comment_id, hex(hash), added_in, seen_in"),
            ("import_added", "import, kind, first_id, last_id"),
            ("import_changed", "import, kind, id, before"),
            ("pages", "id, comments"),
        ] {
            let sql = format!("SELECT json_array({columns}) FROM {table} ORDER BY 1");
            let reader = self.app.store().reader();
            let rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_all(reader);
            all.extend(rows.await.unwrap());
        }
        all
    }

    /// The leases that run out by then.
    pub(super) async fn losses(&self, now: i64) -> Vec<Loss> {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT id, cursor FROM jobs WHERE state = 'running' AND lease_until <= $1",
        )
        .bind(now)
        .fetch_all(self.app.store().reader())
        .await
        .unwrap();
        rows.into_iter()
            .map(|(job, cursor)| {
                let pass = serde_json::from_str::<Cursor>(&cursor).unwrap().pass;
                let again = self.lost_at.get(&job) == Some(&cursor);
                Loss { job, fails: again && pass != Pass::Cleanup, cursor }
            })
            .collect()
    }

    pub(super) async fn released(&mut self, losses: Vec<Loss>) -> Rule {
        let jobs = self.look().await;
        for Loss { job, cursor, fails } in losses {
            let (state, ..) = &jobs[&job];
            let wanted = if fails { "failed" } else { "queued" };
            rule!(
                state == wanted,
                "job {job} is {state} and not {wanted} after its lease was lost"
            );
            self.lost_at.insert(job, cursor);
        }
        Ok(())
    }

    /// What holds at any time. Only who has the newest token moves a job on.
    pub(super) async fn check(&self, before: &Jobs, writes_as: Option<(i64, i64)>) -> Rule {
        let now = self.look().await;
        for (id, (was, token_was, cursor_was)) in before {
            let (is, token, cursor) = &now[id];
            rule!(!is_final(was) || was == is, "job {id} was {was} and is {is}");
            rule!(token >= token_was, "the token of job {id} went back");
            let may_move = writes_as == Some((*id, *token_was)) && was == "running";
            rule!(cursor == cursor_was || may_move, "job {id} was moved by somebody else");
        }
        let twice = "SELECT count(*) FROM (SELECT 1 FROM jobs
            WHERE state = 'running' AND site_id IS NOT NULL GROUP BY site_id HAVING count(*) > 1)";
        rule!(self.number(twice).await == 0, "two jobs of one site run");
        let there = self.number("SELECT count(*) FROM comments").await;
        for (what, sql) in [
            ("known", "SELECT count(*) FROM comment_sources"),
            (
                "counted",
                "SELECT coalesce(sum(result -> 'comments' ->> 'inserted'), 0) FROM imports",
            ),
            (
                "kept for an undo",
                "SELECT coalesce(sum(last_id - first_id + 1), 0) FROM import_added
                WHERE kind = 'comment'",
            ),
        ] {
            let other = self.number(sql).await;
            rule!(there == other, "{there} comments are there and {other} are {what}");
        }
        let counted = "SELECT count(*) FROM imports WHERE
            (result -> 'comments' ->> 'inserted') + (result -> 'comments' ->> 'updated')
            + (result -> 'comments' ->> 'unchanged') + (result -> 'comments' ->> 'rejected')
            > comments + removed";
        rule!(self.number(counted).await == 0, "more lines came to something than were sent");
        Ok(())
    }

    /// Nothing is left to do, and all of it is there.
    pub(super) async fn check_end(&self, sites: [&Server; 2]) -> Rule {
        rule!(self.open().await == 0, "a job never ended");
        rule!(sites[0].staged().is_empty(), "files are left: {:?}", sites[0].staged());
        let mut states = Vec::new();
        for submitted in &self.submitted {
            let import = sites[0].import(&submitted.id).await;
            let state = import["state"].as_str().unwrap().to_owned();
            rule!(is_final(&state), "an import was lost: {import}");
            if state == "succeeded" {
                assert_adds_up(&import);
            }
            self.happened.count(&state);
            states.push(state);
        }
        for server in sites {
            self.check_comments(server, &states).await?;
        }
        Ok(())
    }

    /// What the site's last import said that went through, or one behind it that did not.
    async fn check_comments(&self, server: &Server, states: &[String]) -> Rule {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT s.source_id, c.status, c.body FROM comment_sources s
            JOIN comments c ON c.id = s.comment_id WHERE s.site_id = $1",
        )
        .bind(server.site)
        .fetch_all(self.app.store().reader())
        .await
        .unwrap();
        let stored: BTreeMap<_, _> =
            rows.into_iter().map(|(id, status, body)| (id, (status, body))).collect();
        let own = || self.submitted.iter().zip(states).filter(|(one, _)| one.site == server.site);
        let own: Vec<_> = own().collect();
        let Some(last) = own.iter().rposition(|(_, state)| *state == "succeeded") else {
            return Ok(());
        };
        for record in &own[last].0.stream.records {
            let Some(source_id) = record["source_id"].as_str() else { continue };
            if record["type"] != "comment" {
                continue;
            }
            let Some((status, body)) = stored.get(source_id) else {
                return Err(format!("comment {source_id} is lost"));
            };
            let said = own[last..].iter().flat_map(|(one, _)| &one.stream.records).any(|record| {
                let gone = record["type"] == "removed" && status == "deleted";
                record["source_id"] == source_id && (gone || record["body"] == **body)
            });
            rule!(said, "comment {source_id} says {body}, which nobody sent last");
        }
        Ok(())
    }

    async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.app.store().reader()).await.unwrap()
    }
}

fn is_final(state: &str) -> bool {
    !["queued", "running", "receiving"].contains(&state)
}
