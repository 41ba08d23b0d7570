//! Replies that came before their parents find them, and pages get their numbers.

use sqlx::{Row, SqliteConnection};

use super::history::{self, RowKind};
use super::{Namespace, Store, Stored, execute, from_column, sites};

const WAIT: &str = "INSERT OR IGNORE INTO waiting_replies
        (site_id, family, origin, parent_source_id, source_id)
    SELECT $1, $2, $3, value ->> 0, value ->> 1 FROM json_each($4)";
const WAITING: &str = "SELECT parent_source_id, source_id FROM waiting_replies
    WHERE site_id = $1 AND family = $2 AND origin = $3
    ORDER BY parent_source_id, source_id LIMIT $4 OFFSET $5";
/// Each with its parent, where that is on the same page.
const LOOK: &str = "SELECT c.id, c.page_id, p.id AS parent, c.parent_id IS p.id AS is_there,
        s.parent_source_id IS j.value ->> 0 AS still_waits, j.value ->> 0 AS parent_source_id,
        s.source_id
    FROM json_each($4) j
    CROSS JOIN comment_sources s ON s.site_id = $1 AND s.family = $2 AND s.origin = $3
        AND s.source_id = j.value ->> 1
    CROSS JOIN comments c ON c.id = s.comment_id
    LEFT JOIN comment_sources ps ON ps.site_id = $1 AND ps.family = $2 AND ps.origin = $3
        AND ps.source_id = j.value ->> 0
    LEFT JOIN comments p ON p.id = ps.comment_id AND p.page_id = c.page_id AND p.id <> c.id";
const SET_PARENTS: &str = "UPDATE comments SET parent_id = value ->> 1 FROM json_each($2)
    WHERE comments.id = value ->> 0 AND +comments.site_id = $1";
const STOP_WAITING: &str = "DELETE FROM waiting_replies
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND (parent_source_id, source_id) IN
        (SELECT value ->> 0, value ->> 1 FROM json_each($4))";
const ORPHANS: &str = "SELECT count(*) FROM waiting_replies w
    CROSS JOIN comment_sources s ON s.site_id = $1 AND s.family = $2 AND s.origin = $3
        AND s.source_id = w.source_id
    WHERE w.site_id = $1 AND w.family = $2 AND w.origin = $3 AND s.seen_in = $4
        AND s.parent_source_id = w.parent_source_id";
const VANISHED: &str = "SELECT count(*) FROM comment_sources
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND seen_in <> $4 AND hash <> $5";

/// A parent that moved to another page is no parent any more. Only comments that
/// were changed move.
const ACROSS_PAGES: &str = "SELECT c.id FROM import_pages t
    CROSS JOIN comments c ON c.site_id = $1 AND c.page_id = t.page_id
    LEFT JOIN comments p ON p.id = c.parent_id
    WHERE t.import = $2 AND t.changed > 0 AND c.parent_id IS NOT NULL
        AND p.page_id IS NOT c.page_id";
/// They wait for it to come back.
const WAIT_AGAIN: &str = "INSERT OR IGNORE INTO waiting_replies
        (site_id, family, origin, parent_source_id, source_id)
    SELECT s.site_id, s.family, s.origin, s.parent_source_id, s.source_id
    FROM json_each($1) j CROSS JOIN comment_sources s ON s.comment_id = j.value
    WHERE s.parent_source_id IS NOT NULL";
/// Every ring has a reply whose parent is younger in our ids. From each of
/// those the way up must end; one that is longer than any real thread is cut too.
const IN_RINGS: &str = "WITH RECURSIVE up (start, at, steps) AS (
        SELECT c.id, c.parent_id, 1 FROM import_pages t
        CROSS JOIN comments c ON c.site_id = $1 AND c.page_id = t.page_id
        WHERE t.import = $2 AND c.parent_id > c.id
        UNION ALL
        SELECT up.start, c.parent_id, up.steps + 1 FROM up
        CROSS JOIN comments c ON c.id = up.at
        WHERE c.parent_id IS NOT NULL AND up.at <> up.start AND up.steps < 2000
    )
    SELECT DISTINCT start FROM up WHERE at = start OR steps >= 2000";
const CUT: &str = "UPDATE comments SET parent_id = NULL
    WHERE id IN (SELECT value FROM json_each($2)) AND +site_id = $1";
const COUNT_COMMENTS: &str = "UPDATE pages SET
        comments = (SELECT count(*) FROM comments c
            WHERE c.site_id = pages.site_id AND c.page_id = pages.id),
        last_comment_at = (SELECT max(c.created_at) FROM comments c
            WHERE c.site_id = pages.site_id AND c.page_id = pages.id)
    WHERE +site_id = $1 AND id IN (SELECT page_id FROM import_pages WHERE import = $2)";

