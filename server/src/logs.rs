//! What the server logs, and how.
//!
//! To stderr: stdout carries the address, links and findings alone.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// What is logged, and how.
#[derive(Debug, Clone, Args)]
pub struct LogSettings {
    /// What is logged: error, warn, info, debug or trace, or a filter like `info,rehome_server=debug`.
    #[arg(long, global = true, env = "REHOME_LOG", default_value = "info", value_name = "FILTER",
        value_parser = parse_filter)]
    pub log: String,
    /// How it is logged: lines for people, or one JSON object a line.
    #[arg(
        long,
        global = true,
        env = "REHOME_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,
}

/// How lines of the log look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line, for programs.
    Json,
}

impl LogSettings {
    /// Logs like this from now on.
    pub fn start(&self) {
        let builder = tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_env_filter(EnvFilter::new(&self.log));
        match self.log_format {
            LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).init(),
            // The list of spans holds the innermost one as well.
            LogFormat::Json => {
                builder.json().flatten_event(true).with_current_span(false).init();
            }
        }
    }
}

fn parse_filter(given: &str) -> Result<String, String> {
    EnvFilter::builder().parse(given).map_err(|error| error.to_string())?;
    Ok(given.to_owned())
}
