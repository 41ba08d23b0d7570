//! A name for each request, in its answer and in all that is logged of it.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::Span;
use uuid::Uuid;

use crate::app::App;
use crate::network;

/// Where it stands.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 64;

/// Names by the time that they were made at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MakeId;

impl MakeRequestId for MakeId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        HeaderValue::try_from(Uuid::now_v7().to_string()).ok().map(RequestId::new)
    }
}

/// Takes a name away that no trusted proxy gave, or that could be anything.
pub(crate) async fn keep_trusted(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let trusted = peer.is_some_and(|peer| network::is_trusted(peer.0.ip(), app.trusted_proxies()));
    if !trusted || !is_sane(request.headers()) {
        request.headers_mut().remove(HEADER);
    }
    next.run(request).await
}

/// What every line that is logged of the request carries.
pub(crate) fn span<B>(request: &axum::http::Request<B>) -> Span {
    let id = request.extensions().get::<RequestId>();
    let id = id.and_then(|id| id.header_value().to_str().ok()).unwrap_or("-");
    tracing::error_span!("request", id)
}

/// One word of a length that a log can bear, in which nothing can be hidden.
fn is_sane(headers: &HeaderMap) -> bool {
    let mut all = headers.get_all(HEADER).iter();
    let (Some(only), None) = (all.next(), all.next()) else {
        return false;
    };
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (1..=LONGEST).contains(&only.len()) && only.as_bytes().iter().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_plain_word() {
        let sane = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(HEADER, HeaderValue::from_str(value).unwrap());
            }
            is_sane(&headers)
        };
        assert!(sane(&["a"]) && sane(&["0f8b1c2d-77.AB_c"]) && sane(&[&"x".repeat(64)]));
        let long = "x".repeat(65);
        for values in
            [&[][..], &[""], &["a b"], &["ann@example.org"], &["a;b"], &[&long], &["a", "b"]]
        {
            assert!(!sane(values), "{values:?}");
        }
    }
}
