//! Every number, as it is described where it is read and in `docs/operating.md`.

use metrics::{describe_counter, describe_gauge, describe_histogram};

/// How a number moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Up and down.
    Gauge,
    /// Up, from zero at each start of the server.
    Counter,
    /// How many there were of which size, from zero at each start.
    Histogram,
}

/// A number that the server gives.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// How it moves.
    pub kind: Kind,
    /// What it is told apart by.
    pub labels: &'static [&'static str],
    /// What it says.
    pub about: &'static str,
}

macro_rules! metrics {
    ($($kind:ident $name:ident [$($label:literal),*] $about:literal;)+) => {
        /// Every number.
        pub const ALL: &[Metric] = &[$(Metric {
            name: stringify!($name),
            kind: Kind::$kind,
            labels: &[$($label),*],
            about: $about,
        }),+];
    };
}

metrics! {
    Gauge rehome_build_info ["version"]
        "Always 1; the label says which version runs.";
    Gauge rehome_start_timestamp_seconds []
        "When the server started, in seconds since 1970.";
    Gauge rehome_jobs_waiting ["kind"]
        "Jobs that wait for their turn.";
    Gauge rehome_jobs_running ["kind"]
        "Jobs at work.";
    Gauge rehome_oldest_waiting_job_age_seconds []
        "How long ago the oldest waiting job was asked for; 0 where none waits.";
    Histogram rehome_job_duration_seconds ["kind", "outcome"]
        "From the first start of a job to its end, interruptions included.";
    Counter rehome_imports_ended_total ["outcome"]
        "Imports that ended: succeeded, failed, cancelled, or expired without being finished.";
    Counter rehome_rows_total ["record", "outcome"]
        "Record lines of imports that ended, by kind, and what came of them.";
    Counter rehome_failures_total ["kind", "code"]
        "Imports and other jobs that failed, by reason (docs/errors.md).";
    Gauge rehome_imports_receiving []
        "Streams that are being sent, or were left unfinished and have not expired.";
    Gauge rehome_spool_bytes []
        "Bytes that are staged for imports which have not ended.";
    Gauge rehome_database_bytes []
        "Bytes of the database's file and of its write-ahead log.";
    Gauge rehome_live_streams []
        "Browsers and programs that follow imports live.";
    Gauge rehome_last_sweep_timestamp_seconds []
        "When a sweep last left nothing behind, in seconds since 1970.";
    Counter rehome_http_requests_total ["route", "status"]
        "Answers, by the route's template and the first digit of the status; other: the pages.";
    Histogram rehome_http_request_duration_seconds ["route"]
        "From a request to the beginning of its answer.";
}

impl Metric {
    /// Tells the recorder at hand what it is.
    pub(super) fn describe(self) {
        match self.kind {
            Kind::Gauge => describe_gauge!(self.name, self.about),
            Kind::Counter => describe_counter!(self.name, self.about),
            Kind::Histogram => describe_histogram!(self.name, self.about),
        }
    }
}
