//! From settings to a listening server, and down again.

use crate::{
    config::{Config, ConfigError},
    http::router::Server,
    origins,
};
use connections::{Limits, serve_connections};
use std::{
    io::{self, Write as _},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

mod connections;

/// How long requests under way may take once the server is going down.
const GRACE: Duration = Duration::from_secs(10);

/// The server cannot run. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The address cannot be listened on.
    #[error("cannot listen on {addr} ({source}); choose another with {flag}, or port 0 for any free one")]
    Bind {
        /// The flag that says another one.
        flag: &'static str,
        /// The address.
        addr: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The system failed.
    #[error("the system failed: {0}")]
    Io(#[from] io::Error),
}

/// Serves until the process is told to stop; then finishes what is under way.
///
/// # Errors
/// [`ServeError`], which says what to do.
pub async fn serve(config: &Config) -> Result<(), ServeError> {
    let settings = config.settings()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listener = bind(config.addr, "--addr").await?;
    let attacker_listener = bind_attacker(config.attacker_addr).await?;
    let (addr, attacker_addr) = (listener.local_addr()?, attacker_listener.local_addr()?);
    let Server { process, router, attacker } = Server::new(settings.listening(addr, attacker_addr));
    announce(addr, attacker_addr);
    let sweeping = tokio::spawn({
        let process = Arc::clone(&process);
        async move { process.keep_tidy().await }
    });
    let closing = || {
        let process = Arc::clone(&process);
        async move { process.closing().await }
    };
    let serving = futures::future::join(
        serve_connections(listener, router, Limits::default(), closing()),
        serve_connections(attacker_listener, attacker, Limits::default(), closing()),
    );
    let told_to_stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        process.close();
        tokio::time::sleep(GRACE).await;
        tracing::warn!("some requests were still under way after {} seconds", GRACE.as_secs());
    };
    tokio::select! {
        _ = serving => {}
        () = told_to_stop => {}
    }
    sweeping.abort();
    process.close_stores().await;
    Ok(())
}

async fn bind(addr: SocketAddr, flag: &'static str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(addr).await.map_err(|source| ServeError::Bind { flag, addr, source })
}

/// Where nobody asked for the port, any other one will do.
async fn bind_attacker(asked: Option<SocketAddr>) -> Result<TcpListener, ServeError> {
    const FLAG: &str = "--attacker-addr";
    let addr = asked.unwrap_or(origins::ATTACKER_ADDR);
    match bind(addr, FLAG).await {
        Err(ServeError::Bind { source, .. }) if asked.is_none() && source.kind() == io::ErrorKind::AddrInUse => {
            let listener = bind(SocketAddr::new(addr.ip(), 0), FLAG).await?;
            tracing::warn!("{addr} is taken; the attacker listens on {}", listener.local_addr()?);
            Ok(listener)
        }
        bound => bound,
    }
}

/// Two lines for people and scripts: where to go, and where the attacker is. A reader who has gone away is no
/// reason to stop.
fn announce(addr: SocketAddr, attacker_addr: SocketAddr) {
    let (page, attacker) = (origins::seen_at(addr), origins::numeric(attacker_addr));
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "Login Lab: {page}\nAttacker: {attacker}").and_then(|()| stdout.flush());
}
