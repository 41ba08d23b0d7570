//! How jobs end, and what becomes of those whose worker is gone.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::import_moves;
use super::imports::word;
use super::jobs::{Claim, Cursor, Pass, tell_queue};
use super::{Store, StoreError, Stored, execute};
use crate::http::dto::{ImportError, JobKind};

const ABANDONED: &str = "SELECT id, kind, import, cursor, interrupted_at FROM jobs
    WHERE state = 'running' AND lease_until <= $1";
const RELEASE: &str =
    "UPDATE jobs SET state = 'queued', lease_until = NULL, lease_token = lease_token + 1,
        interrupted_at = cursor
    WHERE id = $1 AND state = 'running' AND lease_until <= $2";
const END_OF_IMPORT: &str = "UPDATE jobs SET lease_until = NULL, finished_at = $2,
        state = (SELECT CASE i.ending WHEN 'expired' THEN 'cancelled' ELSE i.ending END
                 FROM imports i WHERE i.seq = jobs.import)
    WHERE import = $1 AND kind = 'import' AND state IN ('queued', 'running')";
const SUCCEED: &str = "UPDATE jobs SET state = 'succeeded', done = total, lease_until = NULL,
        finished_at = $3
    WHERE id = $1 AND lease_token = $2 AND state = 'running' AND kind <> 'import'
    RETURNING site_id";
const FAIL: &str = "UPDATE jobs SET state = 'failed', error = $3, lease_until = NULL,
        finished_at = $4
    WHERE id = $1 AND lease_token = $2 AND state = 'running' AND kind <> 'import'
    RETURNING id, kind, account_id, site_id, import";
const FAIL_ABANDONED: &str = "UPDATE jobs SET state = 'failed', error = $3, lease_until = NULL,
        lease_token = lease_token + 1, finished_at = $4
    WHERE id = $1 AND state = 'running' AND lease_until <= $2 AND kind <> 'import'
    RETURNING id, kind, account_id, site_id, import";

/// A job whose worker is gone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Abandoned {
    pub job: i64,
    pub kind: JobKind,
    pub import: Option<i64>,
    /// It was left at the same place the time before.
    pub twice: bool,
}

/// A job that just failed, for whoever is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failed {
    pub job: i64,
    pub kind: JobKind,
    pub account_id: Option<i64>,
    pub site_id: Option<i64>,
    /// Number of the import that it was about.
    pub import: Option<i64>,
}

/// Jobs whose lease ran out by then.
pub(crate) async fn abandoned(store: &Store, lease_before: i64) -> Stored<Vec<Abandoned>> {
    let rows = sqlx::query(ABANDONED).bind(lease_before).fetch_all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            let kind: JobKind = word(row, "kind")?;
            let cursor: String = row.try_get("cursor")?;
            let before: Option<String> = row.try_get("interrupted_at")?;
            // Deleting files can be repeated as often as it takes.
            let cleans_up = kind == JobKind::Import
                && serde_json::from_str::<Cursor>(&cursor)?.pass == Pass::Cleanup;
            Ok(Abandoned {
                job: row.try_get("id")?,
                kind,
                import: row.try_get("import")?,
                twice: before.as_ref() == Some(&cursor) && !cleans_up,
            })
        })
        .collect()
}

/// Puts an abandoned job back at its cursor.
pub(crate) async fn release(
    tx: &mut SqliteConnection,
    job: i64,
    lease_before: i64,
) -> Stored<bool> {
    let release = sqlx::query(RELEASE).bind(job).bind(lease_before);
    Ok(execute(tx, release).await? == 1)
}

/// Ends the job of an import, if it has one, as the import ends.
pub(super) async fn end_of_import(tx: &mut SqliteConnection, import: i64, now: i64) -> Stored<()> {
    execute(tx, sqlx::query(END_OF_IMPORT).bind(import).bind(now)).await?;
    Ok(())
}

/// `running` → `succeeded`, of any kind but an import, within the transaction of its last batch.
///
/// # Errors
/// [`StoreError::LeaseLost`] where the claim is not the newest: nothing of the
/// transaction may be committed.
pub(crate) async fn succeed(tx: &mut SqliteConnection, claim: &Claim, now: i64) -> Stored<()> {
    let succeed = sqlx::query_scalar(SUCCEED).bind(claim.job).bind(claim.token).bind(now);
    let site_id: Option<i64> =
        succeed.fetch_optional(&mut *tx).await?.ok_or(StoreError::LeaseLost)?;
    tell_queue(tx, site_id).await
}

/// `running` → `failed`, of any kind but an import.
///
/// # Errors
/// [`StoreError::LeaseLost`] where the claim is not the newest.
pub(crate) async fn fail(
    tx: &mut SqliteConnection,
    claim: &Claim,
    error: &ImportError,
    now: i64,
) -> Stored<Failed> {
    let fail = sqlx::query(FAIL)
        .bind(claim.job)
        .bind(claim.token)
        .bind(serde_json::to_string(error)?)
        .bind(now);
    let row = fail.fetch_optional(&mut *tx).await?.ok_or(StoreError::LeaseLost)?;
    failed_from(tx, &row).await
}

/// The same for a job whose worker is gone; nothing where somebody has it again.
pub(crate) async fn fail_abandoned(
    tx: &mut SqliteConnection,
    job: i64,
    lease_before: i64,
    error: &ImportError,
    now: i64,
) -> Stored<Option<Failed>> {
    let fail = sqlx::query(FAIL_ABANDONED)
        .bind(job)
        .bind(lease_before)
        .bind(serde_json::to_string(error)?)
        .bind(now);
    match fail.fetch_optional(&mut *tx).await? {
        Some(row) => Ok(Some(failed_from(tx, &row).await?)),
        None => Ok(None),
    }
}

async fn failed_from(tx: &mut SqliteConnection, row: &SqliteRow) -> Stored<Failed> {
    let failed = Failed {
        job: row.try_get("id")?,
        kind: word(row, "kind")?,
        account_id: row.try_get("account_id")?,
        site_id: row.try_get("site_id")?,
        import: row.try_get("import")?,
    };
    if let Some(import) = failed.import {
        import_moves::touch(tx, import).await?;
    }
    tell_queue(tx, failed.site_id).await?;
    Ok(failed)
}
