//! The connections: how many, how long they may dawdle, and how they end.
//!
//! This is where an answer can be lost: what stands between the server and a visitor is the connection.

use crate::gate::exchange::LostAnswer;
use axum::{Router, extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// How patient the server is with those who connect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How long a request's head may take to arrive, and a connection may lie idle.
    pub(super) head: Duration,
    /// How long one that has begun may still take once the server is going down.
    pub(super) last_head: Duration,
    /// The most connections at once. More wait until one ends.
    pub(super) connections: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(10), last_head: Duration::from_secs(1), connections: 1024 }
    }
}

/// The answer was made to be lost on the way.
#[derive(Debug, thiserror::Error)]
#[error("the answer was lost on the way, as a visitor wanted it")]
struct Lost;

/// Serves until told to close; then takes no more connections, and returns when those that are open have
/// finished what is under way.
pub(super) async fn serve_connections(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    closing: impl Future<Output = ()>,
) {
    let room = Arc::new(Semaphore::new(usize::try_from(limits.connections).unwrap_or(Semaphore::MAX_PERMITS)));
    let going_down = CancellationToken::new();
    let mut closing = pin!(closing);
    loop {
        let accepted = async {
            // The permit comes first: who finds no room waits in the system's own queue.
            let permit = Arc::clone(&room).acquire_owned().await;
            (accept(&listener).await, permit)
        };
        let (stream, permit) = tokio::select! {
            () = &mut closing => break,
            accepted = accepted => accepted,
        };
        let serving = serve_one(stream, router.clone(), limits, going_down.clone());
        tokio::spawn(async move {
            serving.await;
            drop(permit);
        });
    }
    drop(listener);
    going_down.cancel();
    // Every permit is back when the last connection has ended.
    let _all = room.acquire_many(limits.connections).await;
}

/// The next connection. Where the system has no room for one more, a moment later there may be some.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
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

async fn serve_one(stream: TcpStream, router: Router, limits: Limits, going_down: CancellationToken) {
    let asked = AtomicBool::new(false);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        asked.store(true, Ordering::Release);
        answer(router.clone(), request.map(axum::body::Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = going_down.cancelled() => {
            connection.as_mut().graceful_shutdown();
            // Who has not asked for anything so far has nothing under way that would have to be finished.
            match tokio::time::timeout(limits.last_head, connection.as_mut()).await {
                Ok(ended) => ended,
                Err(_) if asked.load(Ordering::Acquire) => connection.await,
                Err(_) => Ok(()),
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// An answer, or the error upon which the connection closes with nothing sent.
async fn answer(router: Router, request: Request) -> Result<Response, Lost> {
    let response = router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {});
    if response.extensions().get::<LostAnswer>().is_some() { Err(Lost) } else { Ok(response) }
}

#[cfg(test)]
mod tests;
