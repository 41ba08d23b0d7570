//! What the operator sets.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;
use url::{Host, Url};

use crate::account_limits::AccountLimits;
use crate::logs::LogSettings;
use crate::network::parse_proxy;
use crate::notify::NoticeSettings;

/// Rehome's server: imports comments and serves its admin pages.
#[derive(Debug, Clone, Parser)]
#[command(name = "rehome-server", version)]
pub struct Cli {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// File with settings (TOML); options and the environment outweigh it.
    #[arg(long = "config", global = true, env = "REHOME_CONFIG", value_name = "FILE")]
    pub config_file: Option<PathBuf>,
    /// Settings of the server.
    #[command(flatten)]
    pub config: Config,
    /// What is logged, and how.
    #[command(flatten)]
    pub logs: LogSettings,
}

/// What operators do beside serving, while the server runs or not.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Print a link by which a person chooses another password (once, within 15 minutes).
    ResetPassword {
        /// The address that they sign in with.
        email: String,
    },
    /// Print a link that makes a further account, beside those that exist (once, within 15 minutes).
    NewAccount,
    /// Print the link that makes the first account again, as long as there is none.
    SetupLink,
    /// Delete now what is expired or left over, as the server does every minute.
    Sweep,
    /// Copy the database into a new file, while the server runs or not.
    Backup {
        /// The file; there must be none of this name.
        file: PathBuf,
    },
    /// Look for damage in the database and among the staged files; the exit code is 1 where there is some.
    Check,
}

/// What the operator sets.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address to listen on.
    #[arg(long, global = true, env = "REHOME_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// Folder for the database and the staged files; made where it is missing.
    #[arg(long, global = true, env = "REHOME_DATA", default_value = "./data")]
    pub data: PathBuf,
    /// Address under which browsers reach the server [default: http:// and the listening address].
    #[arg(long, global = true, env = "REHOME_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Address on which operators read the numbers of the server (/metrics), and nobody else
    /// should: it asks for no password [default: none].
    #[arg(long, env = "REHOME_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
    /// Records that are written in one transaction.
    #[arg(long, env = "REHOME_BATCH_RECORDS", default_value_t = 1_000, hide = true,
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    pub batch_records: usize,
    /// Address or network (10.0.0.0/8) of a proxy in front, which may say where requests
    /// come from; several with commas, or the option again.
    #[arg(long, env = "REHOME_TRUSTED_PROXIES", value_name = "CIDR", value_delimiter = ',',
        value_parser = parse_proxy)]
    pub trusted_proxy: Vec<IpNet>,
    /// What an account may take.
    #[command(flatten)]
    pub limits: AccountLimits,
    /// Days for which it is kept what an import changed, so that it can be taken back; 0 keeps
    /// nothing. What people wrote and what was replaced is in there.
    #[arg(long, env = "REHOME_KEEP_HISTORY_DAYS", default_value_t = 30, value_name = "DAYS",
        value_parser = clap::value_parser!(u32).range(..=36_500))]
    pub keep_history_days: u32,
    /// How long the server waits, and for what.
    #[command(flatten)]
    pub timing: Timing,
    /// How the server sends mail.
    #[command(flatten)]
    pub mail: MailSettings,
    /// Whom the server tells that something failed.
    #[command(flatten)]
    pub notices: NoticeSettings,
}

/// How the server sends mail. Without it, operators reset passwords.
#[derive(Clone, Default, Args)]
pub struct MailSettings {
    /// Mail server. Never shown: it may hold a password.
    #[arg(
        long,
        env = "REHOME_SMTP_URL",
        hide_env_values = true,
        help = "Mail server: smtps://user:password@mail.example.org, or smtp://…?tls=required for STARTTLS"
    )]
    pub smtp_url: Option<String>,
    /// File that holds the address of the mail server, so that its password stands nowhere else.
    #[arg(long, env = "REHOME_SMTP_URL_FILE", value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// Sender of mails, like rehome@example.org.
    #[arg(long, env = "REHOME_MAIL_FROM")]
    pub mail_from: Option<String>,
}

impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("MailSettings").field("mail_from", &self.mail_from).finish_non_exhaustive()
    }
}

