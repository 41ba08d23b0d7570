//! One stream to the server.

use std::cell::RefCell;

use js_sys::Function;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::chunks::Chunks;
use super::control::Control;
use super::progress::Progress;
use super::stream::{self, Open};
use crate::{WorkerProblem, js};

/// Sends one export. Knows nothing of files: the lines come from a session.
#[wasm_bindgen]
pub struct Sender {
    control: Control,
    open: RefCell<Option<(Open, Progress)>>,
    /// What was submitted and answered with a question.
    asked: RefCell<Option<(Open, Progress, Value)>>,
}

/// The server knows most of the comments by another origin: is it the same blog?
const SAME_BLOG: &str = "same_blog";

#[wasm_bindgen]
impl Sender {
    /// Sends nothing yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it is made in JavaScript")]
    pub fn new() -> Self {
        Self { control: Control::new(), open: RefCell::default(), asked: RefCell::default() }
    }

    /// Makes the import on the server, or finds the unfinished one. `new` is
    /// what the session has frozen; its `resume` names the unfinished import to
    /// go on with, without which the site's own one of the same file is taken,
    /// and `replace` names the one that a new import takes the place of.
    ///
    /// From here on `on_event` is told `{type: "created", import}` once and
    /// `{type: "sending", progress}` at most ten times a second.
    ///
    /// # Errors
    /// A `WorkerProblem`; its code is `cancelled` after [`Self::cancel`], and
    /// `import_differs` where the unfinished import was begun with something else.
    pub async fn open(
        &self,
        site_id: u32,
        #[wasm_bindgen(unchecked_param_type = "NewImport")] new: JsValue,
        #[wasm_bindgen(
            unchecked_param_type = "(event: { type: 'created'; import: Import } | { type: 'sending'; progress: SendProgress }) => void"
        )]
        on_event: Function,
    ) -> Result<(), JsValue> {
        let mut new = js::read(&new);
        let progress = Progress::new(new["seen"]["kept"].as_u64().unwrap_or_default(), on_event);
        let _listening = self.control.listen();
        let open = stream::open(site_id, &mut new, &self.control, &progress).await?;
        self.open.replace(Some((open, progress)));
        Ok(())
    }

    /// Streams to the server what it lacks, and submits it. `next` gives the
    /// session's next chunk, `counts` its counts after the last; `issues` are what
    /// it found. Resolves with the submitted import.
    ///
    /// # Errors
    /// A `WorkerProblem`; its code is `cancelled` after [`Self::cancel`], and
    /// `same_blog` where [`Self::answer_origin`] goes on. What `next` throws is
    /// thrown on.
    #[wasm_bindgen(unchecked_return_type = "Import")]
    pub async fn run(
        &self,
        #[wasm_bindgen(unchecked_param_type = "() => PlainChunk | undefined")] next: Function,
        #[wasm_bindgen(unchecked_param_type = "() => Counts")] counts: Function,
        #[wasm_bindgen(unchecked_param_type = "ReaderIssue[]")] issues: JsValue,
    ) -> Result<JsValue, JsValue> {
        let Some((open, progress)) = self.open.take() else {
            return Err(out_of_order().into());
        };
        let _listening = self.control.listen();
        let chunks = Chunks::new(next, counts, js::read(&issues));
        let submit = stream::send(&open, &chunks, &self.control, &progress).await?;
        Ok(self.submit(open, progress, submit).await?)
    }

    /// Submits again with the answer to `same_blog`: the known origin where it is
    /// the same blog, an empty text where it is another one.
    ///
    /// # Errors
    /// A `WorkerProblem`, as [`Self::run`].
    #[wasm_bindgen(js_name = answerOrigin, unchecked_return_type = "Import")]
    pub async fn answer_origin(&self, same_origin: String) -> Result<JsValue, JsValue> {
        let Some((open, progress, mut submit)) = self.asked.take() else {
            return Err(out_of_order().into());
        };
        let _listening = self.control.listen();
        submit["same_origin"] = Value::from(same_origin);
        Ok(self.submit(open, progress, submit).await?)
    }

    async fn submit(
        &self,
        open: Open,
        progress: Progress,
        submit: Value,
    ) -> Result<JsValue, WorkerProblem> {
        let submitted = stream::submit(&open, &submit, &self.control, &progress).await;
        if submitted.as_ref().is_err_and(|problem| problem.code == SAME_BLOG) {
            self.asked.replace(Some((open, progress, submit)));
        }
        Ok(js::value(&submitted?))
    }

    /// Ends the wait for the next try, where there is one.
    #[wasm_bindgen(js_name = tryNow)]
    pub fn try_now(&self) {
        self.control.try_now();
    }

    /// Stops the stream, on the server as well.
    pub fn cancel(&self) {
        self.control.cancel();
    }
}

fn out_of_order() -> WorkerProblem {
    WorkerProblem::new("out_of_order", "There is no import to send to. Choose the file again.")
}
