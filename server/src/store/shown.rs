//! What is shown of a site to its readers.
//!
//! Strangers ask for this, so nothing here is looked up with an account's id:
//! the site says which account it is of and whether it is public, and whoever
//! asks decides on that first.

use std::collections::HashMap;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::imports::{moment, word};
use super::{Store, Stored};
use crate::http::dto::{ShownComment, ShownPage};
use crate::thread_order::{Node, Placed};

const SITE: &str = "SELECT account_id, url, public_comments FROM sites
    WHERE id = $1 AND deleted_at IS NULL";
/// As imports find a page, and else by an address that it had before.
const BY_ADDRESS: &str = "SELECT id, url, title, closed FROM pages
    WHERE site_id = $1 AND id = coalesce(
        (SELECT id FROM pages WHERE site_id = $1 AND match_url = $2),
        (SELECT page_id FROM page_addresses WHERE site_id = $1 AND match_url = $2
            ORDER BY first_seen_in DESC LIMIT 1))";
const BY_IDENTIFIER: &str = "SELECT id, url, title, closed FROM pages
    WHERE site_id = $1 AND identifier = $2 ORDER BY comments DESC, id LIMIT 1";
/// Likes are no words, notes were never for readers, and of other kinds nobody knows.
const NODES: &str = "SELECT id, parent_id, created_at,
        status = 'approved' AND kind IN ('comment', 'review', 'pingback', 'trackback') AS shown
    FROM comments WHERE site_id = $1 AND page_id = $2 ORDER BY created_at, id";
const BY_ID: &str =
    "SELECT c.id, coalesce(c.author_name, a.name) AS author, c.created_at, c.edited_at, c.kind,
        c.body, c.body_format
    FROM json_each($2) j CROSS JOIN comments c ON c.id = j.value
    LEFT JOIN authors a ON a.id = c.author_id
    WHERE c.site_id = $1";

/// A site as it decides who reads it.
#[derive(Debug, Clone)]
pub(crate) struct Readable {
    pub account_id: i64,
    pub url: String,
    /// Strangers may read its approved comments.
    pub public: bool,
}

/// Which page is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Named<'a> {
    /// What its address is matched by.
    Address(&'a str),
    /// What the old comment system called it.
    Identifier(&'a str),
}

/// A comment of a page, without its words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShownNode {
    pub node: Node,
    /// In microseconds.
    pub created_at: Option<i64>,
    /// Approved, and of a kind that readers see.
    pub is_shown: bool,
}

/// Who may read the site.
pub(crate) async fn site(store: &Store, site_id: i64) -> Stored<Option<Readable>> {
    let row = sqlx::query(SITE).bind(site_id).fetch_optional(store.reader()).await?;
    row.map(|row| {
        Ok(Readable {
            account_id: row.try_get("account_id")?,
            url: row.try_get("url")?,
            public: row.try_get("public_comments")?,
        })
    })
    .transpose()
}

/// The page of that name, and its id.
pub(crate) async fn page(
    store: &Store,
    site_id: i64,
    named: Named<'_>,
) -> Stored<Option<(i64, ShownPage)>> {
    let (sql, name) = match named {
        Named::Address(address) => (BY_ADDRESS, address),
        Named::Identifier(identifier) => (BY_IDENTIFIER, identifier),
    };
    let row = sqlx::query(sql).bind(site_id).bind(name).fetch_optional(store.reader()).await?;
    row.map(|row| {
        let page = ShownPage {
            url: row.try_get("url")?,
            title: row.try_get("title")?,
            closed: row.try_get("closed")?,
            comments: 0,
        };
        Ok((row.try_get("id")?, page))
    })
    .transpose()
}

/// All comments of a page by time.
pub(crate) async fn nodes(store: &Store, site_id: i64, page_id: i64) -> Stored<Vec<ShownNode>> {
    let rows = sqlx::query(NODES).bind(site_id).bind(page_id).fetch_all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            Ok(ShownNode {
                node: Node { id: row.try_get(0)?, parent_id: row.try_get(1)? },
                created_at: row.try_get(2)?,
                is_shown: row.try_get(3)?,
            })
        })
        .collect()
}

/// These comments, in this order; of those that are not shown, their place alone.
pub(crate) async fn read(
    store: &Store,
    site_id: i64,
    placed: &[(Placed, bool)],
) -> Stored<Vec<ShownComment>> {
    let shown: Vec<_> =
        placed.iter().filter(|(_, is_shown)| *is_shown).map(|(placed, _)| placed.id).collect();
    let rows = sqlx::query(BY_ID)
        .bind(site_id)
        .bind(serde_json::to_string(&shown)?)
        .fetch_all(store.reader())
        .await?;
    let rows: HashMap<i64, SqliteRow> =
        rows.into_iter().map(|row| Ok((row.try_get("id")?, row))).collect::<Stored<_>>()?;
    placed
        .iter()
        .map(|(placed, _)| match rows.get(&placed.id) {
            Some(row) => from_row(*placed, row),
            None => Ok(tombstone(*placed)),
        })
        .collect()
}

fn from_row(placed: Placed, row: &SqliteRow) -> Stored<ShownComment> {
    let created_at: Option<i64> = row.try_get("created_at")?;
    let edited_at: Option<i64> = row.try_get("edited_at")?;
    Ok(ShownComment {
        author: row.try_get("author")?,
        created_at: created_at.map(moment),
        edited_at: edited_at.map(moment),
        kind: Some(word(row, "kind")?),
        body: row.try_get("body")?,
        body_format: Some(word(row, "body_format")?),
        removed: false,
        ..tombstone(placed)
    })
}

fn tombstone(placed: Placed) -> ShownComment {
    ShownComment {
        id: placed.id,
        parent_id: placed.parent_id,
        depth: placed.depth,
        removed: true,
        author: None,
        created_at: None,
        edited_at: None,
        kind: None,
        body: None,
        body_format: None,
    }
}
