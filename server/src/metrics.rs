//! Numbers for those who watch the server, as Prometheus reads them.
//!
//! What the tables hold is read when somebody looks. What ended is counted then
//! as well, once each, so that nothing which ends a job has to think of it.
//! No label holds an account, a site or a person.

mod list;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use tokio::sync::Mutex;

pub use self::list::{ALL, Kind, Metric};
use crate::app::App;
use crate::clock::micros;
use crate::http::codes::Why;
use crate::http::dto::Upserted;
use crate::store::Stored;
use crate::store::metrics::{self as counted, EndedImport, EndedJob};

/// Kinds of jobs, so that one which never waited is there as zero.
const JOB_KINDS: [&str; 5] = ["import", "undo", "regroup", "sweep", "delete"];
const OUTCOMES: [&str; 4] = ["succeeded", "failed", "cancelled", "expired"];
/// From a page that is in memory to a chunk over a slow line.
const REQUEST_BUCKETS: [f64; 11] =
    [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 300.0];
/// From a handful of comments to some millions.
const JOB_BUCKETS: [f64; 11] =
    [0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 86_400.0];
/// An end is stored later than the moment that stands in it, but not by more than this.
const STORED_WITHIN: Duration = Duration::from_mins(10);

/// Counters of one server, and what of its tables they have counted.
pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    counted: Mutex<Counted>,
    swept_at: AtomicI64,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// What ended and is counted: its end, by table and number.
#[derive(Debug)]
struct Counted {
    began_at: i64,
    latest: i64,
    ends: BTreeMap<(Table, i64), i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Table {
    Imports,
    Jobs,
}

impl Metrics {
    /// Counts what ends from now on.
    pub(crate) fn new(now: i64) -> Self {
        let mut builder = PrometheusBuilder::new();
        for (name, buckets) in [
            ("rehome_http_request_duration_seconds", REQUEST_BUCKETS),
            ("rehome_job_duration_seconds", JOB_BUCKETS),
        ] {
            let matcher = Matcher::Full(name.to_owned());
            builder = builder.set_buckets_for_metric(matcher, &buckets).expect("there are buckets");
        }
        let recorder = builder.build_recorder();
        let metrics = Self {
            handle: recorder.handle(),
            recorder,
            counted: Mutex::new(Counted { began_at: now, latest: now, ends: BTreeMap::new() }),
            swept_at: AtomicI64::new(0),
        };
        metrics.record(|| begin(now));
        metrics
    }

    /// Notes what a request came to: its route's template, none where there is none.
    pub(crate) fn answered(&self, route: Option<&str>, status: u16, took: Duration) {
        let route = route.unwrap_or("other").to_owned();
        let class = format!("{}xx", status / 100);
        self.record(|| {
            counter!("rehome_http_requests_total", "route" => route.clone(), "status" => class)
                .increment(1);
            histogram!("rehome_http_request_duration_seconds", "route" => route).record(took);
        });
    }

    /// Notes that everything was swept.
    pub(crate) fn swept(&self, now: i64) {
        self.swept_at.store(now, Ordering::Relaxed);
        // What was measured and nobody looked at is put into its buckets.
        self.handle.run_upkeep();
    }

    /// The page for Prometheus.
    ///
    /// # Errors
    /// The tables cannot be read.
    pub(crate) async fn page(&self, app: &App) -> Stored<String> {
        let mut seen = self.counted.lock().await;
        let since = seen.since();
        let store = app.store();
        let jobs = counted::ended_jobs(store, since).await?;
        let imports = counted::ended_imports(store, since).await?;
        let open_jobs = counted::open_jobs(store).await?;
        let open = counted::open_imports(store).await?;
        let database_bytes = store.bytes();
        let now = app.clock().now_micros();
        self.record(|| {
            for job in jobs.iter().filter(|job| seen.is_new(Table::Jobs, job.id, job.finished_at)) {
                count_job(job);
            }
            for import in &imports {
                if seen.is_new(Table::Imports, import.seq, import.finished_at) {
                    count_import(import);
                }
            }
            set_jobs(&open_jobs, now);
            gauge!("rehome_imports_receiving").set(open.receiving as f64);
            gauge!("rehome_spool_bytes").set(open.staged_bytes as f64);
            gauge!("rehome_database_bytes").set(database_bytes as f64);
            gauge!("rehome_live_streams").set(app.live_streams() as f64);
            gauge!("rehome_last_sweep_timestamp_seconds")
                .set(seconds(self.swept_at.load(Ordering::Relaxed)));
        });
        seen.forget_old();
        Ok(self.handle.render())
    }

