//! Sites of an account.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::{Store, Stored, execute};
use crate::http::dto::{NewSite, Site, SiteChange};

const INSERT: &str = "INSERT INTO sites (account_id, name, url, created_at)
    VALUES ($1, $2, $3, $4) RETURNING id, name, url, revision, public_comments";
const LIST: &str = "SELECT id, name, url, revision, public_comments FROM sites
    WHERE account_id = $1 AND deleted_at IS NULL ORDER BY name COLLATE NOCASE, id";
const CHANGE: &str = "UPDATE sites SET name = coalesce($3, name), url = coalesce($4, url),
        public_comments = coalesce($5, public_comments)
    WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING id, name, url, revision, public_comments";
const EXISTS: &str = "SELECT EXISTS
    (SELECT 1 FROM sites WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL)";
const NEXT_REVISION: &str = "UPDATE sites SET revision = revision + 1 WHERE id = $1";

/// Adds a site.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    account_id: i64,
    site: &NewSite,
    now: i64,
) -> Stored<Site> {
    let row = sqlx::query(INSERT)
        .bind(account_id)
        .bind(&site.name)
        .bind(&site.url)
        .bind(now)
        .fetch_one(tx)
        .await?;
    Ok(from_row(&row)?)
}

/// Changes a site of the account, and gives it; none where the account has no such site.
pub(crate) async fn change(
    tx: &mut SqliteConnection,
    account_id: i64,
    site_id: i64,
    change: &SiteChange,
) -> Stored<Option<Site>> {
    let row = sqlx::query(CHANGE)
        .bind(account_id)
        .bind(site_id)
        .bind(&change.name)
        .bind(&change.url)
        .bind(change.public_comments)
        .fetch_optional(tx)
        .await?;
    Ok(row.as_ref().map(from_row).transpose()?)
}

/// The account's sites, by name.
pub(crate) async fn list(store: &Store, account_id: i64) -> Stored<Vec<Site>> {
    let rows = sqlx::query(LIST).bind(account_id).fetch_all(store.reader()).await?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// Whether the account has this site.
pub(crate) async fn exists(store: &Store, account_id: i64, site_id: i64) -> Stored<bool> {
    Ok(sqlx::query_scalar(EXISTS).bind(account_id).bind(site_id).fetch_one(store.reader()).await?)
}

/// The site is another now.
pub(super) async fn next_revision(tx: &mut SqliteConnection, site_id: i64) -> Stored<()> {
    execute(tx, sqlx::query(NEXT_REVISION).bind(site_id)).await?;
    Ok(())
}

fn from_row(row: &SqliteRow) -> sqlx::Result<Site> {
    Ok(Site {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        url: row.try_get("url")?,
        revision: row.try_get("revision")?,
        public_comments: row.try_get("public_comments")?,
    })
}
