//! `rehome-server sweep`: one sweep now, by the server where one runs.

use std::time::Duration;

use anyhow::bail;
use tokio::time::Instant;

use crate::app::{App, OpenError};
use crate::clock::Clock;
use crate::config::{Config, PublicUrl};
use crate::store::sweeps::{self, Outcome};
use crate::store::{Store, Tables};
use crate::sweep::Swept;

/// A running server is waited for so long.
const PATIENCE: Duration = Duration::from_mins(5);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Sweeps, and says what that did.
///
/// # Errors
/// Something is left, or the running server does not come to it.
pub(super) async fn sweep(config: &Config, public_url: PublicUrl) -> anyhow::Result<String> {
    match App::open_and_sweep(config, public_url, Clock::default()).await {
        Ok((app, swept)) => {
            app.shut_down().await;
            Ok(say(swept?))
        }
        // Two would delete each other's files.
        Err(OpenError::InUse(_)) => ask_the_server(config).await,
        Err(error) => Err(error.into()),
    }
}

async fn ask_the_server(config: &Config) -> anyhow::Result<String> {
    let store = super::open_store(config, Tables::AreUpToDate).await?;
    let job = sweeps::request(&store, Clock::default().now_micros()).await?;
    let outcome = outcome(&store, job).await;
    store.close().await;
    match outcome? {
        Outcome::Done(swept) => Ok(format!("The running server did it. {}", say(swept))),
        Outcome::Failed => bail!("something is left; the server's log says what"),
        Outcome::Waiting => {
            bail!("the server that uses the folder has not come to it yet; it will, if it runs")
        }
    }
}

async fn outcome(store: &Store, job: i64) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    loop {
        let outcome = sweeps::outcome(store, job).await?;
        if outcome != Outcome::Waiting || begun.elapsed() > PATIENCE {
            return Ok(outcome);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn say(swept: Swept) -> String {
    let Swept { ended, expired, cut, strays } = swept;
    format!(
        "Swept. Imports brought to their end: {ended}, unfinished streams expired: {expired}, \
         cut-off streams cancelled: {cut}, stray files deleted: {strays}."
    )
}
