//! Sweeps that somebody asked for: jobs of the server itself, one at a time.

use sqlx::Row;

use super::jobs::{Cursor, Pass};
use super::{Store, Stored, execute};
use crate::sweep::Swept;

const REQUEST: &str = "INSERT INTO jobs (kind, state, cursor, created_at)
    VALUES ('sweep', 'queued', $1, $2) ON CONFLICT DO NOTHING";
/// There is one process that sweeps: what runs when it looks was left by the one before it.
const OPEN: &str = "SELECT id FROM jobs WHERE kind = 'sweep' AND state IN ('queued', 'running')";
const BEGIN: &str = "UPDATE jobs SET state = 'running', started_at = $2, attempt = attempt + 1
    WHERE id = $1 AND state IN ('queued', 'running')";
const END: &str = "UPDATE jobs SET state = $2, task = $3, error = $4, finished_at = $5
    WHERE id = $1 AND state = 'running'";
const OUTCOME: &str = "SELECT state, task FROM jobs WHERE id = $1";

/// What came of a sweep that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Waiting,
    Done(Swept),
    Failed,
}

/// Asks for a sweep, unless one is asked for already, and gives its number.
pub(crate) async fn request(store: &Store, now: i64) -> Stored<i64> {
    let cursor = serde_json::to_string(&Cursor::start_of(Pass::Cleanup))?;
    let mut tx = store.begin().await?;
    execute(&mut tx, sqlx::query(REQUEST).bind(cursor).bind(now)).await?;
    let id = sqlx::query_scalar(OPEN).fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes the sweep that is asked for, if there is one.
pub(crate) async fn take(store: &Store, now: i64) -> Stored<Option<i64>> {
    let open: Option<i64> = sqlx::query_scalar(OPEN).fetch_optional(store.reader()).await?;
    if let Some(id) = open {
        let mut tx = store.begin().await?;
        execute(&mut tx, sqlx::query(BEGIN).bind(id).bind(now)).await?;
        tx.commit().await?;
    }
    Ok(open)
}

/// Stores what it did; nothing where it left something.
pub(crate) async fn finish(store: &Store, id: i64, did: Option<Swept>, now: i64) -> Stored<()> {
    let state = if did.is_some() { "succeeded" } else { "failed" };
    let task = did.map(|did| serde_json::to_string(&did)).transpose()?;
    let error = did.is_none().then_some(r#"{"code":"store_failed"}"#);
    let mut tx = store.begin().await?;
    let end = sqlx::query(END).bind(id).bind(state).bind(task).bind(error).bind(now);
    execute(&mut tx, end).await?;
    tx.commit().await?;
    Ok(())
}

/// What came of it so far.
pub(crate) async fn outcome(store: &Store, id: i64) -> Stored<Outcome> {
    let row = sqlx::query(OUTCOME).bind(id).fetch_one(store.reader()).await?;
    let (state, task): (&str, Option<&str>) = (row.try_get(0)?, row.try_get(1)?);
    Ok(match (state, task) {
        ("queued" | "running", _) => Outcome::Waiting,
        ("succeeded", Some(did)) => Outcome::Done(serde_json::from_str(did)?),
        _ => Outcome::Failed,
    })
}
