//! The server as a process: socket, signals, orderly stop.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, PublicUrl};
use crate::mail::Mailer;
use crate::notify::Notifier;
use crate::{connections, http, setup_link};

/// Requests that are still open get so long at a stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until the process is told to stop (SIGTERM, Ctrl-C).
///
/// # Errors
/// The settings, the data folder or the address cannot be used.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let stop_signal = asked_to_stop();
    // Before anything is opened: a refused setting leaves nothing behind.
    PublicUrl::new(config.public_url.as_deref(), config.listen)?;
    let mailer = Mailer::new(&config.mail)?;
    Notifier::new(&config.notices, mailer.is_some())?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", config.listen))?;
    let metrics_listener = match config.metrics_listen {
        Some(address) => Some(metrics_listener(address).await?),
        None => None,
    };
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
    let (timing, stop) = (app.timing(), app.shutdown().clone());
    let server =
        tokio::spawn(connections::serve(listener, http::router(app.clone()), timing, stop));
    // Watched until the very end.
    let watched = CancellationToken::new();
    let watching = metrics_listener.map(|listener| {
        let router = http::health::operators_router(app.clone());
        tokio::spawn(connections::serve(listener, router, timing, watched.clone()))
    });
    stop_signal.await;
    tracing::info!("stopping");
    app.begin_shutdown();
    if let Ok(ended) = tokio::time::timeout(GRACE, server).await {
        ended?;
    } else {
        tracing::warn!("some requests were still open");
    }
    app.shut_down().await;
    watched.cancel();
    if let Some(watching) = watching {
        watching.await?;
    }
    Ok(())
}

async fn metrics_listener(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("--metrics-listen: {address} cannot be listened on"))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, "numbers are at /metrics");
    if !address.ip().is_loopback() {
        tracing::warn!(
            %address,
            "whoever reaches --metrics-listen reads the numbers of the server: keep others out"
        );
    }
    Ok(listener)
}

/// Listens from the call on: a server that is told to stop while it starts does so
/// in good order once it has.
#[cfg(unix)]
fn asked_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async {
        tokio::select! {
            () = came(interrupt) => {}
            () = came(terminate) => {}
        }
    }
}

/// Never, where the system does not let it be listened for.
#[cfg(unix)]
async fn came(signal: std::io::Result<tokio::signal::unix::Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
