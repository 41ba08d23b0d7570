//! How far the stream is, for the page.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use js_sys::Function;
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::chunks::{Packed, Plain};
use crate::dto::{Retry, SendProgress};
use crate::js;

/// Progress is told at most this often.
const PROGRESS_EVERY_MS: f64 = 100.0;
/// The rate is that of this last while.
const RATE_WINDOW_MS: f64 = 5_000.0;

/// An event for the page. What an import holds is the page's affair.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Event<'a> {
    Created { import: &'a Value },
    Sending { progress: &'a SendProgress },
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

    pub(crate) fn sent(&self, chunk: &Packed) {
        let mut state = self.state.borrow_mut();
        state.comments_sent += chunk.comments;
        state.chunks_sent += 1;
        state.sent_bytes += chunk.gzip.len() as u64;
        state.retry = None;
        self.measure(&mut state);
        self.tell_if_due(&state);
    }

    pub(crate) fn held(&self, chunk: &Plain) {
        let mut state = self.state.borrow_mut();
        state.comments_sent += chunk.comments;
        state.comments_held += chunk.comments;
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

    pub(crate) fn wait(&self, retry: Retry) {
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

    pub(crate) fn tell(&self, event: &Event<'_>) {
        // A page that cannot take the event is no reason to stop sending.
        let _ = self.on_event.call1(&JsValue::NULL, &js::value(event));
    }
}
