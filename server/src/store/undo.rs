//! Takes back what an import did, a batch at a time.
//!
//! Only the newest change of a site is ever taken back. So nothing that is
//! there now was built on it by another import: no other source was joined to a
//! comment that it added, and no other comment stands on a page that it added.
//!
//! What was restored is forgotten with it. Whatever is left of the history is
//! what is left to do, also for whoever tries again after a failure.

use sqlx::{Row, SqliteConnection};

use super::imports::{self, next_version};
use super::{Namespace, Stored, execute, from_column};

/// The import whose changes are taken back, and how much of it at once.
#[derive(Debug, Clone)]
pub(crate) struct Undoing {
    /// Its number.
    pub import: i64,
    /// Whose ids it brought.
    pub namespace: Namespace,
    /// Rows of a batch.
    pub batch: u32,
}

/// A batch that was done: where it ended, and how many rows it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Done<At> {
    pub at: At,
    pub rows: u64,
}

/// The part of a table of sources that a batch takes, by its key.
const NEXT_CHANGED_SOURCES: &str = "SELECT max(source_id), count(*) FROM (
        SELECT source_id FROM import_changed_sources
        WHERE import = $1 AND kind = $2 AND source_id > $3 ORDER BY source_id LIMIT $4)";
const FORGET_CHANGED_SOURCES: &str = "DELETE FROM import_changed_sources
    WHERE import = $1 AND kind = $2 AND source_id > $3 AND source_id <= $4";
const NEXT_CHANGED: &str = "SELECT max(id), count(*) FROM (
        SELECT id FROM import_changed
        WHERE import = $1 AND kind = $2 AND id > $3 ORDER BY id LIMIT $4)";
const FORGET_CHANGED: &str = "DELETE FROM import_changed
    WHERE import = $1 AND kind = $2 AND id > $3 AND id <= $4";
const NEXT_ADDED: &str = "SELECT first_id, last_id FROM import_added
    WHERE import = $1 AND kind = $2 ORDER BY first_id LIMIT 1";
const FORGET_ADDED: &str = "DELETE FROM import_added
    WHERE import = $1 AND kind = $2 AND first_id = $3";
const REST_OF_ADDED: &str =
    "INSERT INTO import_added (import, kind, first_id, last_id) VALUES ($1, $2, $3, $4)";

/// The kept sources between two keys, beside the rows of `$table`.
macro_rules! restore_sources {
    ($kind:literal, $table:literal, $set:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET hash = unhex(h.before ->> 'hash'), ",
            $set,
            " FROM import_changed_sources h
            WHERE h.import = $4 AND h.kind = '",
            $kind,
            "' AND h.source_id > $5
                AND h.source_id <= $6 AND ",
            $table,
            ".site_id = $1 AND ",
            $table,
            ".family = $2
                AND ",
            $table,
            ".origin = $3 AND ",
            $table,
            ".source_id = h.source_id"
        )
    };
}

/// The kept rows between two ids, beside the rows of `$table`.
macro_rules! restore_rows {
    ($kind:literal, $table:literal, $first:literal $(, $column:literal)*) => {
        concat!(
            "UPDATE ", $table, " SET ", $first, " = h.before ->> '", $first, "'"
            $(, ", ", $column, " = h.before ->> '", $column, "'")*,
            " FROM import_changed h
            WHERE h.import = $2 AND h.kind = '", $kind, "' AND h.id > $3 AND h.id <= $4
                AND ", $table, ".id = h.id AND +", $table, ".site_id = $1"
        )
    };
}

/// The key at which a batch of a namespace's sources ends.
macro_rules! next_sources {
    ($table:literal) => {
        concat!(
            "SELECT max(source_id), sum(added_in IS $5) FROM (
                SELECT source_id, added_in FROM ",
            $table,
            "
                WHERE site_id = $1 AND family = $2 AND origin = $3 AND source_id > $4
                ORDER BY source_id LIMIT $6)"
        )
    };
}

macro_rules! delete_sources {
    ($table:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE site_id = $1 AND family = $2 AND origin = $3
                AND source_id > $5 AND source_id <= $6 AND added_in = $4"
        )
    };
}

