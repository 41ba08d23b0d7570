//! What is counted for those who watch the server: numbers of the whole server,
//! never of an account.

use sqlx::Row;

use super::{Store, Stored, from_column};
use crate::http::dto::ImportResult;

const OPEN_JOBS: &str = "SELECT kind, state, count(*), min(created_at) FROM jobs
    WHERE state IN ('queued', 'running') GROUP BY kind, state";
const OPEN_IMPORTS: &str =
    "SELECT count(*) FILTER (WHERE state = 'receiving'), coalesce(sum(staged_bytes), 0)
    FROM imports WHERE state IN ('receiving', 'queued', 'running')";
const ENDED_JOBS: &str = "SELECT id, kind, state, coalesce(started_at, created_at) AS started_at,
        finished_at, error ->> 'code' AS code
    FROM jobs WHERE finished_at >= $1";
const ENDED_IMPORTS: &str = "SELECT seq, ending, result, finished_at, error ->> 'code' AS code
    FROM imports WHERE finished_at >= $1 AND ending IS NOT NULL";

/// Jobs of one kind that wait or run.
#[derive(Debug, Clone)]
pub(crate) struct OpenJobs {
    pub kind: String,
    pub running: bool,
    pub count: u64,
    /// When the oldest was asked for.
    pub oldest_at: i64,
}

/// Streams that come in, and what is staged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenImports {
    pub receiving: u64,
    pub staged_bytes: u64,
}

/// A job that came to its end.
#[derive(Debug, Clone)]
pub(crate) struct EndedJob {
    pub id: i64,
    pub kind: String,
    /// Its final state.
    pub outcome: String,
    pub started_at: i64,
    pub finished_at: i64,
    /// Why it failed; of an import that stands with the import.
    pub code: Option<String>,
}

/// An import that came to its end.
#[derive(Debug, Clone)]
pub(crate) struct EndedImport {
    pub seq: i64,
    /// The state it ended in.
    pub outcome: String,
    pub result: ImportResult,
    pub finished_at: i64,
    /// Why it failed.
    pub code: Option<String>,
}

/// Jobs that wait or run.
pub(crate) async fn open_jobs(store: &Store) -> Stored<Vec<OpenJobs>> {
    let rows = sqlx::query(OPEN_JOBS).fetch_all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            Ok(OpenJobs {
                kind: row.try_get(0)?,
                running: row.try_get::<&str, _>(1)? == "running",
                count: from_column(row.try_get(2)?),
                oldest_at: row.try_get(3)?,
            })
        })
        .collect()
}

/// Streams that come in, and what is staged.
pub(crate) async fn open_imports(store: &Store) -> Stored<OpenImports> {
    let row = sqlx::query(OPEN_IMPORTS).fetch_one(store.reader()).await?;
    Ok(OpenImports {
        receiving: from_column(row.try_get(0)?),
        staged_bytes: from_column(row.try_get(1)?),
    })
}

/// Jobs that ended since then.
pub(crate) async fn ended_jobs(store: &Store, since: i64) -> Stored<Vec<EndedJob>> {
    let rows = sqlx::query(ENDED_JOBS).bind(since).fetch_all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            Ok(EndedJob {
                id: row.try_get("id")?,
                kind: row.try_get("kind")?,
                outcome: row.try_get("state")?,
                started_at: row.try_get("started_at")?,
                finished_at: row.try_get("finished_at")?,
                code: row.try_get("code")?,
            })
        })
        .collect()
}

/// Imports that ended since then.
pub(crate) async fn ended_imports(store: &Store, since: i64) -> Stored<Vec<EndedImport>> {
    let rows = sqlx::query(ENDED_IMPORTS).bind(since).fetch_all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            Ok(EndedImport {
                seq: row.try_get("seq")?,
                outcome: row.try_get("ending")?,
                result: serde_json::from_str(row.try_get("result")?)?,
                finished_at: row.try_get("finished_at")?,
                code: row.try_get("code")?,
            })
        })
        .collect()
}

/// All that a look at the metrics asks, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OPEN_JOBS, OPEN_IMPORTS, ENDED_JOBS, ENDED_IMPORTS];
