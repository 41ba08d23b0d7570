//! `GET /events`: live status of the account's imports, as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use tokio::sync::watch;
use tokio::time::Instant;

use super::caller::Caller;
use super::dto::{Import, LiveEvent};
use super::permission::{Follow, May};
use super::problem::Answer;
use crate::app::App;
use crate::store::{Stored, import_moves, imports};

/// The newest imports that a stream begins with.
const SNAPSHOT: u32 = 50;
/// Changes that are read at once; the rest follows.
const AT_ONCE: u32 = 500;
/// Changes within this time come as one.
const COALESCE: Duration = Duration::from_millis(250);
/// Silence is filled so often, and session or token looked at.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Follows the imports of the account, as server-sent events.
///
/// First comes a `snapshot`, a list of the newest imports, then an `import` for each change.
/// Whoever connects again and names the last event that they saw gets what changed since then
/// and no snapshot, unless that is too much.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "followImports",
    tag = "imports",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    params(
        (
            "last-event-id" = Option<String>,
            Header,
            description = "Id of the last event that was seen, as browsers send it by themselves.",
        ),
    ),
    responses(
        (
            status = 200,
            description = "Events without end.",
            body = LiveEvent,
            content_type = "text/event-stream",
        ),
    ),
)]
pub(crate) async fn follow(
    State(app): State<App>,
    caller: May<Follow>,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let live = Live::begin(app, caller.into_caller(), seen).await?;
    let events = stream::unfold(live, |mut live| async {
        let event = live.next().await?;
        Some((Ok(event), live))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

struct Live {
    app: App,
    caller: Caller,
    changes: watch::Receiver<u64>,
    /// The newest change that was sent.
    version: i64,
    waiting: VecDeque<Event>,
    read_at: Instant,
}

impl Live {
    async fn begin(app: App, caller: Caller, seen: Option<i64>) -> Stored<Self> {
        // Before reading: a change after it is not missed.
        let mut changes = app.changes();
        changes.mark_unchanged();
        let account_id = caller.admin.account_id;
        let since = match seen {
            Some(seen) => since(&app, account_id, seen).await?,
            None => None,
        };
        let (waiting, version) = match since {
            Some(since) => since,
            None => snapshot(&app, account_id).await?,
        };
        Ok(Self { app, caller, changes, version, waiting, read_at: Instant::now() })
    }

    /// None ends the stream: the server stops, session or token are over, or the
    /// store is out of reach. The browser connects again.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let shutdown = self.app.shutdown().clone();
            tokio::select! {
                () = shutdown.cancelled() => return None,
                read = self.wait_and_read() => read?,
            }
        }
    }

    async fn wait_and_read(&mut self) -> Option<()> {
        tokio::time::sleep_until(self.read_at + COALESCE).await;
        let changed = tokio::time::timeout(KEEP_ALIVE, self.changes.changed()).await;
        if !self.caller.holds(&self.app).await.ok()? {
            return None;
        }
        if changed.is_err() {
            return Some(());
        }
        self.changes.mark_unchanged();
        self.read_at = Instant::now();
        let account_id = self.caller.admin.account_id;
        let changed = imports::changed_since(self.app.store(), account_id, self.version, AT_ONCE)
            .await
            .ok()?;
        if changed.len() == AT_ONCE as usize {
            self.changes.mark_changed();
        }
        self.waiting.extend(changed.iter().filter_map(event_of));
        if let Some(last) = changed.last() {
            self.version = last.version;
        }
        Some(())
    }
}

/// The newest imports as one event, and the newest change among them.
async fn snapshot(app: &App, account_id: i64) -> Stored<(VecDeque<Event>, i64)> {
    let newest = imports::list(app.store(), account_id, None, SNAPSHOT).await?;
    let version = newest.iter().map(|import| import.version).max().unwrap_or(0);
    let event = Event::default().event("snapshot").id(version.to_string());
    Ok((event.json_data(&newest).into_iter().collect(), version))
}

/// What changed since then. None where it is too much, or where that was another
/// database: versions only ever count up.
async fn since(app: &App, account_id: i64, seen: i64) -> Stored<Option<(VecDeque<Event>, i64)>> {
    if seen > import_moves::latest_version(app.store()).await? {
        return Ok(None);
    }
    let changed = imports::changed_since(app.store(), account_id, seen, AT_ONCE).await?;
    if changed.len() == AT_ONCE as usize {
        return Ok(None);
    }
    let version = changed.last().map_or(seen, |last| last.version);
    Ok(Some((changed.iter().filter_map(event_of).collect(), version)))
}

fn event_of(import: &Import) -> Option<Event> {
    let event = Event::default().event("import").id(import.version.to_string());
    event.json_data(import).ok()
}
