//! One batch of `page` lines.

use rehome_record::{Page, Timestamp};
use sqlx::SqliteConnection;

use super::import::{Batch, Target};
use super::prepare::Prepared;
use super::verdict::{Verdict, judge};
use crate::page_address::match_url;
use crate::store::upsert_pages::{self, PageRow};
use crate::store::{Known, Stored, hex};

/// Writes pages. Several pages of a source may be one of ours.
pub(crate) async fn apply(
    tx: &mut SqliteConnection,
    target: &Target,
    pages: &[Prepared<&Page>],
    batch: &mut Batch,
) -> Stored<()> {
    let ids: Vec<_> = pages.iter().map(|page| page.record.source_id.as_str()).collect();
    let mut known = upsert_pages::known(tx, &target.namespace, &ids).await?;
    let match_urls: Vec<_> =
        pages.iter().map(|page| page.record.url.as_deref().and_then(match_url)).collect();
    let wanted: Vec<_> = match_urls.iter().flatten().map(String::as_str).collect();
    let mut by_url = upsert_pages::by_match_url(tx, target.namespace.site_id, &wanted).await?;
    let mut last_id = upsert_pages::last_id(tx).await?;
    let mut rows = Rows::default();
    for (page, match_url) in pages.iter().zip(&match_urls) {
        let source_id = &page.record.source_id;
        let row = |page_id| row(page, page_id, match_url.as_deref());
        let counts = &mut batch.result.pages;
        let page_id = match judge(&known, source_id, page.hash, target.import) {
            Verdict::Insert => {
                let there = match_url.as_ref().and_then(|url| by_url.get(url)).copied();
                // The page is not new, whichever source told of it first.
                *(if there.is_some() { &mut counts.unchanged } else { &mut counts.inserted }) += 1;
                let page_id = there.unwrap_or_else(|| {
                    last_id += 1;
                    last_id
                });
                let kind = if there.is_some() { &mut rows.join } else { &mut rows.insert };
                kind.push(row(page_id));
                rows.sources.push(row(page_id));
                if let Some(url) = match_url {
                    by_url.insert(url.clone(), page_id);
                }
                page_id
            }
            Verdict::Update(page_id) => {
                counts.updated += 1;
                rows.update.push(row(page_id));
                page_id
            }
            Verdict::Unchanged => {
                counts.unchanged += 1;
                rows.touch.push(source_id);
                known[source_id.as_str()].id
            }
            Verdict::SameAgain => {
                counts.unchanged += 1;
                continue;
            }
            Verdict::Clash => {
                counts.rejected += 1;
                batch.reject(page.line, "duplicate_id", source_id);
                continue;
            }
        };
        let now = Known { id: page_id, hash: page.hash, seen_in: target.import };
        known.insert(source_id.clone(), now);
    }
    rows.write(tx, target).await
}

#[derive(Default)]
struct Rows<'a> {
    insert: Vec<PageRow<'a>>,
    join: Vec<PageRow<'a>>,
    sources: Vec<PageRow<'a>>,
    update: Vec<PageRow<'a>>,
    touch: Vec<&'a str>,
}

impl Rows<'_> {
    async fn write(self, tx: &mut SqliteConnection, target: &Target) -> Stored<()> {
        let site_id = target.namespace.site_id;
        upsert_pages::insert(tx, site_id, target.import, &self.insert).await?;
        upsert_pages::fill(tx, site_id, target.import, &self.join).await?;
        upsert_pages::insert_sources(tx, &target.namespace, target.import, &self.sources).await?;
        let columns = target.fields.page_columns();
        upsert_pages::update(tx, &target.namespace, target.import, columns, &self.update).await?;
        upsert_pages::touch(tx, &target.namespace, target.import, &self.touch).await
    }
}

fn row<'a>(page: &Prepared<&'a Page>, page_id: i64, match_url: Option<&'a str>) -> PageRow<'a> {
    let record = page.record;
    PageRow {
        page_id,
        source_id: &record.source_id,
        url: record.url.as_deref(),
        match_url,
        identifier: record.identifier.as_deref(),
        title: record.title.as_deref(),
        closed: record.closed,
        created_at: record.created_at.map(Timestamp::as_micros),
        extras: super::import::extras(&record.extras),
        hash: hex(page.hash),
    }
}
