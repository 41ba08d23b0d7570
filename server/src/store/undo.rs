//! Takes back what an import did, a batch at a time.
//!
//! Only the newest change of a site is ever taken back. So nothing that is
//! there now was built on it by another import: no other source was joined to a
//! comment that it added, and no other comment stands on a page that it added.
//!
//! What was restored is forgotten with it. Whatever is left of the history is
//! what is left to do, also for whoever tries again after a failure.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::history::RowKind;
use super::import_moves::{self, next_version};
use super::same_comment::rebuild_aliases;
use super::undo_statements::{
    ADD_ADDRESS, CHANGED_COMMENTS, COMMENTS_OF_CHANGED_SOURCES, COUNT_COMMENTS, CUT,
    DELETE_ADDRESSES, DELETE_ADDRESSES_OF_PAGES, DELETE_ALIASES, DELETE_AUTHOR_SOURCES,
    DELETE_AUTHORS, DELETE_COMMENT_SOURCES, DELETE_COMMENTS, DELETE_PAGE_SOURCES, DELETE_PAGES,
    FIND_WAITING, FORGET_ADDED, FORGET_CHANGED, FORGET_CHANGED_SOURCES, FORGET_COUNTED,
    FORGET_WAITING, FREE_ADDRESSES, JOINED, LEFT_BEHIND, MOVE_ADDRESSES_BACK, NAMESPACES,
    NEXT_ADDED, NEXT_AUTHOR_SOURCES, NEXT_CHANGED, NEXT_CHANGED_SOURCES, NEXT_COMMENT_SOURCES,
    NEXT_COUNTED, NEXT_PAGE_SOURCES, REST_OF_ADDED, RESTORE_AUTHOR_SOURCES, RESTORE_AUTHORS,
    RESTORE_COMMENT_SOURCES, RESTORE_COMMENTS, RESTORE_PAGE_SOURCES, RESTORE_PAGES, SET_UNDONE,
    STOP_WAITING, WITHOUT_ADDRESS,
};
use super::{Namespace, Stored, execute, from_column, jobs, sites};
use crate::page_address::match_url;

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

