//! Errors as RFC 9457 problem documents.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::codes::Code;
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
    code: Code,
    /// In place of the words that the list has for the code.
    title: Option<String>,
    line: Option<u64>,
    import: Option<Box<str>>,
    differs: Vec<&'static str>,
    origin: Option<Box<str>>,
    retry_after: Option<Duration>,
}

/// What handlers give.
pub(crate) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// In the words that the list has for it.
    pub(crate) fn new(code: Code) -> Self {
        let passes = code.http_status() == StatusCode::SERVICE_UNAVAILABLE;
        let retry_after = passes.then_some(RETRY_AFTER);
        Self {
            code,
            title: None,
            line: None,
            import: None,
            differs: Vec::new(),
            origin: None,
            retry_after,
        }
    }

    /// In words of its own: what is wrong and what to do.
    pub(crate) fn saying(code: Code, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..Self::new(code) }
    }

    /// The same again after a wait is fine.
    pub(crate) fn after(code: Code, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..Self::new(code) }
    }

    /// The wait that it asks for.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Names the import that it is about, and what of it is another.
    pub(crate) fn about(mut self, import: &str, differs: &[&'static str]) -> Self {
        self.import = Some(import.into());
        self.differs = differs.to_vec();
        self
    }

    /// Names the origin that it is about.
    pub(crate) fn of_origin(mut self, origin: String) -> Self {
        self.origin = Some(origin.into());
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// What is wrong and what to do.
    pub(crate) fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| self.code.sentences())
    }

    pub(crate) fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    pub(crate) fn internal() -> Self {
        Self::new(Code::Internal)
    }

    fn disk_full() -> Self {
        Self::new(Code::DiskFull)
    }

    pub(crate) fn unavailable() -> Self {
        Self::new(Code::Unavailable)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.code.http_status();
        let retry_after = self.retry_after;
        let problem = Problem {
            status: self.code.status(),
            code: self.code.word().to_owned(),
            title: self.title(),
            line: self.line,
            import: self.import.map(String::from),
            differs: self.differs.iter().map(|&name| name.to_owned()).collect(),
            origin: self.origin.map(String::from),
        };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = retry_after {
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
            ThrottleError::Wait(wait) => Self::after(Code::TooManyAttempts, wait),
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
