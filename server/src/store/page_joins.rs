//! Pages that may be one: those whose addresses are the same but for what often
//! tells no pages apart.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::imports::{moment, word};
use super::jobs::first_of_site;
use super::{Store, Stored, execute, from_column};
use crate::http::dto::{JoinPage, JoinReason, PageJoin, PageName, SiteJob};
use crate::page_address::{Loose, differences, loose};

const TO_LOOSEN: &str = "SELECT id, match_url FROM pages WHERE loose_for IS NOT match_url LIMIT $1";
const ANY_TO_LOOSEN: &str = "SELECT EXISTS (SELECT 1 FROM pages WHERE loose_for IS NOT match_url)";
const LOOSEN: &str = "UPDATE pages SET loose_url = value ->> 1, loose_for = match_url
    FROM json_each($1) WHERE pages.id = value ->> 0";
const GROUPS: &str = "SELECT loose_url, count(*) AS pages, sum(comments) AS comments FROM pages
    WHERE site_id = $1 AND loose_url IS NOT NULL AND loose_url > $2
    GROUP BY loose_url HAVING count(*) > 1 ORDER BY loose_url LIMIT $3";
const PAGES: &str = "SELECT id, url, title, match_url, comments FROM pages
    WHERE site_id = $1 AND loose_url IS NOT NULL AND loose_url = $2
    ORDER BY comments DESC, id LIMIT $3";
const TOTAL: &str = "SELECT count(*) FROM (SELECT 1 FROM pages
    WHERE site_id = $1 AND loose_url IS NOT NULL GROUP BY loose_url HAVING count(*) > 1)";
/// Comments that would move to another page.
const TO_MOVE: &str =
    "SELECT count(*) AS groups, coalesce(sum(comments - most), 0) AS comments FROM (
        SELECT sum(comments) AS comments, max(comments) AS most FROM pages
        WHERE site_id = $1 AND loose_url IS NOT NULL
            AND ($2 IS NULL OR loose_url IN (SELECT value FROM json_each($2)))
        GROUP BY loose_url HAVING count(*) > 1)";
const JOBS: &str = concat!(
    "SELECT j.id, j.kind, j.state, j.done, j.total, j.error, j.undoes, j.undone_by,
        j.created_at, j.finished_at,
        CASE j.state WHEN 'queued' THEN ",
    first_of_site!("j.site_id", "(j.kind <> 'undo', j.id)"),
    " END AS behind
    FROM jobs j WHERE j.account_id = $1 AND j.site_id = $2 AND j.kind <> 'import'
        AND ($3 IS NULL OR j.id = $3)
    ORDER BY j.id DESC LIMIT $4"
);
const IS_JOIN: &str = "SELECT EXISTS (SELECT 1 FROM jobs
    WHERE account_id = $1 AND site_id = $2 AND id = $3 AND kind = 'regroup')";

/// Pages of a group that are shown; all are counted.
const SHOWN: u32 = 50;

