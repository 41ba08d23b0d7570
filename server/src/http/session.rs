//! Signing in and out.

use std::time::Duration;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sqlx::SqliteConnection;

use super::browser;
use super::caller::api_token;
use super::codes::Code;
use super::dto::{Admin, AuditAction, NewSession, OpenSession, Session};
use super::extract::{Json, Path};
use super::openapi::refusals;
use super::problem::{Answer, Refusal};
use super::sender::Sender;
use crate::app::App;
use crate::clock::{Clock, micros};
use crate::config::PublicUrl;
use crate::passwords::LONGEST_BYTES;
use crate::store::accounts::{self, AdminRow};
use crate::store::audit::{self, Actor};
use crate::store::sessions::{self, Expiry};
use crate::store::{StoreError, sites};
use crate::throttle::{self, Who};
use crate::token;

/// A session ends so long after its last use.
const IDLE: Duration = Duration::from_hours(14 * 24);
/// And so long after it began, used or not.
const LONGEST: Duration = Duration::from_hours(90 * 24);
/// The use of sessions and tokens is noted only so often: each note is a write.
pub(super) const NOTED_EVERY: Duration = Duration::from_hours(1);

/// A stranger who comes while others' passwords are looked at tries again after this.
const CROWDED: Duration = Duration::from_secs(2);

/// Moments before which sessions are over now.
pub(crate) fn expiry(clock: &Clock) -> Expiry {
    let now = clock.now_micros();
    Expiry { idle_since: now - micros(IDLE), created: now - micros(LONGEST) }
}

/// The person who asks, of whatever role: for what is about themselves alone.
/// What is about the account takes [`super::permission::May`].
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub admin: AdminRow,
    /// Id of their session.
    pub id: i64,
    token_hash: Vec<u8>,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        Self::find(parts, app).await
    }
}

impl SignedIn {
    pub(super) async fn find(parts: &Parts, app: &App) -> Answer<Self> {
        let signed_out = || match api_token(&parts.headers) {
            Some(_) => person_needed(),
            None => Refusal::new(Code::SignedOut),
        };
        let name = app.public_url().cookie_name();
        let token = cookie(&parts.headers, name).ok_or_else(signed_out)?;
        let token_hash = token::hash(token);
        let found = sessions::find(app.store(), &token_hash, expiry(app.clock())).await?;
        let found = found.ok_or_else(signed_out)?;
        let now = app.clock().now_micros();
        if now - found.used_at > micros(NOTED_EVERY) {
            // Reading goes on while nothing can be written.
            if let Err(error) = sessions::touch(app.store(), &token_hash, now).await {
                tracing::warn!(%error, "the use of a session could not be noted");
            }
        }
        Ok(Self { admin: found.admin, id: found.id, token_hash })
    }

    /// The person as they are now, while the session holds, for answers that take long.
    pub(crate) async fn holds(&self, app: &App) -> Result<Option<AdminRow>, StoreError> {
        let found = sessions::find(app.store(), &self.token_hash, expiry(app.clock())).await?;
        Ok(found.map(|found| found.admin))
    }
}

fn person_needed() -> Refusal {
    Refusal::new(Code::PersonNeeded)
}

refusals!(SignInRefusals: CredentialsWrong, TooManyAttempts);

/// Signs in.
#[utoipa::path(
    post,
    path = "/session",
    operation_id = "signIn",
    tag = "access",
    request_body = NewSession,
    responses(
        (
            status = 200,
            description = "Signed in.",
            body = Session,
            headers(("set-cookie" = String, description = "The session, and the browser that is known from now on.")),
        ),
        SignInRefusals,
    ),
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    sender: Sender,
    headers: HeaderMap,
    Json(new): Json<NewSession>,
) -> Answer<Response> {
    let email = new.email.trim();
    let (admin, hash) = accounts::admin_by_email(app.store(), email).await?.unzip();
    let who = Who {
        email,
        admin_id: admin.as_ref().map(|admin| admin.id),
        network: sender.network,
        browser: sender.browser.as_deref(),
    };
    let attempt = throttle::begin(app.store(), app.clock(), who).await?;
    let _permit = if attempt.is_familiar() {
        None
    } else {
        // Not in a line: nobody known should wait behind a flood.
        let free = app.strangers().try_acquire();
        Some(free.map_err(|_| Refusal::after(Code::TooManyAttempts, CROWDED))?)
    };
    let fits = new.password.len() <= LONGEST_BYTES
        && app.passwords().verify(new.password, hash).await.map_err(|_| Refusal::internal())?;
    let Some(admin) = admin.filter(|_| fits) else {
        return Err(Refusal::new(Code::CredentialsWrong));
    };
    let mut tx = app.store().begin().await?;
    let now = app.clock().now_micros();
    let token = begin(&mut tx, &admin, &headers, now).await?;
    throttle::succeeded(&mut tx, &attempt).await?;
    let browser = sender.remember(&mut tx, admin.id, now).await?;
    audit::note(&mut tx, Actor::person(&admin), AuditAction::SignedIn, &[], now).await?;
    tx.commit().await?;
    let response = answer(&app, admin, &token).await?;
    browser.keep_in(response, app.public_url())
}

