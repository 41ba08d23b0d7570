//! Bulk writes of comments.
//!
//! Rows come as one JSON array: `jsonb_each` hands each row over as it was
//! parsed, where `json_each` would write it as text again for every field.
//!
//! A plus before a column keeps the planner from walking that index, row for
//! row, where the ids of the batch lead straight to the rows.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::SqliteConnection;

use super::{Known, Namespace, Stored, execute};

const KNOWN: &str = "SELECT s.source_id, s.comment_id AS id, s.hash, s.seen_in
    FROM json_each($4) j CROSS JOIN comment_sources s
    WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id = j.value";
const LAST_ID: &str = "SELECT coalesce(max(id), 0) FROM comments";
const INSERT: &str =
    "INSERT INTO comments (id, site_id, page_id, author_id, author_source_id, author_name,
        author_email, author_url, created_at, edited_at, status, kind, body, body_format,
        votes_up, votes_down, ip, extras)
    SELECT value ->> 'comment_id', $1, value ->> 'page_id', value ->> 'author_id',
        value ->> 'author_source_id', value ->> 'author_name', value ->> 'author_email',
        value ->> 'author_url', value ->> 'created_at', value ->> 'edited_at', value ->> 'status',
        value ->> 'kind', value ->> 'body', value ->> 'body_format', value ->> 'votes_up',
        value ->> 'votes_down', value ->> 'ip', value ->> 'extras'
    FROM jsonb_each($2)";
const INSERT_SOURCES: &str =
    "INSERT INTO comment_sources (site_id, family, origin, source_id, comment_id,
        hash, parent_source_id, page_source_id, aliases, seen_in)
    SELECT $1, $2, $3, value ->> 'source_id', value ->> 'comment_id', unhex(value ->> 'hash'),
        value ->> 'parent_source_id', value ->> 'page_source_id', value ->> 'aliases', $5
    FROM jsonb_each($4)";
const UPDATE: &str = "UPDATE comments SET
        page_id = value ->> 'page_id',
        parent_id = CASE WHEN $3 AND value ->> 'has_parent' = 0 THEN NULL ELSE parent_id END,
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
const UPDATE_SOURCES: &str = "UPDATE comment_sources SET
        hash = unhex(value ->> 'hash'), seen_in = $5,
        page_source_id = value ->> 'page_source_id',
        parent_source_id = CASE WHEN $6 THEN value ->> 'parent_source_id' ELSE parent_source_id END,
        aliases = CASE WHEN $7 THEN value ->> 'aliases' ELSE aliases END
    FROM jsonb_each($4)
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND source_id = value ->> 'source_id'";
const TOUCH_SOURCES: &str = "UPDATE comment_sources SET seen_in = $5
    WHERE site_id = $1 AND family = $2 AND origin = $3
        AND source_id IN (SELECT value FROM json_each($4))";
const REMOVE: &str = "UPDATE comments SET status = 'deleted'
    WHERE +site_id = $1 AND id IN (SELECT value FROM json_each($2))";
const REMOVE_SOURCES: &str = "UPDATE comment_sources SET hash = $6, seen_in = $5
    WHERE site_id = $1 AND family = $2 AND origin = $3
        AND source_id IN (SELECT value FROM json_each($4))";
const TOUCH_PAGES: &str = "INSERT OR IGNORE INTO import_pages (import, page_id, added, changed)
    SELECT $1, value, 0, 0 FROM json_each($2)";
const TOUCH_PAGES_OF: &str = "INSERT OR IGNORE INTO import_pages (import, page_id, added, changed)
    SELECT $1, c.page_id, 0, 0 FROM json_each($2) j CROSS JOIN comments c WHERE c.id = j.value";

/// A comment as it is written.
#[derive(Debug, Serialize)]
pub(crate) struct CommentRow<'a> {
    pub comment_id: i64,
    pub page_id: i64,
    pub has_parent: bool,
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
    /// Hex.
    pub hash: String,
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

/// What is known of these source ids.
pub(crate) async fn known(
    connection: &mut SqliteConnection,
    namespace: &Namespace,
    source_ids: &[&str],
) -> Stored<HashMap<String, Known>> {
    super::known(connection, KNOWN, namespace, source_ids).await
}

/// The highest id in use; the next ones are free while the transaction holds.
pub(crate) async fn last_id(tx: &mut SqliteConnection) -> Stored<i64> {
    Ok(sqlx::query_scalar(LAST_ID).fetch_one(tx).await?)
}

/// Adds comments and their sources.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    rows: &[CommentRow<'_>],
    sources: &[SourceRow<'_>],
) -> Stored<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let insert = sqlx::query(INSERT).bind(namespace.site_id).bind(serde_json::to_string(rows)?);
    execute(tx, insert).await?;
    let insert = namespace.query(INSERT_SOURCES).bind(serde_json::to_string(sources)?).bind(import);
    execute(tx, insert).await?;
    Ok(())
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
    // The pages that they stand on before; the new ones are touched by the caller.
    touch_pages_of(tx, import, &ids).await?;
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
    hash: super::RecordHash,
) -> Stored<()> {
    if removed.is_empty() {
        return Ok(());
    }
    let (source_ids, ids): (Vec<_>, Vec<_>) = removed.iter().copied().unzip();
    touch_pages_of(tx, import, &ids).await?;
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

/// Notes that the comments of these pages changed.
pub(crate) async fn touch_pages(
    tx: &mut SqliteConnection,
    import: i64,
    page_ids: &[i64],
) -> Stored<()> {
    if page_ids.is_empty() {
        return Ok(());
    }
    let touch = sqlx::query(TOUCH_PAGES).bind(import).bind(serde_json::to_string(page_ids)?);
    execute(tx, touch).await?;
    Ok(())
}

async fn touch_pages_of(tx: &mut SqliteConnection, import: i64, comment_ids: &[i64]) -> Stored<()> {
    let touch = sqlx::query(TOUCH_PAGES_OF).bind(import).bind(serde_json::to_string(comment_ids)?);
    execute(tx, touch).await?;
    Ok(())
}

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    KNOWN,
    INSERT,
    INSERT_SOURCES,
    UPDATE,
    UPDATE_SOURCES,
    TOUCH_SOURCES,
    REMOVE,
    REMOVE_SOURCES,
    TOUCH_PAGES,
    TOUCH_PAGES_OF,
];
