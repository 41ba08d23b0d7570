//! The end of a history's keep time: what imports changed is forgotten, since old
//! versions hold people's words.

use sqlx::SqliteConnection;

use super::{Store, Stored, execute};

/// The oldest import whose history is over. One that is being taken back keeps it.
const OVER: &str = "SELECT i.seq FROM imports i
    WHERE i.undoable = 1 AND i.finished_at <= $1 AND NOT EXISTS (
        SELECT 1 FROM jobs j WHERE j.kind = 'undo' AND j.import = i.seq
            AND j.state IN ('queued', 'running'))
    ORDER BY i.seq LIMIT 1";
const FORGET_UNDOABLE: &str = "UPDATE imports SET undoable = 0, version = $2 WHERE seq = $1";

/// Deletes a part of an import's rows from a table of the history, by the rest of its key.
macro_rules! forget {
    ($table:literal, $key:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE import = $1 AND (",
            $key,
            ") IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE import = $1 LIMIT $2)"
        )
    };
}

const FORGET: [&str; 5] = [
    forget!("import_changed", "kind, id"),
    forget!("import_changed_sources", "kind, source_id"),
    forget!("import_added", "kind, first_id"),
    forget!("import_pages", "page_id"),
    forget!("possible_doubles", "source_id, other_id"),
];
/// Those without the doubles, which are told of for as long as the import is.
const EXPIRING: usize = 4;

/// Forgets some of an import that is taken back. True where all is forgotten.
pub(crate) async fn forget(tx: &mut SqliteConnection, import: i64, at_once: u32) -> Stored<bool> {
    forget_from(tx, &FORGET, import, at_once).await
}

async fn forget_from(
    tx: &mut SqliteConnection,
    tables: &[&'static str],
    import: i64,
    at_once: u32,
) -> Stored<bool> {
    for sql in tables {
        let forget = sqlx::query(*sql).bind(import).bind(at_once);
        if execute(tx, forget).await? == u64::from(at_once) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Forgets what imports changed that finished by then, a part in each
/// transaction. True where there was something to forget.
pub(crate) async fn expire(store: &Store, finished_by: i64, at_once: u32) -> Stored<bool> {
    let mut any = false;
    loop {
        let over = sqlx::query_scalar(OVER).bind(finished_by).fetch_optional(store.reader());
        let Some(import): Option<i64> = over.await? else { return Ok(any) };
        any = true;
        let mut tx = store.begin().await?;
        // Nobody can ask for it any more: its time is over, whatever is left of it.
        let version = super::import_moves::next_version(&mut tx).await?;
        let whole = forget_from(&mut tx, &FORGET[..EXPIRING], import, at_once).await?;
        if whole {
            execute(&mut tx, sqlx::query(FORGET_UNDOABLE).bind(import).bind(version)).await?;
        }
        tx.commit().await?;
    }
}

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &FORGET;
