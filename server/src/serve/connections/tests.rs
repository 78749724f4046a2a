use crate::serve::connections::*;
use axum::routing::get;
use std::{net::SocketAddr, sync::atomic::AtomicUsize, time::Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
};

const ASK: &str = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// A server that serves until it is told to close.
struct Serving {
    addr: SocketAddr,
    closing: CancellationToken,
    task: JoinHandle<()>,
}

impl Serving {
    async fn start(router: Router, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let closing = CancellationToken::new();
        let until = closing.clone();
        let task = tokio::spawn(async move { serve_connections(listener, router, limits, until.cancelled()).await });
        Self { addr, closing, task }
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Closes, and says how long that took.
    async fn close(self) -> Duration {
        let start = Instant::now();
        self.closing.cancel();
        tokio::time::timeout(Duration::from_secs(10), self.task).await.expect("it closes").unwrap();
        start.elapsed()
    }
}

fn ok() -> Router {
    Router::new().route("/", get(|| async { "ok" }))
}

/// What comes until the connection ends.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_string(&mut text)).await;
    read.expect("it ends").unwrap();
    text
}

async fn one_answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    while !text.ends_with("ok") {
        let mut bytes = [0; 256];
        let count = stream.read(&mut bytes).await.unwrap();
        assert_ne!(count, 0, "{text}");
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    text
}

#[tokio::test]
async fn a_head_that_does_not_come_to_its_end_is_cut_off() {
    let limits = Limits { head: Duration::from_millis(200), ..Limits::default() };
    let serving = Serving::start(ok(), limits).await;
    for begun in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: localhost\r\nx: "] {
        let start = Instant::now();
        let mut stream = serving.send(begun).await;
        assert!(!rest(&mut stream).await.contains(" 200 "));
        assert!(start.elapsed() >= Duration::from_millis(150), "{begun:?}: {:?}", start.elapsed());
        assert!(start.elapsed() < Duration::from_secs(3), "{begun:?}: {:?}", start.elapsed());
    }
    let mut stream = serving.send(ASK).await;
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    assert_eq!(rest(&mut stream).await, "", "and one that lies idle is closed");
}

#[tokio::test]
async fn a_stalled_head_and_an_idle_connection_do_not_delay_going_down() {
    let limits = Limits { head: Duration::from_mins(1), last_head: Duration::from_millis(100), ..Limits::default() };
    let serving = Serving::start(ok(), limits).await;
    let mut stalled = serving.send("GET / HTTP/1.1\r\nx: ").await;
    let mut silent = serving.send("").await;
    let mut idle = serving.send(ASK).await;
    one_answer(&mut idle).await;
    let mut second = serving.send(&format!("{ASK}GET / HT")).await;
    one_answer(&mut second).await;
    let took = serving.close().await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    for stream in [&mut stalled, &mut silent, &mut idle, &mut second] {
        let mut bytes = [0; 16];
        assert!(matches!(stream.read(&mut bytes).await, Ok(0) | Err(_)));
    }
}

#[tokio::test]
async fn what_is_under_way_is_finished_even_when_its_head_came_late() {
    let slow = Router::new().route(
        "/",
        get(|| async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            "ok"
        }),
    );
    let limits = Limits { last_head: Duration::from_millis(150), ..Limits::default() };
    let serving = Serving::start(slow, limits).await;
    let mut asked = serving.send(ASK).await;
    let mut late = serving.send("GET / HTTP/1.1\r\n").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let addr = serving.addr;
    let closed = tokio::spawn(serving.close());
    tokio::time::sleep(Duration::from_millis(20)).await;
    late.write_all(b"host: localhost\r\n\r\n").await.unwrap();
    assert!(rest(&mut asked).await.ends_with("ok"));
    assert!(rest(&mut late).await.ends_with("ok"));
    closed.await.unwrap();
    assert!(TcpStream::connect(addr).await.is_err(), "nobody is let in any more");
}

#[tokio::test]
async fn one_connection_too_many_waits_until_another_ends() {
    let serving = Serving::start(ok(), Limits { connections: 2, ..Limits::default() }).await;
    let mut first = serving.send(ASK).await;
    let mut second = serving.send(ASK).await;
    one_answer(&mut first).await;
    one_answer(&mut second).await;
    let mut third = serving.send(ASK).await;
    let waited = tokio::time::timeout(Duration::from_millis(100), one_answer(&mut third)).await;
    assert!(waited.is_err(), "there is no room");
    drop(first);
    one_answer(&mut third).await;
    let _ = serving.close().await;
}

#[tokio::test]
async fn a_lost_answer_is_a_connection_that_closes_with_nothing_sent() {
    let done = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&done);
    let router = Router::new().route(
        "/",
        get(move || async move {
            let first = counted.fetch_add(1, Ordering::Relaxed) == 0;
            let mut response = Response::new(axum::body::Body::from("ok"));
            if first {
                response.extensions_mut().insert(LostAnswer);
            }
            response
        }),
    );
    let serving = Serving::start(router, Limits::default()).await;
    assert_eq!(rest(&mut serving.send(ASK).await).await, "");
    assert_eq!(done.load(Ordering::Relaxed), 1, "it was done all the same");
    assert!(one_answer(&mut serving.send(ASK).await).await.starts_with("HTTP/1.1 200"));
}
