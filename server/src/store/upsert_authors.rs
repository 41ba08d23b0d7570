//! Bulk writes of authors that have lines of their own.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::SqliteConnection;

use super::history::{self, RowKind};
use super::update_sources::update_sources;
use super::{Known, Namespace, Stored, execute};

const KNOWN: &str = "SELECT s.source_id, s.author_id AS id, s.hash, s.seen_in
    FROM json_each($4) j CROSS JOIN author_sources s
    WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id = j.value";
const LAST_ID: &str = "SELECT coalesce(max(id), 0) FROM authors";
const INSERT: &str = "INSERT INTO authors (id, site_id, name, email, url)
    SELECT value ->> 'author_id', $1, value ->> 'name', value ->> 'email', value ->> 'url'
    FROM jsonb_each($2)";
const INSERT_SOURCES: &str = "INSERT INTO author_sources
        (site_id, family, origin, source_id, author_id, hash, seen_in, added_in)
    SELECT $1, $2, $3, value ->> 'source_id', value ->> 'author_id', unhex(value ->> 'hash'), $5, $5
    FROM jsonb_each($4)";
const UPDATE: &str = "UPDATE authors SET
        name = CASE WHEN $3 THEN value ->> 'name' ELSE name END,
        email = CASE WHEN $4 THEN value ->> 'email' ELSE email END,
        url = CASE WHEN $5 THEN value ->> 'url' ELSE url END
    FROM jsonb_each($2) WHERE authors.id = value ->> 'author_id' AND +authors.site_id = $1";
const UPDATE_SOURCES: &str =
    update_sources!("author_sources", "hash = unhex(value ->> 'hash'), seen_in = $5");
const TOUCH_SOURCES: &str = "UPDATE author_sources SET seen_in = $5
    WHERE site_id = $1 AND family = $2 AND origin = $3
        AND source_id IN (SELECT value FROM json_each($4))";

/// An author as they are written.
#[derive(Debug, Serialize)]
pub(crate) struct AuthorRow<'a> {
    pub author_id: i64,
    pub source_id: &'a str,
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub url: Option<&'a str>,
    /// Hex.
    pub hash: String,
}

/// Which columns an update writes; the others are left alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AuthorColumns {
    pub name: bool,
    pub email: bool,
    pub url: bool,
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

/// Adds authors, whose ids follow each other, and their sources.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    rows: &[AuthorRow<'_>],
) -> Stored<()> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(());
    };
    let json = serde_json::to_string(rows)?;
    let insert = sqlx::query(INSERT).bind(namespace.site_id).bind(&json);
    execute(tx, insert).await?;
    let sources = namespace.query(INSERT_SOURCES).bind(&json).bind(import);
    execute(tx, sources).await?;
    history::added(tx, import, RowKind::Author, (first.author_id, last.author_id)).await
}

/// Writes authors whose source sent something else than before.
pub(crate) async fn update(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    columns: AuthorColumns,
    rows: &[AuthorRow<'_>],
) -> Stored<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = rows.iter().map(|row| row.author_id).collect();
    let source_ids: Vec<_> = rows.iter().map(|row| row.source_id).collect();
    history::keep(tx, import, RowKind::Author, &ids).await?;
    history::keep_sources(tx, namespace, import, RowKind::Author, &source_ids).await?;
    let json = serde_json::to_string(rows)?;
    let update = sqlx::query(UPDATE)
        .bind(namespace.site_id)
        .bind(&json)
        .bind(columns.name)
        .bind(columns.email)
        .bind(columns.url);
    execute(tx, update).await?;
    let sources = namespace.query(UPDATE_SOURCES).bind(&json).bind(import);
    execute(tx, sources).await?;
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

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[KNOWN, INSERT, INSERT_SOURCES, UPDATE, UPDATE_SOURCES, TOUCH_SOURCES];
