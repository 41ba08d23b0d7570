//! The stream: three chunks in flight, progress, cancel.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use js_sys::Function;
use rehome_record::{NewImport, Submit};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use crate::chunks::{Chunks, Packed};
use crate::dto::{Retry, SendProgress};
use crate::{WorkerProblem, js, upload};

/// Chunks on their way at the same time.
const IN_FLIGHT: usize = 3;
/// Progress is told at most this often.
const PROGRESS_EVERY_MS: f64 = 100.0;
/// The rate is that of this last while.
const RATE_WINDOW_MS: f64 = 5_000.0;

/// What stops a stream from outside.
#[derive(Clone)]
pub(crate) struct Cancel {
    asked: Rc<Cell<bool>>,
    controller: AbortController,
}

impl Cancel {
    pub(crate) fn new() -> Self {
        let controller = AbortController::new().expect("every browser with workers has it");
        Self { asked: Rc::default(), controller }
    }

    pub(crate) fn ask(&self) {
        self.asked.set(true);
        self.controller.abort();
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.asked.get()
    }
}

/// An import as the server tells it. Its fields are the page's affair.
#[derive(Deserialize)]
struct Created {
    import: serde_json::Value,
}

/// An event for the page.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event<'a> {
    Created { import: &'a serde_json::Value },
    Sending { progress: SendProgress },
}

/// Creates the import, sends every chunk, submits. Gives the submitted import.
pub(crate) async fn run(
    site_id: u32,
    new: &NewImport,
    mut chunks: Chunks,
    cancel: &Cancel,
    on_event: &Function,
) -> Result<serde_json::Value, WorkerProblem> {
    let progress = Progress::new(new.seen.kept, on_event);
    let abort = cancel.controller.signal();
    let on_wait = |tries, wait_ms| progress.wait(tries, wait_ms);
    let url = format!("/api/v1/sites/{site_id}/imports");
    let Created { import } = upload::json(&url, new, &abort, &on_wait).await?;
    progress.tell(&Event::Created { import: &import });
    let id = import["id"].as_str().unwrap_or_default().to_owned();

    let sent = send_chunks(&id, &mut chunks, cancel, &progress).await;
    let submitted = match sent {
        Ok(number) => {
            let submit = Submit { chunks: number, counts: chunks.counts() };
            let url = format!("/api/v1/imports/{id}/submit");
            upload::json(&url, &submit, &abort, &on_wait).await
        }
        Err(problem) => Err(problem),
    };
    if submitted.is_err() {
        // Nothing half-sent is left on the server.
        upload::cancel(&id).await;
    }
    submitted
}

/// Sends every chunk; gives their number.
async fn send_chunks(
    id: &str,
    chunks: &mut Chunks,
    cancel: &Cancel,
    progress: &Progress<'_>,
) -> Result<u32, WorkerProblem> {
    let abort = cancel.controller.signal();
    let on_wait = |tries, wait_ms| progress.wait(tries, wait_ms);
    let upload = async |chunk: Packed| {
        upload::chunk(id, &chunk, &abort, &on_wait).await?;
        progress.sent(&chunk);
        Ok::<u32, WorkerProblem>(chunk.number)
    };
    let mut in_flight = FuturesUnordered::new();
    let mut last = 0;
    let mut more = true;
    loop {
        if cancel.is_asked() {
            return Err(cancelled());
        }
        if more && in_flight.len() < IN_FLIGHT {
            match chunks.next()? {
                Some(chunk) => in_flight.push(upload(chunk)),
                None => more = false,
            }
            continue;
        }
        match in_flight.next().await {
            Some(sent) => last = last.max(sent?),
            None => return Ok(last),
        }
    }
}

/// The problem that stands for "the admin said stop".
pub(crate) fn cancelled() -> WorkerProblem {
    WorkerProblem::new("cancelled", "The import was cancelled.")
}

/// Counts what is sent and tells the page, not too often.
struct Progress<'a> {
    on_event: &'a Function,
    state: RefCell<SendProgress>,
    told_at: Cell<f64>,
    /// Times and comments sent by then, of the last while.
    window: RefCell<VecDeque<(f64, u64)>>,
}

impl<'a> Progress<'a> {
    fn new(comments_total: u64, on_event: &'a Function) -> Self {
        let state = SendProgress {
            comments_sent: 0,
            comments_total,
            chunks_sent: 0,
            sent_bytes: 0,
            comments_per_second: None,
            seconds_left: None,
            retry: None,
        };
        Self {
            on_event,
            state: RefCell::new(state),
            told_at: Cell::new(0.0),
            window: RefCell::new(VecDeque::from([(js_sys::Date::now(), 0)])),
        }
    }

    fn sent(&self, chunk: &Packed) {
        let now = js_sys::Date::now();
        let mut state = self.state.borrow_mut();
        state.comments_sent += chunk.comments;
        state.chunks_sent += 1;
        state.sent_bytes += chunk.gzip.len() as u64;
        state.retry = None;
        let mut window = self.window.borrow_mut();
        window.push_back((now, state.comments_sent));
        while window.len() > 2 && now - window[0].0 > RATE_WINDOW_MS {
            window.pop_front();
        }
        let (since, sent_then) = window[0];
        let seconds = (now - since) / 1000.0;
        if seconds > 0.0 {
            let rate = (state.comments_sent - sent_then) as f64 / seconds;
            let left = state.comments_total.saturating_sub(state.comments_sent);
            state.comments_per_second = Some(rate);
            state.seconds_left = (rate > 0.0).then(|| left as f64 / rate);
        }
        let event = Event::Sending { progress: *state };
        let is_last = state.comments_sent >= state.comments_total;
        if is_last || now - self.told_at.get() >= PROGRESS_EVERY_MS {
            self.told_at.set(now);
            self.tell(&event);
        }
    }

    fn wait(&self, tries: u32, wait_ms: u32) {
        let mut state = self.state.borrow_mut();
        state.retry = Some(Retry { tries, wait_ms });
        self.tell(&Event::Sending { progress: *state });
    }

    fn tell(&self, event: &Event<'_>) {
        // A page that cannot take the event is no reason to stop sending.
        let _ = self.on_event.call1(&JsValue::NULL, &js::value(event));
    }
}
