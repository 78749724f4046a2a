//! From settings to a listening server, and down again.

use crate::{
    bounds,
    clients::{Clients, Proxies},
    config::{Config, ConfigError},
    http::router::Server,
    origins,
};
use connections::{Limits, serve_connections};
use front::Front;
use futures::{
    FutureExt as _,
    future::{join_all, select_all},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{
    io::{self, Write as _},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
};

pub use logs::{Log, log_to_stderr};

mod connections;
mod front;
mod host;
mod logs;

/// How long requests under way may take once the server is going down.
const GRACE: Duration = Duration::from_secs(10);

/// The server cannot run. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The address, which this flag says, cannot be listened on.
    #[error("cannot listen on {0} ({2}); choose another with {1}, or port 0 for any free one")]
    Bind(SocketAddr, &'static str, #[source] io::Error),
    /// The system failed.
    #[error("the system failed: {0}")]
    Io(#[from] io::Error),
}

/// Serves until the process is told to stop; then finishes what is under way.
///
/// # Errors
/// [`ServeError`], which says what to do.
pub async fn serve(config: &Config) -> Result<(), ServeError> {
    let room = Arc::new(Semaphore::new(most_connections()));
    let settings = config.settings()?;
    // Started with nohup, it is to live on when the terminal goes.
    let hangup = (!hangup_is_ignored()).then(SignalKind::hangup);
    let ends = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::quit()].into_iter().chain(hangup);
    let mut signals = ends.map(signal).collect::<Result<Vec<_>, _>>()?;
    let listener = bind(config.addr, "--addr")?;
    let attacker_listener = bind_attacker(config.attacker_addr)?;
    let (addr, attacker_addr) = (listener.local_addr()?, attacker_listener.local_addr()?);
    let metrics_listener = config.metrics_addr.map(|addr| bind(addr, "--metrics-addr")).transpose()?;
    let metrics_addr = metrics_listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let Server { process, router, attacker, metrics } = Server::new(settings.listening(addr, attacker_addr));
    announce(addr, attacker_addr, metrics_addr);
    let sweeping = tokio::spawn({
        let process = Arc::clone(&process);
        async move { process.keep_tidy().await }
    });
    let proxies = Proxies { networks: config.trusted_proxy.clone(), header: config.forwarded_header };
    let clients = Arc::new(Clients::new(proxies));
    let page = Front::new(router, process.is_https(), Arc::clone(&clients), Arc::clone(&room));
    let is_https = process.origins.attacker.starts_with("https://");
    let mut attacker = Front::new(attacker, is_https, Arc::clone(&clients), Arc::clone(&room));
    attacker.takes_turns = false;
    let metrics = Front::new(metrics, false, clients, room);
    let listeners = [(Some(listener), page), (Some(attacker_listener), attacker), (metrics_listener, metrics)];
    let serving = listeners.into_iter().filter_map(|(listener, front)| {
        Some(serve_connections(listener?, front, Limits::default(), process.closing.cancelled()))
    });
    let told_to_stop = async {
        select_all(signals.iter_mut().map(|signal| signal.recv().boxed())).await;
        process.close();
        tokio::time::sleep(GRACE).await;
        tracing::warn!("some requests were still under way after {} seconds", GRACE.as_secs());
    };
    tokio::select! {
        _ = join_all(serving) => {}
        () = told_to_stop => {}
        () = logs::say_what_is_left_out() => {}
    }
    logs::say_what_was_left_out();
    sweeping.abort();
    process.close_stores().await;
    Ok(())
}

/// Raises the limit of descriptors as far as the system allows, and says how many connections there may be: every
/// connection and every file takes one, and with none left nothing works any more.
fn most_connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(bounds::DESCRIPTORS).min(bounds::DESCRIPTORS);
    if limit.current.is_some_and(|current| current < most)
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum })
    {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
    let have = getrlimit(Resource::Nofile).current.unwrap_or(bounds::DESCRIPTORS);
    let connections = room(have);
    if connections < bounds::CONNECTIONS {
        tracing::warn!("{have} open files are allowed: {connections} connections at once; see ulimit -n");
    }
    connections
}

/// How many connections so many descriptors are enough for.
fn room(descriptors: u64) -> usize {
    let lanes = 2 * u64::try_from(bounds::RESERVE_LANE).unwrap_or(u64::MAX);
    let left = descriptors.saturating_sub(lanes + bounds::OTHER_DESCRIPTORS) / bounds::CONNECTION_DESCRIPTORS;
    usize::try_from(left).unwrap_or(usize::MAX).clamp(1, bounds::CONNECTIONS)
}

/// Whether whoever started this process wants it to outlive the terminal. Where the system does not tell, it is not so.
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // SIGHUP is signal 1, the lowest bit.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

fn bind(addr: SocketAddr, flag: &'static str) -> Result<TcpListener, ServeError> {
    let listen = || {
        let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // As `TcpListener::bind` does, so that a server that starts again finds its port; but with a queue for a flood.
        socket.set_reuseaddr(true)?;
        socket.bind(addr)?;
        socket.listen(bounds::BACKLOG)
    };
    listen().map_err(|why| ServeError::Bind(addr, flag, why))
}

/// Where nobody asked for the port, any other one will do.
fn bind_attacker(asked: Option<SocketAddr>) -> Result<TcpListener, ServeError> {
    const FLAG: &str = "--attacker-addr";
    let addr = asked.unwrap_or(origins::ATTACKER_ADDR);
    match bind(addr, FLAG) {
        Err(ServeError::Bind(_, _, why)) if asked.is_none() && why.kind() == io::ErrorKind::AddrInUse => {
            let listener = bind(SocketAddr::new(addr.ip(), 0), FLAG)?;
            tracing::warn!("{addr} is taken; the attacker listens on {}", listener.local_addr()?);
            Ok(listener)
        }
        bound => bound,
    }
}

/// Lines for people and scripts: where to go, where the attacker is, and where the metrics are, if they are apart. A
/// reader who has gone away is no reason to stop.
fn announce(addr: SocketAddr, attacker_addr: SocketAddr, metrics_addr: Option<SocketAddr>) {
    let (page, attacker) = (origins::seen_at(addr), origins::numeric(attacker_addr));
    let mut stdout = io::stdout();
    let metrics = metrics_addr.map(|addr| format!("\nMetrics: {}/metrics", origins::numeric(addr))).unwrap_or_default();
    let _ = writeln!(stdout, "Login Lab: {page}\nAttacker: {attacker}{metrics}").and_then(|()| stdout.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_descriptors_for_every_connection_and_its_file() {
        assert_eq!(room(65_536), bounds::CONNECTIONS);
        let few = room(1024);
        assert!(few > 300 && few * 2 + 2 * 128 + 64 <= 1024, "{few}");
        assert_eq!((room(0), room(u64::MAX)), (1, bounds::CONNECTIONS));
    }
}
