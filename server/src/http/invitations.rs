//! Invitations: owners make them, and whoever holds the link becomes a member.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::codes::Code;
use super::dto::{
    AcceptInvitation, AuditAction, CreatedInvitation, Invitation, InvitationOffer,
    LookAtInvitation, NewInvitation, Session,
};
use super::extract::{self, Path};
use super::openapi::refusals;
use super::permission::{May, Own};
use super::problem::{Answer, Refusal};
use super::sender::Sender;
use super::session;
use super::setup::{check_password, checked_email, email_taken};
use crate::app::App;
use crate::clock::micros;
use crate::store::accounts::{self, role_word};
use crate::store::audit::{self, Actor};
use crate::store::invitations::{self, NewRow};
use crate::token;

const LIFETIME: Duration = Duration::from_hours(7 * 24);
/// Open ones of an account.
const MOST_OPEN: u64 = 50;

/// Lists the invitations that nobody has accepted yet.
#[utoipa::path(
    get,
    path = "/invitations",
    operation_id = "listInvitations",
    tag = "members",
    security(("session" = ["owner"])),
    responses((status = 200, description = "The open ones.", body = [Invitation])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Own>,
) -> Answer<Json<Vec<Invitation>>> {
    let now = app.clock().now_micros();
    Ok(Json(invitations::list(app.store(), caller.admin.account_id, now).await?))
}

refusals!(CreateRefusals: EmailInvalid, InvitationsFull);

/// Invites somebody. The answer is the only one that has the link.
#[utoipa::path(
    post,
    path = "/invitations",
    operation_id = "invite",
    tag = "members",
    security(("session" = ["owner"])),
    request_body = NewInvitation,
    responses(
        (status = 201, description = "The invitation and its link.", body = CreatedInvitation),
        CreateRefusals,
    ),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: May<Own>,
    extract::Json(new): extract::Json<NewInvitation>,
) -> Answer<Response> {
    let email = new.email.as_deref().map(checked_email).transpose()?;
    let token = token::mint().map_err(|_| Refusal::internal())?;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    if invitations::count(&mut tx, caller.admin.account_id, now).await? >= MOST_OPEN {
        return Err(Refusal::saying(
            Code::InvitationsFull,
            format!("There are {MOST_OPEN} open invitations already. Take one back first."),
        ));
    }
    let row = NewRow {
        invited_by: &caller.admin,
        token_hash: &token::hash(&token),
        role: new.role,
        email,
        created_at: now,
        expires_at: now + micros(LIFETIME),
    };
    let invitation = invitations::insert(&mut tx, row).await?;
    let id = invitation.id.to_string();
    let mut details = vec![("invitation", &*id), ("role", role_word(new.role))];
    details.extend(invitation.email.as_deref().map(|email| ("email", email)));
    audit::note(&mut tx, caller.actor(), AuditAction::InvitationMade, &details, now).await?;
    tx.commit().await?;
    let link = format!("{}/invite#{token}", app.public_url().origin());
    Ok((StatusCode::CREATED, Json(CreatedInvitation { invitation, link })).into_response())
}

/// Takes an invitation back: its link is refused from now on.
#[utoipa::path(
    delete,
    path = "/invitations/{id}",
    operation_id = "revokeInvitation",
    tag = "members",
    security(("session" = ["owner"])),
    params(("id" = i64, Path, description = "Id of the invitation.")),
    responses((status = 204, description = "Taken back.")),
)]
pub(crate) async fn revoke(
    State(app): State<App>,
    caller: May<Own>,
    Path(id): Path<i64>,
) -> Answer<StatusCode> {
    let mut tx = app.store().begin().await?;
    if !invitations::delete(&mut tx, caller.admin.account_id, id).await? {
        return Err(Refusal::not_found());
    }
    let now = app.clock().now_micros();
    let details = [("invitation", &*id.to_string())];
    audit::note(&mut tx, caller.actor(), AuditAction::InvitationRevoked, &details, now).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

refusals!(LookRefusals: InvitationInvalid);

/// Says what an invitation offers, to whoever holds its link.
#[utoipa::path(
    post,
    path = "/invitations/look",
    operation_id = "lookAtInvitation",
    tag = "members",
    request_body = LookAtInvitation,
    responses(
        (status = 200, description = "What it offers.", body = InvitationOffer),
        LookRefusals,
    ),
)]
pub(crate) async fn look(
    State(app): State<App>,
    extract::Json(asked): extract::Json<LookAtInvitation>,
) -> Answer<Json<InvitationOffer>> {
    let mut reader = app.store().reader().acquire().await?;
    let now = app.clock().now_micros();
    let found = invitations::find(&mut reader, &token::hash(&asked.token), now).await?;
    let (invitation, _) = found.ok_or_else(link_invalid)?;
    Ok(Json(InvitationOffer {
        role: invitation.role,
        email: invitation.email,
        invited_by: invitation.invited_by,
        expires_at: invitation.expires_at,
    }))
}

refusals!(
    AcceptRefusals:
    EmailInvalid, EmailTaken, InvitationEmailDiffers, InvitationInvalid, PasswordTooLong,
    PasswordTooShort,
);

/// Accepts an invitation: becomes a member, and signs in.
#[utoipa::path(
    post,
    path = "/invitations/accept",
    operation_id = "acceptInvitation",
    tag = "members",
    request_body = AcceptInvitation,
    responses(
        (
            status = 200,
            description = "Signed in.",
            body = Session,
            headers(("set-cookie" = String, description = "The session.")),
        ),
        AcceptRefusals,
    ),
)]
pub(crate) async fn accept(
    State(app): State<App>,
    sender: Sender,
    headers: HeaderMap,
    extract::Json(new): extract::Json<AcceptInvitation>,
) -> Answer<Response> {
    let hash = token::hash(&new.token);
    let mut reader = app.store().reader().acquire().await?;
    let found = invitations::find(&mut reader, &hash, app.clock().now_micros()).await?;
    drop(reader);
    // Hashing a password costs time: only those who have a link make the server do it.
    let (invitation, _) = found.ok_or_else(link_invalid)?;
    let email = checked_email(&new.email)?;
    if invitation.email.is_some_and(|only| !only.eq_ignore_ascii_case(&email)) {
        return Err(Refusal::new(Code::InvitationEmailDiffers));
    }
    check_password(&new.password)?;
    let password_hash =
        app.passwords().hash(new.password).await.map_err(|_| Refusal::internal())?;
    let now = app.clock().now_micros();
    let mut tx = app.store().begin().await?;
    // As it is now: it may have been revoked or used meanwhile.
    let found = invitations::find(&mut tx, &hash, now).await?;
    let (invitation, account_id) = found.ok_or_else(link_invalid)?;
    if !invitations::take(&mut tx, &hash, now).await? {
        return Err(link_invalid());
    }
    let role = invitation.role;
    let admin = accounts::insert_admin(&mut tx, account_id, &email, &password_hash, role, now)
        .await?
        .ok_or_else(email_taken)?;
    let session = session::begin(&mut tx, &admin, &headers, now).await?;
    let details = [("invitation", &*invitation.id.to_string()), ("role", role_word(role))];
    let action = AuditAction::InvitationAccepted;
    audit::note(&mut tx, Actor::person(&admin), action, &details, now).await?;
    let browser = sender.remember(&mut tx, admin.id, now).await?;
    tx.commit().await?;
    let response = session::answer(&app, admin, &session).await?;
    browser.keep_in(response, app.public_url())
}

fn link_invalid() -> Refusal {
    Refusal::new(Code::InvitationInvalid)
}