/// What became of replies that were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Looked {
    pub replies: u64,
    /// They wait no more.
    pub done: u64,
}

/// Notes replies whose parent is not known yet: `(source id of the parent, of the reply)`.
pub(crate) async fn wait(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    replies: &[(&str, &str)],
) -> Stored<()> {
    if replies.is_empty() {
        return Ok(());
    }
    execute(tx, namespace.query(WAIT).bind(serde_json::to_string(replies)?)).await?;
    Ok(())
}

/// Joins so many replies that wait to their parents, wherever these came from,
/// after the first `passed_over`, which still wait.
pub(crate) async fn join(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    passed_over: u64,
    limit: usize,
) -> Stored<Looked> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let waiting: Vec<(String, String)> = namespace
        .query(WAITING)
        .bind(limit)
        .bind(super::to_column(passed_over))
        .fetch_all(&mut *tx)
        .await?
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect::<Stored<_>>()?;
    let rows =
        namespace.query(LOOK).bind(serde_json::to_string(&waiting)?).fetch_all(&mut *tx).await?;
    let (mut joined, mut done, mut pages) = (Vec::new(), Vec::new(), Vec::new());
    for row in &rows {
        let key: (String, String) = (row.try_get("parent_source_id")?, row.try_get("source_id")?);
        let parent: Option<i64> = row.try_get("parent")?;
        if !row.try_get::<bool, _>("still_waits")? {
            done.push(key);
        } else if let Some(parent) = parent {
            done.push(key);
            if !row.try_get::<bool, _>("is_there")? {
                joined.push((row.try_get::<i64, _>("id")?, parent));
                pages.push((row.try_get::<i64, _>("page_id")?, 0, 0));
            }
        }
    }
    if !joined.is_empty() {
        let ids: Vec<_> = joined.iter().map(|(id, _)| *id).collect();
        history::keep(tx, import, RowKind::Comment, &ids).await?;
        let set = sqlx::query(SET_PARENTS).bind(namespace.site_id);
        execute(tx, set.bind(serde_json::to_string(&joined)?)).await?;
        history::count_on_pages(tx, import, &pages).await?;
    }
    if !done.is_empty() {
        execute(tx, namespace.query(STOP_WAITING).bind(serde_json::to_string(&done)?)).await?;
    }
    Ok(Looked { replies: waiting.len() as u64, done: done.len() as u64 })
}

/// Replies of the stream whose parent is neither in it nor on the server.
pub(crate) async fn orphans(store: &Store, namespace: &Namespace, import: i64) -> Stored<u64> {
    let count = namespace.query(ORPHANS).bind(import).fetch_one(store.reader()).await?;
    Ok(from_column(count.try_get(0)?))
}

/// Comments that this source had before, and that the stream does not speak of.
pub(crate) async fn vanished(
    store: &Store,
    namespace: &Namespace,
    import: i64,
    removed: super::RecordHash,
) -> Stored<u64> {
    let count = namespace.query(VANISHED).bind(import).bind(removed.to_vec());
    Ok(from_column(count.fetch_one(store.reader()).await?.try_get(0)?))
}

/// Makes threads readable and pages' numbers right, for all that an import
/// touched. Returns how many replies were cut out of rings.
pub(crate) async fn settle(tx: &mut SqliteConnection, site_id: i64, import: i64) -> Stored<u64> {
    let moved = ids(tx, ACROSS_PAGES, site_id, import).await?;
    if !moved.is_empty() {
        cut(tx, site_id, import, &moved).await?;
        execute(tx, sqlx::query(WAIT_AGAIN).bind(serde_json::to_string(&moved)?)).await?;
    }
    let rings = ids(tx, IN_RINGS, site_id, import).await?;
    cut(tx, site_id, import, &rings).await?;
    execute(tx, sqlx::query(COUNT_COMMENTS).bind(site_id).bind(import)).await?;
    sites::next_revision(tx, site_id).await?;
    Ok(rings.len() as u64)
}

async fn ids(
    tx: &mut SqliteConnection,
    sql: &'static str,
    site_id: i64,
    import: i64,
) -> Stored<Vec<i64>> {
    Ok(sqlx::query_scalar(sql).bind(site_id).bind(import).fetch_all(tx).await?)
}

async fn cut(tx: &mut SqliteConnection, site_id: i64, import: i64, ids: &[i64]) -> Stored<()> {
    if ids.is_empty() {
        return Ok(());
    }
    history::keep(tx, import, RowKind::Comment, ids).await?;
    execute(tx, sqlx::query(CUT).bind(site_id).bind(serde_json::to_string(ids)?)).await?;
    Ok(())
}

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    WAITING,
    LOOK,
    SET_PARENTS,
    STOP_WAITING,
    ORPHANS,
    ACROSS_PAGES,
    IN_RINGS,
    CUT,
    COUNT_COMMENTS,
];
