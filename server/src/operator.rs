//! What operators do from the terminal, while the server runs or not.

mod backup;
mod check;
mod sweep;

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::app::{self, DATABASE, OpenError};
use crate::clock::Clock;
use crate::config::{Command, Config, PublicUrl};
use crate::store::accounts::LinkFor;
use crate::store::password_resets::SentBy;
use crate::store::{Store, Tables, accounts};
use crate::{reset_link, setup_link};

/// Does it, and prints what came of it to the terminal alone. Not a success where a
/// check found something.
///
/// # Errors
/// The data folder cannot be used, or there is no such person.
pub async fn run(command: Command, config: &Config) -> anyhow::Result<ExitCode> {
    let public_url = PublicUrl::new(config.public_url.as_deref(), config.listen)?;
    check_data(config)?;
    match command {
        Command::Sweep => say(&sweep::sweep(config, public_url).await?)?,
        Command::Backup { file } => {
            // Those of an older version as well: it is backed up before it is brought up to date.
            let store = open_store(config, Tables::AsTheyAre).await?;
            let said = backup::back_up(&store, &file).await;
            store.close().await;
            say(&said?)?;
        }
        Command::Check => {
            let store = open_store(config, Tables::AreUpToDate).await?;
            let checked = check::check(&store, &config.data).await;
            store.close().await;
            let checked = checked?;
            checked.findings.iter().try_for_each(|finding| say(finding))?;
            say(&checked.said)?;
            if !checked.findings.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::ResetPassword { .. } | Command::NewAccount | Command::SetupLink => {
            let store = open_for_links(config).await?;
            let said = link(command, &store, &public_url).await;
            store.close().await;
            say(&said?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn say(said: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{said}")?;
    out.flush()
}

/// A link, with what it is for.
async fn link(command: Command, store: &Store, public_url: &PublicUrl) -> anyhow::Result<String> {
    let now = Clock::default().now_micros();
    match command {
        Command::ResetPassword { email } => {
            let link = reset(store, public_url, email.trim(), now).await?;
            Ok(format!("Choose a new password (once, within 15 minutes): {link}"))
        }
        Command::SetupLink => {
            if accounts::admin_exists(store).await? {
                bail!(
                    "there is an account already: `rehome-server new-account` prints a link for \
                     a further one, `rehome-server reset-password` one for a new password"
                );
            }
            let link = setup_link::mint(store, public_url, LinkFor::First, now).await?;
            Ok(format!("Set up your account (once, within 15 minutes): {link}"))
        }
        _ => {
            let link = setup_link::mint(store, public_url, LinkFor::Further, now).await?;
            Ok(format!("Set up the account (once, within 15 minutes): {link}"))
        }
    }
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

/// Whether a server has made the folder.
fn check_data(config: &Config) -> anyhow::Result<()> {
    let data = &config.data;
    if !data.join(DATABASE).exists() {
        bail!("{} holds no data of a server; name its folder with --data", data.display());
    }
    Ok(())
}

/// The database, its tables brought up to date where no server runs.
async fn open_for_links(config: &Config) -> anyhow::Result<Store> {
    // Held while the tables may be changed: two would do it at once.
    let (_lock, tables) = match app::lock(&config.data) {
        Ok(lock) => (Some(lock), Tables::BringUpToDate),
        Err(OpenError::InUse(_)) => (None, Tables::AreUpToDate),
        Err(error) => return Err(error.into()),
    };
    open_store(config, tables).await
}

async fn open_store(config: &Config, tables: Tables) -> anyhow::Result<Store> {
    let file = config.data.join(DATABASE);
    Store::open(&file, Duration::from_millis(config.timing.busy_timeout_ms.into()), tables)
        .await
        .with_context(|| format!("{} cannot be opened", file.display()))
}
