//! Bulk writes of pages. Rows travel as one JSON parameter per statement.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use super::history::{self, RowKind};
use super::update_sources::update_sources;
use super::{Known, Namespace, Stored, execute};

const KNOWN: &str = "SELECT s.source_id, s.page_id AS id, s.hash, s.seen_in
    FROM json_each($4) j CROSS JOIN page_sources s
    WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id = j.value";
/// By addresses of pages that became a part of another, and last by pages' own.
const BY_MATCH_URL: &str = "SELECT a.match_url, a.page_id AS id
    FROM json_each($2) j CROSS JOIN joined_addresses a
    WHERE a.site_id = $1 AND a.match_url = j.value
    UNION ALL
    SELECT p.match_url, p.id
    FROM json_each($2) j CROSS JOIN pages p
    WHERE p.site_id = $1 AND p.match_url = j.value";
const LAST_ID: &str = "SELECT coalesce(max(id), 0) FROM pages";
const INSERT: &str = "INSERT INTO pages
        (id, site_id, url, match_url, identifier, title, closed, created_at, extras)
    SELECT value ->> 'page_id', $1, value ->> 'url', value ->> 'match_url', value ->> 'identifier',
        value ->> 'title', value ->> 'closed', value ->> 'created_at', value ->> 'extras'
    FROM jsonb_each($2)";
const INSERT_SOURCES: &str = "INSERT INTO page_sources
        (site_id, family, origin, source_id, page_id, url, hash, seen_in, added_in)
    SELECT $1, $2, $3, value ->> 'source_id', value ->> 'page_id', value ->> 'url',
        unhex(value ->> 'hash'), $5, $5
    FROM jsonb_each($4)";
/// A second source of a page adds what the first did not know.
const FILL: &str = "UPDATE pages SET
        identifier = coalesce(identifier, value ->> 'identifier'),
        title = coalesce(title, value ->> 'title'),
        created_at = coalesce(created_at, value ->> 'created_at'),
        extras = coalesce(extras, value ->> 'extras')
    FROM jsonb_each($2) WHERE pages.id = value ->> 'page_id' AND +pages.site_id = $1";
/// The address follows its source where no other page has the new one.
const MOVE: &str = "WITH v AS MATERIALIZED (
        SELECT s.page_id, s.url AS old_url, value ->> 'url' AS url, value ->> 'match_url' AS match_url
        FROM json_each($4) j CROSS JOIN page_sources s
        WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id = value ->> 'source_id'
    )
    UPDATE OR IGNORE pages SET url = v.url, match_url = v.match_url FROM v
    WHERE pages.id = v.page_id AND +pages.url IS v.old_url AND +pages.url IS NOT v.url";
const UPDATE: &str = "UPDATE pages SET
        identifier = CASE WHEN $3 THEN value ->> 'identifier' ELSE identifier END,
        title = CASE WHEN $4 THEN value ->> 'title' ELSE title END,
        closed = CASE WHEN $5 THEN value ->> 'closed' ELSE closed END,
        created_at = CASE WHEN $6 THEN value ->> 'created_at' ELSE created_at END,
        extras = CASE WHEN $7 THEN value ->> 'extras' ELSE extras END
    FROM jsonb_each($2) WHERE pages.id = value ->> 'page_id' AND +pages.site_id = $1";
const UPDATE_SOURCES: &str = update_sources!(
    "page_sources",
    "url = CASE WHEN $6 THEN value ->> 'url' ELSE url END,
        hash = unhex(value ->> 'hash'), seen_in = $5"
);
/// One that is there stays as it is: it says which import was the first.
const ADD_ADDRESSES: &str = "INSERT OR IGNORE INTO page_addresses
        (site_id, family, origin, source_id, url, match_url, page_id, first_seen_in)
    SELECT $1, $2, $3, value ->> 'source_id', value ->> 'url',
        coalesce(value ->> 'match_url', value ->> 'url'), value ->> 'page_id', $5
    FROM jsonb_each($4) WHERE value ->> 'url' IS NOT NULL";
const ERASE_ADDRESSES: &str = "DELETE FROM page_addresses
    WHERE site_id = $1 AND family = $2 AND origin = $3
        AND source_id IN (SELECT value ->> 'source_id' FROM json_each($4))";
const TOUCH_SOURCES: &str = "UPDATE page_sources SET seen_in = $5
    WHERE site_id = $1 AND family = $2 AND origin = $3
        AND source_id IN (SELECT value FROM json_each($4))";

