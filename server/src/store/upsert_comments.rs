//! Bulk writes of comments.
//!
//! A plus before a column keeps the planner from walking that index, row for
//! row, where the ids of the batch lead straight to the rows.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use super::bulk::BulkInsert;
use super::history::{self, RowKind};
use super::update_sources::update_sources;
use super::{Known, Namespace, RecordHash, Stored, execute};

const KNOWN: &str = "SELECT s.source_id, s.comment_id AS id, s.hash, s.seen_in
    FROM json_each($4) j CROSS JOIN comment_sources s
    WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id = j.value";
const PLACES: &str = "SELECT s.source_id, c.id, c.page_id
    FROM json_each($4) j CROSS JOIN comment_sources s CROSS JOIN comments c
    WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id = j.value
        AND c.id = s.comment_id";
const LAST_ID: &str = "SELECT coalesce(max(id), 0) FROM comments";
static INSERT: BulkInsert = BulkInsert::new(
    "INSERT INTO comments (site_id, id, page_id, parent_id, author_id, author_source_id,
        author_name, author_email, author_url, created_at, edited_at, status, kind, body,
        body_format, votes_up, votes_down, ip, extras)",
    1,
    18,
);
static INSERT_SOURCES: BulkInsert = BulkInsert::new(
    "INSERT INTO comment_sources (site_id, family, origin, added_in, seen_in, source_id,
        comment_id, hash, parent_source_id, page_source_id, aliases)",
    5,
    6,
);
const UPDATE: &str = "UPDATE comments SET
        page_id = value ->> 'page_id',
        parent_id = CASE WHEN $3 THEN value ->> 'parent_id' ELSE parent_id END,
        author_id = CASE WHEN $4 THEN value ->> 'author_id' ELSE author_id END,
        author_source_id = CASE WHEN $4 THEN value ->> 'author_source_id' ELSE author_source_id END,
        author_name = CASE WHEN $5 THEN value ->> 'author_name' ELSE author_name END,
        author_email = CASE WHEN $6 THEN value ->> 'author_email' ELSE author_email END,
        author_url = CASE WHEN $7 THEN value ->> 'author_url' ELSE author_url END,
        created_at = CASE WHEN $8 THEN value ->> 'created_at' ELSE created_at END,
        edited_at = CASE WHEN $9 THEN value ->> 'edited_at' ELSE edited_at END,
        status = CASE WHEN $10 THEN value ->> 'status' ELSE status END,
        kind = CASE WHEN $11 THEN value ->> 'kind' ELSE kind END,
        body = CASE WHEN $12 THEN value ->> 'body' ELSE body END,
        body_format = CASE WHEN $12 THEN value ->> 'body_format' ELSE body_format END,
        votes_up = CASE WHEN $13 THEN value ->> 'votes_up' ELSE votes_up END,
        votes_down = CASE WHEN $13 THEN value ->> 'votes_down' ELSE votes_down END,
        ip = CASE WHEN $14 THEN value ->> 'ip' ELSE ip END,
        extras = CASE WHEN $15 THEN value ->> 'extras' ELSE extras END
    FROM jsonb_each($2) WHERE comments.id = value ->> 'comment_id' AND +comments.site_id = $1";
const UPDATE_SOURCES: &str = update_sources!(
    "comment_sources",
    "hash = unhex(value ->> 'hash'), seen_in = $5,
        page_source_id = value ->> 'page_source_id',
        parent_source_id = CASE WHEN $6 THEN value ->> 'parent_source_id' ELSE parent_source_id END,
        aliases = CASE WHEN $7 THEN value ->> 'aliases' ELSE aliases END"
);
const TOUCH_SOURCES: &str = "UPDATE comment_sources SET seen_in = $5
    WHERE site_id = $1 AND family = $2 AND origin = $3
        AND source_id IN (SELECT value FROM json_each($4))";
const REMOVE: &str = "UPDATE comments SET status = 'deleted'
    WHERE +site_id = $1 AND id IN (SELECT value FROM json_each($2))";
const REMOVE_SOURCES: &str = "UPDATE comment_sources SET hash = $6, seen_in = $5
    WHERE site_id = $1 AND family = $2 AND origin = $3
        AND source_id IN (SELECT value FROM json_each($4))";
