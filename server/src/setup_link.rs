//! The link that makes an account: one use, 15 minutes, on the terminal only.

use std::io::Write;
use std::time::Duration;

use crate::app::App;
use crate::clock::micros;
use crate::config::PublicUrl;
use crate::store::Store;
use crate::store::accounts::{self, LinkFor};
use crate::token;

const LIFETIME: Duration = Duration::from_mins(15);

/// Makes a link for the first account, and forgets the ones before it, or for a further one.
///
/// # Errors
/// Those of the database, or of the system's random numbers.
pub(crate) async fn mint(
    store: &Store,
    public: &PublicUrl,
    for_: LinkFor,
    now: i64,
) -> anyhow::Result<String> {
    let token = token::mint()?;
    let expires_at = now + micros(LIFETIME);
    accounts::put_setup_link(store, for_, &token::hash(&token), expires_at).await?;
    Ok(format!("{}/setup#{token}", public.origin()))
}

/// Prints a link while nobody can sign in, and a fresh one each time one expires unused.
pub(crate) async fn offer(app: App) {
    while !app.shutdown().is_cancelled() {
        match print_if_needed(&app).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::error!(%error, "no setup link could be made"),
        }
        tokio::select! {
            () = tokio::time::sleep(LIFETIME) => {}
            () = app.shutdown().cancelled() => {}
        }
    }
}

async fn print_if_needed(app: &App) -> anyhow::Result<bool> {
    if accounts::admin_exists(app.store()).await? {
        return Ok(false);
    }
    let now = app.clock().now_micros();
    let link = mint(app.store(), app.public_url(), LinkFor::First, now).await?;
    // Straight to the terminal: logs are kept and sent elsewhere.
    let mut out = std::io::stdout().lock();
    writeln!(out, "Set up your account (once, within 15 minutes): {link}")?;
    out.flush()?;
    Ok(true)
}
