//! The Rehome server: takes streams of normalized NDJSON, stages them, applies
//! them to a site, says live how that goes, and serves the admin pages.
//!
//! It never reads a vendor's format: what it takes is described by
//! [`rehome_record`].

mod account_limits;
mod app;
mod clock;
mod config;
mod connections;
pub mod http;
mod incoming;
mod jobs;
mod logs;
mod mail;
pub mod metrics;
mod network;
mod notify;
mod operator;
mod page_address;
mod passwords;
mod readiness;
mod reset_link;
mod sanitise;
mod serve;
pub mod settings;
mod setup_link;
mod shown_order;
mod spool;
mod store;
mod sweep;
mod thread_order;
mod throttle;
mod token;

#[cfg(test)]
mod tests;

pub use account_limits::AccountLimits;
pub use app::{App, OpenError};
pub use clock::Clock;
pub use config::{Cli, Command, Config, ConfigError, MailSettings, PublicUrl, Timing};
pub use logs::{LogFormat, LogSettings};
pub use mail::MailError;
pub use notify::{NoticeError, NoticeSettings};
pub use operator::run;
pub use serve::serve;