/// A page as it is written.
#[derive(Debug, Serialize)]
pub(crate) struct PageRow<'a> {
    pub page_id: i64,
    pub source_id: &'a str,
    pub url: Option<&'a str>,
    pub match_url: Option<&'a str>,
    pub identifier: Option<&'a str>,
    pub title: Option<&'a str>,
    pub closed: bool,
    /// Microseconds since 1970.
    pub created_at: Option<i64>,
    /// JSON.
    pub extras: Option<String>,
    /// Hex.
    pub hash: String,
}

/// Which columns an update writes; the others are left alone.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one for each column")]
pub(crate) struct PageColumns {
    pub url: bool,
    /// It was taken out on purpose: the addresses before it go as well.
    pub url_erased: bool,
    pub identifier: bool,
    pub title: bool,
    pub closed: bool,
    pub created_at: bool,
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

/// Pages of the site that have one of these addresses.
pub(crate) async fn by_match_url(
    connection: &mut SqliteConnection,
    site_id: i64,
    match_urls: &[&str],
) -> Stored<HashMap<String, i64>> {
    let rows = sqlx::query(BY_MATCH_URL)
        .bind(site_id)
        .bind(serde_json::to_string(match_urls)?)
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((row.try_get("match_url")?, row.try_get("id")?))).collect()
}

/// The highest id in use; the next ones are free while the transaction holds.
pub(crate) async fn last_id(tx: &mut SqliteConnection) -> Stored<i64> {
    Ok(sqlx::query_scalar(LAST_ID).fetch_one(tx).await?)
}

/// Adds pages, whose ids follow each other.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    site_id: i64,
    import: i64,
    rows: &[PageRow<'_>],
) -> Stored<()> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(());
    };
    let insert = sqlx::query(INSERT).bind(site_id).bind(serde_json::to_string(rows)?);
    execute(tx, insert).await?;
    history::added(tx, import, RowKind::Page, (first.page_id, last.page_id)).await
}

/// Adds to pages what they lack.
pub(crate) async fn fill(
    tx: &mut SqliteConnection,
    site_id: i64,
    import: i64,
    rows: &[PageRow<'_>],
) -> Stored<()> {
    if rows.is_empty() {
        return Ok(());
    }
    keep(tx, import, rows).await?;
    let fill = sqlx::query(FILL).bind(site_id).bind(serde_json::to_string(rows)?);
    execute(tx, fill).await?;
    Ok(())
}

/// Notes the sources of new or newly joined pages, and the addresses they give.
pub(crate) async fn insert_sources(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    rows: &[PageRow<'_>],
) -> Stored<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(rows)?;
    let insert = namespace.query(INSERT_SOURCES).bind(&json).bind(import);
    execute(tx, insert).await?;
    execute(tx, namespace.query(ADD_ADDRESSES).bind(&json).bind(import)).await?;
    Ok(())
}

/// Writes pages whose source sent something else than before.
pub(crate) async fn update(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    columns: PageColumns,
    rows: &[PageRow<'_>],
) -> Stored<()> {
    if rows.is_empty() {
        return Ok(());
    }
    keep(tx, import, rows).await?;
    let source_ids: Vec<_> = rows.iter().map(|row| row.source_id).collect();
    history::keep_sources(tx, namespace, import, RowKind::Page, &source_ids).await?;
    let json = serde_json::to_string(rows)?;
    if columns.url {
        let follow = namespace.query(MOVE).bind(&json);
        execute(tx, follow).await?;
        execute(tx, namespace.query(ADD_ADDRESSES).bind(&json).bind(import)).await?;
    }
    if columns.url_erased {
        execute(tx, namespace.query(ERASE_ADDRESSES).bind(&json)).await?;
    }
    let update = sqlx::query(UPDATE)
        .bind(namespace.site_id)
        .bind(&json)
        .bind(columns.identifier)
        .bind(columns.title)
        .bind(columns.closed)
        .bind(columns.created_at)
        .bind(columns.extras);
    execute(tx, update).await?;
    let sources = namespace.query(UPDATE_SOURCES).bind(&json).bind(import).bind(columns.url);
    execute(tx, sources).await?;
    Ok(())
}

async fn keep(tx: &mut SqliteConnection, import: i64, rows: &[PageRow<'_>]) -> Stored<()> {
    let ids: Vec<_> = rows.iter().map(|row| row.page_id).collect();
    history::keep(tx, import, RowKind::Page, &ids).await
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
pub(super) const STATEMENTS: &[&str] = &[
    KNOWN,
    BY_MATCH_URL,
    INSERT,
    INSERT_SOURCES,
    FILL,
    MOVE,
    UPDATE,
    UPDATE_SOURCES,
    ADD_ADDRESSES,
    ERASE_ADDRESSES,
    TOUCH_SOURCES,
];
