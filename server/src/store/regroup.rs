//! Joins pages, a batch at a time.
//!
//! What is moved is noted first, for [`super::regroup_undo`].

use sqlx::{Row, SqliteConnection};

use super::{Store, Stored, execute, sites};

const NEXT_KEY: &str = "SELECT loose_url FROM pages
    WHERE site_id = $1 AND loose_url IS NOT NULL AND loose_url > $2
        AND ($3 IS NULL OR loose_url IN (SELECT value FROM json_each($3)))
    GROUP BY loose_url HAVING count(*) > 1 ORDER BY loose_url LIMIT 1";
const TARGET: &str = "SELECT id FROM pages
    WHERE site_id = $1 AND loose_url IS NOT NULL AND loose_url = $2
    ORDER BY comments DESC, id LIMIT 1";
const NEXT_PAGE: &str = "SELECT id FROM pages
    WHERE site_id = $1 AND loose_url IS NOT NULL AND loose_url = $2 AND id <> $3
    ORDER BY id LIMIT 1";

const NEXT_COMMENTS: &str = "SELECT id FROM comments WHERE site_id = $1 AND page_id = $2 LIMIT $3";
const NOTE_COMMENTS: &str = "INSERT INTO comment_moves (job, comment_id, from_page)
    SELECT $1, value, $2 FROM json_each($3)";
const MOVE_COMMENTS: &str =
    "UPDATE comments SET page_id = $1 WHERE id IN (SELECT value FROM json_each($2))";

/// Notes a page as it is; one that was noted before is left as it was then.
const NOTE_PAGE: &str = "INSERT OR IGNORE INTO page_moves (job, page_id, to_page, before)
    SELECT $1, id, $3, json_object(
        'url', url, 'match_url', match_url, 'identifier', identifier, 'title', title, 'closed', closed, 'created_at', created_at, 'extras', extras, 'comments', comments, 'last_comment_at', last_comment_at, 'loose_url', loose_url, 'loose_for', loose_for)
    FROM pages WHERE id = $2";
const NOTE_SOURCES: &str = "INSERT INTO page_source_moves
        (job, family, origin, source_id, is_address, url, from_page)
    SELECT $1, family, origin, source_id, 0, '', page_id FROM page_sources WHERE page_id = $2
    UNION ALL
    SELECT $1, family, origin, source_id, 1, url, page_id FROM page_addresses WHERE page_id = $2";
const MOVE_SOURCES: &str = "UPDATE page_sources SET page_id = $1 WHERE page_id = $2";
const MOVE_ADDRESSES: &str = "UPDATE page_addresses SET page_id = $1 WHERE page_id = $2";
const NOTE_JOINED: &str = "INSERT OR IGNORE INTO joined_address_moves (job, match_url, from_page)
    SELECT $1, match_url, page_id FROM joined_addresses WHERE site_id = $3 AND page_id = $2
    UNION ALL
    SELECT $1, p.match_url, a.page_id FROM pages p
        LEFT JOIN joined_addresses a ON a.site_id = $3 AND a.match_url = p.match_url
    WHERE p.id = $2 AND p.match_url IS NOT NULL";
const MOVE_JOINED: &str =
    "UPDATE joined_addresses SET page_id = $1 WHERE site_id = $3 AND page_id = $2";
const ADD_JOINED: &str = "INSERT OR REPLACE INTO joined_addresses (site_id, match_url, page_id)
    SELECT $3, match_url, $1 FROM pages WHERE id = $2 AND match_url IS NOT NULL";
const FILL: &str = "UPDATE pages SET
        identifier = coalesce(pages.identifier, old.identifier),
        title = coalesce(pages.title, old.title),
        created_at = coalesce(pages.created_at, old.created_at),
        extras = coalesce(pages.extras, old.extras)
    FROM pages old WHERE pages.id = $1 AND old.id = $2";
const DELETE_PAGE: &str = "DELETE FROM pages WHERE id = $1";

const NEXT_ROOTS: &str = "SELECT id FROM comments
    WHERE site_id = $1 AND page_id = $2 AND parent_id IS NULL AND id > $3 ORDER BY id LIMIT $4";
/// Those of the comments that wait for a parent which is on their page.
const WAITING: &str = "SELECT s.comment_id, ps.comment_id AS parent, w.family, w.origin,
        w.parent_source_id, w.source_id
    FROM json_each($3) j
    CROSS JOIN comment_sources s ON s.comment_id = j.value
    CROSS JOIN waiting_replies w ON w.site_id = $1 AND w.family = s.family
        AND w.origin = s.origin AND w.parent_source_id = s.parent_source_id
        AND w.source_id = s.source_id
    CROSS JOIN comment_sources ps ON ps.site_id = $1 AND ps.family = w.family
        AND ps.origin = w.origin AND ps.source_id = w.parent_source_id
    CROSS JOIN comments p ON p.id = ps.comment_id AND p.page_id = $2 AND p.id <> s.comment_id
    WHERE s.parent_source_id IS NOT NULL";
