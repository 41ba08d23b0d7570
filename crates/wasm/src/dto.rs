//! What the worker tells the page, beside the previews of `rehome-formats`.

use serde::Serialize;

/// How far a pass over the file is.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReadProgress {
    /// Which pass.
    pub phase: ReadPhase,
    /// Bytes of the chosen files read so far.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub read_bytes: u64,
    /// Bytes of the chosen files.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_bytes: u64,
    /// Page records seen in this pass.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub pages: u64,
    /// Comment records seen in this pass.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
    /// Seconds left of this pass; none until it can be told.
    pub seconds_left: Option<f64>,
}

/// The passes over a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ReadPhase {
    /// Every record is read and counted.
    Preview,
    /// Sample threads are collected.
    Samples,
}

/// How far the stream is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SendProgress {
    /// Comments in chunks that the server holds.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments_sent: u64,
    /// Comments to send.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments_total: u64,
    /// Chunks that the server holds.
    pub chunks_sent: u32,
    /// Comments in chunks that the server held before, so that they were not
    /// sent again.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments_held: u64,
    /// Gzip bytes that went over the network.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sent_bytes: u64,
    /// Comments a second, over the last few seconds; none until it can be told.
    pub comments_per_second: Option<f64>,
    /// Seconds left; none until it can be told.
    pub seconds_left: Option<f64>,
    /// A chunk waits for its next try.
    pub retry: Option<Retry>,
}

/// A chunk waits for its next try.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Retry {
    /// Why the last try failed: `network_lost`, `disk_full`, `unavailable`, …
    pub code: String,
    /// Failed tries so far.
    pub tries: u32,
    /// Milliseconds until the next.
    pub wait_ms: u32,
}

/// Why reading or sending stopped.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct WorkerProblem {
    /// Stable word, e.g. `network_lost`, `signed_out`, `format_unknown`.
    pub code: String,
    /// One English sentence: what is wrong and what to do.
    pub message: String,
    /// Name of the file that it is about, where several were chosen.
    pub file: Option<String>,
    /// HTTP status, where the server answered.
    pub status: Option<u16>,
    /// The unfinished import that it is about.
    pub import: Option<String>,
    /// What is not as it was frozen for that import: `file`, `reader`, …
    pub differs: Vec<String>,
    /// The origin under which the same comments are known, where that is asked about.
    pub origin: Option<String>,
}
