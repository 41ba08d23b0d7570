//! Reading pages.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::imports::moment;
use super::{Store, Stored, from_column};
use crate::http::dto::Page;

const LIST: &str = "SELECT id, url, title, closed, comments, last_comment_at FROM pages
    WHERE site_id = $1
        AND ($2 IS NULL OR title LIKE $2 ESCAPE '\\' OR url LIKE $2 ESCAPE '\\')
        AND ($3 IS NULL OR comments < $3 OR (comments = $3 AND id > $4))
    ORDER BY comments DESC, id LIMIT $5";
const COUNT: &str = "SELECT count(*) FROM pages
    WHERE site_id = $1 AND ($2 IS NULL OR title LIKE $2 ESCAPE '\\' OR url LIKE $2 ESCAPE '\\')";
const GET: &str = "SELECT g.id, g.url, g.title, g.closed, g.comments, g.last_comment_at
    FROM pages g JOIN sites s ON s.id = g.site_id
    WHERE s.account_id = $1 AND s.deleted_at IS NULL AND g.site_id = $2 AND g.id = $3";

const ADDRESSES: &str = "SELECT a.url FROM page_addresses a JOIN sites s ON s.id = a.site_id
    WHERE s.account_id = $1 AND s.deleted_at IS NULL AND a.site_id = $2 AND a.page_id = $3
    GROUP BY a.url ORDER BY min(a.first_seen_in), a.url LIMIT $4";

/// The last page of a list: the next ones come after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct After {
    pub comments: i64,
    pub id: i64,
}

/// Pages of a site with the most comments first. The caller has checked whose site it is.
pub(crate) async fn list(
    store: &Store,
    site_id: i64,
    words: Option<&str>,
    after: Option<After>,
    limit: u32,
) -> Stored<Vec<Page>> {
    let rows = sqlx::query(LIST)
        .bind(site_id)
        .bind(words.map(like))
        .bind(after.map(|after| after.comments))
        .bind(after.map(|after| after.id))
        .bind(limit)
        .fetch_all(store.reader())
        .await?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// How many pages that list has in all.
pub(crate) async fn count(store: &Store, site_id: i64, words: Option<&str>) -> Stored<u64> {
    let count: i64 = sqlx::query_scalar(COUNT)
        .bind(site_id)
        .bind(words.map(like))
        .fetch_one(store.reader())
        .await?;
    Ok(from_column(count))
}

/// One page of a site of the account.
pub(crate) async fn get(
    store: &Store,
    account_id: i64,
    site_id: i64,
    page_id: i64,
) -> Stored<Option<Page>> {
    let row = sqlx::query(GET)
        .bind(account_id)
        .bind(site_id)
        .bind(page_id)
        .fetch_optional(store.reader())
        .await?;
    Ok(row.as_ref().map(from_row).transpose()?)
}

/// Addresses that sources ever gave for a page of the account, the oldest first.
pub(crate) async fn addresses(
    store: &Store,
    account_id: i64,
    site_id: i64,
    page_id: i64,
    limit: u32,
) -> Stored<Vec<String>> {
    Ok(sqlx::query_scalar(ADDRESSES)
        .bind(account_id)
        .bind(site_id)
        .bind(page_id)
        .bind(limit)
        .fetch_all(store.reader())
        .await?)
}

/// A LIKE pattern for a part of the text, in which nothing is special.
fn like(words: &str) -> String {
    let mut pattern = String::with_capacity(words.len() + 2);
    pattern.push('%');
    for character in words.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn from_row(row: &SqliteRow) -> sqlx::Result<Page> {
    let last_comment_at: Option<i64> = row.try_get("last_comment_at")?;
    Ok(Page {
        id: row.try_get("id")?,
        url: row.try_get("url")?,
        title: row.try_get("title")?,
        closed: row.try_get("closed")?,
        comments: from_column(row.try_get("comments")?),
        last_comment_at: last_comment_at.map(moment),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_takes_every_character_as_it_is() {
        assert_eq!(like(r"50%_a\b"), r"%50\%\_a\\b%");
    }
}