/// Whether the way up from a comment comes by another one, or has no end.
const LEADS_BACK: &str = "WITH RECURSIVE up (at, steps) AS (
        SELECT $1, 1
        UNION ALL
        SELECT c.parent_id, up.steps + 1 FROM up CROSS JOIN comments c ON c.id = up.at
        WHERE c.parent_id IS NOT NULL AND up.at <> $2 AND up.steps < 2000
    )
    SELECT EXISTS (SELECT 1 FROM up WHERE at = $2 OR steps >= 2000)";
const NOTE_PARENT: &str = "INSERT OR IGNORE INTO parent_joins
        (job, comment_id, family, origin, parent_source_id, source_id)
    VALUES ($1, $2, $3, $4, $5, $6)";
const SET_PARENT: &str = "UPDATE comments SET parent_id = $2 WHERE id = $1";
const STOP_WAITING: &str = "DELETE FROM waiting_replies WHERE site_id = $1 AND family = $2
        AND origin = $3 AND parent_source_id = $4 AND source_id = $5";

const COUNT_COMMENTS: &str = "UPDATE pages SET
        comments = (SELECT count(*) FROM comments c WHERE c.site_id = $1 AND c.page_id = pages.id),
        last_comment_at = (SELECT max(c.created_at) FROM comments c
            WHERE c.site_id = $1 AND c.page_id = pages.id)
    WHERE id = $2";

/// The oldest join whose history is over. One that is being taken back keeps it,
/// and one that did nothing has none.
const OVER: &str = "SELECT j.id FROM jobs j
    WHERE j.kind = 'regroup' AND j.finished_at <= $1
        AND EXISTS (SELECT 1 FROM page_moves m WHERE m.job = j.id)
        AND NOT EXISTS (SELECT 1 FROM jobs u
            WHERE u.undoes = j.id AND u.state IN ('queued', 'running'))
    ORDER BY j.id LIMIT 1";
const FORGET_TASK: &str = "UPDATE jobs SET task = NULL WHERE id = $1";

/// Deletes a part of a join's notes from a table.
macro_rules! expire {
    ($table:literal, $key:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE job = $1 AND (",
            $key,
            ") IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE job = $1 LIMIT $2)"
        )
    };
}
/// Those of the pages last: they say that there is more.
const EXPIRE: [&str; 5] = [
    expire!("comment_moves", "comment_id"),
    expire!("parent_joins", "comment_id"),
    expire!("page_source_moves", "family, origin, source_id, is_address, url"),
    expire!("joined_address_moves", "match_url"),
    expire!("page_moves", "page_id"),
];

/// Which site, by which job, and how many rows at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Regrouping {
    pub site_id: i64,
    /// The job that joins.
    pub job: i64,
    pub batch: u32,
}

impl Regrouping {
    /// The next group after a key, of these keys or of all, and the page that the
    /// others go to, which is noted as it is.
    pub(crate) async fn next_group(
        &self,
        tx: &mut SqliteConnection,
        after: &str,
        keys: Option<&[String]>,
    ) -> Stored<Option<(String, i64)>> {
        let keys = keys.map(serde_json::to_string).transpose()?;
        let key: Option<String> = sqlx::query_scalar(NEXT_KEY)
            .bind(self.site_id)
            .bind(after)
            .bind(keys)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(key) = key else { return Ok(None) };
        let target: i64 =
            sqlx::query_scalar(TARGET).bind(self.site_id).bind(&key).fetch_one(&mut *tx).await?;
        self.note_page(tx, target, None).await?;
        Ok(Some((key, target)))
    }

    async fn note_page(
        &self,
        tx: &mut SqliteConnection,
        page: i64,
        to_page: Option<i64>,
    ) -> Stored<()> {
        execute(tx, sqlx::query(NOTE_PAGE).bind(self.job).bind(page).bind(to_page)).await?;
        Ok(())
    }

    /// A page of the group that is to become a part of the target.
    pub(crate) async fn next_page(
        &self,
        tx: &mut SqliteConnection,
        key: &str,
        target: i64,
    ) -> Stored<Option<i64>> {
        let next = sqlx::query_scalar(NEXT_PAGE).bind(self.site_id).bind(key).bind(target);
        Ok(next.fetch_optional(tx).await?)
    }

    /// Moves some comments of a page. Fewer than a batch: none is left there.
    pub(crate) async fn move_comments(
        &self,
        tx: &mut SqliteConnection,
        page: i64,
        target: i64,
    ) -> Stored<u64> {
        let ids: Vec<i64> = sqlx::query_scalar(NEXT_COMMENTS)
            .bind(self.site_id)
            .bind(page)
            .bind(self.batch)
            .fetch_all(&mut *tx)
            .await?;
        let json = serde_json::to_string(&ids)?;
        let note = sqlx::query(NOTE_COMMENTS).bind(self.job).bind(page).bind(&json);
        execute(tx, note).await?;
        execute(tx, sqlx::query(MOVE_COMMENTS).bind(target).bind(&json)).await
    }

