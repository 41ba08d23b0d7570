//! Pages that may be one: proposed, joined, and taken apart again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::codes::Code;
use super::dto::{AuditAction, JobKind, JobState, NewPageJoins, PageJoins, SiteJob};
use super::extract::{self, AtMost, Path, Query};
use super::openapi::refusals;
use super::permission::{Follow, MakeSites, May, Read};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::page_address::LONGEST_LOOSE;
use crate::store::jobs::{self, NewJob};
use crate::store::{audit, page_joins, sites, undo_plan};

const GROUPS_AT_ONCE: u32 = 50;
const JOBS_AT_ONCE: u32 = 50;
/// Characters of a place in the list, which is an address.
const LONGEST_AFTER: usize = LONGEST_LOOSE;

/// Which groups to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    /// `next` of the list before.
    #[param(max_length = 2000)]
    after: Option<String>,
    /// How many at most; 50 where it is not said.
    #[param(inline)]
    limit: Option<AtMost<200>>,
}

refusals!(PlaceRefusals: AfterInvalid);

/// Lists pages that may be one, by what they have in common.
///
/// Their addresses differ in the scheme, `www.`, a slash at the end, or tracking
/// parameters alone.
#[utoipa::path(
    get,
    path = "/sites/{site}/page-joins",
    operation_id = "listPageJoins",
    tag = "sites",
    security(("session" = ["viewer"]), ("token" = ["read"])),
    params(("site" = i64, Path, description = "Id of the site."), Listing),
    responses(
        (status = 200, description = "Some of them, and where to go on.", body = PageJoins),
        PlaceRefusals,
    ),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Read>,
    Path(site_id): Path<i64>,
    Query(listing): Query<Listing>,
) -> Answer<Json<PageJoins>> {
    check_site(&app, caller.admin.account_id, site_id).await?;
    let limit = listing.limit.map_or(GROUPS_AT_ONCE, AtMost::get);
    let after = listing.after.unwrap_or_default();
    if after.chars().count() > LONGEST_AFTER {
        return Err(Refusal::new(Code::AfterInvalid));
    }
    // One more than asked for says whether there is more.
    let mut groups = page_joins::groups(app.store(), site_id, &after, limit + 1).await?;
    let more = groups.len() > limit as usize;
    groups.truncate(limit as usize);
    let next = groups.last().filter(|_| more).map(|last| last.key.clone());
    let total = page_joins::count(app.store(), site_id).await?;
    Ok(Json(PageJoins { groups, total, next }))
}

refusals!(JoinRefusals: NothingToJoin);

/// Joins pages: all comments of each group go to its page that has the most.
///
/// Imports find the page by all addresses that led to one of them. It can be
/// taken back as long as nothing else was done to the site.
#[utoipa::path(
    post,
    path = "/sites/{site}/page-joins",
    operation_id = "joinPages",
    tag = "sites",
    security(("session" = ["admin"])),
    params(("site" = i64, Path, description = "Id of the site.")),
    request_body = NewPageJoins,
    responses((status = 202, description = "The job that does it.", body = SiteJob), JoinRefusals),
)]
pub(crate) async fn start(
    State(app): State<App>,
    caller: May<MakeSites>,
    Path(site_id): Path<i64>,
    extract::Json(new): extract::Json<NewPageJoins>,
) -> Answer<(StatusCode, Json<SiteJob>)> {
    let account_id = caller.admin.account_id;
    check_site(&app, account_id, site_id).await?;
    let keys = if new.all { None } else { Some(new.keys.clone().unwrap_or_default()) };
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    let (groups, comments) = page_joins::to_move(&mut tx, site_id, keys.as_deref()).await?;
    if groups == 0 {
        return Err(Refusal::new(Code::NothingToJoin));
    }
    let job = NewJob {
        kind: JobKind::Regroup,
        account_id,
        site_id: Some(site_id),
        import: None,
        undoes: None,
        asked_by: Some(caller.admin.id),
        cursor: "{}".to_owned(),
        task: Some(serde_json::to_string(&new).map_err(|_| Refusal::internal())?),
        total: comments,
    };
    let job = jobs::add(&mut tx, &job, now).await?;
    let details = [("site", &*site_id.to_string()), ("job", &*job.to_string())];
    audit::note(&mut tx, caller.actor(), AuditAction::PagesJoined, &details, now).await?;
    tx.commit().await?;
    app.changed();
    app.wake_runner();
    Ok((StatusCode::ACCEPTED, Json(one(&app, account_id, site_id, job).await?)))
}

