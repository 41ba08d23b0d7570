//! Comments that two sources know under ids of their own.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use super::imports::word;
use super::{Namespace, Stored, execute};
use rehome_record::BodyFormat;

/// Each origin of a family on the site, by the key's order.
const ORIGINS: &str = "WITH RECURSIVE o (origin) AS (
        SELECT min(origin) FROM comment_sources WHERE site_id = $1 AND family = $2
        UNION ALL
        SELECT (SELECT min(s.origin) FROM comment_sources s
            WHERE s.site_id = $1 AND s.family = $2 AND s.origin > o.origin)
        FROM o WHERE o.origin IS NOT NULL
    )
    SELECT origin FROM o WHERE origin IS NOT NULL";
/// Comments that a new one's aliases name.
const NAMED: &str = "SELECT j.value ->> 'own' AS own, s.comment_id
    FROM json_each($2) j CROSS JOIN comment_sources s
    WHERE s.site_id = $1 AND s.family = j.value ->> 'family' AND s.origin = j.value ->> 'origin'
        AND s.source_id = j.value ->> 'source_id'";
/// Comments whose aliases name a new one.
const NAMING: &str = "SELECT a.source_id AS own, a.comment_id
    FROM json_each($4) j CROSS JOIN comment_aliases a
    WHERE a.site_id = $1 AND a.family = $2 AND a.source_id = j.value AND a.origin IN ('', $3)";
/// One that this source knows already is another of its comments.
const CANDIDATES: &str = "SELECT c.id, c.page_id, c.created_at, c.body, c.body_format,
        coalesce(c.author_name, a.name) AS name, coalesce(c.author_email, a.email) AS email
    FROM json_each($4) j CROSS JOIN comments c LEFT JOIN authors a ON a.id = c.author_id
    WHERE c.id = j.value AND +c.site_id = $1 AND NOT EXISTS (
        SELECT 1 FROM comment_sources s
        WHERE s.comment_id = c.id AND +s.site_id = $1 AND +s.family = $2 AND +s.origin = $3)";
const AUTHORS: &str = "SELECT id, name, email FROM authors
    WHERE id IN (SELECT value FROM json_each($2)) AND +site_id = $1";
const DOUBLE: &str = "INSERT OR IGNORE INTO possible_doubles (import, source_id, other_id)
    SELECT $1, value ->> 0, value ->> 1 FROM json_each($2)";
const FORGET: &str =
    "DELETE FROM comment_aliases WHERE comment_id IN (SELECT value FROM json_each($1))";
const REMEMBER: &str = "INSERT OR IGNORE INTO comment_aliases
        (site_id, family, source_id, origin, comment_id)
    SELECT s.site_id, a.value ->> 'family', a.value ->> 'source_id',
        coalesce(a.value ->> 'origin', ''), s.comment_id
    FROM json_each($1) j CROSS JOIN comment_sources s ON s.comment_id = j.value
    CROSS JOIN json_each(s.aliases) a
    WHERE s.aliases IS NOT NULL";

/// An id elsewhere of a comment that comes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Elsewhere<'a> {
    /// Its own id.
    pub own: &'a str,
    pub family: &'a str,
    pub origin: String,
    /// The id there.
    pub source_id: &'a str,
}

/// A comment that may be the same.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub comment_id: i64,
    pub page_id: i64,
    pub created_at: Option<i64>,
    pub body: Option<String>,
    pub body_format: BodyFormat,
    pub name: Option<String>,
    pub email: Option<String>,
}

/// Name and e-mail of an author who has a line of their own.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownAuthor {
    pub name: Option<String>,
    pub email: Option<String>,
}

/// Under which origins a family is known on the site.
pub(crate) async fn origins(
    connection: &mut SqliteConnection,
    site_id: i64,
    family: &str,
) -> Stored<Vec<String>> {
    Ok(sqlx::query_scalar(ORIGINS).bind(site_id).bind(family).fetch_all(connection).await?)
}

/// Comments that are named by what comes in, and that name it: `(own id, comment)`.
pub(crate) async fn named(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    elsewhere: &[Elsewhere<'_>],
    new: &[&str],
) -> Stored<Vec<(String, i64)>> {
    let mut rows =
        namespace.query(NAMING).bind(serde_json::to_string(new)?).fetch_all(&mut *tx).await?;
    if !elsewhere.is_empty() {
        let named = sqlx::query(NAMED).bind(namespace.site_id);
        rows.extend(named.bind(serde_json::to_string(elsewhere)?).fetch_all(&mut *tx).await?);
    }
    rows.iter().map(|row| Ok((row.try_get("own")?, row.try_get("comment_id")?))).collect()
}

/// Of these comments, those that this source does not know yet.
pub(crate) async fn candidates(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    ids: &[i64],
) -> Stored<HashMap<i64, Candidate>> {
    let rows = namespace.query(CANDIDATES).bind(serde_json::to_string(ids)?).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            let candidate = Candidate {
                comment_id: row.try_get("id")?,
                page_id: row.try_get("page_id")?,
                created_at: row.try_get("created_at")?,
                body: row.try_get("body")?,
                body_format: word(row, "body_format")?,
                name: row.try_get("name")?,
                email: row.try_get("email")?,
            };
            Ok((candidate.comment_id, candidate))
        })
        .collect()
}

/// Authors of the site by our ids.
pub(crate) async fn authors(
    tx: &mut SqliteConnection,
    site_id: i64,
    ids: &[i64],
) -> Stored<HashMap<i64, KnownAuthor>> {
    let rows =
        sqlx::query(AUTHORS).bind(site_id).bind(serde_json::to_string(ids)?).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            let author = KnownAuthor { name: row.try_get("name")?, email: row.try_get("email")? };
            Ok((row.try_get("id")?, author))
        })
        .collect()
}

/// Notes comments that may be there twice: `(source id, comment that was there)`.
pub(crate) async fn note_doubles(
    tx: &mut SqliteConnection,
    import: i64,
    doubles: &[(&str, i64)],
) -> Stored<()> {
    if !doubles.is_empty() {
        let note = sqlx::query(DOUBLE).bind(import).bind(serde_json::to_string(doubles)?);
        execute(tx, note).await?;
    }
    Ok(())
}

/// Brings what comments are called elsewhere in line with what their sources say.
pub(crate) async fn rebuild_aliases(tx: &mut SqliteConnection, ids: &[i64]) -> Stored<()> {
    if !ids.is_empty() {
        let ids = serde_json::to_string(ids)?;
        execute(tx, sqlx::query(FORGET).bind(&ids)).await?;
        execute(tx, sqlx::query(REMEMBER).bind(&ids)).await?;
    }
    Ok(())
}

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ORIGINS, NAMED, NAMING, CANDIDATES, AUTHORS, FORGET];
