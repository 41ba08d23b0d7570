//! What the operator sets about notices.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lettre::Address;
use url::{Host, Url};

use super::addresses;

/// How a secret is written, by the Standard Webhooks specification.
const SECRET_PREFIX: &str = "whsec_";
/// Bytes of a secret, by the same.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// How operators are told that something failed.
#[derive(Clone, Default, clap::Args)]
pub struct NoticeSettings {
    /// Address that is mailed when an import or another job fails; several with
    /// commas, or the option again. Needs --smtp-url.
    #[arg(long, env = "REHOME_NOTIFY_EMAILS", value_name = "EMAIL", value_delimiter = ',')]
    pub notify_email: Vec<String>,
    /// Address that is told of the same by a signed POST (Standard Webhooks), https.
    #[arg(long, env = "REHOME_WEBHOOK_URL", hide_env_values = true)]
    pub webhook_url: Option<String>,
    /// What it is signed with: `whsec_` and the base64 of 24 to 64 random bytes.
    #[arg(long, env = "REHOME_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<String>,
    /// Let the webhook be on this machine or in a private network, and plain http.
    #[arg(long, env = "REHOME_WEBHOOK_ALLOW_PRIVATE")]
    pub webhook_allow_private: bool,
}

impl std::fmt::Debug for NoticeSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Addresses of people, and what may hold a token.
        f.debug_struct("NoticeSettings")
            .field("webhook_allow_private", &self.webhook_allow_private)
            .finish_non_exhaustive()
    }
}

/// What is wrong with these settings. None is repeated: they may hold secrets.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// It cannot be written to.
    #[error("--notify-email is not an address like operator@example.org")]
    Email,
    /// There is no way for mail to get out.
    #[error("--notify-email needs --smtp-url and --mail-from")]
    NoMail,
    /// It is no address of the web.
    #[error("--webhook-url is not an address like https://hooks.example.org/rehome")]
    Url,
    /// What is told, and the signature, would cross the network in the clear.
    #[error(
        "--webhook-url must be https; --webhook-allow-private lets it be plain http, for a \
         receiver on this machine or in its network"
    )]
    Plain,
    /// It would never be connected to.
    #[error(
        "--webhook-url is an address of this machine or of a private network; \
         --webhook-allow-private allows that"
    )]
    Private,
    /// Nobody could tell whom it comes from.
    #[error("--webhook-url needs --webhook-secret: `whsec_` and the base64 of 24 to 64 bytes")]
    Secret,
    /// A secret for nothing, or leave for nothing.
    #[error("--webhook-secret and --webhook-allow-private need --webhook-url")]
    NoUrl,
    /// The system has no TLS as it is needed.
    #[error("the webhook's client cannot be made: {0}")]
    Client(String),
}

/// A webhook as it is set.
#[derive(Clone)]
pub(super) struct WebhookTarget {
    pub url: Url,
    pub secret: Vec<u8>,
    pub allow_private: bool,
}

impl NoticeSettings {
    /// The operators' addresses, each once.
    pub(super) fn operators(&self, mail: bool) -> Result<Vec<Address>, NoticeError> {
        let mut operators: Vec<Address> = Vec::new();
        for given in &self.notify_email {
            let address: Address = given.trim().parse().map_err(|_| NoticeError::Email)?;
            if !operators.contains(&address) {
                operators.push(address);
            }
        }
        if !operators.is_empty() && !mail {
            return Err(NoticeError::NoMail);
        }
        Ok(operators)
    }

    /// The webhook, where one is set.
    pub(super) fn webhook(&self) -> Result<Option<WebhookTarget>, NoticeError> {
        let Some(given) = &self.webhook_url else {
            let alone = self.webhook_secret.is_some() || self.webhook_allow_private;
            return if alone { Err(NoticeError::NoUrl) } else { Ok(None) };
        };
        let url = Url::parse(given).map_err(|_| NoticeError::Url)?;
        if !["http", "https"].contains(&url.scheme()) {
            return Err(NoticeError::Url);
        }
        let allow_private = self.webhook_allow_private;
        if url.scheme() == "http" && !allow_private {
            return Err(NoticeError::Plain);
        }
        // Addresses as such are never looked up, where those of names are checked.
        let address = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(NoticeError::Url),
        };
        if !allow_private && address.is_some_and(|address| !addresses::is_public(address)) {
            return Err(NoticeError::Private);
        }
        let secret = self.webhook_secret.as_deref().and_then(secret).ok_or(NoticeError::Secret)?;
        Ok(Some(WebhookTarget { url, secret, allow_private }))
    }
}

fn secret(given: &str) -> Option<Vec<u8>> {
    let secret = BASE64_STANDARD.decode(given.trim().strip_prefix(SECRET_PREFIX)?).ok()?;
    SECRET_BYTES.contains(&secret.len()).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    fn webhook(url: &str, allow: bool) -> Result<Option<WebhookTarget>, NoticeError> {
        let settings = NoticeSettings {
            webhook_url: Some(url.to_owned()),
            webhook_secret: Some(SECRET.to_owned()),
            webhook_allow_private: allow,
            ..NoticeSettings::default()
        };
        settings.webhook()
    }

    #[test]
    fn a_webhook_is_https_and_public_unless_the_operator_says_otherwise() {
        assert!(webhook("https://hooks.example.org/a?b=c", false).unwrap().is_some());
        assert!(webhook("https://192.88.98.1/", false).unwrap().is_some());
        for url in [
            "https://127.0.0.1:8080/",
            // Other ways to write it.
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest",
        ] {
            assert!(matches!(webhook(url, false), Err(NoticeError::Private)), "{url}");
            assert!(webhook(url, true).is_ok(), "{url}");
        }
        for url in ["http://hooks.example.org", "http://127.0.0.1"] {
            assert!(matches!(webhook(url, false), Err(NoticeError::Plain)), "{url}");
            assert!(webhook(url, true).is_ok(), "{url}");
        }
        for url in ["hooks.example.org", "ftp://hooks.example.org", "file:///etc/passwd"] {
            assert!(matches!(webhook(url, true), Err(NoticeError::Url)), "{url}");
        }
    }

    #[test]
    fn a_secret_is_one_of_the_specification() {
        let long = |bytes: usize| format!("whsec_{}", BASE64_STANDARD.encode(vec![7; bytes]));
        for good in [SECRET.to_owned(), long(24), long(64)] {
            assert!(secret(&good).is_some(), "{good}");
        }
        for bad in ["", "whsec_", &SECRET[6..], "whsec_*", &long(23), &long(65)] {
            assert!(secret(bad).is_none(), "{bad}");
        }
        let alone =
            NoticeSettings { webhook_secret: Some(SECRET.to_owned()), ..NoticeSettings::default() };
        assert!(matches!(alone.webhook(), Err(NoticeError::NoUrl)));
    }

    #[test]
    fn operators_have_addresses_and_a_mail_server() {
        let to = |emails: &[&str]| NoticeSettings {
            notify_email: emails.iter().map(ToString::to_string).collect(),
            ..NoticeSettings::default()
        };
        let both = to(&["a@example.org", " b@example.org", "a@example.org"]).operators(true);
        assert_eq!(both.unwrap().len(), 2);
        assert!(to(&[]).operators(false).unwrap().is_empty());
        assert!(matches!(to(&["a@example.org"]).operators(false), Err(NoticeError::NoMail)));
        assert!(matches!(to(&["nobody"]).operators(true), Err(NoticeError::Email)));
    }
}