const RESTORE_COMMENT_SOURCES: &str = restore_sources!(
    "comment",
    "comment_sources",
    "parent_source_id = h.before ->> 'parent_source_id',
    page_source_id = h.before ->> 'page_source_id', aliases = h.before ->> 'aliases',
    comment_id = h.before ->> 'comment_id'"
);
const RESTORE_PAGE_SOURCES: &str = restore_sources!(
    "page",
    "page_sources",
    "url = h.before ->> 'url', page_id = h.before ->> 'page_id'"
);
const RESTORE_AUTHOR_SOURCES: &str =
    restore_sources!("author", "author_sources", "author_id = h.before ->> 'author_id'");
const RESTORE_COMMENTS: &str = restore_rows!(
    "comment",
    "comments",
    "page_id",
    "parent_id",
    "author_id",
    "author_source_id",
    "author_name",
    "author_email",
    "author_url",
    "created_at",
    "edited_at",
    "status",
    "kind",
    "body",
    "body_format",
    "votes_up",
    "votes_down",
    "ip",
    "extras"
);
const RESTORE_PAGES: &str = restore_rows!(
    "page",
    "pages",
    "url",
    "match_url",
    "identifier",
    "title",
    "closed",
    "created_at",
    "extras"
);
const RESTORE_AUTHORS: &str = restore_rows!("author", "authors", "name", "email", "url");
/// Two pages may have exchanged their addresses, and an address has one page at a time.
const FREE_ADDRESSES: &str = "UPDATE pages SET match_url = NULL FROM import_changed h
    WHERE h.import = $2 AND h.kind = 'page' AND h.id > $3 AND h.id <= $4 AND pages.id = h.id
        AND +pages.site_id = $1 AND +pages.match_url IS NOT h.before ->> 'match_url'";

/// Comments whose kept sources are between two keys, as they are joined now and as they were.
const COMMENTS_OF_CHANGED_SOURCES: &str = "SELECT s.comment_id FROM import_changed_sources h
        CROSS JOIN comment_sources s ON s.site_id = $1 AND s.family = $2 AND s.origin = $3
            AND s.source_id = h.source_id
    WHERE h.import = $4 AND h.kind = 'comment' AND h.source_id > $5 AND h.source_id <= $6
    UNION SELECT h.before ->> 'comment_id' FROM import_changed_sources h
    WHERE h.import = $4 AND h.kind = 'comment' AND h.source_id > $5 AND h.source_id <= $6";
const CHANGED_COMMENTS: &str = "SELECT id FROM import_changed
    WHERE import = $1 AND kind = 'comment' AND id > $2 AND id <= $3";

const NEXT_COMMENT_SOURCES: &str = next_sources!("comment_sources");
const NEXT_PAGE_SOURCES: &str = next_sources!("page_sources");
const NEXT_AUTHOR_SOURCES: &str = next_sources!("author_sources");
const DELETE_COMMENT_SOURCES: &str = delete_sources!("comment_sources");
const DELETE_PAGE_SOURCES: &str = delete_sources!("page_sources");
const DELETE_AUTHOR_SOURCES: &str = delete_sources!("author_sources");
const STOP_WAITING: &str = "DELETE FROM waiting_replies
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND (parent_source_id, source_id) IN (
        SELECT s.parent_source_id, s.source_id FROM comment_sources s
        WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id > $5
            AND s.source_id <= $6 AND s.added_in = $4 AND s.parent_source_id IS NOT NULL)";
/// Comments that stay, to which the import joined a source.
const JOINED: &str = "SELECT DISTINCT s.comment_id FROM comment_sources s
    WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id > $5
        AND s.source_id <= $6 AND s.added_in = $4 AND NOT coalesce((
            SELECT a.last_id >= s.comment_id FROM import_added a
            WHERE a.import = $4 AND a.kind = 'comment' AND a.first_id <= s.comment_id
            ORDER BY a.first_id DESC LIMIT 1), false)";
const DELETE_ADDRESSES: &str = "DELETE FROM page_addresses
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND source_id > $5 AND source_id <= $6
        AND (first_seen_in = $4 OR source_id IN (
            SELECT source_id FROM page_sources
            WHERE site_id = $1 AND family = $2 AND origin = $3 AND source_id > $5
                AND source_id <= $6 AND added_in = $4))";
