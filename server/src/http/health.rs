//! What monitors ask: whether the server is there, whether it can take work, and its numbers.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::dto::{Health, Readiness};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::readiness;

/// Seconds after which to ask again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");
/// The text format of Prometheus.
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is answered on the operators' own address (`--metrics-listen`), and nothing else.
#[expect(clippy::disallowed_methods, reason = "not of the document: another address")]
pub(crate) fn operators_router(app: App) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .with_state(app)
}

/// Says whether the server is there and its database answers.
///
/// For whoever starts it again when it does not.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "healthz",
    tag = "server",
    responses((status = 200, description = "It is.", body = Health)),
)]
pub(crate) async fn healthz(State(app): State<App>) -> Answer<Json<Health>> {
    app.store().ping().await.map_err(|error| {
        tracing::error!(%error, "the database cannot be reached");
        Refusal::unavailable()
    })?;
    Ok(Json(Health { status: "ok" }))
}

/// Says whether the server can take work.
///
/// For whoever sends requests to it. It cannot while it stops, and where its
/// database or its folders cannot be written to.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = "server",
    responses(
        (status = 200, description = "It can.", body = Readiness),
        (
            status = 503,
            description = "It cannot: what is not `ok` says why. The log says more.",
            body = Readiness,
        ),
    ),
)]
pub(crate) async fn readyz(State(app): State<App>) -> Response {
    let found = readiness::look(&app).await;
    if found.ready {
        return Json(found).into_response();
    }
    let headers = [(header::RETRY_AFTER, RETRY_AFTER)];
    (StatusCode::SERVICE_UNAVAILABLE, headers, Json(found)).into_response()
}

async fn metrics(State(app): State<App>) -> Answer<Response> {
    let page = app.metrics().page(&app).await?;
    Ok(([(header::CONTENT_TYPE, EXPOSITION)], page).into_response())
}