/// Starts a session, within the transaction, and gives its cookie's secret.
pub(super) async fn begin(
    tx: &mut SqliteConnection,
    admin: &AdminRow,
    headers: &HeaderMap,
    now: i64,
) -> Answer<String> {
    let token = token::mint().map_err(|_| Refusal::internal())?;
    sessions::insert(tx, &token::hash(&token), admin.id, browser::family(headers).as_deref(), now)
        .await?;
    Ok(token)
}

/// Says who is signed in.
#[utoipa::path(
    get,
    path = "/session",
    operation_id = "showSession",
    tag = "access",
    security(("session" = [])),
    responses((status = 200, description = "The person and their sites.", body = Session)),
)]
pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Answer<Response> {
    Ok(axum::Json(session_of(&app, signed_in.admin).await?).into_response())
}

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    operation_id = "signOut",
    tag = "access",
    security(("session" = [])),
    responses(
        (
            status = 204,
            description = "Signed out.",
            headers(("set-cookie" = String, description = "Takes the session away.")),
        ),
    ),
)]
pub(crate) async fn sign_out(State(app): State<App>, signed_in: SignedIn) -> Answer<Response> {
    let SignedIn { admin, id, .. } = &signed_in;
    let mut tx = app.store().begin().await?;
    if sessions::delete(&mut tx, admin.id, *id).await? {
        let now = app.clock().now_micros();
        audit::note(&mut tx, Actor::person(admin), AuditAction::SignedOut, &[], now).await?;
    }
    tx.commit().await?;
    // Live answers look whether they may go on.
    app.changed();
    signed_out(&app)
}

/// Lists one's own sessions.
#[utoipa::path(
    get,
    path = "/sessions",
    operation_id = "listSessions",
    tag = "access",
    security(("session" = [])),
    responses((status = 200, description = "Those that hold.", body = [OpenSession])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Answer<axum::Json<Vec<OpenSession>>> {
    let (admin, this) = (signed_in.admin.id, signed_in.id);
    Ok(axum::Json(sessions::list(app.store(), admin, this, expiry(app.clock())).await?))
}

/// Ends one of one's own sessions.
#[utoipa::path(
    delete,
    path = "/sessions/{id}",
    operation_id = "endSession",
    tag = "access",
    security(("session" = [])),
    params(("id" = i64, Path, description = "Id of the session.")),
    responses((status = 204, description = "Ended.")),
)]
pub(crate) async fn end(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
) -> Answer<StatusCode> {
    let admin = &signed_in.admin;
    let mut tx = app.store().begin().await?;
    if !sessions::delete(&mut tx, admin.id, id).await? {
        return Err(Refusal::not_found());
    }
    let now = app.clock().now_micros();
    let details = [("session", &*id.to_string())];
    audit::note(&mut tx, Actor::person(admin), AuditAction::SessionEnded, &details, now).await?;
    tx.commit().await?;
    // Live answers look whether they may go on.
    app.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Signs out everywhere, here too.
#[utoipa::path(
    delete,
    path = "/sessions",
    operation_id = "endSessions",
    tag = "access",
    security(("session" = [])),
    responses(
        (
            status = 204,
            description = "Signed out.",
            headers(("set-cookie" = String, description = "Takes the session away.")),
        ),
    ),
)]
pub(crate) async fn end_all(State(app): State<App>, signed_in: SignedIn) -> Answer<Response> {
    let admin = &signed_in.admin;
    let mut tx = app.store().begin().await?;
    sessions::delete_all(&mut tx, admin.id).await?;
    let now = app.clock().now_micros();
    let action = AuditAction::SignedOutEverywhere;
    audit::note(&mut tx, Actor::person(admin), action, &[], now).await?;
    tx.commit().await?;
    app.changed();
    signed_out(&app)
}

/// Takes the cookie away.
fn signed_out(app: &App) -> Answer<Response> {
    let gone = set_cookie(app.public_url(), "", Duration::ZERO)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// The session with its cookie, for whoever has just been let in.
pub(crate) async fn answer(app: &App, admin: AdminRow, token: &str) -> Answer<Response> {
    let cookie = set_cookie(app.public_url(), token, LONGEST)?;
    let session = session_of(app, admin).await?;
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(session)).into_response())
}

async fn session_of(app: &App, admin: AdminRow) -> Answer<Session> {
    Ok(Session {
        sites: sites::list(app.store(), admin.account_id).await?,
        role: admin.role,
        admin: Admin { id: admin.id, email: admin.email },
    })
}

fn set_cookie(public: &PublicUrl, token: &str, for_: Duration) -> Answer<HeaderValue> {
    cookie_named(public, public.cookie_name(), token, for_)
}

/// A cookie of ours: for this host alone, out of reach of scripts, on https only there.
pub(super) fn cookie_named(
    public: &PublicUrl,
    name: &str,
    token: &str,
    for_: Duration,
) -> Answer<HeaderValue> {
    let seconds = for_.as_secs();
    let secure = if public.is_https() { "; Secure" } else { "" };
    let cookie =
        format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::try_from(cookie).map_err(|_| Refusal::internal())
}

pub(super) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, token)| token)
}
