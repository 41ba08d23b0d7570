//! What one is told by mail, and whether what people are told gets out.

use axum::Json;
use axum::extract::State;

use super::dto::{AuditAction, NewNoticeSettings, NoticeHealth, NoticeSettings, ServerHealth};
use super::extract;
use super::permission::{May, Own};
use super::problem::{Answer, Refusal};
use super::session::SignedIn;
use crate::app::App;
use crate::store::imports::moment;
use crate::store::{audit, notices};

/// Shows what one is told by mail.
#[utoipa::path(
    get,
    path = "/notice-settings",
    operation_id = "showNoticeSettings",
    tag = "access",
    security(("session" = [])),
    responses((status = 200, description = "The settings.", body = NoticeSettings)),
)]
pub(crate) async fn show_settings(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Answer<Json<NoticeSettings>> {
    let admin = &signed_in.admin;
    let import_ended = notices::setting(app.store(), admin.account_id, admin.id)
        .await?
        .ok_or_else(Refusal::not_found)?;
    Ok(Json(NoticeSettings { import_ended, mail: app.mailer().is_some() }))
}

/// Chooses what one is told by mail.
///
/// Nothing is told until somebody asks for it. Of imports that they stopped
/// themselves nobody is told.
#[utoipa::path(
    put,
    path = "/notice-settings",
    operation_id = "setNoticeSettings",
    tag = "access",
    security(("session" = [])),
    request_body = NewNoticeSettings,
    responses((status = 200, description = "The settings.", body = NoticeSettings)),
)]
pub(crate) async fn set_settings(
    State(app): State<App>,
    signed_in: SignedIn,
    extract::Json(new): extract::Json<NewNoticeSettings>,
) -> Answer<Json<NoticeSettings>> {
    let admin = &signed_in.admin;
    let NewNoticeSettings { import_ended } = new;
    let mut tx = app.store().begin().await?;
    if !notices::set_setting(&mut tx, admin.account_id, admin.id, import_ended).await? {
        return Err(Refusal::not_found());
    }
    tx.commit().await?;
    Ok(Json(NoticeSettings { import_ended, mail: app.mailer().is_some() }))
}

/// Says whether the server gets out what it has to tell about the account.
///
/// It counts notices about the account alone: those to its members, and those to
/// whoever runs the server.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "showHealth",
    tag = "server",
    security(("session" = ["owner"])),
    responses((status = 200, description = "How it is.", body = ServerHealth)),
)]
pub(crate) async fn health(State(app): State<App>, caller: May<Own>) -> Answer<Json<ServerHealth>> {
    Ok(Json(health_of(&app, caller.admin.account_id).await?))
}

/// Has notices about the account tried again now that could not be sent.
#[utoipa::path(
    post,
    path = "/health/notices/retry",
    operation_id = "retryNotices",
    tag = "server",
    security(("session" = ["owner"])),
    responses((status = 200, description = "How it is before they are tried.", body = ServerHealth)),
)]
pub(crate) async fn retry(State(app): State<App>, caller: May<Own>) -> Answer<Json<ServerHealth>> {
    let account_id = caller.admin.account_id;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    let tried = notices::retry(&mut tx, account_id, now).await?;
    if tried > 0 {
        let details = [("notices", &*tried.to_string())];
        audit::note(&mut tx, caller.actor(), AuditAction::NoticesRetried, &details, now).await?;
    }
    tx.commit().await?;
    let health = health_of(&app, account_id).await?;
    app.notifier().wake();
    Ok(Json(health))
}

async fn health_of(app: &App, account_id: i64) -> Answer<ServerHealth> {
    let (counts, last_error_code) = notices::counts_of(app.store(), account_id).await?;
    let audience = app.notifier().audience();
    Ok(ServerHealth {
        notices: NoticeHealth {
            waiting: counts.waiting,
            failing: counts.failing,
            given_up: counts.given_up,
            oldest_waiting_at: counts.oldest.map(moment),
            last_error_code,
        },
        mail: audience.mail,
        operators_mailed: !audience.operators.is_empty(),
        webhook: audience.webhook,
    })
}
