//! Another password: by the one that holds, or by a link where it is lost.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::codes::Code;
use super::dto::{AuditAction, NewPassword, NewPasswordReset, UsePasswordReset};
use super::extract::Json;
use super::openapi::refusals;
use super::problem::{Answer, Refusal};
use super::sender::Sender;
use super::session::SignedIn;
use super::setup::check_password;
use crate::app::App;
use crate::clock::micros;
use crate::passwords::LONGEST_BYTES;
use crate::reset_link;
use crate::store::audit::{self, Actor};
use crate::store::password_resets::{self, SentBy};
use crate::store::{accounts, sessions};
use crate::{throttle, token};

/// Mails to one person within [`MAILED_WITHIN`].
const MOST_MAILS: u64 = 3;
const MAILED_WITHIN: Duration = Duration::from_hours(1);

refusals!(ChangeRefusals: PasswordTooLong, PasswordTooShort, PasswordWrong, TooManyAttempts);

/// Changes one's password, and ends one's other sessions.
#[utoipa::path(
    put,
    path = "/password",
    operation_id = "changePassword",
    tag = "access",
    security(("session" = [])),
    request_body = NewPassword,
    responses((status = 204, description = "Changed."), ChangeRefusals),
)]
pub(crate) async fn change(
    State(app): State<App>,
    signed_in: SignedIn,
    Json(new): Json<NewPassword>,
) -> Answer<StatusCode> {
    let admin = &signed_in.admin;
    let attempt = throttle::begin_again(app.store(), app.clock(), admin.id).await?;
    let holds = accounts::password_hash(app.store(), admin).await?;
    let fits = new.current.len() <= LONGEST_BYTES
        && app.passwords().verify(new.current, holds).await.map_err(|_| Refusal::internal())?;
    if !fits {
        return Err(Refusal::new(Code::PasswordWrong));
    }
    check_password(&new.new)?;
    let hash = app.passwords().hash(new.new).await.map_err(|_| Refusal::internal())?;
    let mut tx = app.store().begin().await?;
    if !accounts::set_password(&mut tx, admin, &hash).await? {
        return Err(Refusal::not_found());
    }
    throttle::succeeded(&mut tx, &attempt).await?;
    sessions::delete_others(&mut tx, admin.id, signed_in.id).await?;
    password_resets::delete_of(&mut tx, admin).await?;
    let now = app.clock().now_micros();
    audit::note(&mut tx, Actor::person(admin), AuditAction::PasswordChanged, &[], now).await?;
    tx.commit().await?;
    // Live answers look whether they may go on.
    app.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Mails a link to whoever forgot their password.
///
/// Says the same whether the address is known or not, and as fast: what is done
/// for a known one happens after the answer.
#[utoipa::path(
    post,
    path = "/password-resets",
    operation_id = "askForPassword",
    tag = "access",
    request_body = NewPasswordReset,
    responses(
        (status = 202, description = "Mailed, where the server sends mail and knows the address."),
    ),
)]
pub(crate) async fn ask(
    State(app): State<App>,
    sender: Sender,
    Json(asked): Json<NewPasswordReset>,
) -> StatusCode {
    // Who asks too often is not told so either.
    let counted = throttle::ask_for_mail(app.store(), app.clock(), sender.network).await;
    if app.mailer().is_some() && counted.is_ok() {
        let mailing = app.clone();
        app.spawn(async move {
            if let Err(error) = mail_link(&mailing, asked.email.trim()).await {
                tracing::warn!(%error, "a link for a new password could not be sent");
            }
        });
    }
    StatusCode::ACCEPTED
}

async fn mail_link(app: &App, email: &str) -> anyhow::Result<()> {
    let Some(mailer) = app.mailer() else { return Ok(()) };
    let Some((admin, _)) = accounts::admin_by_email(app.store(), email).await? else {
        return Ok(());
    };
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    if password_resets::mailed_since(&mut tx, &admin, now - micros(MAILED_WITHIN)).await?
        >= MOST_MAILS
    {
        return Ok(());
    }
    let token = reset_link::mint(&mut tx, &admin, SentBy::Mail, now).await?;
    tx.commit().await?;
    let link = reset_link::address(app.public_url(), &token);
    mailer.send_reset_link(&admin.email, &link).await?;
    Ok(())
}

refusals!(ResetRefusals: PasswordTooLong, PasswordTooShort, ResetLinkInvalid);

/// Sets a new password by such a link, and ends all sessions of the person.
///
/// Their browser is known from now on: it gets in where strangers are kept out
/// for the guesses of others.
#[utoipa::path(
    post,
    path = "/password-resets/use",
    operation_id = "resetPassword",
    tag = "access",
    request_body = UsePasswordReset,
    responses(
        (
            status = 204,
            description = "Set.",
            headers(("set-cookie" = String, description = "The browser that is known from now on.")),
        ),
        ResetRefusals,
    ),
)]
pub(crate) async fn reset(
    State(app): State<App>,
    sender: Sender,
    Json(new): Json<UsePasswordReset>,
) -> Answer<Response> {
    let hash = token::hash(&new.token);
    let mut reader = app.store().reader().acquire().await?;
    let found = password_resets::find(&mut reader, &hash, app.clock().now_micros()).await?;
    drop(reader);
    // Hashing a password costs time: only those who have a link make the server do it.
    if found.is_none() {
        return Err(link_invalid());
    }
    check_password(&new.password)?;
    let password_hash =
        app.passwords().hash(new.password).await.map_err(|_| Refusal::internal())?;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    // As it is now: it may have been used meanwhile.
    let admin = password_resets::find(&mut tx, &hash, now).await?.ok_or_else(link_invalid)?;
    if !accounts::set_password(&mut tx, &admin, &password_hash).await? {
        return Err(link_invalid());
    }
    password_resets::delete_of(&mut tx, &admin).await?;
    sessions::delete_all(&mut tx, admin.id).await?;
    audit::note(&mut tx, Actor::person(&admin), AuditAction::PasswordReset, &[], now).await?;
    let browser = sender.remember(&mut tx, admin.id, now).await?;
    tx.commit().await?;
    app.changed();
    browser.keep_in(StatusCode::NO_CONTENT.into_response(), app.public_url())
}

fn link_invalid() -> Refusal {
    Refusal::new(Code::ResetLinkInvalid)
}