const COUNT_CHANGED: &str = "INSERT INTO import_pages (import, page_id, added, changed)
    SELECT $1, c.page_id, 0, count(*) FROM json_each($2) j CROSS JOIN comments c
    WHERE c.id = j.value GROUP BY c.page_id
    ON CONFLICT (import, page_id) DO UPDATE SET changed = changed + excluded.changed";

/// A comment as it is written.
#[derive(Debug, Serialize)]
pub(crate) struct CommentRow<'a> {
    pub comment_id: i64,
    pub page_id: i64,
    /// Where it is known already, and on the same page.
    pub parent_id: Option<i64>,
    pub author_id: Option<i64>,
    pub author_source_id: Option<&'a str>,
    pub author_name: Option<&'a str>,
    pub author_email: Option<&'a str>,
    pub author_url: Option<&'a str>,
    /// Microseconds since 1970.
    pub created_at: Option<i64>,
    /// Microseconds since 1970.
    pub edited_at: Option<i64>,
    pub status: &'static str,
    pub kind: &'static str,
    /// Sanitised.
    pub body: Option<&'a str>,
    pub body_format: &'static str,
    pub votes_up: Option<u32>,
    pub votes_down: Option<u32>,
    pub ip: Option<&'a str>,
    /// JSON.
    pub extras: Option<String>,
}

/// What a comment is known by, as it is written.
#[derive(Debug, Serialize)]
pub(crate) struct SourceRow<'a> {
    pub source_id: &'a str,
    pub comment_id: i64,
    #[serde(serialize_with = "super::as_hex")]
    pub hash: RecordHash,
    pub parent_source_id: Option<&'a str>,
    pub page_source_id: &'a str,
    /// JSON.
    pub aliases: Option<String>,
}

/// Which columns an update writes; the others are left alone.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one for each column")]
pub(crate) struct CommentColumns {
    pub parent: bool,
    pub author: bool,
    pub author_name: bool,
    pub author_email: bool,
    pub author_url: bool,
    pub created_at: bool,
    pub edited_at: bool,
    pub status: bool,
    pub kind: bool,
    pub body: bool,
    pub votes: bool,
    pub ip: bool,
    pub aliases: bool,
    pub extras: bool,
}

/// Where a comment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub comment_id: i64,
    pub page_id: i64,
}

/// What is known of these source ids.
pub(crate) async fn known(
    connection: &mut SqliteConnection,
    namespace: &Namespace,
    source_ids: &[&str],
) -> Stored<HashMap<String, Known>> {
    super::known(connection, KNOWN, namespace, source_ids).await
}

/// Where the comments of these source ids are.
pub(crate) async fn places(
    connection: &mut SqliteConnection,
    namespace: &Namespace,
    source_ids: &[&str],
) -> Stored<HashMap<String, Place>> {
    if source_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = serde_json::to_string(source_ids)?;
    let rows = namespace.query(PLACES).bind(ids).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let place = Place { comment_id: row.try_get(1)?, page_id: row.try_get(2)? };
            Ok((row.try_get(0)?, place))
        })
        .collect()
}

/// The highest id in use; the next ones are free while the transaction holds.
pub(crate) async fn last_id(tx: &mut SqliteConnection) -> Stored<i64> {
    Ok(sqlx::query_scalar(LAST_ID).fetch_one(tx).await?)
}

/// Adds comments, whose ids follow each other.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    site_id: i64,
    import: i64,
    rows: &[CommentRow<'_>],
) -> Stored<()> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(());
    };
    let share = |query: super::SqliteQuery<'static>| query.bind(site_id);
    INSERT
        .run(tx, rows, share, |query, row| {
            query
                .bind(row.comment_id)
                .bind(row.page_id)
                .bind(row.parent_id)
                .bind(row.author_id)
                .bind(row.author_source_id)
                .bind(row.author_name)
                .bind(row.author_email)
                .bind(row.author_url)
                .bind(row.created_at)
                .bind(row.edited_at)
                .bind(row.status)
                .bind(row.kind)
                .bind(row.body)
                .bind(row.body_format)
                .bind(row.votes_up)
                .bind(row.votes_down)
                .bind(row.ip)
                .bind(row.extras.as_deref())
        })
        .await?;
    history::added(tx, import, RowKind::Comment, (first.comment_id, last.comment_id)).await
}