/// How long the server waits. Tests of faults wait less.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Timing {
    /// Milliseconds for which a locked database is waited for.
    #[arg(long, env = "REHOME_BUSY_TIMEOUT_MS", default_value_t = 10_000, hide = true)]
    pub busy_timeout_ms: u32,
    /// Milliseconds between two sweeps.
    #[arg(long, env = "REHOME_SWEEP_EVERY_MS", default_value_t = 60_000, hide = true,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub sweep_every_ms: u32,
    /// Milliseconds in which a request's headers must have come.
    #[arg(long, env = "REHOME_HEADER_TIMEOUT_MS", default_value_t = 15_000, hide = true,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub header_timeout_ms: u32,
    /// Milliseconds for which a body may stand still, in either direction.
    #[arg(long, env = "REHOME_BODY_IDLE_MS", default_value_t = 60_000, hide = true,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub body_idle_ms: u32,
    /// Milliseconds after which a notice is tried again that could not be sent;
    /// further waits are multiples of it.
    #[arg(long, env = "REHOME_NOTICE_WAIT_MS", default_value_t = 10_000, hide = true,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub notice_wait_ms: u32,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            busy_timeout_ms: 10_000,
            sweep_every_ms: 60_000,
            header_timeout_ms: 15_000,
            body_idle_ms: 60_000,
            notice_wait_ms: 10_000,
        }
    }
}

/// What is wrong with a setting.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is not an address.
    #[error("--public-url {0} is not an http or https address without a path")]
    NotAnOrigin(String),
    /// Passwords and cookies would cross the network in the clear.
    #[error(
        "{0} is plain http and not on this machine: passwords would travel unprotected. \
         Put the server behind https and say --public-url https://…, or listen on 127.0.0.1"
    )]
    PlainHttp(String),
}

/// Where browsers reach the server. It decides the cookie's name and protection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    https: bool,
}

impl PublicUrl {
    /// Takes the operator's setting, else the address that is listened on.
    ///
    /// # Errors
    /// It is no origin, or plain http elsewhere than on this machine.
    pub fn new(setting: Option<&str>, listen: SocketAddr) -> Result<Self, ConfigError> {
        let given = setting.map_or_else(|| format!("http://{listen}"), str::to_owned);
        let refused = || ConfigError::NotAnOrigin(given.clone());
        let url = Url::parse(&given).map_err(|_| refused())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(refused()),
        };
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(refused());
        }
        let loopback = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => return Err(refused()),
        };
        if !https && !loopback {
            return Err(ConfigError::PlainHttp(given));
        }
        Ok(Self { origin: url.origin().ascii_serialization(), https })
    }

    /// Stands for any server in what is written for people.
    pub(crate) fn of_document() -> Self {
        Self { origin: "https://rehome.example.org".to_owned(), https: true }
    }

    /// As browsers send it in `Origin`, without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether browsers reach it by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The name of the cookie by which a browser is known that somebody signed in with.
    #[must_use]
    pub fn browser_cookie_name(&self) -> &'static str {
        if self.https { "__Host-rehome-browser" } else { "rehome-browser" }
    }

    /// The session cookie's name; the prefix binds it to https and this host.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        if self.https { "__Host-rehome" } else { "rehome" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(setting: Option<&str>, listen: &str) -> Result<PublicUrl, ConfigError> {
        PublicUrl::new(setting, listen.parse().unwrap())
    }

    #[test]
    fn https_or_this_machine() {
        let url = public(None, "127.0.0.1:8787").unwrap();
        assert_eq!((url.origin(), url.cookie_name()), ("http://127.0.0.1:8787", "rehome"));
        let url = public(Some("https://rehome.example.org/"), "0.0.0.0:80").unwrap();
        assert_eq!(
            (url.origin(), url.cookie_name()),
            ("https://rehome.example.org", "__Host-rehome")
        );
        assert!(public(Some("http://localhost:3000"), "127.0.0.1:1").is_ok());
        assert!(public(None, "[::1]:8787").is_ok());
    }

    #[test]
    fn anything_else_is_refused_with_a_sentence() {
        for (setting, listen) in [
            (None, "0.0.0.0:8787"),
            (None, "192.0.2.1:8787"),
            (Some("http://rehome.example.org"), "127.0.0.1:8787"),
        ] {
            let error = public(setting, listen).unwrap_err();
            assert!(matches!(error, ConfigError::PlainHttp(_)), "{setting:?} {listen}");
            assert!(error.to_string().contains("--public-url https://"));
        }
        for setting in ["rehome", "ftp://localhost", "https://a.example/b", "https://u@a.example"] {
            let error = public(Some(setting), "127.0.0.1:1").unwrap_err();
            assert!(matches!(error, ConfigError::NotAnOrigin(_)), "{setting}");
        }
    }
}