const MOVE_ADDRESSES_BACK: &str = "UPDATE page_addresses SET page_id = h.before ->> 'page_id'
    FROM import_changed_sources h
    WHERE h.import = $4 AND h.kind = 'page' AND h.source_id > $5 AND h.source_id <= $6
        AND page_addresses.site_id = $1 AND page_addresses.family = $2
        AND page_addresses.origin = $3 AND page_addresses.source_id = h.source_id
        AND +page_addresses.page_id IS NOT h.before ->> 'page_id'";

/// Replies that stay although their parent goes. They are on its page, and on
/// pages that the import added nothing stays.
const LEFT_BEHIND: &str = "SELECT c.id FROM comments p
        CROSS JOIN comments c ON c.site_id = p.site_id AND c.page_id = p.page_id
            AND c.parent_id = p.id
    WHERE p.id BETWEEN $2 AND $3 AND NOT coalesce((
            SELECT a.last_id >= p.page_id FROM import_added a
            WHERE a.import = $1 AND a.kind = 'page' AND a.first_id <= p.page_id
            ORDER BY a.first_id DESC LIMIT 1), false)
        AND NOT coalesce((
            SELECT a.last_id >= c.id FROM import_added a
            WHERE a.import = $1 AND a.kind = 'comment' AND a.first_id <= c.id
            ORDER BY a.first_id DESC LIMIT 1), false)";
const CUT: &str =
    "UPDATE comments SET parent_id = NULL WHERE id IN (SELECT value FROM json_each($1))";
const DELETE_ALIASES: &str = "DELETE FROM comment_aliases WHERE comment_id BETWEEN $2 AND $3";
const DELETE_COMMENTS: &str = "DELETE FROM comments WHERE id BETWEEN $2 AND $3 AND +site_id = $1";
const DELETE_ADDRESSES_OF_PAGES: &str =
    "DELETE FROM page_addresses WHERE page_id BETWEEN $2 AND $3 AND +site_id = $1";
const DELETE_PAGES: &str = "DELETE FROM pages WHERE id BETWEEN $2 AND $3 AND +site_id = $1";
const DELETE_AUTHORS: &str = "DELETE FROM authors WHERE id BETWEEN $2 AND $3 AND +site_id = $1";

const FORGET_ALIASES: &str = "DELETE FROM comment_aliases
    WHERE comment_id IN (SELECT value FROM json_each($1))";
const FIND_ALIASES: &str =
    "INSERT OR IGNORE INTO comment_aliases (site_id, family, source_id, origin, comment_id)
    SELECT s.site_id, a.value ->> 'family', a.value ->> 'source_id',
        coalesce(a.value ->> 'origin', ''), s.comment_id
    FROM json_each($1) j CROSS JOIN comment_sources s ON s.comment_id = j.value
        CROSS JOIN json_each(s.aliases) a
    WHERE s.aliases IS NOT NULL";
const NAMESPACES: &str = "SELECT DISTINCT s.site_id, s.family, s.origin
    FROM json_each($1) j CROSS JOIN comment_sources s ON s.comment_id = j.value
    WHERE s.parent_source_id IS NOT NULL";
const FORGET_WAITING: &str = "DELETE FROM waiting_replies
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND (parent_source_id, source_id) IN (
        SELECT s.parent_source_id, s.source_id
        FROM json_each($4) j CROSS JOIN comment_sources s ON s.comment_id = j.value
        WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3
            AND s.parent_source_id IS NOT NULL)";
const FIND_WAITING: &str = "INSERT OR IGNORE INTO waiting_replies
        (site_id, family, origin, parent_source_id, source_id)
    SELECT s.site_id, s.family, s.origin, s.parent_source_id, s.source_id
    FROM json_each($1) j CROSS JOIN comments c ON c.id = j.value
        CROSS JOIN comment_sources s ON s.comment_id = c.id
    WHERE c.parent_id IS NULL AND s.parent_source_id IS NOT NULL";

const NEXT_COUNTED: &str = "SELECT max(page_id), count(*) FROM (
        SELECT page_id FROM import_pages
        WHERE import = $1 AND page_id > $2 ORDER BY page_id LIMIT $3)";
