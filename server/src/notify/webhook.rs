//! The operator's webhook.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use super::addresses::{PublicOnly, Refused};
use super::settings::{NoticeError, WebhookTarget};
use super::signature::sign;
use super::trouble::Trouble;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For all of it.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Sends signed POSTs to one address.
pub(super) struct Webhook {
    client: Client,
    target: WebhookTarget,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a token.
        f.debug_struct("Webhook").finish_non_exhaustive()
    }
}

impl Webhook {
    /// # Errors
    /// The system has no TLS as it is needed.
    pub(super) fn new(target: WebhookTarget) -> Result<Self, NoticeError> {
        let failed = |error: &dyn Error| NoticeError::Client(error.to_string());
        let mut client = Client::builder()
            .tls_backend_preconfigured(tls().map_err(|error| failed(&error))?)
            .user_agent(concat!("Rehome/", env!("CARGO_PKG_VERSION")))
            // Where it sends to was not looked at.
            .redirect(Policy::none())
            // One of the environment would look names up by itself.
            .no_proxy()
            .referer(false)
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT);
        if !target.allow_private {
            client = client.https_only(true).dns_resolver(PublicOnly);
        }
        Ok(Self { client: client.build().map_err(|error| failed(&error))?, target })
    }

    /// Sends it once. `now` is in seconds since 1970.
    pub(super) async fn send(&self, id: &str, now: i64, body: String) -> Result<(), Trouble> {
        let signature = sign(&self.target.secret, id, now, &body);
        let request = self
            .client
            .post(self.target.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now.to_string())
            .header("webhook-signature", signature)
            .body(body);
        // What stands in the answer's body is not read.
        let answer = request.send().await.map_err(|error| why(&error))?;
        came_of(answer.status())
    }
}

fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    // Without any, every connection by https is refused, and that shows.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

fn came_of(status: StatusCode) -> Result<(), Trouble> {
    if status.is_success() {
        Ok(())
    } else if status == StatusCode::GONE {
        Err(Trouble::WebhookGone)
    } else if status.is_redirection() {
        Err(Trouble::WebhookRedirects)
    } else if status.is_client_error() {
        Err(Trouble::WebhookRefused)
    } else {
        Err(Trouble::WebhookFailed)
    }
}

/// Not the error itself: it names the address.
fn why(error: &reqwest::Error) -> Trouble {
    if Causes(Some(error)).any(is::<Refused>) {
        return Trouble::WebhookPrivate;
    }
    if Causes(Some(error)).any(is::<rustls::Error>) {
        return Trouble::WebhookUntrusted;
    }
    if error.is_timeout() { Trouble::WebhookTimedOut } else { Trouble::WebhookUnreachable }
}

/// What lies behind an error, from the outside in.
struct Causes<'a>(Option<&'a (dyn Error + 'static)>);

impl<'a> Iterator for Causes<'a> {
    type Item = &'a (dyn Error + 'static);

    fn next(&mut self) -> Option<Self::Item> {
        let cause = self.0?;
        self.0 = cause.source();
        Some(cause)
    }
}

/// Whether it is such an error, or one of the system that holds one: the source
/// of those is what is behind what they hold.
fn is<T: Error + 'static>(cause: &(dyn Error + 'static)) -> bool {
    let held = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    cause.is::<T>() || held.is_some_and(|held| is::<T>(held))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundreds_alone_are_a_success() {
        for (status, wanted) in [
            (200, Ok(())),
            (204, Ok(())),
            (299, Ok(())),
            (301, Err(Trouble::WebhookRedirects)),
            (304, Err(Trouble::WebhookRedirects)),
            (308, Err(Trouble::WebhookRedirects)),
            (400, Err(Trouble::WebhookRefused)),
            (404, Err(Trouble::WebhookRefused)),
            (410, Err(Trouble::WebhookGone)),
            (429, Err(Trouble::WebhookRefused)),
            (500, Err(Trouble::WebhookFailed)),
            (503, Err(Trouble::WebhookFailed)),
            (600, Err(Trouble::WebhookFailed)),
        ] {
            assert_eq!(came_of(StatusCode::from_u16(status).unwrap()), wanted, "{status}");
        }
    }
}
