//! The stream: what the server lacks, three chunks in flight, cancel.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use gloo_timers::future::TimeoutFuture;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use super::chunks::{Chunks, Packed, Plain, digest};
use super::control::{Control, cancelled};
use super::progress::{Event, Progress};
use super::upload;
use crate::WorkerProblem;

/// Chunks on their way at the same time.
const IN_FLIGHT: usize = 3;

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

/// Makes the import, or finds the unfinished one.
pub(crate) async fn open(
    site_id: u32,
    new: &mut Value,
    control: &Control,
    progress: &Progress,
) -> Result<Open, WorkerProblem> {
    let url = format!("/api/v1/sites/{site_id}/imports");
    let on_wait = |retry| progress.wait(retry);
    let answer = upload::json(&url, new, control, &on_wait).await;
    let answer = match answer {
        // Replaced already, by a try whose answer was lost: its import is found by its file.
        Err(problem) if problem.code == "not_receiving" && !new["replace"].take().is_null() => {
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

/// Sends every chunk that the server lacks. Gives what is to be submitted then.
/// After a failure the import stays unfinished on the server and can be gone on
/// with; after a cancel it is cancelled there too.
///
/// # Errors
/// A `WorkerProblem`, or what the reader of the chunks throws.
pub(crate) async fn send(
    open: &Open,
    chunks: &Chunks,
    control: &Control,
    progress: &Progress,
) -> Result<Value, JsValue> {
    let sent = match send_chunks(open, chunks, control, progress).await {
        Ok(last) => chunks
            .counts()
            .map(|counts| json!({ "chunks": last, "counts": counts, "issues": chunks.issues })),
        Err(error) => Err(error),
    };
    if control.is_cancelled() && sent.is_err() {
        return Err(cancel(open).await.into());
    }
    sent
}

/// Says that everything is sent. Gives the submitted import.
pub(crate) async fn submit(
    open: &Open,
    submit: &Value,
    control: &Control,
    progress: &Progress,
) -> Result<Value, WorkerProblem> {
    let url = format!("/api/v1/imports/{}/submit", open.id);
    let submitted = upload::json(&url, submit, control, &|retry| progress.wait(retry)).await;
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
    chunks: &Chunks,
    control: &Control,
    progress: &Progress,
) -> Result<u32, JsValue> {
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
            return Err(cancelled().into());
        }
        if more && in_flight.len() < IN_FLIGHT {
            let Some(chunk) = chunks.next()? else {
                more = false;
                continue;
            };
            last = chunk.number;
            let digest = digest(&chunk.lines);
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
fn is_held(open: &Open, chunk: &Plain, digest: &str) -> Result<bool, WorkerProblem> {
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