const COUNT_COMMENTS: &str = "UPDATE pages SET
        comments = (SELECT count(*) FROM comments c
            WHERE c.site_id = pages.site_id AND c.page_id = pages.id),
        last_comment_at = (SELECT max(c.created_at) FROM comments c
            WHERE c.site_id = pages.site_id AND c.page_id = pages.id)
    WHERE +site_id = $1 AND id IN (SELECT page_id FROM import_pages
        WHERE import = $2 AND page_id > $3 AND page_id <= $4)";
const FORGET_COUNTED: &str =
    "DELETE FROM import_pages WHERE import = $1 AND page_id > $2 AND page_id <= $3";
const NEXT_REVISION: &str = "UPDATE sites SET revision = revision + 1 WHERE id = $1";
const SET_UNDONE: &str = "UPDATE imports SET undone_at = $2, undoable = 0, version = $3
    WHERE seq = $1 AND undone_at IS NULL";
const SET_UNDONE_BY: &str = "UPDATE jobs SET undone_by = $2 WHERE id = $1 AND undone_by IS NULL";

/// What is taken back: sources and rows of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Comment,
    Page,
    Author,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Page => "page",
            Self::Author => "author",
        }
    }

    fn pick(self, comment: &'static str, page: &'static str, author: &'static str) -> &'static str {
        match self {
            Self::Comment => comment,
            Self::Page => page,
            Self::Author => author,
        }
    }
}

impl Undoing {
    /// Sources that the import changed are as they were. None where none is left.
    pub(crate) async fn restore_sources(
        &self,
        tx: &mut SqliteConnection,
        kind: Kind,
        after: &str,
    ) -> Stored<Option<Done<String>>> {
        let next = sqlx::query(NEXT_CHANGED_SOURCES)
            .bind(self.import)
            .bind(kind.word())
            .bind(after)
            .bind(self.batch)
            .fetch_one(&mut *tx)
            .await?;
        let Some(at) = next.try_get::<Option<String>, _>(0)? else { return Ok(None) };
        let within = |sql| self.namespace.query(sql).bind(self.import).bind(after).bind(&at);
        let comments = if kind == Kind::Comment {
            let ids = within(COMMENTS_OF_CHANGED_SOURCES).fetch_all(&mut *tx).await?;
            let ids = ids_from(&ids)?;
            forget_waiting(tx, &ids).await?;
            ids
        } else {
            Vec::new()
        };
        let restore =
            kind.pick(RESTORE_COMMENT_SOURCES, RESTORE_PAGE_SOURCES, RESTORE_AUTHOR_SOURCES);
        execute(tx, within(restore)).await?;
        if kind == Kind::Page {
            execute(tx, within(MOVE_ADDRESSES_BACK)).await?;
        }
        derive(tx, &comments).await?;
        let forget = sqlx::query(FORGET_CHANGED_SOURCES).bind(self.import).bind(kind.word());
        execute(tx, forget.bind(after).bind(&at)).await?;
        Ok(Some(Done { at, rows: from_column(next.try_get(1)?) }))
    }

    /// Sources that the import added are gone. None where none is left. Those of
    /// other imports are passed over, a batch at a time as well.
    pub(crate) async fn delete_sources(
        &self,
        tx: &mut SqliteConnection,
        kind: Kind,
        after: &str,
    ) -> Stored<Option<Done<String>>> {
        let next = kind.pick(NEXT_COMMENT_SOURCES, NEXT_PAGE_SOURCES, NEXT_AUTHOR_SOURCES);
        let next = self.namespace.query(next).bind(after).bind(self.import).bind(self.batch);
        let next = next.fetch_one(&mut *tx).await?;
        let Some(at) = next.try_get::<Option<String>, _>(0)? else { return Ok(None) };
        let within = |sql| self.namespace.query(sql).bind(self.import).bind(after).bind(&at);
        match kind {
            Kind::Comment => {
                let joined = within(JOINED).fetch_all(&mut *tx).await?;
                let joined = ids_from(&joined)?;
                execute(tx, within(STOP_WAITING)).await?;
                execute(tx, within(DELETE_COMMENT_SOURCES)).await?;
                derive(tx, &joined).await?;
            }
            Kind::Page => {
                execute(tx, within(DELETE_ADDRESSES)).await?;
                execute(tx, within(DELETE_PAGE_SOURCES)).await?;
            }
            Kind::Author => {
                execute(tx, within(DELETE_AUTHOR_SOURCES)).await?;
            }
        }
        Ok(Some(Done { at, rows: from_column(next.try_get(1)?) }))
    }