impl Undoing {
    /// Sources that the import changed are as they were. None where none is left.
    pub(crate) async fn restore_sources(
        &self,
        tx: &mut SqliteConnection,
        kind: RowKind,
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
        let comments = if kind == RowKind::Comment {
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
        if kind == RowKind::Page {
            execute(tx, within(MOVE_ADDRESSES_BACK)).await?;
            let without = within(WITHOUT_ADDRESS).fetch_all(&mut *tx).await?;
            self.add_addresses(tx, &without).await?;
        }
        derive(tx, &comments).await?;
        let forget = sqlx::query(FORGET_CHANGED_SOURCES).bind(self.import).bind(kind.word());
        execute(tx, forget.bind(after).bind(&at)).await?;
        Ok(Some(Done { at, rows: from_column(next.try_get(1)?) }))
    }

    /// The last address that each of these sources gave is one of its page's again.
    async fn add_addresses(&self, tx: &mut SqliteConnection, sources: &[SqliteRow]) -> Stored<()> {
        for source in sources {
            let url: String = source.try_get("url")?;
            let add = self
                .namespace
                .query(ADD_ADDRESS)
                .bind(source.try_get::<String, _>("source_id")?)
                .bind(&url)
                .bind(match_url(&url).unwrap_or_else(|| url.clone()))
                .bind(source.try_get::<i64, _>("page_id")?)
                // Which import gave it first went with the address.
                .bind(source.try_get::<Option<i64>, _>("added_in")?.unwrap_or(0));
            execute(tx, add).await?;
        }
        Ok(())
    }

    /// Sources that the import added are gone. None where none is left. Those of
    /// other imports are passed over, a batch at a time as well.
    pub(crate) async fn delete_sources(
        &self,
        tx: &mut SqliteConnection,
        kind: RowKind,
        after: &str,
    ) -> Stored<Option<Done<String>>> {
        let next = kind.pick(NEXT_COMMENT_SOURCES, NEXT_PAGE_SOURCES, NEXT_AUTHOR_SOURCES);
        let next = self.namespace.query(next).bind(after).bind(self.import).bind(self.batch);
        let next = next.fetch_one(&mut *tx).await?;
        let Some(at) = next.try_get::<Option<String>, _>(0)? else { return Ok(None) };
        let within = |sql| self.namespace.query(sql).bind(self.import).bind(after).bind(&at);
        match kind {
            RowKind::Comment => {
                let joined = within(JOINED).fetch_all(&mut *tx).await?;
                let joined = ids_from(&joined)?;
                execute(tx, within(STOP_WAITING)).await?;
                execute(tx, within(DELETE_COMMENT_SOURCES)).await?;
                derive(tx, &joined).await?;
            }
            RowKind::Page => {
                execute(tx, within(DELETE_ADDRESSES)).await?;
                execute(tx, within(DELETE_PAGE_SOURCES)).await?;
            }
            RowKind::Author => {
                execute(tx, within(DELETE_AUTHOR_SOURCES)).await?;
            }
        }
        Ok(Some(Done { at, rows: from_column(next.try_get(1)?) }))
    }

    /// Rows that the import changed are as they were. None where none is left.
    pub(crate) async fn restore(
        &self,
        tx: &mut SqliteConnection,
        kind: RowKind,
        after: i64,
    ) -> Stored<Option<Done<i64>>> {
        let Some(done) = self.next_changed(tx, kind, after).await? else { return Ok(None) };
        let restore = kind.pick(RESTORE_COMMENTS, RESTORE_PAGES, RESTORE_AUTHORS);
        execute(tx, self.between(restore, after, done.at)).await?;
        if kind == RowKind::Comment {
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
        let Some(done) = self.next_changed(tx, RowKind::Page, after).await? else {
            return Ok(None);
        };
        execute(tx, self.between(FREE_ADDRESSES, after, done.at)).await?;
        Ok(Some(Done { rows: 0, ..done }))
    }

    /// Rows that the import added are gone. None where none is left.
    pub(crate) async fn delete(
        &self,
        tx: &mut SqliteConnection,
        kind: RowKind,
    ) -> Stored<Option<Done<i64>>> {
        let next = sqlx::query(NEXT_ADDED).bind(self.import).bind(kind.word());
        let Some(range) = next.fetch_optional(&mut *tx).await? else { return Ok(None) };
        let (first, last): (i64, i64) = (range.try_get(0)?, range.try_get(1)?);
        let at = last.min(first + i64::from(self.batch) - 1);
        let within = |sql| sqlx::query(sql).bind(self.namespace.site_id).bind(first).bind(at);
        match kind {
            RowKind::Comment => {
                let left = sqlx::query(LEFT_BEHIND).bind(self.import).bind(first).bind(at);
                let left = ids_from(&left.fetch_all(&mut *tx).await?)?;
                if !left.is_empty() {
                    execute(tx, sqlx::query(CUT).bind(serde_json::to_string(&left)?)).await?;
                    derive(tx, &left).await?;
                }
                execute(tx, within(DELETE_ALIASES)).await?;
                execute(tx, within(DELETE_COMMENTS)).await?;
            }
            RowKind::Page => {
                execute(tx, within(DELETE_ADDRESSES_OF_PAGES)).await?;
                execute(tx, within(DELETE_PAGES)).await?;
            }
            RowKind::Author => {
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
        sites::next_revision(tx, self.namespace.site_id).await?;
        let version = next_version(tx).await?;
        execute(tx, sqlx::query(SET_UNDONE).bind(self.import).bind(now).bind(version)).await?;
        jobs::set_undone_by(tx, job, by).await
    }

    /// Tells live streams that something was done.
    pub(crate) async fn tell(&self, tx: &mut SqliteConnection) -> Stored<()> {
        import_moves::touch(tx, self.import).await
    }

    async fn next_changed(
        &self,
        tx: &mut SqliteConnection,
        kind: RowKind,
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
    rebuild_aliases(tx, comment_ids).await?;
    let ids = serde_json::to_string(comment_ids)?;
    execute(tx, sqlx::query(FIND_WAITING).bind(&ids)).await?;
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

fn ids_from(rows: &[SqliteRow]) -> Stored<Vec<i64>> {
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
