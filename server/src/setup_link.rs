//! The link that makes the first account: one use, 15 minutes, on the terminal only.

use std::io::Write;
use std::time::Duration;

use crate::app::App;
use crate::clock::micros;
use crate::store::accounts;
use crate::token;

const LIFETIME: Duration = Duration::from_mins(15);

/// Makes a link and forgets the ones before it.
///
/// # Errors
/// Those of the database, or of the system's random numbers.
pub(crate) async fn mint(app: &App) -> anyhow::Result<String> {
    let token = token::mint()?;
    let expires_at = app.clock().now_micros() + micros(LIFETIME);
    accounts::put_setup_link(app.store(), &token::hash(&token), expires_at).await?;
    Ok(format!("{}/setup#{token}", app.public_url().origin()))
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
    let link = mint(app).await?;
    // Straight to the terminal: logs are kept and sent elsewhere.
    let mut out = std::io::stdout().lock();
    writeln!(out, "Set up your account (once, within 15 minutes): {link}")?;
    out.flush()?;
    Ok(true)
}