    /// Rows that the import changed are as they were. None where none is left.
    pub(crate) async fn restore(
        &self,
        tx: &mut SqliteConnection,
        kind: Kind,
        after: i64,
    ) -> Stored<Option<Done<i64>>> {
        let Some(done) = self.next_changed(tx, kind, after).await? else { return Ok(None) };
        let restore = kind.pick(RESTORE_COMMENTS, RESTORE_PAGES, RESTORE_AUTHORS);
        execute(tx, self.between(restore, after, done.at)).await?;
        if kind == Kind::Comment {
            let changed = sqlx::query(CHANGED_COMMENTS).bind(self.import).bind(after).bind(done.at);
            let changed = ids_from(&changed.fetch_all(&mut *tx).await?)?;
            forget_waiting(tx, &changed).await?;
            derive(tx, &changed).await?;
        }
        let forget = sqlx::query(FORGET_CHANGED).bind(self.import).bind(kind.word());
        execute(tx, forget.bind(after).bind(done.at)).await?;
        Ok(Some(done))
    }

    /// Pages that have another address than before have none, until [`Self::restore`].
    pub(crate) async fn free_addresses(
        &self,
        tx: &mut SqliteConnection,
        after: i64,
    ) -> Stored<Option<Done<i64>>> {
        let Some(done) = self.next_changed(tx, Kind::Page, after).await? else { return Ok(None) };
        execute(tx, self.between(FREE_ADDRESSES, after, done.at)).await?;
        Ok(Some(Done { rows: 0, ..done }))
    }

    /// Rows that the import added are gone. None where none is left.
    pub(crate) async fn delete(
        &self,
        tx: &mut SqliteConnection,
        kind: Kind,
    ) -> Stored<Option<Done<i64>>> {
        let next = sqlx::query(NEXT_ADDED).bind(self.import).bind(kind.word());
        let Some(range) = next.fetch_optional(&mut *tx).await? else { return Ok(None) };
        let (first, last): (i64, i64) = (range.try_get(0)?, range.try_get(1)?);
        let at = last.min(first + i64::from(self.batch) - 1);
        let within = |sql| sqlx::query(sql).bind(self.namespace.site_id).bind(first).bind(at);
        match kind {
            Kind::Comment => {
                let left = sqlx::query(LEFT_BEHIND).bind(self.import).bind(first).bind(at);
                let left = ids_from(&left.fetch_all(&mut *tx).await?)?;
                if !left.is_empty() {
                    execute(tx, sqlx::query(CUT).bind(serde_json::to_string(&left)?)).await?;
                    derive(tx, &left).await?;
                }
                execute(tx, within(DELETE_ALIASES)).await?;
                execute(tx, within(DELETE_COMMENTS)).await?;
            }
            Kind::Page => {
                execute(tx, within(DELETE_ADDRESSES_OF_PAGES)).await?;
                execute(tx, within(DELETE_PAGES)).await?;
            }
            Kind::Author => {
                execute(tx, within(DELETE_AUTHORS)).await?;
            }
        }
        let of_range = |sql| sqlx::query(sql).bind(self.import).bind(kind.word());
        execute(tx, of_range(FORGET_ADDED).bind(first)).await?;
        if at < last {
            execute(tx, of_range(REST_OF_ADDED).bind(at + 1).bind(last)).await?;
        }
        Ok(Some(Done { at, rows: from_column(at - first + 1) }))
    }

    /// Pages whose comments the import changed are counted anew. None where none is left.
    pub(crate) async fn count_comments(
        &self,
        tx: &mut SqliteConnection,
        after: i64,
    ) -> Stored<Option<Done<i64>>> {
        let next = sqlx::query(NEXT_COUNTED).bind(self.import).bind(after).bind(self.batch);
        let next = next.fetch_one(&mut *tx).await?;
        let Some(at) = next.try_get::<Option<i64>, _>(0)? else { return Ok(None) };
        execute(tx, self.between(COUNT_COMMENTS, after, at)).await?;
        execute(tx, sqlx::query(FORGET_COUNTED).bind(self.import).bind(after).bind(at)).await?;
        Ok(Some(Done { at, rows: 0 }))
    }

