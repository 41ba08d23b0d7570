//! Errors as RFC 9457 problem documents.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::dto::Problem;
use crate::jobs::endings::EndingError;
use crate::spool::SpoolError;
use crate::store::StoreError;
use crate::throttle::ThrottleError;

/// Seconds after which to try again what was out of reach.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// What handlers answer instead of what was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    problem: Box<Problem>,
    retry_after: Option<Duration>,
}

/// What handlers give.
pub(crate) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &str, title: impl Into<String>) -> Self {
        let problem = Box::new(Problem {
            status: status.as_u16(),
            code: code.to_owned(),
            title: title.into(),
            line: None,
            import: None,
            differs: Vec::new(),
        });
        let passes = status == StatusCode::SERVICE_UNAVAILABLE;
        Self { problem, retry_after: passes.then_some(RETRY_AFTER) }
    }

    /// More than is let through in a while: the same again after a wait is fine.
    pub(crate) fn too_many(code: &str, title: &str, retry_after: Duration) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, code, title);
        Self { retry_after: Some(retry_after), ..refusal }
    }

    /// The wait that it asks for.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.problem.line = Some(line);
        self
    }

    /// Names the import that it is about, and what of it is another.
    pub(crate) fn about(mut self, import: &str, differs: &[&str]) -> Self {
        self.problem.import = Some(import.to_owned());
        self.problem.differs = differs.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Its stable word and its sentence.
    pub(crate) fn in_words(&self) -> (&str, &str) {
        (&self.problem.code, &self.problem.title)
    }

    /// Somebody guesses passwords, or forgot theirs.
    pub(crate) fn too_many_attempts(wait: Duration) -> Self {
        Self::too_many(
            "too_many_attempts",
            "There were too many attempts to sign in. Wait a little, then try again.",
            wait,
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is nothing here, or it belongs to another account.",
        )
    }

    pub(crate) fn invalid(code: &str, title: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title)
    }

    pub(crate) fn conflict(code: &str, title: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, title)
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The server met a bug. Its log says more.",
        )
    }

    fn disk_full() -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "disk_full",
            "The server's disk is full. Ask its operator to make room, then go on.",
        )
    }

    pub(crate) fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The server cannot reach its storage right now. Try again in a moment.",
        )
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.retry_after {
            // Whole seconds, and not one too early.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store refused");
        if error.is_disk_full() {
            Self::disk_full()
        } else if error.is_unavailable() {
            Self::unavailable()
        } else {
            Self::internal()
        }
    }
}

impl From<ThrottleError> for Refusal {
    fn from(error: ThrottleError) -> Self {
        match error {
            ThrottleError::Wait(wait) => Self::too_many_attempts(wait),
            ThrottleError::Store(error) => error.into(),
        }
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<SpoolError> for Refusal {
    fn from(error: SpoolError) -> Self {
        tracing::error!(%error, "the spool refused");
        if error.is_disk_full() { Self::disk_full() } else { Self::unavailable() }
    }
}

impl From<EndingError> for Refusal {
    fn from(error: EndingError) -> Self {
        match error {
            EndingError::Store(error) => error.into(),
            EndingError::Spool(error) => error.into(),
        }
    }
}
