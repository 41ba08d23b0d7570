//! Imports: made, listed, submitted, cancelled.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rehome_record::{Complete, MAX_ID_BYTES, MAX_NUMBER, MAX_TEXT_BYTES, issues_fit};
use serde::Deserialize;
use sqlx::SqliteConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::caller::Caller;
use super::chunks::not_receiving;
use super::codes::Code;
use super::dto::{AuditAction, Import, ImportDetail, ImportState, NewImport, Seen, Submit};
use super::extract::{self, AtMost, Id, Path, Query};
use super::openapi::refusals;
use super::permission::{Follow, MakeImports, May};
use super::problem::{Answer, Refusal};
use super::{limits, resume, same_blog, submit};
use crate::app::App;
use crate::jobs::endings;
use crate::store::chunks::HeldChunk;
use crate::store::import_moves::{self, Ending};
use crate::store::imports::{self, ImportRow};
use crate::store::{StoreError, audit, chunks, jobs, report, unfinished};

const IMPORTS_AT_ONCE: u32 = 50;
/// Rejected lines that a detail shows; all are counted.
const REJECTED_SHOWN: u32 = 100;

/// Which imports to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    /// Those of this site alone.
    #[param(inline)]
    site: Option<Id>,
    /// How many at most; 50 where it is not said.
    #[param(inline)]
    limit: Option<AtMost<200>>,
}

refusals!(CreateRefusals: ImportDiffers, ImportInvalid, ImportsFull, Incomplete, NotReceiving, SeenDiffers);

/// Makes an import, or finds the unfinished one to go on with.
#[utoipa::path(
    post,
    path = "/sites/{site}/imports",
    operation_id = "createImport",
    tag = "imports",
    security(("session" = ["admin"]), ("token" = ["import"])),
    params(("site" = i64, Path, description = "Id of the site.")),
    request_body = NewImport,
    responses(
        (status = 200, description = "The unfinished one of the same file.", body = ImportDetail),
        (
            status = 201,
            description = "A new one.",
            body = ImportDetail,
            headers(("location" = String, description = "Where it is shown.")),
        ),
        CreateRefusals,
    ),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: May<MakeImports>,
    Path(site_id): Path<i64>,
    extract::Json(new): extract::Json<NewImport>,
) -> Answer<Response> {
    check(&new)?;
    let account_id = caller.admin.account_id;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    let found = match (&new.resume, &new.replace) {
        (Some(id), _) => {
            let named = unfinished::frozen(&mut tx, account_id, site_id, id).await?;
            Some(named.ok_or_else(Refusal::not_found)?)
        }
        (None, Some(_)) => None,
        (None, None) => unfinished::of_file(&mut tx, account_id, site_id, &new.file).await?,
    };
    if let Some(found) = found {
        resume::check(&found, &new)?;
        unfinished::go_on(&mut tx, found.seq, now).await?;
        tx.commit().await?;
        return Ok(Json(detail(&app, &caller, &found.id).await?).into_response());
    }
    let replaced = match &new.replace {
        Some(id) => Some(make_way(&mut tx, account_id, site_id, id).await?),
        None => None,
    };
    limits::check_open_imports(&app, &mut tx, account_id).await?;
    let id = Uuid::now_v7().to_string();
    if !imports::insert(&mut tx, &caller.admin, site_id, &id, &new, now).await? {
        return Err(Refusal::not_found());
    }
    note(&mut tx, &caller, AuditAction::ImportStarted, site_id, &id, now).await?;
    if let Some(old) = new.replace.as_ref().filter(|_| replaced.is_some()) {
        note(&mut tx, &caller, AuditAction::ImportCancelled, site_id, old, now).await?;
    }
    tx.commit().await?;
    app.changed();
    if let Some(seq) = replaced {
        finish(&app, seq).await?;
    }
    let detail = detail(&app, &caller, &id).await?;
    let place = [(header::LOCATION, place_of(&id))];
    Ok((StatusCode::CREATED, place, Json(detail)).into_response())
}

/// Cancels an unfinished import of the site, within the transaction; gives its number.
async fn make_way(
    tx: &mut SqliteConnection,
    account_id: i64,
    site_id: i64,
    id: &str,
) -> Answer<i64> {
    let old = imports::find(tx, account_id, id).await?;
    let old = old.filter(|old| old.site_id == site_id).ok_or_else(Refusal::not_found)?;
    let is_open = old.state == ImportState::Receiving;
    if is_open && import_moves::set_ending(tx, old.seq, Ending::Cancelled, None).await? {
        Ok(old.seq)
    } else {
        Err(not_receiving())
    }
}

/// Takes an import that is on its way to a final state there, even if its caller goes away.
pub(super) async fn finish(app: &App, seq: i64) -> Answer<()> {
    let finishing = app.clone();
    app.spawn(async move { endings::finish(&finishing, seq).await })
        .await
        .map_err(|_| Refusal::internal())??;
    Ok(())
}

