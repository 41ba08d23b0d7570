//! The Rehome server: takes streams of normalized NDJSON, stages them, applies
//! them to a site, says live how that goes, and serves the admin pages.
//!
//! It never reads a vendor's format: what it takes is described by
//! [`rehome_record`].

mod app;
mod clock;
mod config;
pub mod http;
mod incoming;
mod jobs;
mod mail;
mod operator;
mod page_address;
mod passwords;
mod reset_link;
mod sanitise;
mod serve;
mod setup_link;
mod spool;
mod store;
mod sweep;
mod thread_order;
mod token;

#[cfg(test)]
mod tests;

pub use app::{App, OpenError};
pub use clock::Clock;
pub use config::{Cli, Command, Config, ConfigError, MailSettings, PublicUrl, Timing};
pub use mail::MailError;
pub use operator::run;
pub use serve::serve;
