//! What an account takes of the server right now.

use sqlx::{Row, SqliteConnection};

use super::{Stored, from_column};

/// One on its way to a final state makes room for the next.
const OPEN_IMPORTS: &str = "SELECT count(*) FROM imports
    WHERE account_id = $1 AND state IN ('receiving', 'queued', 'running') AND ending IS NULL";
const STAGED: &str = "SELECT coalesce(sum(staged_bytes), 0) AS by_all,
        coalesce(sum(staged_bytes) FILTER (WHERE seq = $2), 0) AS by_this
    FROM imports WHERE account_id = $1 AND state IN ('receiving', 'queued', 'running')";

/// Bytes of staged chunks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Staged {
    /// Of all imports of the account.
    pub by_all: u64,
    /// Of the one that was asked for.
    pub by_this: u64,
}

/// Imports of the account that are being sent, wait or run.
pub(crate) async fn open_imports(
    connection: &mut SqliteConnection,
    account_id: i64,
) -> Stored<u64> {
    Ok(from_column(sqlx::query_scalar(OPEN_IMPORTS).bind(account_id).fetch_one(connection).await?))
}

/// What is staged for the account, and for one import of it.
pub(crate) async fn staged(
    connection: &mut SqliteConnection,
    account_id: i64,
    import: i64,
) -> Stored<Staged> {
    let row = sqlx::query(STAGED).bind(account_id).bind(import).fetch_one(connection).await?;
    Ok(Staged {
        by_all: from_column(row.try_get("by_all")?),
        by_this: from_column(row.try_get("by_this")?),
    })
}
