//! Replies find their parents, and pages their numbers.

use std::collections::BTreeSet;

use sqlx::{Row, SqliteConnection};

use super::upsert_comments::touch_pages;
use super::{Namespace, Stored, execute};

/// Comments of the batch that name a parent, with the parent where it is on the same page.
/// Materialised: else the planner walks all comments and asks for each whether it is in the batch.
macro_rules! with_parents {
    ($rest:literal) => {
        concat!(
            "WITH v AS MATERIALIZED (
                SELECT c.id, c.parent_id AS now, p.id AS parent
                FROM json_each($4) j
                CROSS JOIN comment_sources s ON s.site_id = $1 AND s.family = $2
                    AND s.origin = $3 AND s.source_id = j.value
                CROSS JOIN comments c ON c.id = s.comment_id
                LEFT JOIN comment_sources ps ON ps.site_id = $1 AND ps.family = $2
                    AND ps.origin = $3 AND ps.source_id = s.parent_source_id
                LEFT JOIN comments p ON p.id = ps.comment_id AND p.page_id = c.page_id
                    AND p.id <> c.id
                WHERE s.parent_source_id IS NOT NULL
            ) ",
            $rest
        )
    };
}

const COUNT_ORPHANS: &str = with_parents!("SELECT count(*) FROM v WHERE v.parent IS NULL");
const JOIN: &str = with_parents!(
    "UPDATE comments SET parent_id = v.parent FROM v
    WHERE comments.id = v.id AND v.now IS NOT v.parent RETURNING comments.page_id"
);
/// A parent that moved to another page is no parent any more.
const CUT_ACROSS_PAGES: &str = "UPDATE comments SET parent_id = NULL
    WHERE id IN (
        SELECT c.id FROM import_pages t
        CROSS JOIN comments c ON c.site_id = $1 AND c.page_id = t.page_id
        LEFT JOIN comments p ON p.id = c.parent_id
        WHERE t.import = $2 AND c.parent_id IS NOT NULL
            AND p.page_id IS NOT c.page_id
    )";
/// Every ring has a reply whose parent is younger in our ids. From each of
/// those the way up must end; one that is longer than any real thread is cut too.
const CUT_RINGS: &str = "WITH RECURSIVE up (start, at, steps) AS (
        SELECT c.id, c.parent_id, 1 FROM import_pages t
        CROSS JOIN comments c ON c.site_id = $1 AND c.page_id = t.page_id
        WHERE t.import = $2 AND c.parent_id > c.id
        UNION ALL
        SELECT up.start, c.parent_id, up.steps + 1 FROM up
        CROSS JOIN comments c ON c.id = up.at
        WHERE c.parent_id IS NOT NULL AND up.at <> up.start AND up.steps < 2000
    )
    UPDATE comments SET parent_id = NULL
    WHERE id IN (SELECT start FROM up WHERE at = start OR steps >= 2000)";
const COUNT_COMMENTS: &str = "UPDATE pages SET
        comments = (SELECT count(*) FROM comments c
            WHERE c.site_id = pages.site_id AND c.page_id = pages.id),
        last_comment_at = (SELECT max(c.created_at) FROM comments c
            WHERE c.site_id = pages.site_id AND c.page_id = pages.id)
    WHERE +site_id = $1 AND id IN (SELECT page_id FROM import_pages WHERE import = $2)";
const NEXT_REVISION: &str = "UPDATE sites SET revision = revision + 1 WHERE id = $1";

/// Joins replies to their parents, wherever these came from. Returns how many have none.
pub(crate) async fn join(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    source_ids: &BTreeSet<&str>,
) -> Stored<u64> {
    let json = serde_json::to_string(source_ids)?;
    let orphans: i64 = sqlx::query_scalar(COUNT_ORPHANS)
        .bind(namespace.site_id)
        .bind(&namespace.family)
        .bind(&namespace.origin)
        .bind(&json)
        .fetch_one(&mut *tx)
        .await?;
    let joined = namespace.query(JOIN).bind(&json).fetch_all(&mut *tx).await?;
    let pages = joined.iter().map(|row| row.try_get(0)).collect::<Result<BTreeSet<i64>, _>>()?;
    let pages: Vec<_> = pages.into_iter().collect();
    touch_pages(tx, import, &pages).await?;
    Ok(super::from_column(orphans))
}

/// Makes threads readable and pages' numbers right, for all that an import
/// touched. Returns how many replies were cut out of rings.
pub(crate) async fn settle(tx: &mut SqliteConnection, site_id: i64, import: i64) -> Stored<u64> {
    let touched = |sql| sqlx::query(sql).bind(site_id).bind(import);
    execute(tx, touched(CUT_ACROSS_PAGES)).await?;
    let cut = execute(tx, touched(CUT_RINGS)).await?;
    execute(tx, touched(COUNT_COMMENTS)).await?;
    execute(tx, sqlx::query(NEXT_REVISION).bind(site_id)).await?;
    Ok(cut)
}

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[COUNT_ORPHANS, JOIN, CUT_ACROSS_PAGES, CUT_RINGS, COUNT_COMMENTS];
