//! `rehome-server sweep`: one sweep now, by the server where one runs.

use std::time::Duration;

use anyhow::bail;
use tokio::time::Instant;

use crate::app::{App, OpenError};
use crate::clock::Clock;
use crate::config::{Config, PublicUrl};
use crate::store::sweeps::{self, Outcome};
use crate::store::{Store, Stored, Tables};
use crate::sweep::Swept;

/// A running server is waited for so long.
const PATIENCE: Duration = Duration::from_mins(5);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Sweeps, and says what that did.
///
/// # Errors
/// Something is left, or the running server does not come to it.
pub(super) async fn sweep(config: &Config, public_url: PublicUrl) -> anyhow::Result<String> {
    // Opening the folder to serve from it sweeps it.
    match App::open(config, public_url, Clock::default()).await {
        Ok(app) => {
            let outcome = async {
                Stored::Ok(match sweeps::last(app.store()).await? {
                    Some(job) => sweeps::outcome(app.store(), job).await?,
                    None => Outcome::Failed,
                })
            };
            let outcome = outcome.await;
            app.shut_down().await;
            match outcome? {
                Outcome::Done(swept) => Ok(say(swept)),
                _ => bail!("something is left; the lines above say what"),
            }
        }
        // Two would delete each other's files.
        Err(OpenError::InUse(_)) => ask_the_server(config).await,
        Err(error) => Err(error.into()),
    }
}

async fn ask_the_server(config: &Config) -> anyhow::Result<String> {
    let store = super::open_store(config, Tables::AreUpToDate).await?;
    let outcome = outcome(&store).await;
    store.close().await;
    match outcome? {
        Outcome::Done(swept) => Ok(format!("The running server did it. {}", say(swept))),
        Outcome::Forgotten => Ok("The running server did it.".to_owned()),
        Outcome::Failed => bail!("something is left; the server's log says what"),
        Outcome::Waiting => {
            bail!("the server that uses the folder has not come to it yet; it will, if it runs")
        }
    }
}

async fn outcome(store: &Store) -> Stored<Outcome> {
    let begun = Instant::now();
    let asked = sweeps::request(store, Clock::default().now_micros()).await?;
    let Some(job) = asked else { return Ok(Outcome::Forgotten) };
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
