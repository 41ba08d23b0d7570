//! Why a push stopped.

use rehome_formats::ErrorReport;
use serde::{Deserialize, Serialize};

/// Code of a request that got no answer.
pub(crate) const NETWORK_LOST: &str = "network_lost";

/// What most of a push gives.
pub(crate) type Answer<T> = Result<T, Box<Problem>>;

/// What is wrong and what to do, for people and for programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// Stable word, e.g. `token_invalid`.
    pub(crate) code: String,
    /// What is wrong, and mostly what to do.
    pub(crate) message: String,
    /// What to do with this command.
    pub(crate) hint: Option<String>,
    /// HTTP status, where the server answered.
    pub(crate) status: Option<u16>,
    /// The import that it is about.
    pub(crate) import: Option<String>,
    /// What is not as it was frozen for that import: `file`, `reader`, …
    pub(crate) differs: Vec<String>,
    /// Where the same comments are known from, where that is asked about.
    pub(crate) origin: Option<String>,
    /// Where in the file, if it is about the file.
    #[serde(flatten)]
    pub(crate) place: Option<Place>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    /// The file's name.
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: u64,
    /// Offset in the inflated text, from 0.
    pub(crate) byte: u64,
}

/// What the server says of an error: RFC 9457.
#[derive(Deserialize)]
struct Told {
    code: String,
    title: String,
    #[serde(default)]
    import: Option<String>,
    #[serde(default)]
    differs: Vec<String>,
    #[serde(default)]
    origin: Option<String>,
}

impl Problem {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { code: code.to_owned(), message: message.into(), ..Self::default() })
    }

    /// An answer of the server that is no success. Of a body that is not the
    /// server's own (a proxy's page), the status alone is told.
    pub(crate) fn from_answer(status: u16, body: &[u8]) -> Box<Self> {
        let told = serde_json::from_slice(body).unwrap_or_else(|_| Told {
            code: if status >= 500 { "server_error" } else { "server_refused" }.to_owned(),
            title: format!("The server answered with the status {status}. Is the address right?"),
            import: None,
            differs: Vec::new(),
            origin: None,
        });
        Box::new(Self {
            code: told.code,
            message: told.title,
            status: Some(status),
            import: told.import,
            differs: told.differs,
            origin: told.origin,
            ..Self::default()
        })
    }

    pub(crate) fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hint = Some(hint.into());
        self
    }

    /// Whether another try may help: the connection was lost, or the server is
    /// busy, starts again or needs room.
    pub(crate) fn may_pass(&self) -> bool {
        match self.status {
            None => self.code == NETWORK_LOST,
            // It was cut or damaged on its way.
            Some(400) => matches!(&*self.code, "body_cut" | "digest_mismatch"),
            Some(status) => matches!(status, 408 | 429 | 500 | 502..=504 | 507),
        }
    }

    /// Names the import, where it is not named yet.
    pub(crate) fn about(mut self: Box<Self>, import: &str) -> Box<Self> {
        self.import.get_or_insert_with(|| import.to_owned());
        self
    }
}

impl From<ErrorReport> for Box<Problem> {
    fn from(error: ErrorReport) -> Self {
        let mut problem = Problem::new(error.code, error.message);
        problem.place = Some(Place { file: error.file, line: error.line, byte: error.byte });
        problem
    }
}
