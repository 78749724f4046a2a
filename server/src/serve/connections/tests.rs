use super::*;
use crate::{
    clients::{Clients, Proxies},
    gate::exchange::LostAnswer,
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::get,
};
use futures::StreamExt as _;
use std::{net::SocketAddr, sync::atomic::AtomicUsize, time::Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpSocket,
    sync::Semaphore,
    task::JoinHandle,
};

const ASK: &str = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

fn behind_a_proxy() -> Clients {
    Clients::new(Proxies { networks: vec!["127.0.0.1/32".parse().unwrap()], ..Proxies::default() })
}

/// A server that serves until it is told to close.
struct Serving {
    addr: SocketAddr,
    clients: Arc<Clients>,
    closing: CancellationToken,
    task: JoinHandle<()>,
}

impl Serving {
    async fn start(router: Router, limits: Limits) -> Self {
        Self::with_room(router, limits, 1024, Clients::new(Proxies::default())).await
    }

    async fn with_room(router: Router, limits: Limits, room: usize, clients: Clients) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let closing = CancellationToken::new();
        let (until, clients) = (closing.clone(), Arc::new(clients));
        let front = Front::new(router, false, Arc::clone(&clients), Arc::new(Semaphore::new(room)));
        let task = tokio::spawn(async move { serve_connections(listener, front, limits, until.cancelled()).await });
        Self { addr, clients, closing, task }
    }

    /// From another address of this machine.
    async fn send_from(&self, ip: &str, text: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(ip.parse().unwrap(), 0)).unwrap();
        let mut stream = socket.connect(self.addr).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
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
async fn a_lost_answer_is_a_connection_that_closes_with_nothing_sent() {
    let done = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&done);
    let router = Router::new().route(
        "/",
        get(move || async move {
            let first = counted.fetch_add(1, Ordering::Relaxed) == 0;
            let mut response = Response::new(Body::from("ok"));
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

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// What a server has that somebody may flood: a health check, something short, something large, and something endless.
fn site() -> Router {
    let large = || async { Bytes::from(vec![b'x'; 8 * 1024 * 1024]) };
    let endless = || async {
        let part = || async { Ok::<_, std::convert::Infallible>(Bytes::from(vec![b'x'; 16 * 1024])) };
        Body::from_stream(futures::stream::repeat_with(part).then(|part| part))
    };
    ok().route("/healthz", get(|| async { "ok" })).route("/large", get(large)).route("/endless", get(endless))
}

fn ask(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")
}

impl Serving {
    /// The health check is answered within a second, whatever else goes on.
    async fn is_alive(&self) {
        let asked = Instant::now();
        let mut stream = self.send(HEALTH).await;
        let answer = one_answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200") && asked.elapsed() < Duration::from_secs(1), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_all_the_connections_is_told_so_and_the_server_still_says_that_it_lives() {
    let serving = Serving::start(site(), Limits { head: Duration::from_mins(1), ..Limits::default() }).await;
    let mut idle = Vec::new();
    for _ in 0..1100 {
        idle.push(serving.send("").await);
    }
    serving.is_alive().await;
    let mut stream = serving.send(ASK).await;
    let refused = rest(&mut stream).await;
    for part in ["HTTP/1.1 503", "retry-after: 1", "connection: close", "application/problem+json", "nosniff"] {
        assert!(refused.contains(part), "{refused}");
    }
    // Somebody else is served as ever, and so is the flood's own address once it has let go.
    let mut other = serving.send_from("127.0.0.2", ASK).await;
    assert!(one_answer(&mut other).await.starts_with("HTTP/1.1 200"));
    drop(idle);
    while !one_of(&serving, ASK).await.starts_with("HTTP/1.1 200") {}
}

async fn one_of(serving: &Serving, text: &str) -> String {
    let mut stream = serving.send(&text.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")).await;
    rest(&mut stream).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_from_several_addresses_leaves_room_for_one_more() {
    let limits = Limits { head: Duration::from_mins(1), ..Limits::default() };
    let serving = Serving::with_room(site(), limits, 64, Clients::new(Proxies::default())).await;
    let mut idle = Vec::new();
    for n in 1..=4 {
        for _ in 0..64 {
            idle.push(serving.send_from(&format!("127.0.1.{n}"), "").await);
        }
    }
    serving.is_alive().await;
    assert!(one_answer(&mut serving.send(ASK).await).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_holds_as_many_connections_as_there_are_and_each_of_its_visitors_has_shares_of_their_own() {
    let seen = || get(|client: axum::Extension<Arc<Client>>| async move { format!("{} ok", client.address) });
    let router = Router::new().route("/", seen());
    let limits = Limits { head: Duration::from_mins(1), ..Limits::default() };
    let serving = Serving::with_room(router, limits, 4, behind_a_proxy()).await;
    let mut proxied = Vec::new();
    for n in 0..4 {
        let asked = ASK.replace("\r\n\r\n", &format!("\r\nx-forwarded-for: 1.1.1.1, 203.0.113.{n}\r\n\r\n"));
        let mut stream = serving.send(&asked).await;
        let answer = one_answer(&mut stream).await;
        assert!(answer.ends_with(&format!("\r\n\r\n203.0.113.{n} ok")), "{answer}");
        proxied.push(stream);
    }
    assert!(rest(&mut serving.send(ASK).await).await.starts_with("HTTP/1.1 503"));
    // Nobody else is believed.
    drop(proxied);
    let asked = ASK.replace("\r\n\r\n", "\r\nx-forwarded-for: 203.0.113.9\r\n\r\n");
    let answer = loop {
        let mut stream =
            serving.send_from("127.0.0.2", &asked.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")).await;
        let answer = rest(&mut stream).await;
        if !answer.starts_with("HTTP/1.1 503") {
            break answer;
        }
    };
    assert!(answer.ends_with("127.0.0.2 ok"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_behind_a_proxy_with_all_it_can_leaves_room_for_another_one_there() {
    let (begun, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let (count, end) = (Arc::clone(&begun), Arc::clone(&done));
    let slow = get(move || async move {
        count.fetch_add(1, Ordering::Relaxed);
        let _ = end.acquire().await;
        "ok"
    });
    let limits = Limits { head: Duration::from_mins(1), ..Limits::default() };
    let proxy = behind_a_proxy();
    let serving = Serving::with_room(site().route("/slow", slow), limits, 1024, proxy).await;
    let of = |path: &str, n: u8| ask(path).replace("\r\n\r\n", &format!("\r\nx-forwarded-for: 203.0.113.{n}\r\n\r\n"));
    let mut flood = Vec::new();
    for _ in 0..1100 {
        flood.push(serving.send(&of("/slow", 1)).await);
    }
    serving.is_alive().await;
    assert_eq!(begun.load(Ordering::Relaxed), bounds::CLIENT_REQUESTS);
    // Those that were refused keep their places for a moment, for this proxy does not close.
    let start = Instant::now();
    while !one_of(&serving, &of("/", 2)).await.starts_with("HTTP/1.1 200") {
        assert!(start.elapsed() < bounds::REQUEST_PATIENCE / 2, "another one has to wait for them");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let flooding = serving.clients.of("203.0.113.1".parse().unwrap());
    assert!(flooding.connection(bounds::CLIENT_REQUESTS).is_none(), "what is worked on counts, at the least");
    done.close();
    let start = Instant::now();
    while flooding.connection(1).is_none() {
        assert!(start.elapsed() < Duration::from_secs(10), "what is answered and sent gives its connection back");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_nobody_reads_are_bounded_a_client_and_end_the_connection() {
    let limits = Limits { write: Duration::from_millis(700), ..Limits::default() };
    let serving = Serving::start(site(), limits).await;
    let mut unread = Vec::new();
    for _ in 0..20 {
        unread.push(serving.send(&ask("/large")).await);
    }
    // 64 MiB are 8 of them, if the system takes nothing; the 20 are more than that in any case.
    let mut refused = 0;
    for stream in &mut unread {
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        refused += usize::from(&first == b"HTTP/1.1 503");
    }
    assert!((12..20).contains(&refused), "{refused} of 20");
    serving.is_alive().await;
    let mut other = serving.send_from("127.0.0.2", &ask("/large")).await;
    let mut first = [0; 12];
    other.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200", "others have a share of their own");
    let client = serving.clients.of("127.0.0.1".parse().unwrap());
    // What is not taken for too long is given up, and its share comes back.
    let start = Instant::now();
    while client.unread(bounds::CLIENT_UNREAD).is_none() {
        assert!(start.elapsed() < Duration::from_secs(10), "the share comes back");
        tokio::task::yield_now().await;
    }
    assert!(start.elapsed() >= Duration::from_millis(300), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endless_answers_that_nobody_reads_end_and_the_server_lives_meanwhile() {
    let limits = Limits { write: Duration::from_millis(500), ..Limits::default() };
    let serving = Serving::start(site(), limits).await;
    let mut stalled = Vec::new();
    for _ in 0..600 {
        stalled.push(serving.send(&ask("/endless")).await);
    }
    serving.is_alive().await;
    // Whoever reads is not cut off, however long it takes.
    let mut reader = serving.send_from("127.0.0.2", &ask("/endless")).await;
    let mut bytes = vec![0; 256 * 1024];
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(1500) {
        assert_ne!(reader.read(&mut bytes).await.unwrap(), 0);
    }
    let client = serving.clients.of("127.0.0.1".parse().unwrap());
    while client.connection(2).is_none() {
        tokio::task::yield_now().await;
    }
    assert!(one_answer(&mut serving.send(ASK).await).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_and_asks_and_reads_nothing_is_not_answered_without_end() {
    let answered = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&answered);
    let router = Router::new().route(
        "/",
        get(move || async move {
            count.fetch_add(1, Ordering::Relaxed);
            (StatusCode::NO_CONTENT, [("x-filler", "x".repeat(2000))])
        }),
    );
    let serving = Serving::start(router, Limits { write: Duration::from_secs(1), ..Limits::default() }).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut stream = socket.connect(serving.addr).await.unwrap();
    // It ends in an error: the server closes, for nothing of its answers is taken.
    while stream.write_all(ASK.repeat(1000).as_bytes()).await.is_ok() {}
    let answers = answered.load(Ordering::Relaxed);
    assert!(answers < 2000, "{answers} answers of 2 KB were made, and not one read");
}

#[tokio::test]
async fn a_body_that_trickles_a_half_closed_socket_and_one_that_is_gone_leave_their_places() {
    let router =
        Router::new().route("/", axum::routing::post(|body: Bytes| async move { format!("{} ok", body.len()) }));
    let serving = Serving::with_room(router, Limits::default(), 8, Clients::new(Proxies::default())).await;
    let begun = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nx";
    for _ in 0..20 {
        let mut half = serving.send(begun).await;
        half.shutdown().await.unwrap();
        let _ = rest(&mut half).await;
        drop(serving.send(begun).await);
    }
    let asked = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\nxx";
    while !one_of(&serving, asked).await.ends_with("2 ok") {}
}

#[tokio::test]
async fn too_many_headers_or_too_long_ones_are_431() {
    let serving = Serving::start(ok(), Limits::default()).await;
    let many = |n: usize| format!("GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "x: y\r\n".repeat(n));
    let long = |n: usize| format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "y".repeat(n));
    for good in [many(99), long(60_000)] {
        assert!(one_answer(&mut serving.send(&good).await).await.starts_with("HTTP/1.1 200"));
    }
    for bad in [many(100), many(5000), long(70_000), long(300_000)] {
        let mut stream = serving.send(&bad).await;
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{} bytes: {answer:?}", bad.len());
    }
}

#[tokio::test]
async fn a_request_without_one_good_host_is_400_and_what_its_target_names_counts() {
    let said = |headers: HeaderMap| async move { format!("{} ok", headers[header::HOST].to_str().unwrap()) };
    let serving = Serving::start(Router::new().route("/", get(said)), Limits::default()).await;
    for hosts in ["", "host: a\r\nhost: b\r\n", "host: a b\r\n", "host: \r\n", "host: a:b\r\n", "host: u@a\r\n"] {
        let mut stream = serving.send(&format!("GET / HTTP/1.1\r\n{hosts}\r\n")).await;
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("application/problem+json"), "{hosts}: {answer}");
        assert!(answer.contains("connection: close") && answer.contains("nosniff"), "{answer}");
    }
    let mut stream = serving.send("GET http://lab.example:81/ HTTP/1.1\r\nhost: evil.example\r\n\r\n").await;
    assert!(one_answer(&mut stream).await.ends_with("lab.example:81 ok"));
}

#[tokio::test]
async fn whoever_still_sends_when_the_answer_comes_is_not_cut_off_before_reading_it() {
    let router = Router::new().route("/", axum::routing::post(|| async { "ok" }));
    let serving = Serving::start(router, Limits::default()).await;
    let mut stream = serving.send("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\n").await;
    assert!(rest(&mut stream).await.ends_with("ok"));
    for _ in 0..10 {
        stream.write_all(&[b'x'; 1000]).await.unwrap();
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn of_one_client_s_requests_a_few_are_worked_on_at_once_and_the_health_check_waits_for_none() {
    let (begun, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let (count, end) = (Arc::clone(&begun), Arc::clone(&done));
    let slow = get(move || async move {
        count.fetch_add(1, Ordering::Relaxed);
        let _ = end.acquire().await;
        "ok"
    });
    let serving = Serving::start(site().route("/slow", slow), Limits::default()).await;
    let mut asked = Vec::new();
    for _ in 0..bounds::CLIENT_REQUESTS + 8 {
        asked.push(serving.send(&ask("/slow")).await);
    }
    // Those that came before are in by now: each of these goes through the same hands.
    for _ in 0..3 {
        serving.is_alive().await;
    }
    assert_eq!(begun.load(Ordering::Relaxed), bounds::CLIENT_REQUESTS);
    let mut other = serving.send_from("127.0.0.2", ASK).await;
    assert!(one_answer(&mut other).await.starts_with("HTTP/1.1 200"));
    done.close();
    for stream in &mut asked {
        assert!(one_answer(stream).await.starts_with("HTTP/1.1 200"));
    }
    assert_eq!(begun.load(Ordering::Relaxed), bounds::CLIENT_REQUESTS + 8);
}