    /// Makes an emptied page a part of the target: what led to it leads there.
    pub(crate) async fn absorb(
        &self,
        tx: &mut SqliteConnection,
        page: i64,
        target: i64,
    ) -> Stored<()> {
        self.note_page(tx, page, Some(target)).await?;
        for note in [NOTE_SOURCES, NOTE_JOINED] {
            execute(tx, sqlx::query(note).bind(self.job).bind(page).bind(self.site_id)).await?;
        }
        for change in [MOVE_SOURCES, MOVE_ADDRESSES, MOVE_JOINED, ADD_JOINED, FILL] {
            let change = sqlx::query(change).bind(target).bind(page).bind(self.site_id);
            execute(tx, change).await?;
        }
        execute(tx, sqlx::query(DELETE_PAGE).bind(page)).await?;
        Ok(())
    }

    /// Joins replies of a page that waited for a parent which is there now. Looks
    /// at a batch of its roots after an id; gives the last one, unless it was the last batch.
    pub(crate) async fn join_replies(
        &self,
        tx: &mut SqliteConnection,
        page: i64,
        after: i64,
    ) -> Stored<Option<i64>> {
        let roots: Vec<i64> = sqlx::query_scalar(NEXT_ROOTS)
            .bind(self.site_id)
            .bind(page)
            .bind(after)
            .bind(self.batch)
            .fetch_all(&mut *tx)
            .await?;
        let waiting = sqlx::query(WAITING)
            .bind(self.site_id)
            .bind(page)
            .bind(serde_json::to_string(&roots)?)
            .fetch_all(&mut *tx)
            .await?;
        for row in &waiting {
            let (reply, parent): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let key: [String; 4] =
                [row.try_get(2)?, row.try_get(3)?, row.try_get(4)?, row.try_get(5)?];
            self.join_reply(tx, reply, parent, &key).await?;
        }
        let was_full = roots.len() == self.batch as usize;
        Ok(roots.last().copied().filter(|_| was_full))
    }

    async fn join_reply(
        &self,
        tx: &mut SqliteConnection,
        reply: i64,
        parent: i64,
        [family, origin, parent_source_id, source_id]: &[String; 4],
    ) -> Stored<()> {
        let back: bool =
            sqlx::query_scalar(LEADS_BACK).bind(parent).bind(reply).fetch_one(&mut *tx).await?;
        if back {
            return Ok(());
        }
        let note = sqlx::query(NOTE_PARENT)
            .bind(self.job)
            .bind(reply)
            .bind(family)
            .bind(origin)
            .bind(parent_source_id)
            .bind(source_id);
        // Of two sources that say different things, the first counts.
        if execute(tx, note).await? == 0 {
            return Ok(());
        }
        execute(tx, sqlx::query(SET_PARENT).bind(reply).bind(parent)).await?;
        let stop = sqlx::query(STOP_WAITING)
            .bind(self.site_id)
            .bind(family)
            .bind(origin)
            .bind(parent_source_id)
            .bind(source_id);
        execute(tx, stop).await?;
        Ok(())
    }

    /// Brings a page's numbers up to date.
    pub(crate) async fn count(&self, tx: &mut SqliteConnection, page: i64) -> Stored<()> {
        execute(tx, sqlx::query(COUNT_COMMENTS).bind(self.site_id).bind(page)).await?;
        Ok(())
    }

    /// The site is another now.
    pub(crate) async fn next_revision(&self, tx: &mut SqliteConnection) -> Stored<()> {
        sites::next_revision(tx, self.site_id).await
    }
}

/// Forgets what joins moved that ended by then, a part in each transaction: the
/// notes hold titles and addresses. True where there was something to forget.
pub(crate) async fn expire(store: &Store, finished_by: i64, at_once: usize) -> Stored<bool> {
    let at_once = i64::try_from(at_once).unwrap_or(i64::MAX);
    let mut any = false;
    loop {
        let over = sqlx::query_scalar(OVER).bind(finished_by).fetch_optional(store.reader());
        let Some(job): Option<i64> = over.await? else { return Ok(any) };
        any = true;
        let mut tx = store.begin().await?;
        // First of all: what is half forgotten cannot be taken back.
        execute(&mut tx, sqlx::query(FORGET_TASK).bind(job)).await?;
        for sql in EXPIRE {
            let forgotten = execute(&mut tx, sqlx::query(sql).bind(job).bind(at_once)).await?;
            if i64::try_from(forgotten).is_ok_and(|forgotten| forgotten >= at_once) {
                break;
            }
        }
        tx.commit().await?;
    }
}

/// For the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[NEXT_COMMENTS, MOVE_COMMENTS, MOVE_SOURCES, MOVE_ADDRESSES, MOVE_JOINED, FILL, WAITING];