/// Lists imports, the newest first.
#[utoipa::path(
    get,
    path = "/imports",
    operation_id = "listImports",
    tag = "imports",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    params(Listing),
    responses((status = 200, description = "The newest.", body = [Import])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Follow>,
    Query(listing): Query<Listing>,
) -> Answer<Json<Vec<Import>>> {
    let limit = listing.limit.map_or(IMPORTS_AT_ONCE, AtMost::get);
    let account_id = caller.admin.account_id;
    let imports = imports::list(app.store(), account_id, listing.site.map(Id::get), limit).await?;
    Ok(Json(imports))
}

/// Shows an import, and what of it has arrived.
#[utoipa::path(
    get,
    path = "/imports/{id}",
    operation_id = "showImport",
    tag = "imports",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    params(("id" = String, Path, description = "Id of the import.")),
    responses((status = 200, description = "The import.", body = ImportDetail)),
)]
pub(crate) async fn show(
    State(app): State<App>,
    caller: May<Follow>,
    Path(id): Path<String>,
) -> Answer<Json<ImportDetail>> {
    Ok(Json(detail(&app, &caller, &id).await?))
}

refusals!(
    SubmitRefusals:
    ChunksExtra, ChunksMissing, CompleteDiffers, CountsDiffer, EndMisplaced, EndMissing,
    HeaderMissing, Incomplete, IssuesInvalid, NotReceiving, SameBlog,
);

/// Says that everything was sent: the import waits for its turn. The same again is fine.
#[utoipa::path(
    post,
    path = "/imports/{id}/submit",
    operation_id = "submitImport",
    tag = "imports",
    security(("session" = ["admin"]), ("token" = ["import"])),
    params(("id" = String, Path, description = "Id of the import.")),
    request_body = Submit,
    responses((status = 200, description = "The import.", body = Import), SubmitRefusals),
)]
pub(crate) async fn submit(
    State(app): State<App>,
    caller: May<MakeImports>,
    Path(id): Path<String>,
    extract::Json(submit): extract::Json<Submit>,
) -> Answer<Json<Import>> {
    if !issues_fit(&submit.issues) {
        return Err(Refusal::new(Code::IssuesInvalid));
    }
    same_blog::check_answer(submit.same_origin.as_deref())?;
    let account_id = caller.admin.account_id;
    let known_origin = known_origin(&app, account_id, &id, submit.same_origin.as_deref()).await?;
    let mut tx = app.store().begin().await?;
    let import = imports::find(&mut tx, account_id, &id).await?.ok_or_else(Refusal::not_found)?;
    match import.state {
        ImportState::Receiving if !import.ending && !import.one_body => {
            import_moves::set_known_origin(&mut tx, import.seq, known_origin.as_deref()).await?;
            let held = chunks::held(&mut tx, import.seq).await?;
            let now = app.clock().now_micros();
            queue(&mut tx, &import, &held, &submit, now).await?;
            report::keep_issues(&mut tx, import.seq, &submit.issues).await?;
            let (action, site) = (AuditAction::ImportSubmitted, import.site_id);
            note(&mut tx, &caller, action, site, &id, now).await?;
            tx.commit().await?;
            app.changed();
            app.wake_runner();
        }
        ImportState::Queued | ImportState::Running | ImportState::Succeeded => {
            drop(tx);
            submit::check_same(&import, &submit)?;
        }
        _ => return Err(not_receiving()),
    }
    Ok(Json(one(&app, account_id, &id).await?))
}

/// The origin under which the import's comments are known, before it is queued.
async fn known_origin(
    app: &App,
    account_id: i64,
    id: &str,
    answer: Option<&str>,
) -> Answer<Option<String>> {
    let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
    let import = imports::find(&mut reader, account_id, id).await?;
    drop(reader);
    match import.filter(|import| import.state == ImportState::Receiving && !import.ending) {
        Some(import) => same_blog::known_origin(app, &import, answer).await,
        None => Ok(None),
    }
}

/// Puts an import into the queue, within the transaction, where everything of it is there.
pub(super) async fn queue(
    tx: &mut SqliteConnection,
    import: &ImportRow,
    held: &[HeldChunk],
    submit: &Submit,
    now: i64,
) -> Answer<()> {
    let work = submit::check(import, held, submit)?;
    if !import_moves::set_queued(tx, import.seq, work.done, work.total).await? {
        return Err(not_receiving());
    }
    jobs::enqueue(tx, import, now).await?;
    Ok(())
}

refusals!(CancelRefusals: Ended);

/// What becomes of what is applied already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Then {
    /// It stays.
    #[default]
    Keep,
    /// It is taken back, as soon as the import has stopped.
    Undo,
}

/// How to cancel.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cancelling {
    /// What becomes of what is applied already; it stays where it is not said.
    #[param(inline)]
    then: Option<Then>,
}

