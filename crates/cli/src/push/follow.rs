//! Waits for an import to end.

use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::api::Api;
use super::problem::Answer;
use super::progress::Progress;

/// Small imports end at once.
const FIRST_POLL: Duration = Duration::from_millis(200);
/// What the server keeps up with, whoever else asks.
const MAX_POLL: Duration = Duration::from_secs(2);

/// Asks until the import has ended, and gives it.
pub(crate) fn run(api: &Api<'_>, submitted: Value, progress: &Progress) -> Answer<Value> {
    let id = submitted["id"].as_str().unwrap_or_default().to_owned();
    let mut import = submitted;
    let mut poll = FIRST_POLL;
    progress.submitted();
    while is_under_way(&import) {
        show(&import, progress);
        thread::sleep(poll);
        poll = (poll * 3 / 2).min(MAX_POLL);
        import = api.import(&id).map_err(|problem| {
            let hint = "Everything is sent; the server applies it all the same.";
            problem.hint(hint).about(&id)
        })?;
    }
    Ok(import)
}

/// A state that this program does not know is an end: it is told by its name.
fn is_under_way(import: &Value) -> bool {
    matches!(import["state"].as_str(), Some("receiving" | "queued" | "running"))
}

fn show(import: &Value, progress: &Progress) {
    if let Some(first) = import["behind"].as_str() {
        progress.behind(first);
    } else if let (Some(done), Some(total)) =
        (import["progress"]["done"].as_u64(), import["progress"]["total"].as_u64())
    {
        progress.applying(done, total);
    }
}
