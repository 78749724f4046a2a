//! The connections: how many, how long they may dawdle, and how they end.
//!
//! This is where an answer can be lost: what stands between the server and a visitor is the connection. Who is over a
//! bound is not left waiting: a short lane beside the others answers whether the server is alive, and tells the rest
//! that there is no room.

use crate::serve::{
    front::Front,
    stream::{linger, stream},
};
use crate::{
    bounds,
    clients::{Client, ClientShare},
};
use axum::body::Body;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::VecDeque,
    io,
    net::IpAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::AbortHandle,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How patient the server is with those who connect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How long a request's head may take to arrive, and a connection may lie idle.
    pub(super) head: Duration,
    /// How long one that has begun may still take once the server is going down.
    pub(super) last_head: Duration,
    /// How long the other end may take nothing of an answer.
    pub(super) write: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: bounds::HEAD_PATIENCE, last_head: Duration::from_secs(1), write: bounds::WRITE_PATIENCE }
    }
}

/// Serves until told to close; then takes no more connections, and returns when those that are open have
/// finished what is under way.
pub(super) async fn serve_connections(
    listener: TcpListener,
    front: Front,
    limits: Limits,
    closing: impl Future<Output = ()>,
) {
    let going_down = CancellationToken::new();
    let open = TaskTracker::new();
    let mut lane = Lane::new();
    let mut closing = pin!(closing);
    loop {
        let (stream, ip) = tokio::select! {
            () = &mut closing => break,
            accepted = accept(&listener) => accepted,
        };
        let peer = Peer { client: front.clients.of(ip), ip };
        if let Some(place) = place(&front, &peer) {
            open.spawn(holding(place, serve_one(stream, peer, front.clone(), limits, going_down.clone())));
        } else {
            let place = lane.place().await;
            let connection = open.spawn(holding(place, serve_briefly(stream, peer.client, front.clone())));
            lane.connections.push_back(connection.abort_handle());
            // Those that came last are to be looked at before they have to make room in turn.
            tokio::task::yield_now().await;
        }
    }
    drop(listener);
    going_down.cancel();
    open.close();
    open.wait().await;
}

/// Does something, and gives a place back afterwards.
async fn holding<T>(_place: T, what: impl Future<Output = ()>) {
    what.await;
}

/// Who is at the other end of a connection.
struct Peer {
    client: Arc<Client>,
    ip: IpAddr,
}

/// A place among the connections, if there is one for this client. Of a proxy's there may be as many as there
/// are: each counts as that of whom it asks for, once that is known.
fn place(front: &Front, peer: &Peer) -> Option<(OwnedSemaphorePermit, Option<ClientShare>)> {
    let free = front.room.available_permits();
    let share = if front.clients.proxies.have(peer.ip) { None } else { Some(peer.client.connection(free)?) };
    Some((Arc::clone(&front.room).try_acquire_owned().ok()?, share))
}

/// Those over a bound: few, and each for a moment only. The oldest makes room for the newest, so nobody blocks it.
struct Lane {
    connections: VecDeque<AbortHandle>,
    /// Given back only when a connection is really gone, and its descriptor with it.
    room: Arc<Semaphore>,
}

impl Lane {
    fn new() -> Self {
        Self { connections: VecDeque::new(), room: Arc::new(Semaphore::new(bounds::RESERVE_LANE)) }
    }

    /// A place for the newest.
    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        self.connections.retain(|connection| !connection.is_finished());
        if self.connections.len() >= bounds::RESERVE_LANE
            && let Some(oldest) = self.connections.pop_front()
        {
            oldest.abort();
        }
        Arc::clone(&self.room).acquire_owned().await.ok()
    }
}

/// The next connection. Where the system has no room for one more, a moment later there may be some.
async fn accept(listener: &TcpListener) -> (TcpStream, IpAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer.ip()),
            Err(error) if is_the_visitor_s(&error) => {}
            Err(error) => {
                tracing::error!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_the_visitor_s(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

fn http(head: Duration) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_header_size(bounds::CONNECTION_BUFFER)
        .max_buf_size(bounds::CONNECTION_BUFFER);
    http
}

async fn serve_one(tcp: TcpStream, peer: Peer, front: Front, limits: Limits, going_down: CancellationToken) {
    let asked = AtomicBool::new(false);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        asked.store(true, Ordering::Release);
        front.clone().answer(request.map(Body::new), Arc::clone(&peer.client), peer.ip)
    });
    let io = TokioIo::new(stream(tcp, limits.write));
    let mut connection = http(limits.head).serve_connection(io, service);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = going_down.cancelled() => {
            Pin::new(&mut connection).graceful_shutdown();
            // Who has not asked for anything so far has nothing under way that would have to be finished.
            match tokio::time::timeout(limits.last_head, &mut connection).await {
                Ok(ended) => ended,
                Err(_) if asked.load(Ordering::Acquire) => (&mut connection).await,
                Err(_) => Ok(()),
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
    tokio::select! {
        () = linger(connection.into_parts().io.into_inner()) => {}
        () = going_down.cancelled() => {}
    }
}

/// One request of somebody who is over a bound.
async fn serve_briefly(tcp: TcpStream, client: Arc<Client>, front: Front) {
    let io = TokioIo::new(stream(tcp, bounds::RESERVE_PATIENCE));
    let service = service_fn(|request: hyper::Request<Incoming>| {
        front.clone().answer_briefly(request.map(Body::new), Arc::clone(&client))
    });
    let mut connection = http(bounds::RESERVE_PATIENCE).keep_alive(false).serve_connection(io, service);
    let _ = tokio::time::timeout(2 * bounds::RESERVE_PATIENCE, &mut connection).await;
    linger(connection.into_parts().io.into_inner()).await;
}

#[cfg(test)]
mod tests;
