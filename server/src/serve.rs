//! The server as a process: socket, signals, orderly stop.

use std::io::Write;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, PublicUrl};
use crate::mail::Mailer;
use crate::notify::Notifier;
use crate::{connections, setup_link};

/// Requests that are still open get so long at a stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until the process is told to stop (SIGTERM, Ctrl-C).
///
/// # Errors
/// The settings, the data folder or the address cannot be used.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    // Before anything is opened: a refused setting leaves nothing behind.
    PublicUrl::new(config.public_url.as_deref(), config.listen)?;
    let mailer = Mailer::new(&config.mail)?;
    Notifier::new(&config.notices, mailer.is_some())?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", config.listen))?;
    // Port 0 is known only now.
    let listen = listener.local_addr()?;
    let public_url = PublicUrl::new(config.public_url.as_deref(), listen)?;
    let app = App::open(&config, public_url, Clock::default()).await?;
    app.start();
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "Rehome is at {}", app.public_url().origin())?;
        out.flush()?;
    }
    app.spawn(setup_link::offer(app.clone()));
    let server = tokio::spawn(connections::serve(listener, app.clone()));
    asked_to_stop().await;
    tracing::info!("stopping");
    app.begin_shutdown();
    if let Ok(ended) = tokio::time::timeout(GRACE, server).await {
        ended?;
    } else {
        tracing::warn!("some requests were still open");
    }
    app.shut_down().await;
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
