//! What came of sweeps, for whoever asks for one from the terminal.

use sqlx::{Row, SqliteConnection};

use super::{Store, Stored, execute, jobs};
use crate::sweep::Swept;

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

/// Asks for a sweep, unless one waits or runs, and gives its number.
pub(crate) async fn request(store: &Store, now: i64) -> Stored<Option<i64>> {
    jobs::add_sweep(store, now).await?;
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
