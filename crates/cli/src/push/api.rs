//! Requests to the server.

use std::sync::Arc;
use std::time::Duration;

use rehome_record::{NewImport, Submit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ureq::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body, Error, RequestBuilder};

use super::address::Address;
use super::chunks::Packed;
use super::problem::{Answer, NETWORK_LOST, Problem};
use super::progress::Progress;
use super::retry::{Failure, Halt, Tries, tried};
use super::token::Token;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
const JSON_TIMEOUT: Duration = Duration::from_mins(1);
/// Somewhat more than the server gives a chunk on a slow line.
const CHUNK_TIMEOUT: Duration = Duration::from_mins(6);
/// An import's answer lists up to a million chunks.
const MOST_ANSWER_BYTES: u64 = 256 * 1024 * 1024;
const MOST_PROBLEM_BYTES: u64 = 64 * 1024;

/// What comments are imported into.
#[derive(Debug, Deserialize)]
pub(crate) struct Site {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) url: String,
}

/// What the server answers to a new import, or to one that is gone on with.
#[derive(Debug, Deserialize)]
pub(crate) struct Opened {
    pub(crate) import: Value,
    pub(crate) chunks: Vec<Held>,
}

/// A chunk that the server holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Held {
    pub(crate) number: u32,
    /// Over the plain lines.
    pub(crate) digest: String,
}

#[derive(Deserialize)]
struct Detail {
    import: Value,
}

/// The server, as one token sees it.
pub(crate) struct Api<'a> {
    agent: Agent,
    address: &'a Address,
    token: Token,
    progress: &'a Progress,
    /// For requests that nobody stops.
    never: Halt,
}

impl<'a> Api<'a> {
    /// # Errors
    /// This machine has no certificate authorities to check the server by.
    pub(crate) fn new(address: &'a Address, token: Token, progress: &'a Progress) -> Answer<Self> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(address.is_https())
            // A redirect would carry the comments elsewhere: it is said, not followed.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .user_agent(concat!("rehome/", env!("CARGO_PKG_VERSION")));
        // A proxy is not asked for what stays on this machine.
        let config = if address.is_loopback() { config.proxy(None) } else { config };
        let config = if address.is_https() { config.tls_config(tls_config()?) } else { config };
        let agent = config.build().into();
        Ok(Self { agent, address, token, progress, never: Halt::default() })
    }

    /// The account's sites.
    pub(crate) fn sites(&self) -> Answer<Vec<Site>> {
        self.get("/sites", Tries::FIRST_CONTACT)
    }

    /// Makes an import, or finds the unfinished one.
    pub(crate) fn open(&self, site: i64, new: &NewImport) -> Answer<Opened> {
        self.post(&format!("/sites/{site}/imports"), new)
    }

    /// Sends a chunk. The server takes the same chunk twice, so an answer that
    /// was lost does no harm.
    pub(crate) fn put(&self, import: &str, chunk: &Packed, halt: &Halt) -> Answer<()> {
        let path = format!("/imports/{import}/chunks/{}", chunk.number);
        self.tried(Tries::UNDER_WAY, halt, || {
            let request = self
                .signed(self.agent.put(self.address.route(&path)), CHUNK_TIMEOUT)
                .header(CONTENT_TYPE, "application/x-ndjson")
                .header(CONTENT_ENCODING, "gzip")
                .header("unencoded-digest", &chunk.unencoded_digest)
                .header("content-digest", &chunk.content_digest);
            answered(request.send(&chunk.gzip[..])).map(drop)
        })
    }

    /// Says that everything is sent. The same again is fine.
    pub(crate) fn submit(&self, import: &str, submit: &Submit) -> Answer<Value> {
        self.post(&format!("/imports/{import}/submit"), submit)
    }

    /// An import as it stands.
    pub(crate) fn import(&self, import: &str) -> Answer<Value> {
        let detail: Detail = self.get(&format!("/imports/{import}"), Tries::UNDER_WAY)?;
        Ok(detail.import)
    }

    fn get<T: DeserializeOwned>(&self, path: &str, tries: Tries) -> Answer<T> {
        self.tried(tries, &self.never, || {
            let request = self.signed(self.agent.get(self.address.route(path)), JSON_TIMEOUT);
            json(answered(request.call())?)
        })
    }

    fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Answer<T> {
        let body = serde_json::to_vec(body).expect("names and numbers are JSON");
        self.tried(Tries::UNDER_WAY, &self.never, || {
            let request = self
                .signed(self.agent.post(self.address.route(path)), JSON_TIMEOUT)
                .header(CONTENT_TYPE, "application/json");
            json(answered(request.send(&body[..]))?)
        })
    }

    fn tried<T>(
        &self,
        tries: Tries,
        halt: &Halt,
        attempt: impl FnMut() -> Result<T, Failure>,
    ) -> Answer<T> {
        tried(tries, halt, |wait| self.progress.waiting(wait), attempt)
    }

    fn signed<B>(&self, request: RequestBuilder<B>, timeout: Duration) -> RequestBuilder<B> {
        request
            .header(AUTHORIZATION, self.token.header())
            .config()
            .timeout_global(Some(timeout))
            .build()
    }
}