/// Loosens the addresses of pages that were written or have moved since, so many
/// in each transaction.
pub(crate) async fn loosen(store: &Store, at_once: usize) -> Stored<()> {
    let at_once = i64::try_from(at_once).unwrap_or(i64::MAX);
    while sqlx::query_scalar(ANY_TO_LOOSEN).fetch_one(store.reader()).await? {
        let mut tx = store.begin().await?;
        let rows = sqlx::query(TO_LOOSEN).bind(at_once).fetch_all(&mut *tx).await?;
        let loosened = rows
            .iter()
            .map(|row| {
                let match_url: Option<&str> = row.try_get("match_url")?;
                let url = match_url.and_then(loose).map(|loose| loose.url);
                Ok((row.try_get("id")?, url))
            })
            .collect::<Stored<Vec<(i64, Option<String>)>>>()?;
        let json = serde_json::to_string(&loosened)?;
        execute(&mut tx, sqlx::query(LOOSEN).bind(&json)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Groups of pages that may be one, by their keys. The caller has checked whose site it is.
pub(crate) async fn groups(
    store: &Store,
    site_id: i64,
    after: &str,
    limit: u32,
) -> Stored<Vec<PageJoin>> {
    let rows =
        sqlx::query(GROUPS).bind(site_id).bind(after).bind(limit).fetch_all(store.reader()).await?;
    let mut groups = Vec::new();
    for row in &rows {
        let key: String = row.try_get("loose_url")?;
        let pages =
            sqlx::query(PAGES).bind(site_id).bind(&key).bind(SHOWN).fetch_all(store.reader());
        let pages = pages.await?;
        // Gone since.
        let Some(target) = pages.first() else { continue };
        groups.push(PageJoin {
            target: target.try_get("id")?,
            reasons: reasons(&pages)?,
            pages: pages.iter().map(page_from).collect::<Stored<_>>()?,
            pages_total: from_column(row.try_get("pages")?),
            comments: from_column(row.try_get("comments")?),
            key,
        });
    }
    Ok(groups)
}

fn reasons(pages: &[SqliteRow]) -> Stored<Vec<JoinReason>> {
    let loosened = pages
        .iter()
        .map(|page| Ok(loose(page.try_get("match_url")?)))
        .collect::<Stored<Vec<Option<Loose>>>>()?;
    Ok(differences(&loosened.into_iter().flatten().collect::<Vec<_>>()))
}

fn page_from(row: &SqliteRow) -> Stored<JoinPage> {
    let page =
        PageName { id: row.try_get("id")?, url: row.try_get("url")?, title: row.try_get("title")? };
    Ok(JoinPage { page, comments: from_column(row.try_get("comments")?) })
}

/// How many groups there are.
pub(crate) async fn count(store: &Store, site_id: i64) -> Stored<u64> {
    let total = sqlx::query_scalar(TOTAL).bind(site_id).fetch_one(store.reader());
    Ok(from_column(total.await?))
}

/// Groups of these keys, or all, and the comments that would move: `(groups, comments)`.
pub(crate) async fn to_move(
    tx: &mut SqliteConnection,
    site_id: i64,
    keys: Option<&[String]>,
) -> Stored<(u64, u64)> {
    let keys = keys.map(serde_json::to_string).transpose()?;
    let row = sqlx::query(TO_MOVE).bind(site_id).bind(keys).fetch_one(tx).await?;
    Ok((from_column(row.try_get("groups")?), from_column(row.try_get("comments")?)))
}

/// Jobs of a site of the account that are no imports, the newest first; or one of them.
pub(crate) async fn jobs(
    store: &Store,
    account_id: i64,
    site_id: i64,
    only: Option<i64>,
    limit: u32,
) -> Stored<Vec<SiteJob>> {
    let rows = sqlx::query(JOBS)
        .bind(account_id)
        .bind(site_id)
        .bind(only)
        .bind(limit)
        .fetch_all(store.reader())
        .await?;
    rows.iter().map(job_from).collect()
}

/// Whether the account's site has such a job, and it joins pages.
pub(crate) async fn is_join(
    tx: &mut SqliteConnection,
    account_id: i64,
    site_id: i64,
    job: i64,
) -> Stored<bool> {
    let is = sqlx::query_scalar(IS_JOIN).bind(account_id).bind(site_id).bind(job);
    Ok(is.fetch_one(tx).await?)
}

fn job_from(row: &SqliteRow) -> Stored<SiteJob> {
    let error: Option<String> = row.try_get("error")?;
    let finished_at: Option<i64> = row.try_get("finished_at")?;
    let undone_by: Option<i64> = row.try_get("undone_by")?;
    Ok(SiteJob {
        id: row.try_get("id")?,
        kind: word(row, "kind")?,
        state: word(row, "state")?,
        done: from_column(row.try_get("done")?),
        total: from_column(row.try_get("total")?),
        error: error.as_deref().map(serde_json::from_str).transpose()?,
        behind: row.try_get("behind")?,
        undoes: row.try_get("undoes")?,
        undone: undone_by.is_some(),
        can_undo: false,
        created_at: moment(row.try_get("created_at")?),
        finished_at: finished_at.map(moment),
    })
}
