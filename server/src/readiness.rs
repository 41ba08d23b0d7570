//! Whether the server can take work: what `/readyz` answers.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::app::App;
use crate::http::dto::{Readiness, ReadinessCheck, ReadinessName};

/// Many may ask: what was found holds for so long.
const FRESH: Duration = Duration::from_secs(1);
/// Longer than a batch of any job keeps the one writer.
const WRITER_WAIT: Duration = Duration::from_secs(5);
/// Written to each folder and deleted; a full disk has no room for a block.
const PROBE: &str = ".ready";
const BLOCK: [u8; 4096] = [0; 4096];

/// What was found last, and when.
#[derive(Debug, Default)]
pub(crate) struct Found(Mutex<Option<(Instant, Vec<ReadinessCheck>)>>);

/// Looks, unless somebody did a moment ago.
pub(crate) async fn look(app: &App) -> Readiness {
    let mut found = app.readiness().0.lock().await;
    let fresh = found.take().filter(|(at, _)| at.elapsed() < FRESH);
    let (at, mut checks) = match fresh {
        Some(fresh) => fresh,
        None => (Instant::now(), look_anew(app).await),
    };
    *found = Some((at, checks.clone()));
    let running = !app.shutdown().is_cancelled();
    checks.insert(0, ReadinessCheck { name: ReadinessName::Running, ok: running });
    Readiness { ready: checks.iter().all(|check| check.ok), checks }
}

async fn look_anew(app: &App) -> Vec<ReadinessCheck> {
    let (store, data) = (app.store(), app.data());
    let database = async {
        store.ping().await?;
        store.can_write().await
    };
    let database = match tokio::time::timeout(WRITER_WAIT, database).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => said(ReadinessName::Database, &error),
        Err(_) => said(ReadinessName::Database, &"it is locked"),
    };
    let tables = match store.check_tables().await {
        Ok(()) => true,
        Err(error) => said(ReadinessName::Tables, &error),
    };
    let data_folder = folder(ReadinessName::DataFolder, data.to_owned()).await;
    let spool_folder = folder(ReadinessName::SpoolFolder, data.join("spool")).await;
    [
        (ReadinessName::Database, database),
        (ReadinessName::Tables, tables),
        (ReadinessName::DataFolder, data_folder),
        (ReadinessName::SpoolFolder, spool_folder),
    ]
    .map(|(name, ok)| ReadinessCheck { name, ok })
    .into()
}

/// The log says why; whoever asks is told no more than what.
fn said(name: ReadinessName, error: &dyn std::fmt::Display) -> bool {
    tracing::warn!(check = ?name, %error, "not ready");
    false
}

async fn folder(name: ReadinessName, folder: PathBuf) -> bool {
    let written = tokio::task::spawn_blocking(move || write_to(&folder)).await;
    match written.map_err(io::Error::other).flatten() {
        Ok(()) => true,
        Err(error) => said(name, &error),
    }
}

fn write_to(folder: &Path) -> io::Result<()> {
    let probe = folder.join(PROBE);
    let written = std::fs::File::create(&probe).and_then(|mut file| file.write_all(&BLOCK));
    match std::fs::remove_file(&probe) {
        // The sweep may have been faster.
        Err(error) if error.kind() != io::ErrorKind::NotFound => written.and(Err(error)),
        _ => written,
    }
}
