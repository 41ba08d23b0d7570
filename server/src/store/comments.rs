//! Reading comments.

use std::collections::HashMap;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::imports::{moment, word};
use super::{Store, Stored};
use crate::http::dto::Comment;
use crate::thread_order::{Node, Placed};

const NODES: &str = "SELECT id, parent_id FROM comments
    WHERE site_id = $1 AND page_id = $2 ORDER BY created_at, id";
const BY_ID: &str =
    "SELECT c.id, coalesce(c.author_name, a.name) AS author, c.created_at, c.status,
        c.body, c.body_format
    FROM json_each($2) j CROSS JOIN comments c ON c.id = j.value
    LEFT JOIN authors a ON a.id = c.author_id
    WHERE c.site_id = $1";

/// All comments of a page by time, without their words. The caller has checked whose page it is.
pub(crate) async fn nodes(store: &Store, site_id: i64, page_id: i64) -> Stored<Vec<Node>> {
    let rows = sqlx::query(NODES).bind(site_id).bind(page_id).fetch_all(store.reader()).await?;
    let node = |row: &SqliteRow| Ok(Node { id: row.try_get(0)?, parent_id: row.try_get(1)? });
    rows.iter().map(node).collect()
}

/// These comments, in this order.
pub(crate) async fn read(store: &Store, site_id: i64, placed: &[Placed]) -> Stored<Vec<Comment>> {
    let ids: Vec<_> = placed.iter().map(|placed| placed.id).collect();
    let rows = sqlx::query(BY_ID)
        .bind(site_id)
        .bind(serde_json::to_string(&ids)?)
        .fetch_all(store.reader())
        .await?;
    let mut rows: HashMap<i64, SqliteRow> =
        rows.into_iter().map(|row| Ok((row.try_get("id")?, row))).collect::<Stored<_>>()?;
    placed
        .iter()
        .filter_map(|placed| Some((placed, rows.remove(&placed.id)?)))
        .map(|(placed, row)| from_row(*placed, &row))
        .collect()
}

fn from_row(placed: Placed, row: &SqliteRow) -> Stored<Comment> {
    let created_at: Option<i64> = row.try_get("created_at")?;
    Ok(Comment {
        id: placed.id,
        parent_id: placed.parent_id,
        depth: placed.depth,
        author: row.try_get("author")?,
        created_at: created_at.map(moment),
        status: word(row, "status")?,
        body: row.try_get("body")?,
        body_format: word(row, "body_format")?,
    })
}