/// Lists what was done to a site besides imports, the newest first.
#[utoipa::path(
    get,
    path = "/sites/{site}/jobs",
    operation_id = "listJobs",
    tag = "sites",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    params(("site" = i64, Path, description = "Id of the site.")),
    responses((status = 200, description = "The newest 50.", body = [SiteJob])),
)]
pub(crate) async fn list_jobs(
    State(app): State<App>,
    caller: May<Follow>,
    Path(site_id): Path<i64>,
) -> Answer<Json<Vec<SiteJob>>> {
    let account_id = caller.admin.account_id;
    check_site(&app, account_id, site_id).await?;
    let jobs = page_joins::jobs(app.store(), account_id, site_id, None, JOBS_AT_ONCE).await?;
    Ok(Json(with_can_undo(&app, jobs).await?))
}

refusals!(UndoRefusals: NothingToUndo, UndoBusy, UndoExpired, UndoLaterFirst);

/// Takes a join of pages back: each is as it was.
#[utoipa::path(
    post,
    path = "/sites/{site}/jobs/{job}/undo",
    operation_id = "undoJob",
    tag = "sites",
    security(("session" = ["admin"])),
    params(
        ("site" = i64, Path, description = "Id of the site."),
        ("job" = i64, Path, description = "Id of the job."),
    ),
    responses((status = 202, description = "The job that does it.", body = SiteJob), UndoRefusals),
)]
pub(crate) async fn undo(
    State(app): State<App>,
    caller: May<MakeSites>,
    Path((site_id, job)): Path<(i64, i64)>,
) -> Answer<(StatusCode, Json<SiteJob>)> {
    let account_id = caller.admin.account_id;
    check_site(&app, account_id, site_id).await?;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    if !page_joins::is_join(&mut tx, account_id, site_id, job).await? {
        return Err(Refusal::not_found());
    }
    if undo_plan::is_busy(&mut tx, site_id).await? {
        return Err(Refusal::new(Code::UndoBusy));
    }
    let past = undo_plan::from_on(&mut tx, job, i64::MIN).await?;
    let undo = match past.as_slice() {
        [] => return Err(Refusal::new(Code::NothingToUndo)),
        [one] if one.undoable => undo_plan::enqueue(&mut tx, one, caller.admin.id, now).await?,
        [_] => return Err(Refusal::new(Code::UndoExpired)),
        _ => return Err(Refusal::new(Code::UndoLaterFirst)),
    };
    let details = [("site", &*site_id.to_string()), ("job", &*job.to_string())];
    audit::note(&mut tx, caller.actor(), AuditAction::JoinUndone, &details, now).await?;
    tx.commit().await?;
    app.changed();
    app.wake_runner();
    Ok((StatusCode::ACCEPTED, Json(one(&app, account_id, site_id, undo).await?)))
}

async fn check_site(app: &App, account_id: i64, site_id: i64) -> Answer<()> {
    let there = sites::exists(app.store(), account_id, site_id).await?;
    if there { Ok(()) } else { Err(Refusal::not_found()) }
}

async fn one(app: &App, account_id: i64, site_id: i64, job: i64) -> Answer<SiteJob> {
    let found = page_joins::jobs(app.store(), account_id, site_id, Some(job), 1).await?;
    with_can_undo(app, found).await?.pop().ok_or_else(Refusal::internal)
}

/// Only the newest join that did something can be taken back, and only while no
/// other one waits or runs.
async fn with_can_undo(app: &App, mut jobs: Vec<SiteJob>) -> Answer<Vec<SiteJob>> {
    let mut reader = app.store().reader().acquire().await?;
    let joins = jobs.iter_mut().filter(|job| job.kind == JobKind::Regroup && !job.undone);
    for join in joins {
        if matches!(join.state, JobState::Queued | JobState::Running) {
            break;
        }
        let past = undo_plan::from_on(&mut reader, join.id, i64::MIN).await?;
        if past.is_empty() {
            continue;
        }
        join.can_undo = matches!(past.as_slice(), [one] if one.undoable);
        break;
    }
    Ok(jobs)
}
