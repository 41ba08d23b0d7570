//! What reaches a stream from outside: stop, and try again now.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_util::future;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AbortController, AbortSignal, EventTarget};

use crate::WorkerProblem;

/// Shared by everything that sends for one session.
#[derive(Clone)]
pub(crate) struct Control {
    controller: AbortController,
    calls: Rc<Calls>,
}

/// Calls to try again now.
#[derive(Default)]
struct Calls {
    number: Cell<u32>,
    /// Who waits, by a number of their own.
    waiting: RefCell<Vec<(u32, Waker)>>,
    waits: Cell<u32>,
}

impl Control {
    pub(crate) fn new() -> Self {
        let controller = AbortController::new().expect("every browser with workers has it");
        Self { controller, calls: Rc::default() }
    }

    /// Ends everything: what is on its way, and what waits.
    pub(crate) fn cancel(&self) {
        self.controller.abort();
        self.calls.call();
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.signal().aborted()
    }

    pub(crate) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Ends every wait at once.
    pub(crate) fn try_now(&self) {
        self.calls.call();
    }

    /// Waits so many milliseconds, or until [`Self::try_now`] or [`Self::cancel`].
    pub(crate) async fn wait(&self, ms: u32) {
        let calls = &*self.calls;
        let before = calls.number.get();
        let me = calls.waits.get();
        calls.waits.set(me.wrapping_add(1));
        let called = poll_fn(|context| {
            if calls.number.get() != before {
                return Poll::Ready(());
            }
            calls.forget(me);
            calls.waiting.borrow_mut().push((me, context.waker().clone()));
            Poll::Pending
        });
        future::select(TimeoutFuture::new(ms), called).await;
        calls.forget(me);
    }

    /// Ends every wait whenever the browser says that the network is back, as
    /// long as the returned guard lives.
    pub(crate) fn listen(&self) -> Listening {
        let calls = self.calls.clone();
        let on_online = Closure::<dyn Fn()>::new(move || calls.call());
        let target: EventTarget = js_sys::global().unchecked_into();
        // Where it cannot be listened to, the back-off alone goes on.
        let _ =
            target.add_event_listener_with_callback("online", on_online.as_ref().unchecked_ref());
        Listening { target, on_online }
    }
}

impl Calls {
    fn call(&self) {
        self.number.set(self.number.get().wrapping_add(1));
        for (_, waker) in self.waiting.take() {
            waker.wake();
        }
    }

    fn forget(&self, who: u32) {
        self.waiting.borrow_mut().retain(|(number, _)| *number != who);
    }
}

/// A listener that goes as this is dropped.
pub(crate) struct Listening {
    target: EventTarget,
    on_online: Closure<dyn Fn()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback("online", self.on_online.as_ref().unchecked_ref());
    }
}

/// The problem that stands for "the admin said stop".
pub(crate) fn cancelled() -> WorkerProblem {
    WorkerProblem::new("cancelled", "The import was cancelled.")
}
