//! The stream: what the server lacks, three chunks in flight, progress, cancel.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use gloo_timers::future::TimeoutFuture;
use js_sys::Function;
use rehome_record::{Chunk, NewImport, Submit};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::chunks::{Chunks, Packed, digest};
use crate::control::{Control, cancelled};
use crate::dto::{Retry, SendProgress};
use crate::{WorkerProblem, js, upload};

/// Chunks on their way at the same time.
const IN_FLIGHT: usize = 3;
/// Progress is told at most this often.
const PROGRESS_EVERY_MS: f64 = 100.0;
/// The rate is that of this last while.
const RATE_WINDOW_MS: f64 = 5_000.0;

/// A chunk that the server holds.
struct Held {
    number: u32,
    /// Over its plain lines.
    digest: String,
}

/// An import that takes chunks.
pub(crate) struct Open {
    id: String,
    held: Vec<Held>,
}

/// An event for the page. What an import holds is the page's affair.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event<'a> {
    Created { import: &'a Value },
    Sending { progress: &'a SendProgress },
}

/// Makes the import, or finds the unfinished one.
pub(crate) async fn open(
    site_id: u32,
    new: &mut NewImport,
    control: &Control,
    progress: &Progress,
) -> Result<Open, WorkerProblem> {
    let url = format!("/api/v1/sites/{site_id}/imports");
    let on_wait = |retry| progress.wait(retry);
    let answer = upload::json(&url, new, control, &on_wait).await;
    let answer = match answer {
        // Replaced already, by a try whose answer was lost: its import is found by its file.
        Err(problem) if problem.code == "not_receiving" && new.replace.take().is_some() => {
            upload::json(&url, new, control, &on_wait).await
        }
        answer => answer,
    };
    let answer = answer?;
    let import = &answer["import"];
    let (Some(id), Some(chunks)) = (import["id"].as_str(), answer["chunks"].as_array()) else {
        let message = "The server answered with something else than an import. Try again later.";
        return Err(WorkerProblem::new("server_error", message));
    };
    progress.tell(&Event::Created { import });
    let held = chunks.iter().filter_map(Held::read).collect();
    Ok(Open { id: id.to_owned(), held })
}

impl Held {
    /// One that cannot be read is sent again, which does no harm.
    fn read(chunk: &Value) -> Option<Self> {
        let number = u32::try_from(chunk["number"].as_u64()?).ok()?;
        Some(Self { number, digest: chunk["digest"].as_str()?.to_owned() })
    }
}

/// Sends every chunk that the server lacks, and submits. Gives the submitted
/// import. After a failure the import stays unfinished on the server and can be
/// gone on with; after a cancel it is cancelled there too.
pub(crate) async fn run(
    open: &Open,
    mut chunks: Chunks,
    control: &Control,
    progress: &Progress,
) -> Result<Value, WorkerProblem> {
    let submitted = match send_chunks(open, &mut chunks, control, progress).await {
        Ok(number) => {
            let submit = Submit { chunks: number, counts: chunks.counts() };
            let url = format!("/api/v1/imports/{}/submit", open.id);
            upload::json(&url, &submit, control, &|retry| progress.wait(retry)).await
        }
        Err(problem) => Err(problem),
    };
    if control.is_cancelled() && submitted.is_err() {
        return Err(cancel(open).await);
    }
    submitted
}

/// Cancels on the server what was cancelled here.
async fn cancel(open: &Open) -> WorkerProblem {
    if upload::cancel(&open.id).await {
        return cancelled();
    }
    WorkerProblem {
        import: Some(open.id.clone()),
        ..WorkerProblem::new(
            "cancel_untold",
            "Sending has stopped, but the server could not be told. Cancel the import there.",
        )
    }
}

/// Sends the chunks that the server lacks; gives the number of all.
async fn send_chunks(
    open: &Open,
    chunks: &mut Chunks,
    control: &Control,
    progress: &Progress,
) -> Result<u32, WorkerProblem> {
    let upload = async |chunk: Packed| {
        upload::chunk(&open.id, &chunk, control, &|retry| progress.wait(retry)).await?;
        progress.sent(&chunk);
        Ok::<_, WorkerProblem>(())
    };
    let mut in_flight = FuturesUnordered::new();
    let mut last = 0;
    let mut more = true;
    loop {
        if control.is_cancelled() {
            return Err(cancelled());
        }
        if more && in_flight.len() < IN_FLIGHT {
            let Some(chunk) = chunks.next()? else {
                more = false;
                continue;
            };
            last = chunk.number;
            let digest = digest(&chunk.plain);
            if is_held(open, &chunk, &digest)? {
                progress.held(&chunk);
                // Nothing is waited for here, and a cancel must come through.
                TimeoutFuture::new(0).await;
            } else {
                in_flight.push(upload(Packed::new(&chunk, digest)));
            }
            continue;
        }
        match in_flight.next().await {
            Some(sent) => sent?,
            None => return Ok(last),
        }
    }
}

/// Whether the server has these very lines.
fn is_held(open: &Open, chunk: &Chunk, digest: &str) -> Result<bool, WorkerProblem> {
    match open.held.iter().find(|held| held.number == chunk.number) {
        Some(held) if held.digest == digest => Ok(true),
        Some(_) => Err(WorkerProblem {
            import: Some(open.id.clone()),
            ..WorkerProblem::new(
                "chunk_differs",
                "The file gives other lines than before. Start a new import.",
            )
        }),
        None => Ok(false),
    }
}

/// Counts what is sent and tells the page, not too often.
pub(crate) struct Progress {
    on_event: Function,
    state: RefCell<SendProgress>,
    told_at: Cell<f64>,
    /// Times and comments sent by then, of the last while.
    window: RefCell<VecDeque<(f64, u64)>>,
}

impl Progress {
    pub(crate) fn new(comments_total: u64, on_event: Function) -> Self {
        let state = SendProgress {
            comments_sent: 0,
            comments_total,
            chunks_sent: 0,
            comments_held: 0,
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
        let mut state = self.state.borrow_mut();
        state.comments_sent += chunk.comments;
        state.chunks_sent += 1;
        state.sent_bytes += chunk.gzip.len() as u64;
        state.retry = None;
        self.measure(&mut state);
        self.tell_if_due(&state);
    }

    fn held(&self, chunk: &Chunk) {
        let mut state = self.state.borrow_mut();
        state.comments_sent += chunk.counts.comments;
        state.comments_held += chunk.counts.comments;
        state.chunks_sent += 1;
        self.tell_if_due(&state);
    }

    /// What was held before took no time, and says nothing of the time left.
    fn measure(&self, state: &mut SendProgress) {
        let now = js_sys::Date::now();
        let went = state.comments_sent - state.comments_held;
        let mut window = self.window.borrow_mut();
        window.push_back((now, went));
        while window.len() > 2 && now - window[0].0 > RATE_WINDOW_MS {
            window.pop_front();
        }
        let (since, went_then) = window[0];
        let seconds = (now - since) / 1000.0;
        if seconds > 0.0 {
            let rate = (went - went_then) as f64 / seconds;
            let left = state.comments_total.saturating_sub(state.comments_sent);
            state.comments_per_second = Some(rate);
            state.seconds_left = (rate > 0.0).then(|| left as f64 / rate);
        }
    }

    fn wait(&self, retry: Retry) {
        let mut state = self.state.borrow_mut();
        state.retry = Some(retry);
        self.tell(&Event::Sending { progress: &state });
    }

    fn tell_if_due(&self, state: &SendProgress) {
        let now = js_sys::Date::now();
        let is_last = state.comments_sent >= state.comments_total;
        if is_last || now - self.told_at.get() >= PROGRESS_EVERY_MS {
            self.told_at.set(now);
            self.tell(&Event::Sending { progress: state });
        }
    }

    fn tell(&self, event: &Event<'_>) {
        // A page that cannot take the event is no reason to stop sending.
        let _ = self.on_event.call1(&JsValue::NULL, &js::value(event));
    }
}
