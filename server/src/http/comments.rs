//! Pages and their comments.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::codes::Code;
use super::dto::{CommentList, PageList};
use super::extract::{AtMost, Path, Query};
use super::openapi::refusals;
use super::permission::{May, Read};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::store::pages::{self, After};
use crate::store::{comments, sites};
use crate::thread_order::thread_order;

const PAGES_AT_ONCE: u32 = 50;
const COMMENTS_AT_ONCE: u32 = 100;
const LONGEST_SEARCH: usize = 1_000;
const ADDRESSES_SHOWN: u32 = 200;

/// Which pages to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PagesListing {
    /// `next` of the list before.
    #[param(pattern = "^[0-9]{1,9}-[0-9]{1,9}$")]
    after: Option<String>,
    /// How many at most; 50 where it is not said.
    #[param(inline)]
    limit: Option<AtMost<200>>,
    /// A part of address or title.
    #[param(max_length = 1000)]
    q: Option<String>,
}

/// Which comments to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommentsListing {
    /// `next` of the list before.
    #[param(pattern = "^[0-9]{1,15}$")]
    after: Option<String>,
    /// How many at most; 100 where it is not said.
    #[param(inline)]
    limit: Option<AtMost<200>>,
}

refusals!(PlaceRefusals: AfterInvalid);

/// Lists the pages of a site, those with the most comments first.
#[utoipa::path(
    get,
    path = "/sites/{site}/pages",
    operation_id = "listPages",
    tag = "comments",
    security(("session" = ["viewer"]), ("token" = ["read"])),
    params(("site" = i64, Path, description = "Id of the site."), PagesListing),
    responses(
        (status = 200, description = "Some of them, and where to go on.", body = PageList),
        PlaceRefusals,
    ),
)]
pub(crate) async fn list_pages(
    State(app): State<App>,
    caller: May<Read>,
    Path(site_id): Path<i64>,
    Query(listing): Query<PagesListing>,
) -> Answer<Json<PageList>> {
    if !sites::exists(app.store(), caller.admin.account_id, site_id).await? {
        return Err(Refusal::not_found());
    }
    let after = listing.after.as_deref().map(page_place).transpose()?;
    let limit = listing.limit.map_or(PAGES_AT_ONCE, AtMost::get);
    if listing.q.as_ref().is_some_and(|q| q.chars().count() > LONGEST_SEARCH) {
        return Err(Refusal::new(Code::QueryInvalid));
    }
    let words = listing.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    // One more than asked for says whether there is more.
    let mut pages = pages::list(app.store(), site_id, words, after, limit + 1).await?;
    let more = pages.len() > limit as usize;
    pages.truncate(limit as usize);
    let last = pages.last().filter(|_| more);
    let next = last.map(|page| format!("{}-{}", page.comments, page.id));
    let total = pages::count(app.store(), site_id, words).await?;
    Ok(Json(PageList { pages, total, next }))
}

/// Lists the comments of a page, each after its parent.
#[utoipa::path(
    get,
    path = "/sites/{site}/pages/{page}/comments",
    operation_id = "listComments",
    tag = "comments",
    security(("session" = ["viewer"]), ("token" = ["read"])),
    params(
        ("site" = i64, Path, description = "Id of the site."),
        ("page" = i64, Path, description = "Id of the page."),
        CommentsListing,
    ),
    responses(
        (status = 200, description = "Some of them, and where to go on.", body = CommentList),
        PlaceRefusals,
    ),
)]
pub(crate) async fn list_comments(
    State(app): State<App>,
    caller: May<Read>,
    Path((site_id, page_id)): Path<(i64, i64)>,
    Query(listing): Query<CommentsListing>,
) -> Answer<Json<CommentList>> {
    let account_id = caller.admin.account_id;
    let page = pages::get(app.store(), account_id, site_id, page_id)
        .await?
        .ok_or_else(Refusal::not_found)?;
    let placed = thread_order(&comments::nodes(app.store(), site_id, page_id).await?);
    let start = match &listing.after {
        None => 0,
        Some(after) => {
            let id: i64 = after.parse().map_err(|_| bad_place())?;
            let at = placed.iter().position(|placed| placed.id == id);
            at.ok_or_else(bad_place)? + 1
        }
    };
    let limit = listing.limit.map_or(COMMENTS_AT_ONCE, AtMost::get);
    let rest = &placed[start..];
    let shown = &rest[..rest.len().min(limit as usize)];
    let next =
        (shown.len() < rest.len()).then(|| shown.last().map(|last| last.id.to_string())).flatten();
    let comments = comments::read(app.store(), site_id, shown).await?;
    let addresses =
        pages::addresses(app.store(), account_id, site_id, page_id, ADDRESSES_SHOWN).await?;
    Ok(Json(CommentList { page, addresses, comments, next }))
}

fn page_place(after: &str) -> Answer<After> {
    after
        .split_once('-')
        .and_then(|(comments, id)| {
            Some(After { comments: comments.parse().ok()?, id: id.parse().ok()? })
        })
        .ok_or_else(bad_place)
}

fn bad_place() -> Refusal {
    Refusal::new(Code::AfterInvalid)
}
