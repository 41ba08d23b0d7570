//! Accounts are made by a link from the server's terminal.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::dto::{AuditAction, NewSetup, SetupState};
use super::extract::Json;
use super::problem::{Answer, Refusal};
use super::sender::Sender;
use super::{session, sites};
use crate::app::App;
use crate::passwords::{LONGEST_BYTES, SHORTEST};
use crate::store::accounts;
use crate::store::audit::{self, Actor};
use crate::token;

/// `GET /setup`.
pub(crate) async fn show(State(app): State<App>) -> Answer<axum::Json<SetupState>> {
    let needed = !accounts::admin_exists(app.store()).await?;
    Ok(axum::Json(SetupState { needed, mail: app.mailer().is_some() }))
}

/// `POST /setup`.
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
            Refusal::conflict(
                "already_set_up",
                "This server has an account, and the link makes no further one. Sign in instead.",
            )
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
    Refusal::new(
        StatusCode::FORBIDDEN,
        "setup_link_invalid",
        "This link was used or is older than 15 minutes. The server's terminal shows a fresh one.",
    )
}

/// Addresses are unique on the whole server: people sign in by them alone.
pub(super) fn email_taken() -> Refusal {
    Refusal::conflict(
        "email_taken",
        "Somebody on this server signs in with this address already. Take another one.",
    )
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
        Err(Refusal::invalid("email_invalid", "That is not an e-mail address."))
    }
}

pub(super) fn check_password(password: &str) -> Answer<()> {
    if password.chars().count() < SHORTEST {
        Err(Refusal::invalid("password_too_short", "The password needs at least 10 characters."))
    } else if password.len() > LONGEST_BYTES {
        Err(Refusal::invalid("password_too_long", "The password may have at most 1024 bytes."))
    } else {
        Ok(())
    }
}