    /// The site is as it was before the import: `job`, which is taken back by `by`.
    pub(crate) async fn set_undone(
        &self,
        tx: &mut SqliteConnection,
        (job, by): (i64, i64),
        now: i64,
    ) -> Stored<()> {
        execute(tx, sqlx::query(NEXT_REVISION).bind(self.namespace.site_id)).await?;
        let version = next_version(tx).await?;
        execute(tx, sqlx::query(SET_UNDONE).bind(self.import).bind(now).bind(version)).await?;
        execute(tx, sqlx::query(SET_UNDONE_BY).bind(job).bind(by)).await?;
        Ok(())
    }

    /// Tells live streams that something was done.
    pub(crate) async fn tell(&self, tx: &mut SqliteConnection) -> Stored<()> {
        imports::touch(tx, self.import).await
    }

    async fn next_changed(
        &self,
        tx: &mut SqliteConnection,
        kind: Kind,
        after: i64,
    ) -> Stored<Option<Done<i64>>> {
        let next = sqlx::query(NEXT_CHANGED)
            .bind(self.import)
            .bind(kind.word())
            .bind(after)
            .bind(self.batch)
            .fetch_one(tx)
            .await?;
        let at: Option<i64> = next.try_get(0)?;
        let rows = from_column(next.try_get(1)?);
        Ok(at.map(|at| Done { at, rows }))
    }

    fn between(&self, sql: &'static str, after: i64, at: i64) -> super::SqliteQuery<'static> {
        sqlx::query(sql).bind(self.namespace.site_id).bind(self.import).bind(after).bind(at)
    }
}

/// Aliases and waiting replies of these comments follow from their sources. What
/// waited under another parent must be forgotten before the sources change.
async fn derive(tx: &mut SqliteConnection, comment_ids: &[i64]) -> Stored<()> {
    if comment_ids.is_empty() {
        return Ok(());
    }
    let ids = serde_json::to_string(comment_ids)?;
    for sql in [FORGET_ALIASES, FIND_ALIASES, FIND_WAITING] {
        execute(tx, sqlx::query(sql).bind(&ids)).await?;
    }
    Ok(())
}

async fn forget_waiting(tx: &mut SqliteConnection, comment_ids: &[i64]) -> Stored<()> {
    if comment_ids.is_empty() {
        return Ok(());
    }
    let ids = serde_json::to_string(comment_ids)?;
    for row in sqlx::query(NAMESPACES).bind(&ids).fetch_all(&mut *tx).await? {
        let namespace = Namespace {
            site_id: row.try_get(0)?,
            family: row.try_get(1)?,
            origin: row.try_get(2)?,
        };
        execute(tx, namespace.query(FORGET_WAITING).bind(&ids)).await?;
    }
    Ok(())
}

fn ids_from(rows: &[sqlx::sqlite::SqliteRow]) -> Stored<Vec<i64>> {
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    NEXT_CHANGED_SOURCES,
    FORGET_CHANGED_SOURCES,
    NEXT_CHANGED,
    FORGET_CHANGED,
    NEXT_ADDED,
    FORGET_ADDED,
    RESTORE_COMMENT_SOURCES,
    RESTORE_PAGE_SOURCES,
    RESTORE_AUTHOR_SOURCES,
    RESTORE_COMMENTS,
    RESTORE_PAGES,
    RESTORE_AUTHORS,
    FREE_ADDRESSES,
    COMMENTS_OF_CHANGED_SOURCES,
    CHANGED_COMMENTS,
    NEXT_COMMENT_SOURCES,
    NEXT_PAGE_SOURCES,
    NEXT_AUTHOR_SOURCES,
    DELETE_COMMENT_SOURCES,
    DELETE_PAGE_SOURCES,
    DELETE_AUTHOR_SOURCES,
    STOP_WAITING,
    JOINED,
    DELETE_ADDRESSES,
    MOVE_ADDRESSES_BACK,
    LEFT_BEHIND,
    CUT,
    DELETE_ALIASES,
    DELETE_COMMENTS,
    DELETE_ADDRESSES_OF_PAGES,
    DELETE_PAGES,
    DELETE_AUTHORS,
    FORGET_ALIASES,
    NAMESPACES,
    FORGET_WAITING,
    NEXT_COUNTED,
    COUNT_COMMENTS,
    FORGET_COUNTED,
];
