//! Routes, and what every answer has in common.

mod access_log;
mod arrival;
mod audit;
mod browser;
mod caller;
mod chunks;
mod comments;
mod cutting;
pub mod dto;
mod events;
mod extract;
mod gunzip;
mod imports;
mod invitations;
mod limits;
mod members;
mod pages_embed;
mod passwords;
mod permission;
mod problem;
mod reading;
mod reading_back;
mod resume;
mod security_headers;
mod sender;
pub(crate) mod session;
mod setup;
mod sites;
mod stream;
mod submit;
mod tokens;

use std::any::Any;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch, post, put};
use axum::{Json, Router};
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::timeout::RequestBodyTimeoutLayer;

use self::problem::{Answer, Refusal};
use crate::app::App;

/// JSON bodies are small; chunks have a limit of their own.
const MOST_JSON_BYTES: usize = 64 * 1024;
/// What people type in: a name, an address, a password.
const MOST_FORM_BYTES: usize = 8 * 1024;
const JSON_TIMEOUT: Duration = Duration::from_secs(30);
/// A chunk of 8 MiB over a slow line.
const CHUNK_TIMEOUT: Duration = Duration::from_mins(5);

/// Everything that the server answers.
pub fn router(app: App) -> Router {
    let csrf = CsrfLayer::new().with_rejection_response(cross_site);
    // Behind a proxy the Host may be another than browsers see.
    let csrf = csrf.clone().add_trusted_origin(app.public_url().origin()).unwrap_or(csrf);
    Router::new()
        .route("/healthz", get(healthz))
        .nest("/api/v1", api(&app))
        .route("/api", get(no_such_route))
        .route("/api/{*rest}", get(no_such_route))
        .fallback(pages_embed::serve)
        .method_not_allowed_fallback(method_not_allowed)
        // From the inside out.
        .layer(csrf)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::map_response_with_state(app.clone(), security_headers::add))
        .layer(middleware::from_fn(access_log::log))
        .with_state(app)
}

fn api(app: &App) -> Router<App> {
    let idle =
        RequestBodyTimeoutLayer::new(Duration::from_millis(app.timing().body_idle_ms.into()));
    let forms = Router::new()
        .route("/setup", get(setup::show).post(setup::set_up))
        .route("/session", get(session::show).post(session::sign_in).delete(session::sign_out))
        .route("/sessions", get(session::list).delete(session::end_all))
        .route("/sessions/{id}", delete(session::end))
        .route("/password", put(passwords::change))
        .route("/password-resets", post(passwords::ask))
        .route("/password-resets/use", post(passwords::reset))
        .route("/admins", get(members::list))
        .route("/admins/{id}", patch(members::set_role).delete(members::remove))
        .route("/invitations", get(invitations::list).post(invitations::create))
        .route("/invitations/{id}", delete(invitations::revoke))
        .route("/invitations/look", post(invitations::look))
        .route("/invitations/accept", post(invitations::accept))
        .route("/audit", get(audit::list))
        .route("/tokens", get(tokens::list).post(tokens::create))
        .route("/tokens/{id}", delete(tokens::revoke))
        .route("/sites", get(sites::list).post(sites::create))
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES));
    let json = Router::new()
        .route("/sites/{site}", patch(sites::change))
        .route("/sites/{site}/comments", get(reading_back::show).options(reading_back::preflight))
        .route("/sites/{site}/pages", get(comments::list_pages))
        .route("/sites/{site}/pages/{page}/comments", get(comments::list_comments))
        .route("/sites/{site}/imports", post(imports::create))
        .route("/imports", get(imports::list))
        .route("/imports/{id}", get(imports::show).merge(delete(imports::cancel)))
        .route("/imports/{id}/submit", post(imports::submit))
        .layer(DefaultBodyLimit::max(MOST_JSON_BYTES))
        .merge(forms)
        .layer(middleware::from_fn(|request, next| within(JSON_TIMEOUT, request, next)));
    let chunks = Router::new()
        .route("/imports/{id}/chunks/{number}", put(chunks::put))
        .layer(DefaultBodyLimit::max(arrival::MOST_GZIP_BYTES))
        .layer(idle)
        .layer(middleware::from_fn(|request, next| within(CHUNK_TIMEOUT, request, next)));
    json.merge(chunks)
        // What is long by its nature limits itself.
        .route("/sites/{site}/imports/stream", post(stream::receive))
        .route("/events", get(events::follow))
        .route("/audit/export", get(audit::export))
        .fallback(no_such_route)
        .layer(middleware::map_response(security_headers::never_stored))
}

/// For monitors and for whoever starts the server: no sign-in.
async fn healthz(State(app): State<App>) -> Answer<Json<serde_json::Value>> {
    app.store().ping().await.map_err(|error| {
        tracing::error!(%error, "the database cannot be reached");
        Refusal::unavailable()
    })?;
    Ok(Json(json!({ "status": "ok" })))
}

async fn no_such_route() -> Refusal {
    Refusal::not_found()
}

async fn method_not_allowed() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not take that method.",
    )
}

async fn within(most: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "timed_out",
            "The request took too long. Try again.",
        )
        .into_response(),
    }
}

fn cross_site(_: ProtectionError) -> Response {
    Refusal::new(
        StatusCode::FORBIDDEN,
        "cross_site",
        "The request came from another site. Open Rehome itself and try again.",
    )
    .into_response()
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::internal().into_response()
}
