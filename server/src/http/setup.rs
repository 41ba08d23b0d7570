//! The first run: the link on the terminal makes the first account.

use axum::extract::State;
use axum::response::Response;

use super::codes::Code;
use super::dto::{NewSetup, Session, SetupState};
use super::extract::Json;
use super::openapi::refusals;
use super::problem::{Answer, Refusal};
use super::{session, sites};
use crate::app::App;
use crate::passwords::{LONGEST_BYTES, SHORTEST};
use crate::store::{accounts, sessions};
use crate::token;

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
    Ok(axum::Json(SetupState { needed }))
}

refusals!(
    SetUpRefusals:
    AlreadySetUp, EmailInvalid, PasswordTooLong, PasswordTooShort, SetupLinkInvalid,
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
    Json(mut new): Json<NewSetup>,
) -> Answer<Response> {
    if accounts::admin_exists(app.store()).await? {
        return Err(Refusal::new(Code::AlreadySetUp));
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
    tx.commit().await?;
    tracing::info!("the first account is made");
    session::answer(&app, admin, &session_token).await
}

fn link_invalid() -> Refusal {
    Refusal::new(Code::SetupLinkInvalid)
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
        Err(Refusal::new(Code::EmailInvalid))
    }
}

fn check_password(password: &str) -> Answer<()> {
    if password.chars().count() < SHORTEST {
        Err(Refusal::new(Code::PasswordTooShort))
    } else if password.len() > LONGEST_BYTES {
        Err(Refusal::new(Code::PasswordTooLong))
    } else {
        Ok(())
    }
}
