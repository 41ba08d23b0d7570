//! One line for each request: never a body, a query, an address or a name.
//!
//! What went well is logged at `debug` (`--log debug` shows it): a page load is
//! a dozen requests, and would push the set-up link off the terminal.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// Logs method, route, status and time, and counts them.
pub(crate) async fn log(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    // The template, not the path: ids stay out of the log.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let route = route.as_ref().map(MatchedPath::as_str);
    app.metrics().answered(route, status, took);
    let route = route.unwrap_or("-");
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if response.status().is_server_error() {
        tracing::error!(%method, route, status, took_ms, "answered");
    } else {
        tracing::debug!(%method, route, status, took_ms, "answered");
    }
    response
}
