//! Mail by SMTP: short, in English, and without content but for a link.

use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::{Host, Url};

use crate::config::MailSettings;

/// For each step of the conversation with the mail server.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Sends mail; clones share its connections.
#[derive(Clone)]
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The transport knows the password.
        f.debug_struct("Mailer").finish_non_exhaustive()
    }
}

/// What is wrong with the settings for mail. The address of the server is not
/// repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It cannot be read.
    #[error("--smtp-url is not an address like smtps://user:password@mail.example.org")]
    Url,
    /// Links for new passwords would cross the network in the clear.
    #[error(
        "--smtp-url is plain smtp to another machine: links for new passwords would travel \
         unprotected. Say smtps://, or add ?tls=required, or ?tls=opportunistic to put up with it"
    )]
    Plain,
    /// It stands in two places.
    #[error("--smtp-url and --smtp-url-file both name the mail server; say one of them")]
    Twice,
    /// The file with it cannot be read.
    #[error("--smtp-url-file: {0}")]
    File(std::io::Error),
    /// Nobody to send as.
    #[error("--mail-from is missing, or not an address like rehome@example.org")]
    From,
    /// No sender without a server to send by.
    #[error("--mail-from needs --smtp-url")]
    NoServer,
}

/// Why a mail was not sent. Neither address nor link are in it: what a mail
/// server says may repeat them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotSent {
    /// It cannot be written to.
    #[error("the address is none that mail can be sent to")]
    Address,
    /// For good, as the mail server says.
    #[error("the mail server refused the mail")]
    Refused,
    /// For now.
    #[error("the mail server cannot take the mail right now")]
    Busy,
    /// It, or the way to it, is too slow.
    #[error("the mail server did not answer in time")]
    TimedOut,
    /// Its certificate is none to trust.
    #[error("the mail server cannot be trusted, or takes no encryption")]
    Untrusted,
    /// Nobody is there.
    #[error("the mail server cannot be reached, or does not speak as it should")]
    Unreachable,
}

/// The address of the mail server, from the setting or from its file.
fn server(settings: &MailSettings) -> Result<Option<String>, MailError> {
    match (&settings.smtp_url, &settings.smtp_url_file) {
        (Some(_), Some(_)) => Err(MailError::Twice),
        (given, None) => Ok(given.clone()),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file).map_err(MailError::File)?;
            Ok(Some(text.trim().to_owned()))
        }
    }
}

impl Mailer {
    /// None where the operator set nothing up.
    ///
    /// # Errors
    /// A setting is missing or cannot be used.
    pub(crate) fn new(settings: &MailSettings) -> Result<Option<Self>, MailError> {
        let Some(given) = &server(settings)? else {
            return settings.mail_from.as_ref().map_or(Ok(None), |_| Err(MailError::NoServer));
        };
        let url = Url::parse(given).map_err(|_| MailError::Url)?;
        let on_this_machine = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            // `smtp:` is no scheme whose numbers are read as such.
            Some(Host::Domain(name)) => {
                name == "localhost"
                    || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
            }
            None => return Err(MailError::Url),
        };
        let chosen = url.query_pairs().any(|(name, _)| name == "tls");
        if url.scheme() == "smtp" && !on_this_machine && !chosen {
            return Err(MailError::Plain);
        }
        let from = settings.mail_from.as_deref().ok_or(MailError::From)?;
        let from = from.parse().map_err(|_| MailError::From)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(given)
            .map_err(|_| MailError::Url)?
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Some(Self { transport, from }))
    }

    /// Sends a link for a new password.
    pub(crate) async fn send_reset_link(&self, to: &str, link: &str) -> Result<(), NotSent> {
        let body = format!(
            "Somebody asked for a new password for your account at Rehome.\n\n\
             Choose one within an hour:\n{link}\n\n\
             If it was not you, do nothing: your password stays as it is.\n"
        );
        self.send(to, "A new password for Rehome", body).await
    }

    /// Sends a notice. Its id makes tries of the same one known as that.
    pub(crate) async fn send_notice(
        &self,
        to: &str,
        id: &str,
        subject: &str,
        body: String,
    ) -> Result<(), NotSent> {
        let id = format!("<{id}@{}>", self.from.email.domain());
        // Keeps programs from answering that somebody is on holiday.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = self
            .message(to, subject)?
            .message_id(Some(id))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
        self.send_as(message, body).await
    }

    async fn send(&self, to: &str, subject: &str, body: String) -> Result<(), NotSent> {
        self.send_as(self.message(to, subject)?, body).await
    }

    fn message(&self, to: &str, subject: &str) -> Result<MessageBuilder, NotSent> {
        let address: Address = to.parse().map_err(|_| NotSent::Address)?;
        Ok(Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN))
    }

    async fn send_as(&self, message: MessageBuilder, body: String) -> Result<(), NotSent> {
        let message = message.body(body).map_err(|_| NotSent::Address)?;
        self.transport.send(message).await.map_err(|error| why(&error))?;
        Ok(())
    }
}

fn why(error: &smtp::Error) -> NotSent {
    if error.is_permanent() {
        NotSent::Refused
    } else if error.is_transient() {
        NotSent::Busy
    } else if error.is_timeout() {
        NotSent::TimedOut
    } else if error.is_tls() {
        NotSent::Untrusted
    } else {
        NotSent::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer(url: Option<&str>, from: Option<&str>) -> Result<Option<Mailer>, MailError> {
        sender(&MailSettings {
            smtp_url: url.map(str::to_owned),
            mail_from: from.map(str::to_owned),
            smtp_url_file: None,
        })
    }

    fn sender(settings: &MailSettings) -> Result<Option<Mailer>, MailError> {
        // The transport belongs to a runtime.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { Mailer::new(settings) })
    }

    #[test]
    fn mail_is_protected_or_stays_on_this_machine() {
        let from = Some("Rehome <rehome@example.org>");
        for url in [
            "smtps://ann:secret@mail.example.org",
            "smtp://mail.example.org:587?tls=required",
            "smtp://relay?tls=opportunistic",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
            "smtp://localhost",
        ] {
            assert!(mailer(Some(url), from).unwrap().is_some(), "{url}");
        }
        let plain = mailer(Some("smtp://ann:secret@mail.example.org"), from);
        assert!(matches!(plain, Err(MailError::Plain)));
        for url in ["mail.example.org", "http://mail.example.org", "smtps://"] {
            assert!(matches!(mailer(Some(url), from), Err(MailError::Url)), "{url}");
        }
    }

    #[test]
    fn half_of_the_settings_is_refused() {
        assert!(mailer(None, None).unwrap().is_none());
        assert!(matches!(mailer(None, Some("a@example.org")), Err(MailError::NoServer)));
        for from in [None, Some("nobody")] {
            assert!(matches!(mailer(Some("smtps://a.example"), from), Err(MailError::From)));
        }
    }

    #[test]
    fn the_address_of_the_mail_server_may_stand_in_a_file() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("smtp");
        std::fs::write(&file, "smtps://ann:secret@mail.example.org\n").unwrap();
        let mut settings = MailSettings {
            smtp_url: None,
            smtp_url_file: Some(file),
            mail_from: Some("rehome@example.org".to_owned()),
        };
        assert!(sender(&settings).unwrap().is_some());
        settings.smtp_url = Some("smtps://mail.example.org".to_owned());
        assert!(matches!(sender(&settings), Err(MailError::Twice)));
        settings = MailSettings {
            smtp_url: None,
            smtp_url_file: Some(folder.path().join("none")),
            ..settings
        };
        assert!(matches!(sender(&settings), Err(MailError::File(_))));
    }
}
