//! The first run: the link on the terminal makes the first account.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::dto::{NewSetup, SetupState};
use super::extract::Json;
use super::problem::{Answer, Refusal};
use super::sender::Sender;
use super::{session, sites};
use crate::app::App;
use crate::passwords::{LONGEST_BYTES, SHORTEST};
use crate::store::{accounts, sessions};
use crate::token;

/// `GET /setup`.
pub(crate) async fn show(State(app): State<App>) -> Answer<axum::Json<SetupState>> {
    let needed = !accounts::admin_exists(app.store()).await?;
    Ok(axum::Json(SetupState { needed }))
}

/// `POST /setup`.
pub(crate) async fn set_up(
    State(app): State<App>,
    sender: Sender,
    Json(mut new): Json<NewSetup>,
) -> Answer<Response> {
    if accounts::admin_exists(app.store()).await? {
        return Err(Refusal::conflict(
            "already_set_up",
            "This server has an account. Sign in instead.",
        ));
    }
    let link = token::hash(&new.token);
    // Hashing a password costs time: only those who have the link make the server do it.
    if !accounts::setup_link_valid(app.store(), &link, app.clock().now_micros()).await? {
        return Err(link_invalid());
    }
    new.email = checked_email(&new.email)?;
    check_password(&new.password)?;
    sites::check(&mut new.site)?;
    let password_hash =
        app.passwords().hash(new.password).await.map_err(|_| Refusal::internal())?;
    let session_token = token::mint().map_err(|_| Refusal::internal())?;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    if !accounts::take_setup_link(&mut tx, &link, now).await? {
        return Err(link_invalid());
    }
    let admin = accounts::insert_owner(&mut tx, &new.email, &password_hash, now).await?;
    crate::store::sites::insert(&mut tx, admin.account_id, &new.site, now).await?;
    sessions::insert(&mut tx, &token::hash(&session_token), admin.id, now).await?;
    let browser = sender.remember(&mut tx, admin.id, now).await?;
    tx.commit().await?;
    tracing::info!("the first account is made");
    let response = session::answer(&app, admin, &session_token).await?;
    browser.keep_in(response, app.public_url())
}

fn link_invalid() -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        "setup_link_invalid",
        "This link was used or is older than 15 minutes. The server's terminal shows a fresh one.",
    )
}

/// Whether mail arrives is not checked, only that it is one address.
fn checked_email(given: &str) -> Answer<String> {
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

fn check_password(password: &str) -> Answer<()> {
    if password.chars().count() < SHORTEST {
        Err(Refusal::invalid("password_too_short", "The password needs at least 10 characters."))
    } else if password.len() > LONGEST_BYTES {
        Err(Refusal::invalid("password_too_long", "The password may have at most 1024 bytes."))
    } else {
        Ok(())
    }
}
