//! The end of a site, or of a whole account. There is no way back, so both ask
//! for something to be typed in.

use axum::extract::State;
use axum::http::StatusCode;

use super::codes::Code;
use super::dto::{AuditAction, DeleteAccount, DeleteSite};
use super::extract::{Json, Path};
use super::imports::finish;
use super::openapi::refusals;
use super::permission::{May, Own};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::jobs::deletion::{self as jobs, Doomed};
use crate::passwords::LONGEST_BYTES;
use crate::store::{accounts, audit, deletion};
use crate::throttle;

refusals!(SiteRefusals: NameDiffers);

/// Deletes a site with all that belongs to it.
///
/// From now on nobody finds it. Its comments, pages, authors and imports are
/// deleted in the background; what the account did stays in the audit log.
#[utoipa::path(
    delete,
    path = "/sites/{site}",
    operation_id = "deleteSite",
    tag = "sites",
    security(("session" = ["owner"])),
    params(("site" = i64, Path, description = "Its id.")),
    request_body = DeleteSite,
    responses((status = 204, description = "It is gone for everybody."), SiteRefusals),
)]
pub(crate) async fn delete_site(
    State(app): State<App>,
    owner: May<Own>,
    Path(site_id): Path<i64>,
    Json(typed): Json<DeleteSite>,
) -> Answer<StatusCode> {
    let admin = &owner.admin;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    let name = deletion::name(&mut tx, admin.account_id, site_id).await?;
    let name = name.ok_or_else(Refusal::not_found)?;
    if typed.name.trim() != name {
        return Err(Refusal::new(Code::NameDiffers));
    }
    let (account, doomed) = (admin.account_id, Doomed::Site(site_id));
    let idle = jobs::begin(&mut tx, account, doomed, Some(admin.id), now).await?;
    let details = [("site", &*site_id.to_string()), ("name", &*name)];
    audit::note(&mut tx, owner.actor(), AuditAction::SiteDeleted, &details, now).await?;
    tx.commit().await?;
    end(&app, idle).await?;
    Ok(StatusCode::NO_CONTENT)
}

refusals!(AccountRefusals: PasswordWrong, TooManyAttempts);

/// Deletes the account with all that belongs to it.
///
/// Everybody is signed out, no token and no invitation holds any more, and nobody
/// finds its sites. All of it is deleted in the background, the audit log too.
#[utoipa::path(
    delete,
    path = "/account",
    operation_id = "deleteAccount",
    tag = "members",
    security(("session" = ["owner"])),
    request_body = DeleteAccount,
    responses((status = 204, description = "It is gone for everybody."), AccountRefusals),
)]
pub(crate) async fn delete_account(
    State(app): State<App>,
    owner: May<Own>,
    Json(said): Json<DeleteAccount>,
) -> Answer<StatusCode> {
    let admin = &owner.admin;
    let attempt = throttle::begin_again(app.store(), app.clock(), admin.id).await?;
    let holds = accounts::password_hash(app.store(), admin).await?;
    let fits = said.password.len() <= LONGEST_BYTES
        && app.passwords().verify(said.password, holds).await.map_err(|_| Refusal::internal())?;
    if !fits {
        return Err(Refusal::new(Code::PasswordWrong));
    }
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    throttle::succeeded(&mut tx, &attempt).await?;
    let idle = jobs::begin(&mut tx, admin.account_id, Doomed::Account, Some(admin.id), now).await?;
    tx.commit().await?;
    end(&app, idle).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells live answers, and ends imports that no job works on: then the deletion can begin.
async fn end(app: &App, idle: Vec<i64>) -> Answer<()> {
    app.changed();
    for seq in idle {
        finish(app, seq).await?;
    }
    app.wake_runner();
    Ok(())
}
