//! Takes a join of pages back, a batch at a time.
//!
//! The notes that the join left are used up: whatever is left of them is what is
//! left to do.

use sqlx::SqliteConnection;

use super::regroup::Regrouping;
use super::{Stored, execute, jobs};

const RESTORE_PAGES: &str = "INSERT INTO pages (id, site_id,
        url, match_url, identifier, title, closed, created_at, extras, comments, last_comment_at, loose_url, loose_for)
    SELECT m.page_id, $2,
        before ->> 'url', before ->> 'match_url', before ->> 'identifier', before ->> 'title', before ->> 'closed', before ->> 'created_at', before ->> 'extras', before ->> 'comments', before ->> 'last_comment_at', before ->> 'loose_url', before ->> 'loose_for'
    FROM page_moves m
    WHERE m.job = $1 AND m.to_page IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.id = m.page_id)
    LIMIT $3";
/// The last one of a batch of notes.
macro_rules! upto {
    ($table:literal, $key:literal) => {
        concat!(
            "SELECT max(",
            $key,
            ") FROM (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE job = $1 ORDER BY ",
            $key,
            " LIMIT $2)"
        )
    };
}
const UPTO_COMMENT: &str = upto!("comment_moves", "comment_id");
const UPTO_PARENT: &str = upto!("parent_joins", "comment_id");
const UPTO_PAGE: &str = upto!("page_moves", "page_id");
const UPTO_JOINED: &str = upto!("joined_address_moves", "match_url");
const PUT_COMMENTS_BACK: &str = "UPDATE comments SET page_id = m.from_page FROM comment_moves m
    WHERE m.job = $1 AND m.comment_id <= $2 AND comments.id = m.comment_id";
const FORGET_COMMENTS: &str = "DELETE FROM comment_moves WHERE job = $1 AND comment_id <= $2";
const PART_FROM_PARENTS: &str = "UPDATE comments SET parent_id = NULL
    WHERE id IN (SELECT comment_id FROM parent_joins WHERE job = $1 AND comment_id <= $2)";
const WAIT_AGAIN: &str = "INSERT OR IGNORE INTO waiting_replies
        (site_id, family, origin, parent_source_id, source_id)
    SELECT $3, family, origin, parent_source_id, source_id FROM parent_joins
    WHERE job = $1 AND comment_id <= $2";
const FORGET_PARENTS: &str = "DELETE FROM parent_joins WHERE job = $1 AND comment_id <= $2";

/// A batch of notes about sources and addresses.
macro_rules! some_sources {
    ($columns:literal) => {
        concat!(
            "(SELECT ",
            $columns,
            " FROM page_source_moves WHERE job = $1
                ORDER BY family, origin, source_id, is_address, url LIMIT $2)"
        )
    };
}
const PUT_SOURCES_BACK: &str = concat!(
    "UPDATE page_sources SET page_id = m.from_page FROM ",
    some_sources!("*"),
    " m WHERE m.is_address = 0 AND page_sources.site_id = $3 AND page_sources.family = m.family
        AND page_sources.origin = m.origin AND page_sources.source_id = m.source_id"
);
const PUT_ADDRESSES_BACK: &str = concat!(
    "UPDATE page_addresses SET page_id = m.from_page FROM ",
    some_sources!("*"),
    " m WHERE m.is_address = 1 AND page_addresses.site_id = $3
        AND page_addresses.family = m.family AND page_addresses.origin = m.origin
        AND page_addresses.source_id = m.source_id AND page_addresses.url = m.url"
);
const FORGET_SOURCES: &str = concat!(
    "DELETE FROM page_source_moves
    WHERE job = $1 AND (family, origin, source_id, is_address, url) IN ",
    some_sources!("family, origin, source_id, is_address, url")
);
const PUT_JOINED_BACK: &str = "UPDATE joined_addresses SET page_id = m.from_page
    FROM joined_address_moves m
    WHERE m.job = $1 AND m.match_url <= $2 AND m.from_page IS NOT NULL
        AND joined_addresses.site_id = $3 AND joined_addresses.match_url = m.match_url";
const DROP_JOINED: &str = "DELETE FROM joined_addresses
    WHERE site_id = $3 AND match_url IN (SELECT match_url FROM joined_address_moves
        WHERE job = $1 AND match_url <= $2 AND from_page IS NULL)";