/// Cancels an import. A running one stops at its next batch.
#[utoipa::path(
    delete,
    path = "/imports/{id}",
    operation_id = "cancelImport",
    tag = "imports",
    security(("session" = ["admin"]), ("token" = ["import"])),
    params(("id" = String, Path, description = "Id of the import."), Cancelling),
    responses((status = 200, description = "The import.", body = Import), CancelRefusals),
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    caller: May<MakeImports>,
    Path(id): Path<String>,
    Query(Cancelling { then }): Query<Cancelling>,
) -> Answer<Json<Import>> {
    let account_id = caller.admin.account_id;
    let then = then.unwrap_or_default();
    let ended = || Refusal::new(Code::Ended);
    let mut tx = app.store().begin().await?;
    let import = imports::find(&mut tx, account_id, &id).await?.ok_or_else(Refusal::not_found)?;
    if then == Then::Undo && !import_moves::ask_undo(&mut tx, import.seq, caller.admin.id).await? {
        return Err(ended());
    }
    match import.state {
        ImportState::Running => {
            if jobs::request_cancel(&mut tx, import.seq).await? {
                note_cancel(&app, &mut tx, &caller, &import, then).await?;
            }
            tx.commit().await?;
        }
        ImportState::Receiving | ImportState::Queued => {
            // In the same transaction as the look at its state: no job starts in between.
            if !import_moves::set_ending(&mut tx, import.seq, Ending::Cancelled, None).await? {
                return Err(ended());
            }
            note_cancel(&app, &mut tx, &caller, &import, then).await?;
            tx.commit().await?;
            finish(&app, import.seq).await?;
        }
        _ => return Err(ended()),
    }
    Ok(Json(one(&app, account_id, &id).await?))
}

/// The address that shows the import of this id.
pub(super) fn place_of(id: &str) -> String {
    format!("/api/v1/imports/{id}")
}

/// Writes into the audit log what somebody did with an import.
pub(super) async fn note(
    tx: &mut SqliteConnection,
    caller: &Caller,
    action: AuditAction,
    site_id: i64,
    id: &str,
    now: i64,
) -> Answer<()> {
    let details = [("import", id), ("site", &*site_id.to_string())];
    Ok(audit::note(tx, caller.actor(), action, &details, now).await?)
}

async fn note_cancel(
    app: &App,
    tx: &mut SqliteConnection,
    caller: &Caller,
    import: &ImportRow,
    then: Then,
) -> Answer<()> {
    let then = if then == Then::Undo { "undo" } else { "keep" };
    let details = [("import", &*import.id), ("site", &*import.site_id.to_string()), ("then", then)];
    let (action, now) = (AuditAction::ImportCancelled, app.clock().now_micros());
    Ok(audit::note(tx, caller.actor(), action, &details, now).await?)
}

pub(super) async fn one(app: &App, account_id: i64, id: &str) -> Answer<Import> {
    imports::get(app.store(), account_id, id).await?.ok_or_else(Refusal::not_found)
}

async fn detail(app: &App, caller: &Caller, id: &str) -> Answer<ImportDetail> {
    let account_id = caller.admin.account_id;
    let import = one(app, account_id, id).await?;
    let mut reader = app.store().reader().acquire().await?;
    let row = imports::find(&mut reader, account_id, id).await?.ok_or_else(Refusal::not_found)?;
    drop(reader);
    Ok(ImportDetail {
        import,
        chunks: chunks::digests(app.store(), row.seq).await?,
        limits: limits::told(app),
        rejected: chunks::rejected(app.store(), row.seq, REJECTED_SHOWN).await?,
    })
}

pub(super) fn check(new: &NewImport) -> Answer<()> {
    let name = |text: &str| {
        !text.is_empty() && text.len() <= MAX_ID_BYTES && !text.contains(char::is_control)
    };
    let file = &new.file;
    let named = [&new.format, &new.origin, &new.reader].into_iter().all(|text| name(text))
        && file.name.len() <= MAX_TEXT_BYTES
        && file.fingerprint.len() <= MAX_ID_BYTES;
    let numbers = [file.size_bytes, new.seen.comments, new.seen.kept];
    let countable = numbers.into_iter().all(|number| number <= MAX_NUMBER);
    if !(named && countable) {
        return Err(Refusal::new(Code::ImportInvalid));
    }
    if new.seen.complete == Complete::No && !new.takes_incomplete() {
        return Err(incomplete());
    }
    check_sum(&new.seen)
}

/// The file stops before its end.
pub(super) fn incomplete() -> Refusal {
    Refusal::new(Code::Incomplete)
}

fn check_sum(seen: &Seen) -> Answer<()> {
    let skipped =
        seen.skipped_by_reason.values().try_fold(0_u64, |sum, count| sum.checked_add(*count));
    if skipped.and_then(|skipped| skipped.checked_add(seen.kept)) == Some(seen.comments) {
        Ok(())
    } else {
        Err(Refusal::new(Code::SeenDiffers))
    }
}
