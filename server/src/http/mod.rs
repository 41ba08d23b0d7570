//! Routes, and what every answer has in common.

mod access_log;
mod arrival;
mod audit;
mod browser;
mod caller;
mod chunks;
pub mod codes;
mod comments;
mod cutting;
mod deletion;
mod docs_page;
pub mod dto;
mod events;
mod extract;
mod gunzip;
pub(crate) mod health;
mod imports;
mod invitations;
mod limits;
mod members;
mod notices;
pub mod openapi;
mod page_joins;
mod pages_embed;
mod passwords;
mod permission;
mod problem;
mod reading;
mod reading_back;
mod report;
mod report_lines;
mod request_id;
mod resume;
mod same_blog;
mod security_headers;
mod sender;
pub(crate) mod session;
mod setup;
mod sites;
mod stream;
mod submit;
mod tokens;
mod undo;

use std::any::Any;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::TraceLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::codes::Code;
use self::problem::Refusal;
use crate::app::App;
use crate::config::Timing;

/// JSON bodies are small; chunks have a limit of their own.
const MOST_JSON_BYTES: usize = 64 * 1024;
/// What people type in: a name, an address, a password.
const MOST_FORM_BYTES: usize = 8 * 1024;
const JSON_TIMEOUT: Duration = Duration::from_secs(30);
/// A chunk of 8 MiB over a slow line.
const CHUNK_TIMEOUT: Duration = Duration::from_mins(5);

/// Everything that the server answers.
#[expect(clippy::disallowed_methods, reason = "pages, and what answers that nothing is there")]
pub fn router(app: App) -> Router {
    let csrf = CsrfLayer::new().with_rejection_response(cross_site);
    // Behind a proxy the Host may be another than browsers see.
    let csrf = csrf.clone().add_trusted_origin(app.public_url().origin()).unwrap_or(csrf);
    let (documented, collected) = routes(app.timing()).split_for_parts();
    let document = openapi::Served::new(&collected, app.public_url());
    documented
        .route("/api/docs", get(docs_page::show))
        .route("/api/docs.css", get(docs_page::style))
        .route("/api", get(no_such_route))
        .route("/api/{*rest}", get(no_such_route))
        .fallback(pages_embed::serve)
        .method_not_allowed_fallback(method_not_allowed)
        // From the inside out.
        .layer(Extension(document))
        .layer(csrf)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::map_response_with_state(app.clone(), security_headers::add))
        .layer(middleware::from_fn_with_state(app.clone(), access_log::log))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(request_id::span)
                // What is logged of it is up to us.
                .on_request(())
                .on_response(())
                .on_body_chunk(())
                .on_eos(())
                .on_failure(()),
        )
        .layer(PropagateRequestIdLayer::new(request_id::HEADER))
        .layer(SetRequestIdLayer::new(request_id::HEADER, request_id::MakeId))
        .layer(middleware::from_fn_with_state(app.clone(), request_id::keep_trusted))
        .with_state(app)
}

/// Every route that the document knows of: all but those of the pages.
fn routes(timing: Timing) -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::base())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .nest("/api/v1", api(timing))
}

fn api(timing: Timing) -> OpenApiRouter<App> {
    let idle = RequestBodyTimeoutLayer::new(Duration::from_millis(timing.body_idle_ms.into()));
    let forms = OpenApiRouter::new()
        .routes(routes!(setup::show, setup::set_up))
        .routes(routes!(session::show, session::sign_in, session::sign_out))
        .routes(routes!(session::list, session::end_all))
        .routes(routes!(session::end))
        .routes(routes!(passwords::change))
        .routes(routes!(passwords::ask))
        .routes(routes!(passwords::reset))
        .routes(routes!(members::list))
        .routes(routes!(members::set_role, members::remove))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::revoke))
        .routes(routes!(invitations::look))
        .routes(routes!(invitations::accept))
        .routes(routes!(audit::list))
        .routes(routes!(notices::show_settings, notices::set_settings))
        .routes(routes!(notices::health))
        .routes(routes!(notices::retry))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(sites::list, sites::create))
        .routes(routes!(sites::change, deletion::delete_site))
        .routes(routes!(deletion::delete_account))
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES));
    let json = OpenApiRouter::new()
        .routes(routes!(reading_back::show, reading_back::preflight))
        .routes(routes!(comments::list_pages))
        .routes(routes!(comments::list_comments))
        .routes(routes!(imports::create))
        .routes(routes!(imports::list))
        .routes(routes!(imports::show, imports::cancel))
        .routes(routes!(imports::submit))
        .routes(routes!(page_joins::list, page_joins::start))
        .routes(routes!(page_joins::list_jobs))
        .routes(routes!(page_joins::undo))
        .routes(routes!(report::doubles))
        .routes(routes!(report::vanished))
        .routes(routes!(undo::plan, undo::start))
        .routes(routes!(undo::cancel_job))
        .layer(DefaultBodyLimit::max(MOST_JSON_BYTES))
        .merge(forms)
        .layer(middleware::from_fn(|request, next| within(JSON_TIMEOUT, request, next)));
    let chunks = OpenApiRouter::new()
        .routes(routes!(chunks::put))
        .layer(DefaultBodyLimit::max(arrival::MOST_GZIP_BYTES))
        .layer(idle)
        .layer(middleware::from_fn(|request, next| within(CHUNK_TIMEOUT, request, next)));
    json.merge(chunks)
        // What is long by its nature limits itself.
        .routes(routes!(stream::receive))
        .routes(routes!(events::follow))
        .routes(routes!(audit::export))
        .routes(routes!(report::download))
        .routes(routes!(openapi::show))
        .fallback(no_such_route)
        .layer(middleware::map_response(security_headers::never_stored))
}

async fn no_such_route() -> Refusal {
    Refusal::not_found()
}

async fn method_not_allowed() -> Refusal {
    Refusal::new(Code::MethodNotAllowed)
}

async fn within(most: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::new(Code::TimedOut).into_response(),
    }
}

fn cross_site(_: ProtectionError) -> Response {
    Refusal::new(Code::CrossSite).into_response()
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::internal().into_response()
}