const FORGET_JOINED: &str = "DELETE FROM joined_address_moves WHERE job = $1 AND match_url <= $2";
const RESTORE_TARGETS: &str = "UPDATE pages SET
        url = before ->> 'url',
        match_url = before ->> 'match_url',
        identifier = before ->> 'identifier',
        title = before ->> 'title',
        closed = before ->> 'closed',
        created_at = before ->> 'created_at',
        extras = before ->> 'extras',
        comments = before ->> 'comments',
        last_comment_at = before ->> 'last_comment_at',
        loose_url = before ->> 'loose_url',
        loose_for = before ->> 'loose_for'
    FROM page_moves m WHERE m.job = $1 AND m.page_id <= $2 AND m.to_page IS NULL
        AND pages.id = m.page_id";
const ANY_NOTED: &str = "SELECT EXISTS (SELECT 1 FROM page_moves WHERE job = $1)";
const FORGET_PAGES: &str = "DELETE FROM page_moves WHERE job = $1 AND page_id <= $2";

impl Regrouping {
    /// Takes a batch of the join back: rows that it was about. None where all is as it was.
    pub(crate) async fn take_back(&self, tx: &mut SqliteConnection) -> Stored<Option<u64>> {
        let pages = sqlx::query(RESTORE_PAGES).bind(self.job).bind(self.site_id).bind(self.batch);
        let pages = execute(tx, pages).await?;
        if pages > 0 {
            return Ok(Some(pages));
        }
        let by_id = [
            (UPTO_PARENT, &[PART_FROM_PARENTS, WAIT_AGAIN][..], FORGET_PARENTS),
            (UPTO_COMMENT, &[PUT_COMMENTS_BACK][..], FORGET_COMMENTS),
        ];
        for (upto, changes, forget) in by_id {
            if let Some(rows) = self.use_up::<i64>(tx, upto, changes, forget).await? {
                return Ok(Some(rows));
            }
        }
        let sources = self.put_sources_back(tx).await?;
        if sources > 0 {
            return Ok(Some(sources));
        }
        let joined = [PUT_JOINED_BACK, DROP_JOINED];
        if let Some(rows) = self.use_up::<String>(tx, UPTO_JOINED, &joined, FORGET_JOINED).await? {
            return Ok(Some(rows));
        }
        let pages = self.use_up::<i64>(tx, UPTO_PAGE, &[RESTORE_TARGETS], FORGET_PAGES).await?;
        // Without a note it would look as if there were nothing to take back.
        let more: bool = sqlx::query_scalar(ANY_NOTED).bind(self.job).fetch_one(&mut *tx).await?;
        Ok(pages.filter(|_| more))
    }

    /// Says by which job it was taken back.
    pub(crate) async fn set_undone(&self, tx: &mut SqliteConnection, by: i64) -> Stored<()> {
        self.next_revision(tx).await?;
        jobs::set_undone_by(tx, self.job, by).await
    }

    async fn use_up<Key>(
        &self,
        tx: &mut SqliteConnection,
        upto: &'static str,
        changes: &[&'static str],
        forget: &'static str,
    ) -> Stored<Option<u64>>
    where
        Key: for<'r> sqlx::Decode<'r, sqlx::Sqlite>
            + for<'q> sqlx::Encode<'q, sqlx::Sqlite>
            + sqlx::Type<sqlx::Sqlite>
            + Send
            + Unpin
            + Clone
            + 'static,
    {
        let last: Option<Key> =
            sqlx::query_scalar(upto).bind(self.job).bind(self.batch).fetch_one(&mut *tx).await?;
        let Some(last) = last else { return Ok(None) };
        for change in changes {
            let change = sqlx::query(*change).bind(self.job).bind(last.clone()).bind(self.site_id);
            execute(tx, change).await?;
        }
        let forgotten = execute(tx, sqlx::query(forget).bind(self.job).bind(last)).await?;
        Ok(Some(forgotten))
    }

    async fn put_sources_back(&self, tx: &mut SqliteConnection) -> Stored<u64> {
        for change in [PUT_SOURCES_BACK, PUT_ADDRESSES_BACK] {
            let change = sqlx::query(change).bind(self.job).bind(self.batch).bind(self.site_id);
            execute(tx, change).await?;
        }
        execute(tx, sqlx::query(FORGET_SOURCES).bind(self.job).bind(self.batch)).await
    }
}

/// For the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[PUT_COMMENTS_BACK, PART_FROM_PARENTS];