/// The system's certificate authorities, or those of `SSL_CERT_FILE`.
fn tls_config() -> Answer<TlsConfig> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        return Err(Problem::new(
            "no_certificate_authorities",
            "This machine has no certificate authorities to check the server by. Install them \
             (on Debian: ca-certificates), or name a file of them in SSL_CERT_FILE.",
        ));
    }
    let authorities: Vec<_> =
        found.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(authorities)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build())
}

/// An answer that is a success.
fn answered(sent: Result<Response<Body>, Error>) -> Result<Response<Body>, Failure> {
    let mut response = sent.map_err(failed)?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let text = |headers: &HeaderMap, name| headers.get(name)?.to_str().ok().map(str::to_owned);
    let headers = response.headers().clone();
    if status.is_redirection() {
        return Err(Failure::Final(moved(status, text(&headers, LOCATION).as_deref())));
    }
    let body = response.body_mut().with_config().limit(MOST_PROBLEM_BYTES).read_to_vec();
    let retry_after = text(&headers, RETRY_AFTER);
    let body = body.unwrap_or_default();
    Err(Failure::from_answer(status.as_u16(), &body, retry_after.as_deref()))
}

fn json<T: DeserializeOwned>(mut response: Response<Body>) -> Result<T, Failure> {
    let body = response.body_mut().with_config().limit(MOST_ANSWER_BYTES).read_to_vec();
    let body = body.map_err(failed)?;
    serde_json::from_slice(&body).map_err(|_| {
        Failure::Final(Problem::new(
            "not_rehome",
            "The server's answer is none of Rehome's. Is the address right, and are both of the same version?",
        ))
    })
}

fn moved(status: StatusCode, location: Option<&str>) -> Box<Problem> {
    let place = location.unwrap_or("another address");
    let message =
        format!("The server answers from {place}. Give that one as --server, without its path.");
    let mut problem = Problem::new("server_moved", message);
    problem.status = Some(status.as_u16());
    problem
}

/// No answer came. What the library says names hosts and causes, never what was sent.
fn failed(error: Error) -> Failure {
    match error {
        Error::Io(error) if is_tls(&error) => Failure::Final(untrusted(&error.to_string())),
        Error::Rustls(error) => Failure::Final(untrusted(&error.to_string())),
        Error::Io(_)
        | Error::Timeout(_)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::Protocol(_) => {
            let message = format!("The server cannot be reached: {}.", in_words(&error));
            Failure::Passing(Problem::new(NETWORK_LOST, message), None)
        }
        error => {
            let message = format!("The request cannot be sent: {error}.");
            Failure::Final(Problem::new("request_failed", message))
        }
    }
}

fn in_words(error: &Error) -> String {
    match error {
        Error::Io(error) => error.to_string(),
        Error::Timeout(_) => "it took too long".to_owned(),
        other => other.to_string(),
    }
}

fn is_tls(error: &std::io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()).is_some()
}

fn untrusted(why: &str) -> Box<Problem> {
    Problem::new("tls_failed", format!("The connection cannot be trusted: {why}."))
}