    fn record<T>(&self, recording: impl FnOnce() -> T) -> T {
        metrics::with_local_recorder(&self.recorder, recording)
    }
}

impl Counted {
    fn since(&self) -> i64 {
        self.latest.saturating_sub(micros(STORED_WITHIN)).max(self.began_at)
    }

    /// Notes an end; false where it was noted before.
    fn is_new(&mut self, table: Table, id: i64, finished_at: i64) -> bool {
        self.latest = self.latest.max(finished_at);
        self.ends.insert((table, id), finished_at).is_none()
    }

    fn forget_old(&mut self) {
        let since = self.since();
        self.ends.retain(|_, finished_at| *finished_at >= since);
    }
}

/// What is there from the start, so that the first of each is a step from zero.
fn begin(now: i64) {
    for metric in ALL {
        metric.describe();
    }
    gauge!("rehome_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    gauge!("rehome_start_timestamp_seconds").set(seconds(now));
    for outcome in OUTCOMES {
        counter!("rehome_imports_ended_total", "outcome" => outcome).absolute(0);
    }
    for record in ["page", "author", "comment"] {
        count_rows(record, Upserted::default());
    }
    for why in Why::ALL {
        counter!("rehome_failures_total", "kind" => "import", "code" => why.word()).absolute(0);
    }
}

fn count_job(job: &EndedJob) {
    let (kind, outcome) = (job.kind.clone(), job.outcome.clone());
    let took = seconds(job.finished_at.saturating_sub(job.started_at).max(0));
    histogram!("rehome_job_duration_seconds", "kind" => kind.clone(), "outcome" => outcome)
        .record(took);
    if job.kind != "import" && job.outcome == "failed" {
        count_failure(kind, job.code.clone());
    }
}

fn count_import(import: &EndedImport) {
    counter!("rehome_imports_ended_total", "outcome" => import.outcome.clone()).increment(1);
    count_rows("page", import.result.pages);
    count_rows("author", import.result.authors);
    count_rows("comment", import.result.comments);
    if import.outcome == "failed" {
        count_failure("import".to_owned(), import.code.clone());
    }
}

fn count_failure(kind: String, code: Option<String>) {
    let code = code.unwrap_or_else(|| Why::Internal.word().to_owned());
    counter!("rehome_failures_total", "kind" => kind, "code" => code).increment(1);
}

fn count_rows(record: &'static str, rows: Upserted) {
    for (outcome, count) in [
        ("inserted", rows.inserted),
        ("updated", rows.updated),
        ("unchanged", rows.unchanged),
        ("rejected", rows.rejected),
    ] {
        counter!("rehome_rows_total", "record" => record, "outcome" => outcome).increment(count);
    }
}

fn set_jobs(open: &[counted::OpenJobs], now: i64) {
    for (name, running) in [("rehome_jobs_waiting", false), ("rehome_jobs_running", true)] {
        for kind in JOB_KINDS {
            let of_kind = open.iter().find(|jobs| jobs.kind == kind && jobs.running == running);
            gauge!(name, "kind" => kind).set(of_kind.map_or(0.0, |jobs| jobs.count as f64));
        }
    }
    let waiting = open.iter().filter(|jobs| !jobs.running);
    let oldest_at = waiting.map(|jobs| jobs.oldest_at).min().unwrap_or(now);
    gauge!("rehome_oldest_waiting_job_age_seconds")
        .set(seconds(now.saturating_sub(oldest_at).max(0)));
}

fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}
