//! One request to the server, tried until it is answered.

use gloo_net::http::{Request, Response};
use js_sys::Uint8Array;
use serde::Serialize;
use serde_json::Value;

use super::chunks::Packed;
use super::control::{Control, cancelled};
use crate::WorkerProblem;
use crate::dto::Retry;

/// Tries of one request that the server itself fails at, the first included.
/// A network that is gone and a server that is busy are waited for without end.
const MAX_TRIES: u32 = 10;
/// Wait after the first failed try; it doubles with each.
const FIRST_WAIT_MS: u32 = 500;
/// The longest wait that nobody asked for.
const MAX_WAIT_MS: u32 = 30_000;
/// The longest wait that a server may ask for.
const MAX_ASKED_MS: u32 = 300_000;

/// Told of every wait.
pub(crate) type OnWait<'a> = &'a dyn Fn(Retry);

/// Why a try failed.
enum Failure {
    /// Another try may help, after this many milliseconds if that is known.
    Passing(WorkerProblem, Option<u32>),
    /// It will fail again.
    Final(WorkerProblem),
}

/// Sends JSON and reads JSON back: as a [`Value`], since a type for each of the
/// few answers would be more code than all of this file.
pub(crate) async fn json(
    url: &str,
    body: &impl Serialize,
    control: &Control,
    on_wait: OnWait<'_>,
) -> Result<Value, WorkerProblem> {
    let body = serde_json::to_string(body).expect("what is sent has string keys");
    text(url, &body, control, on_wait).await
}

async fn text(
    url: &str,
    body: &str,
    control: &Control,
    on_wait: OnWait<'_>,
) -> Result<Value, WorkerProblem> {
    tried(control, on_wait, async || {
        let request = Request::post(url)
            .header("Content-Type", "application/json")
            .abort_signal(Some(&control.signal()))
            .body(body);
        let response = send(request).await?;
        response.json().await.map_err(|_| Failure::Passing(network_lost(), None))
    })
    .await
}

/// Sends a chunk. The server takes the same chunk twice, so an answer that was
/// lost does no harm.
pub(crate) async fn chunk(
    import: &str,
    chunk: &Packed,
    control: &Control,
    on_wait: OnWait<'_>,
) -> Result<(), WorkerProblem> {
    let url = format!("/api/v1/imports/{import}/chunks/{}", chunk.number);
    let body = Uint8Array::from(chunk.gzip.as_slice());
    tried(control, on_wait, async || {
        let request = Request::put(&url)
            .header("Content-Type", "application/x-ndjson")
            .header("Content-Encoding", "gzip")
            .header("Unencoded-Digest", &chunk.unencoded_digest)
            .header("Content-Digest", &chunk.content_digest)
            .abort_signal(Some(&control.signal()))
            .body(&body);
        send(request).await.map(|_| ())
    })
    .await
}

/// Cancels an import; false where the server could not be told.
pub(crate) async fn cancel(import: &str) -> bool {
    let answer = Request::delete(&format!("/api/v1/imports/{import}")).send().await;
    // 409: it has ended by itself. 404: it is gone.
    answer.is_ok_and(|answer| answer.ok() || matches!(answer.status(), 404 | 409))
}

/// One try.
async fn send(request: Result<Request, gloo_net::Error>) -> Result<Response, Failure> {
    let request = request.map_err(|_| Failure::Final(network_lost()))?;
    let response = request.send().await.map_err(|_| Failure::Passing(network_lost(), None))?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let wait_ms = response
        .headers()
        .get("Retry-After")
        .and_then(|seconds| seconds.parse::<u32>().ok())
        .map(|seconds| seconds.saturating_mul(1000));
    let problem = problem(status, response).await;
    match status {
        // Somebody has to make room first.
        507 => Err(Failure::Passing(problem, Some(MAX_WAIT_MS))),
        408 | 429 | 500 | 502..=504 => Err(Failure::Passing(problem, wait_ms)),
        _ => Err(Failure::Final(problem)),
    }
}

async fn tried<T>(
    control: &Control,
    on_wait: OnWait<'_>,
    attempt: impl AsyncFn() -> Result<T, Failure>,
) -> Result<T, WorkerProblem> {
    let mut tries = 0;
    loop {
        let failed = attempt().await;
        if control.is_cancelled() {
            return Err(cancelled());
        }
        let (problem, asked_ms) = match failed {
            Ok(answer) => return Ok(answer),
            Err(Failure::Final(problem)) => return Err(problem),
            Err(Failure::Passing(problem, asked_ms)) => (problem, asked_ms),
        };
        tries += 1;
        if problem.status == Some(500) && tries >= MAX_TRIES {
            return Err(problem);
        }
        let wait_ms = asked_ms.map_or_else(|| back_off_ms(tries), |asked| asked.min(MAX_ASKED_MS));
        on_wait(Retry { code: problem.code, tries, wait_ms });
        control.wait(wait_ms).await;
        if control.is_cancelled() {
            return Err(cancelled());
        }
    }
}

/// Between half and all of a wait that doubles, so that many tabs do not come
/// back at the same moment.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most MAX_WAIT_MS")]
fn back_off_ms(tries: u32) -> u32 {
    let full = FIRST_WAIT_MS.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(MAX_WAIT_MS);
    full / 2 + (js_sys::Math::random() * f64::from(full / 2)) as u32
}

/// What the server says of an error: RFC 9457.
async fn problem(status: u16, response: Response) -> WorkerProblem {
    let told = response.json::<Value>().await.unwrap_or_default();
    let problem = match (told["code"].as_str(), told["title"].as_str()) {
        (Some(code), Some(title)) => WorkerProblem::new(code, title),
        // Not our server's words: those of a proxy before it.
        _ => WorkerProblem::new(
            if status >= 500 { "server_error" } else { "server_refused" },
            &format!("The server answered with an error ({status}). Try again later."),
        ),
    };
    let differs = told["differs"].as_array().map(Vec::as_slice).unwrap_or_default();
    WorkerProblem {
        code: if status == 401 { "signed_out".to_owned() } else { problem.code },
        status: Some(status),
        import: told["import"].as_str().map(str::to_owned),
        origin: told["origin"].as_str().map(str::to_owned),
        differs: differs.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        ..problem
    }
}

fn network_lost() -> WorkerProblem {
    WorkerProblem::new(
        "network_lost",
        "The server cannot be reached. Check your connection and try again.",
    )
}
