//! Sweeps in the queue, and what came of them, for whoever asks for one from the terminal.

use sqlx::{Row, SqliteConnection};

use super::{Store, Stored, execute};
use crate::sweep::Swept;

const ADD: &str = "INSERT INTO jobs (kind, state, cursor, created_at)
    SELECT 'sweep', 'queued', '{}', $1
    WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'sweep' AND state IN ('queued', 'running'))";
const FORGET: &str = "DELETE FROM jobs
    WHERE kind = 'sweep' AND state IN ('succeeded', 'failed', 'cancelled')
        AND id < (SELECT max(id) FROM jobs
            WHERE kind = 'sweep' AND state IN ('succeeded', 'failed', 'cancelled'))";
const LAST_FAILED: &str = "SELECT state = 'failed' FROM jobs
    WHERE kind = 'sweep' AND id < $1 ORDER BY id DESC LIMIT 1";
const OPEN: &str = "SELECT id FROM jobs WHERE kind = 'sweep' AND state IN ('queued', 'running')";
const LAST: &str = "SELECT max(id) FROM jobs WHERE kind = 'sweep'";
const NOTE: &str = "UPDATE jobs SET task = $2 WHERE id = $1 AND kind = 'sweep'";
const OUTCOME: &str = "SELECT state, task FROM jobs WHERE id = $1 AND kind = 'sweep'";

/// What came of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Waiting,
    Done(Swept),
    Failed,
    /// It is over, and so is one after it: what it did is forgotten.
    Forgotten,
}

/// Puts a sweep into the queue, unless one waits or runs. True where it did.
pub(crate) async fn add(store: &Store, now: i64) -> Stored<bool> {
    let mut tx = store.begin().await?;
    let added = execute(&mut tx, sqlx::query(ADD).bind(now)).await? == 1;
    // Those that fail, again and again, leave rows as well.
    forget(&mut tx).await?;
    tx.commit().await?;
    Ok(added)
}

/// Forgets the sweeps that are over, but for the last one.
pub(crate) async fn forget(tx: &mut SqliteConnection) -> Stored<()> {
    execute(tx, sqlx::query(FORGET)).await?;
    Ok(())
}

/// Whether the sweep before this one failed.
pub(crate) async fn last_failed(tx: &mut SqliteConnection, job: i64) -> Stored<bool> {
    let failed = sqlx::query_scalar(LAST_FAILED).bind(job).fetch_optional(tx).await?;
    Ok(failed.unwrap_or(false))
}

/// Asks for a sweep, unless one waits or runs, and gives its number.
pub(crate) async fn request(store: &Store, now: i64) -> Stored<Option<i64>> {
    add(store, now).await?;
    let open = sqlx::query_scalar(OPEN).fetch_optional(store.reader()).await?;
    // One that was as fast as this is the last one.
    if open.is_some() { Ok(open) } else { last(store).await }
}

/// The number of the last one.
pub(crate) async fn last(store: &Store) -> Stored<Option<i64>> {
    Ok(sqlx::query_scalar(LAST).fetch_one(store.reader()).await?)
}

/// Stores what it did.
pub(crate) async fn note(tx: &mut SqliteConnection, job: i64, did: Swept) -> Stored<()> {
    execute(tx, sqlx::query(NOTE).bind(job).bind(serde_json::to_string(&did)?)).await?;
    Ok(())
}

/// What came of it so far.
pub(crate) async fn outcome(store: &Store, job: i64) -> Stored<Outcome> {
    let found = sqlx::query(OUTCOME).bind(job).fetch_optional(store.reader()).await?;
    let Some(row) = found else { return Ok(Outcome::Forgotten) };
    let (state, task): (&str, Option<&str>) = (row.try_get(0)?, row.try_get(1)?);
    Ok(match (state, task) {
        ("queued" | "running", _) => Outcome::Waiting,
        ("succeeded", Some(did)) => Outcome::Done(serde_json::from_str(did)?),
        _ => Outcome::Failed,
    })
}
