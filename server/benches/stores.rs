//! How long each store takes for each operation, as the server itself counts it: through the router, one
//! request after the other, with a Redis and a memcached that are started for it. No test: `make bench`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on has failed")]

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::{topology::StoreKind, view::ServerView};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::{Answering, Server, Settings};
use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A login checks a password, and that takes most of the time.
const LOGINS: usize = 60;
const REQUESTS: usize = 10;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `None` when the program is not there.
fn start(program: &str, arguments: &[&str]) -> Option<(Running, u16)> {
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let mut command = Command::new(program);
    command.args(arguments).args([if program == "memcached" { "-p" } else { "--port" }, &port.to_string()]);
    let running = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?);
    let deadline = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "{program} does not start");
        std::thread::sleep(Duration::from_millis(5));
    }
    Some((running, port))
}

struct Lab(Answering);

impl Lab {
    async fn ask(&self, method: Method, below: &str, bearer: Option<&str>, body: &Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("/lab/AAAAAAAAAAAAAAAAAAAAAA/{below}"))
            .header(header::HOST, "localhost:3000")
            .header(header::COOKIE, "lb=1");
        let request = bearer
            .into_iter()
            .fold(request, |request, token| request.header(header::AUTHORIZATION, format!("Bearer {token}")));
        let request = match body {
            Value::Null => request.body(Body::empty()),
            body => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        };
        let response = self.0.answer(request.unwrap()).await;
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(status.is_success(), "{below}: {status} {body:?}");
        serde_json::from_slice(&body).unwrap()
    }

    async fn log_in(&self, bearer: Option<&str>) -> String {
        let login = json!({ "username": "alice", "password": "alice-password", "scheme": "session-storage" });
        let answer = self.ask(Method::POST, "api/login", bearer, &login).await;
        answer["access_token"].as_str().unwrap().to_owned()
    }

    async fn measure(&self, kind: StoreKind) -> Option<ServerView> {
        let offers = self.ask(Method::GET, "control/view", None, &Value::Null).await;
        let offers: ServerView = serde_json::from_value(offers).unwrap();
        if !offers.stores.iter().any(|offer| offer.kind == kind && offer.available) {
            return None;
        }
        // Several nodes, so that there is somebody to replicate to; one of them, so that all of them know.
        let topology = json!({ "nodes": 3, "routing": "sticky", "store": kind });
        self.ask(Method::PUT, "control/topology", None, &topology).await;
        for _ in 0..LOGINS / 2 {
            // The second login moves the first one's row.
            let first = self.log_in(None).await;
            let id = self.log_in(Some(&first)).await;
            for n in 0..REQUESTS {
                self.ask(Method::GET, "api/me", Some(&id), &Value::Null).await;
                self.ask(Method::POST, "api/cart", Some(&id), &json!({ "item": format!("item {n}") })).await;
            }
            self.ask(Method::POST, "api/logout", Some(&id), &Value::Null).await;
        }
        let id = self.log_in(None).await;
        self.ask(Method::POST, "api/logout-everywhere", Some(&id), &Value::Null).await;
        Some(serde_json::from_value(self.ask(Method::GET, "control/view", None, &Value::Null).await).unwrap())
    }
}

#[tokio::main]
async fn main() {
    let redis = start("redis-server", &["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    let memcached = start("memcached", &["-l", "127.0.0.1", "-U", "0", "-u", "nobody"]);
    let redis_url = redis.as_ref().map(|(_, port)| format!("redis://127.0.0.1:{port}"));
    let memcached_url = memcached.as_ref().map(|(_, port)| format!("127.0.0.1:{port}"));
    let settings =
        Settings::without_site(vec![7; 32], None).with_servers(redis_url.as_deref(), memcached_url.as_deref()).unwrap();
    let lab = Lab(Server::new(settings).router);
    println!("{:<12}{:<10}{:>8}{:>12}{:>14}", "store", "operation", "times", "mean µs", "slowest µs");
    for kind in StoreKind::ALL {
        let Some(view) = lab.measure(kind).await else {
            println!("{:<12}not here", kind.name());
            continue;
        };
        for asked in view.operations {
            let operation = format!("{:?}", asked.operation).to_lowercase();
            println!(
                "{:<12}{operation:<10}{:>8}{:>12.1}{:>14.1}",
                kind.name(),
                asked.count,
                asked.mean_micros,
                asked.slowest_micros
            );
        }
    }
}
