//! One line for each request: never a body, a query, an address or a name.
//!
//! What went well is logged at `debug` (`REHOME_LOG=debug` shows it): a page
//! load is a dozen requests, and would push the set-up link off the terminal.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Logs method, route, status and time.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    // The template, not the path: ids stay out of the log.
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    if status.is_server_error() {
        tracing::error!(%method, route, status = status.as_u16(), took_ms, "answered");
    } else {
        tracing::debug!(%method, route, status = status.as_u16(), took_ms, "answered");
    }
    response
}
