//! From settings to a listening server, and down again.

use crate::{
    config::{Config, ConfigError},
    server::Server,
};
use connections::{Limits, serve_connections};
use std::{
    io::{self, Write as _},
    net::SocketAddr,
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
    #[error("cannot listen on {addr} ({source}); choose another with --addr, or port 0 for any free one")]
    Bind {
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
    let (server, router) = Server::build(config.settings()?);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listener =
        TcpListener::bind(config.addr).await.map_err(|source| ServeError::Bind { addr: config.addr, source })?;
    announce(listener.local_addr()?);
    let sweeping = tokio::spawn({
        let server = std::sync::Arc::clone(&server);
        async move { server.keep_tidy().await }
    });
    let closing = {
        let server = std::sync::Arc::clone(&server);
        async move { server.closing().await }
    };
    let serving = serve_connections(listener, router, Limits::default(), closing);
    let told_to_stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        server.close();
        tokio::time::sleep(GRACE).await;
        tracing::warn!("some requests were still under way after {} seconds", GRACE.as_secs());
    };
    tokio::select! {
        () = serving => {}
        () = told_to_stop => {}
    }
    sweeping.abort();
    server.close_stores().await;
    Ok(())
}

/// One line for people and scripts: where to go. A reader who has gone away is no reason to stop.
fn announce(addr: SocketAddr) {
    let host = match addr.ip() {
        ip if ip.is_loopback() || ip.is_unspecified() => "localhost".to_owned(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        std::net::IpAddr::V4(ip) => ip.to_string(),
    };
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "Login Lab: http://{host}:{}", addr.port()).and_then(|()| stdout.flush());
}