/// Adds what comments are known by.
pub(crate) async fn insert_sources(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    rows: &[SourceRow<'_>],
) -> Stored<()> {
    let family: std::sync::Arc<str> = namespace.family.as_str().into();
    let origin: std::sync::Arc<str> = namespace.origin.as_str().into();
    let share = |query: super::SqliteQuery<'static>| {
        query
            .bind(namespace.site_id)
            .bind(std::sync::Arc::clone(&family))
            .bind(std::sync::Arc::clone(&origin))
            .bind(import)
            .bind(import)
    };
    INSERT_SOURCES
        .run(tx, rows, share, |query, row| {
            query
                .bind(row.source_id)
                .bind(row.comment_id)
                .bind(row.hash.to_vec())
                .bind(row.parent_source_id)
                .bind(row.page_source_id)
                .bind(row.aliases.as_deref())
        })
        .await
}

/// Writes comments whose source sent something else than before.
pub(crate) async fn update(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    columns: CommentColumns,
    rows: &[CommentRow<'_>],
    sources: &[SourceRow<'_>],
) -> Stored<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = rows.iter().map(|row| row.comment_id).collect();
    let source_ids: Vec<_> = sources.iter().map(|source| source.source_id).collect();
    keep(tx, namespace, import, &ids, &source_ids).await?;
    // The pages that they stand on before; the new ones are counted by the caller.
    count_changed(tx, import, &ids).await?;
    let update = sqlx::query(UPDATE)
        .bind(namespace.site_id)
        .bind(serde_json::to_string(rows)?)
        .bind(columns.parent)
        .bind(columns.author)
        .bind(columns.author_name)
        .bind(columns.author_email)
        .bind(columns.author_url)
        .bind(columns.created_at)
        .bind(columns.edited_at)
        .bind(columns.status)
        .bind(columns.kind)
        .bind(columns.body)
        .bind(columns.votes)
        .bind(columns.ip)
        .bind(columns.extras);
    execute(tx, update).await?;
    let update = namespace
        .query(UPDATE_SOURCES)
        .bind(serde_json::to_string(sources)?)
        .bind(import)
        .bind(columns.parent)
        .bind(columns.aliases);
    execute(tx, update).await?;
    Ok(())
}

/// Notes that these were seen again as they were.
pub(crate) async fn touch(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    source_ids: &[&str],
) -> Stored<()> {
    super::touch(tx, TOUCH_SOURCES, namespace, import, source_ids).await
}

/// Marks comments as deleted that the source no longer has: `(source id, comment id)`.
pub(crate) async fn remove(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    removed: &[(&str, i64)],
    hash: RecordHash,
) -> Stored<()> {
    if removed.is_empty() {
        return Ok(());
    }
    let (source_ids, ids): (Vec<_>, Vec<_>) = removed.iter().copied().unzip();
    keep(tx, namespace, import, &ids, &source_ids).await?;
    count_changed(tx, import, &ids).await?;
    let remove = sqlx::query(REMOVE).bind(namespace.site_id).bind(serde_json::to_string(&ids)?);
    execute(tx, remove).await?;
    let remove = namespace
        .query(REMOVE_SOURCES)
        .bind(serde_json::to_string(&source_ids)?)
        .bind(import)
        .bind(hash.as_slice());
    execute(tx, remove).await?;
    Ok(())
}

async fn keep(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    ids: &[i64],
    source_ids: &[&str],
) -> Stored<()> {
    history::keep(tx, import, RowKind::Comment, ids).await?;
    history::keep_sources(tx, namespace, import, RowKind::Comment, source_ids).await
}

/// Counts comments that are changed on the pages that they are on.
pub(super) async fn count_changed(
    tx: &mut SqliteConnection,
    import: i64,
    comment_ids: &[i64],
) -> Stored<()> {
    let count = sqlx::query(COUNT_CHANGED).bind(import).bind(serde_json::to_string(comment_ids)?);
    execute(tx, count).await?;
    Ok(())
}

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[KNOWN, PLACES, UPDATE, UPDATE_SOURCES, TOUCH_SOURCES, REMOVE, REMOVE_SOURCES, COUNT_CHANGED];
