//! Taking back what was done to a site: what that would change, and doing it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sqlx::SqliteConnection;

use super::codes::Code;
use super::dto::{AuditAction, Import, NewUndo, UndoPlan};
use super::extract::{self, Path};
use super::imports::{note, one};
use super::openapi::refusals;
use super::permission::{Follow, MakeImports, May};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::store::undo_plan::{self, Past};
use crate::store::{audit, imports, jobs};

/// Pages that a plan names; all are counted.
const PAGES_SHOWN: u32 = 50;

refusals!(PlanRefusals: NothingToUndo, UndoExpired);

/// Shows what taking an import back would change, and what would have to go with it.
#[utoipa::path(
    get,
    path = "/imports/{id}/undo",
    operation_id = "planUndo",
    tag = "imports",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    params(("id" = String, Path, description = "Id of the import.")),
    responses((status = 200, description = "What would change.", body = UndoPlan), PlanRefusals),
)]
pub(crate) async fn plan(
    State(app): State<App>,
    caller: May<Follow>,
    Path(id): Path<String>,
) -> Answer<Json<UndoPlan>> {
    // All of it from one state of the site.
    let mut reader = app.store().reader().begin().await?;
    let account_id = caller.admin.account_id;
    let import =
        imports::find(&mut reader, account_id, &id).await?.ok_or_else(Refusal::not_found)?;
    let past = past_of(&app, &mut reader, import.seq).await?;
    let mut plan = UndoPlan {
        steps: Vec::new(),
        deleted: 0,
        restored: 0,
        pages_deleted: 0,
        pages: Vec::new(),
        pages_total: 0,
    };
    for one in &past {
        let to_do = match one.import {
            Some(import) => undo_plan::to_do(&mut reader, import).await?,
            None => undo_plan::ToDo::default(),
        };
        plan.deleted += to_do.comments;
        plan.restored += to_do.restored;
        plan.pages_deleted += to_do.pages;
        plan.steps.push(one.step(to_do.comments, to_do.restored));
    }
    let imports: Vec<_> = past.iter().filter_map(|one| one.import).collect();
    (plan.pages, plan.pages_total) = undo_plan::pages(&mut reader, &imports, PAGES_SHOWN).await?;
    Ok(Json(plan))
}

refusals!(UndoRefusals: NothingToUndo, UndoBusy, UndoChanged, UndoExpired, UndoLaterFirst);

/// Takes an import back: deletes what it added, and makes what it changed as it was.
///
/// Only the newest change of a site can be taken back. An older import takes
/// all that came later with it, if that is said (`with_later`). Whoever has seen
/// the plan says so with `newest`.
#[utoipa::path(
    post,
    path = "/imports/{id}/undo",
    operation_id = "undoImport",
    tag = "imports",
    security(("session" = ["admin"]), ("token" = ["import"])),
    params(("id" = String, Path, description = "Id of the import.")),
    request_body = NewUndo,
    responses((status = 202, description = "The import.", body = Import), UndoRefusals),
)]
pub(crate) async fn start(
    State(app): State<App>,
    caller: May<MakeImports>,
    Path(id): Path<String>,
    extract::Json(undo): extract::Json<NewUndo>,
) -> Answer<(StatusCode, Json<Import>)> {
    let account_id = caller.admin.account_id;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    let import = imports::find(&mut tx, account_id, &id).await?.ok_or_else(Refusal::not_found)?;
    // What waits or runs is told of as such, whatever else there is to say.
    if undo_plan::is_busy(&mut tx, import.site_id).await? {
        return Err(Refusal::new(Code::UndoBusy));
    }
    let past = past_of(&app, &mut tx, import.seq).await?;
    if undo.newest.is_some_and(|seen| past.first().is_none_or(|one| one.job != seen)) {
        return Err(Refusal::new(Code::UndoChanged));
    }
    enqueue(&mut tx, &past, undo.with_later, caller.admin.id, now).await?;
    note(&mut tx, &caller, AuditAction::ImportUndone, import.site_id, &id, now).await?;
    tx.commit().await?;
    app.changed();
    app.wake_runner();
    Ok((StatusCode::ACCEPTED, Json(one(&app, account_id, &id).await?)))
}

/// What is to be taken back for an import, the newest first.
async fn past_of(app: &App, tx: &mut SqliteConnection, import: i64) -> Answer<Vec<Past>> {
    let nothing = || Refusal::new(Code::NothingToUndo);
    let job = undo_plan::job_of(tx, import).await?.ok_or_else(nothing)?;
    let past = undo_plan::from_on(tx, job, app.history_over()).await?;
    if past.is_empty() {
        return Err(nothing());
    }
    if past.iter().any(|one| !one.undoable) {
        return Err(Refusal::new(Code::UndoExpired));
    }
    if !undo_plan::did_anything(tx, import).await? {
        return Err(nothing());
    }
    Ok(past)
}

/// Puts the taking back of all of it into the queue, in order, the newest first.
pub(super) async fn enqueue(
    tx: &mut SqliteConnection,
    past: &[Past],
    with_later: bool,
    asked_by: i64,
    now: i64,
) -> Answer<()> {
    if past.len() > 1 && !with_later {
        return Err(Refusal::new(Code::UndoLaterFirst));
    }
    for one in past {
        undo_plan::enqueue(tx, one, asked_by, now).await?;
    }
    Ok(())
}

refusals!(CancelRefusals: NotWaiting);

/// Takes a job out of the queue that waits to take something back, or to join pages.
///
/// One that has begun goes on to its end: half of it would leave the site as it
/// never was. An import is cancelled by itself.
#[utoipa::path(
    delete,
    path = "/sites/{site}/jobs/{job}",
    operation_id = "cancelJob",
    tag = "sites",
    security(("session" = ["admin"]), ("token" = ["import"])),
    params(
        ("site" = i64, Path, description = "Id of the site."),
        ("job" = i64, Path, description = "Id of the job."),
    ),
    responses((status = 204, description = "It is cancelled."), CancelRefusals),
)]
pub(crate) async fn cancel_job(
    State(app): State<App>,
    caller: May<MakeImports>,
    Path((site_id, job)): Path<(i64, i64)>,
) -> Answer<StatusCode> {
    let account_id = caller.admin.account_id;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    if !jobs::is_there(&mut tx, account_id, site_id, job).await? {
        return Err(Refusal::not_found());
    }
    if !jobs::cancel_queued(&mut tx, account_id, site_id, job, now).await? {
        return Err(Refusal::new(Code::NotWaiting));
    }
    let details = [("job", &*job.to_string()), ("site", &*site_id.to_string())];
    audit::note(&mut tx, caller.actor(), AuditAction::JobCancelled, &details, now).await?;
    tx.commit().await?;
    app.changed();
    app.wake_runner();
    Ok(StatusCode::NO_CONTENT)
}
