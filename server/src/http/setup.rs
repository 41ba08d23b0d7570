//! Accounts are made by a link from the server's terminal.

use super::codes::Code;
use super::dto::{AuditAction, NewSetup, Session, SetupState};
use super::extract::Json;
use super::openapi::refusals;
use super::problem::{Answer, Refusal};
use super::sender::Sender;
use super::{session, sites};
use crate::app::App;
use crate::passwords::{LONGEST_BYTES, SHORTEST};
use crate::store::accounts;
use crate::store::audit::{self, Actor};
use crate::token;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

/// Says whether the first account is still to be made.
#[utoipa::path(
    get,
    path = "/setup",
    operation_id = "showSetup",
    tag = "access",
    responses((status = 200, description = "Whether it is.", body = SetupState)),
)]
pub(crate) async fn show(State(app): State<App>) -> Answer<axum::Json<SetupState>> {
    let needed = !accounts::admin_exists(app.store()).await?;
    Ok(axum::Json(SetupState { needed, mail: app.mailer().is_some() }))
}

refusals!(
    SetUpRefusals:
    AlreadySetUp, EmailInvalid, EmailTaken, PasswordTooLong, PasswordTooShort, SetupLinkInvalid,
    SiteNameInvalid, SiteUrlInvalid,
);

/// Makes the first account, its owner and its first site, and signs in.
#[utoipa::path(
    post,
    path = "/setup",
    operation_id = "setUp",
    tag = "access",
    request_body = NewSetup,
    responses(
        (
            status = 200,
            description = "Signed in.",
            body = Session,
            headers(("set-cookie" = String, description = "The session.")),
        ),
        SetUpRefusals,
    ),
)]
pub(crate) async fn set_up(
    State(app): State<App>,
    sender: Sender,
    headers: HeaderMap,
    Json(mut new): Json<NewSetup>,
) -> Answer<Response> {
    let link = token::hash(&new.token);
    // Hashing a password costs time: only those who have the link make the server do it.
    if !accounts::setup_link_valid(app.store(), &link, app.clock().now_micros()).await? {
        return Err(if accounts::admin_exists(app.store()).await? {
            Refusal::new(Code::AlreadySetUp)
        } else {
            link_invalid()
        });
    }
    new.email = checked_email(&new.email)?;
    check_password(&new.password)?;
    sites::check(&mut new.site)?;
    let password_hash =
        app.passwords().hash(new.password).await.map_err(|_| Refusal::internal())?;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    if !accounts::take_setup_link(&mut tx, &link, now).await? {
        return Err(link_invalid());
    }
    let admin = accounts::insert_owner(&mut tx, &new.email, &password_hash, now)
        .await?
        .ok_or_else(email_taken)?;
    crate::store::sites::insert(&mut tx, admin.account_id, &new.site, now).await?;
    let session = session::begin(&mut tx, &admin, &headers, now).await?;
    let browser = sender.remember(&mut tx, admin.id, now).await?;
    audit::note(&mut tx, Actor::person(&admin), AuditAction::AccountMade, &[], now).await?;
    tx.commit().await?;
    tracing::info!("an account is made");
    let response = session::answer(&app, admin, &session).await?;
    browser.keep_in(response, app.public_url())
}

fn link_invalid() -> Refusal {
    Refusal::new(Code::SetupLinkInvalid)
}

/// Addresses are unique on the whole server: people sign in by them alone.
pub(super) fn email_taken() -> Refusal {
    Refusal::new(Code::EmailTaken)
}

/// Whether mail arrives is not checked, only that it is one address.
pub(super) fn checked_email(given: &str) -> Answer<String> {
    let email = given.trim();
    let parts = email.rsplit_once('@');
    let plausible = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    let clean = !email.contains(|c: char| c.is_whitespace() || c.is_control());
    if plausible && clean && email.len() <= 254 {
        Ok(email.to_owned())
    } else {
        Err(Refusal::new(Code::EmailInvalid))
    }
}

pub(super) fn check_password(password: &str) -> Answer<()> {
    if password.chars().count() < SHORTEST {
        Err(Refusal::new(Code::PasswordTooShort))
    } else if password.len() > LONGEST_BYTES {
        Err(Refusal::new(Code::PasswordTooLong))
    } else {
        Ok(())
    }
}
