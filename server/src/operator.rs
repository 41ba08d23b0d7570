//! What operators do from the terminal, while the server runs or not.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::app::{self, DATABASE, OpenError};
use crate::clock::Clock;
use crate::config::{Command, Config, PublicUrl};
use crate::store::accounts::LinkFor;
use crate::store::password_resets::SentBy;
use crate::store::{Store, Tables, accounts};
use crate::{reset_link, setup_link};

/// Does it, and prints its link to the terminal alone.
///
/// # Errors
/// The data folder cannot be used, or there is no such person.
pub async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let public_url = PublicUrl::new(config.public_url.as_deref(), config.listen)?;
    let store = open(&config.data, config.timing.busy_timeout_ms).await?;
    let now = Clock::default().now_micros();
    let said = match command {
        Command::ResetPassword { email } => {
            let link = reset(&store, &public_url, email.trim(), now).await?;
            format!("Choose a new password (once, within 15 minutes): {link}")
        }
        Command::NewAccount => {
            let link = setup_link::mint(&store, &public_url, LinkFor::Further, now).await?;
            format!("Set up the account (once, within 15 minutes): {link}")
        }
    };
    store.close().await;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{said}")?;
    out.flush()?;
    Ok(())
}

async fn reset(
    store: &Store,
    public_url: &PublicUrl,
    email: &str,
    now: i64,
) -> anyhow::Result<String> {
    let Some((admin, _)) = accounts::admin_by_email(store, email).await? else {
        bail!("nobody signs in to this server with that address");
    };
    let mut tx = store.begin().await?;
    let token = reset_link::mint(&mut tx, &admin, SentBy::Operator, now).await?;
    tx.commit().await?;
    Ok(reset_link::address(public_url, &token))
}

/// The database of a data folder that a server has made.
async fn open(data: &Path, busy_timeout_ms: u32) -> anyhow::Result<Store> {
    let file = data.join(DATABASE);
    if !file.exists() {
        bail!("{} holds no data of a server; name its folder with --data", data.display());
    }
    // Held while the tables may be changed: two would do it at once.
    let (_lock, tables) = match app::lock(data) {
        Ok(lock) => (Some(lock), Tables::BringUpToDate),
        Err(OpenError::InUse(_)) => (None, Tables::AreUpToDate),
        Err(error) => return Err(error.into()),
    };
    Store::open(&file, Duration::from_millis(busy_timeout_ms.into()), tables)
        .await
        .with_context(|| format!("{} cannot be opened", file.display()))
}
