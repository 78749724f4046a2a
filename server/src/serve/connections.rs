//! The connections: how many, how long they may dawdle, and how they end.
//!
//! This is where an answer can be lost: what stands between the server and a visitor is the connection. Who is over a
//! bound is not left waiting: a short lane beside the others answers whether the server is alive, and tells the rest
//! that there is no room.

use crate::{
    bounds,
    clients::{Client, ClientShare},
    serve::front::Front,
};
use axum::body::Body;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::VecDeque,
    io,
    net::IpAddr,
    pin::{Pin, pin},
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
use tokio_io_timeout::TimeoutStream;
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

/// Serves until told to close; then takes no more connections, and returns when those have finished that are open.
pub(super) async fn serve_connections(
    listener: TcpListener,
    front: Front,
    limits: Limits,
    closing: impl Future<Output = ()>,
) {
    let going_down = CancellationToken::new();
    let open = TaskTracker::new();
    let mut lane = Lane { connections: VecDeque::new(), room: Arc::new(Semaphore::new(bounds::RESERVE_LANE)) };
    let mut closing = pin!(closing);
    loop {
        let (stream, ip) = tokio::select! {
            () = &mut closing => break,
            accepted = accept(&listener) => accepted,
        };
        let client = front.clients.of(ip);
        if let Some(place) = place(&front, &client, ip) {
            let connection = serve_one(stream, client, ip, front.clone(), limits, going_down.clone());
            open.spawn(holding(place, connection));
        } else {
            let place = lane.place().await;
            let connection = open.spawn(holding(place, serve_briefly(stream, client, front.clone())));
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

/// A place among the connections, if there is one for this client. Of a proxy's there may be as many as there
/// are: each counts as that of whom it asks for, once that is known.
fn place(front: &Front, client: &Arc<Client>, ip: IpAddr) -> Option<(OwnedSemaphorePermit, Option<ClientShare>)> {
    let free = front.room.available_permits();
    let share = if front.clients.proxies.have(ip) { None } else { Some(client.connection(free)?) };
    Some((Arc::clone(&front.room).try_acquire_owned().ok()?, share))
}

/// Those over a bound: few, and each for a moment only. The oldest makes room for the newest, so nobody blocks it.
struct Lane {
    connections: VecDeque<AbortHandle>,
    /// Given back only when a connection is really gone, and its descriptor with it.
    room: Arc<Semaphore>,
}

impl Lane {
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
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer.ip()),
            // That is the visitor's doing.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn http(head: Duration) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_header_size(bounds::CONNECTION_BUFFER)
        .max_buf_size(bounds::CONNECTION_BUFFER);
    http
}

async fn serve_one(
    tcp: TcpStream,
    client: Arc<Client>,
    ip: IpAddr,
    front: Front,
    limits: Limits,
    going_down: CancellationToken,
) {
    let asked = AtomicBool::new(false);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        asked.store(true, Ordering::Release);
        front.clone().answer(request.map(Body::new), Arc::clone(&client), ip)
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

/// A stream on which writing fails where the other end takes nothing for too long.
type Stream = Pin<Box<TimeoutStream<TcpStream>>>;

fn stream(stream: TcpStream, patience: Duration) -> Stream {
    // Where one of the two cannot be had, the connection works as well.
    let _ = stream.set_nodelay(true);
    // What is not sent yet lies better here, where it is counted, than in the system.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(&stream).set_tcp_notsent_lowat(bounds::UNSENT);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    Box::pin(stream)
}

/// Ends it so that the other end gets the answer: of a connection that is closed while something still comes, the system
/// throws away what it has not delivered yet (RFC 9112 §9.6).
async fn linger(mut stream: Stream) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
    let end = async {
        AsyncWriteExt::shutdown(&mut stream).await?;
        copy(&mut AsyncReadExt::take(stream, bounds::LINGER_BYTES), &mut sink()).await
    };
    // Who goes on sending, or does not close, is cut off.
    let _ = tokio::time::timeout(bounds::LINGER, end).await;
}

#[cfg(test)]
mod tests;
