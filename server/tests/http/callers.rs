//! Who calls: nobody in particular, a browser with a jar, a script with a token.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use domain::{
    api::{LoggedIn, Login, Me, Problem},
    exchange::{Did, Exchange},
    scheme::{Carrier, Credential, Scheme},
    view::ServerView,
};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::{Answering, Process, Server, Settings};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

pub(crate) const SESSION_COOKIE: Scheme = Scheme::ALL[0];
pub(crate) const SESSION_STORAGE: Scheme = Scheme::ALL[1];
pub(crate) const TOKEN_COOKIE: Scheme = Scheme::ALL[2];
pub(crate) const TOKEN_STORAGE: Scheme = Scheme::ALL[3];

/// A server and one lab in it.
#[derive(Clone)]
pub(crate) struct Lab {
    pub(crate) id: String,
    pub(crate) process: Arc<Process>,
    router: Answering,
    attacker: Answering,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn ok<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.json()
    }

    /// Checks that it is a problem of this status, and returns it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> Problem {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: Problem = self.json();
        assert_eq!(problem.status, status);
        assert!(!problem.title.is_empty() && !problem.detail.is_empty() && !problem.kind.is_empty());
        problem
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn set_cookies(&self) -> Vec<String> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }
}

async fn read(response: axum::response::Response) -> Answer {
    let (parts, body) = response.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    pub(crate) fn behind(public_origin: &str) -> Self {
        Self::with(Some(public_origin.to_owned()))
    }

    /// Of a server that was told of a Redis where there is none.
    pub(crate) fn without_its_redis() -> Self {
        let settings = Settings::without_site(vec![7; 32], None);
        Self::of(settings.with_servers(Some("redis://127.0.0.1:1"), None).unwrap())
    }

    fn with(public_origin: Option<String>) -> Self {
        Self::of(Settings::without_site(vec![7; 32], public_origin))
    }

    pub(crate) fn router(&self) -> Answering {
        self.router.clone()
    }

    pub(crate) fn of(settings: Settings) -> Self {
        let Server { process, router, attacker, .. } = Server::new(settings);
        Self { id: "AAAAAAAAAAAAAAAAAAAAAA".into(), process, router, attacker }
    }

    /// Another lab of the same server.
    pub(crate) fn another(&self) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = format!("B{:021}", NEXT.fetch_add(1, Ordering::Relaxed));
        Self { id, ..self.clone() }
    }

    /// Sends just what is given, and nothing else.
    pub(crate) async fn raw(&self, request: Request<Body>) -> Answer {
        read(self.router.answer(request).await).await
    }

    /// Sends just what is given to the attacker's listener.
    pub(crate) async fn raw_at_attacker(&self, request: Request<Body>) -> Answer {
        read(self.attacker.answer(request).await).await
    }

    /// Asks the attacker's listener.
    pub(crate) async fn get_at_attacker(&self, below: &str, headers: &[(&str, &str)]) -> Answer {
        self.raw_at_attacker(self.request(&Method::GET, below, headers).body(Body::empty()).unwrap()).await
    }

    /// Sends plain text to the attacker's listener, as a script in no-cors mode does.
    pub(crate) async fn post_at_attacker(&self, below: &str, text: &str) -> Answer {
        let request = self.request(&Method::POST, below, &[("content-type", "text/plain;charset=UTF-8")]);
        self.raw_at_attacker(request.body(Body::from(text.to_owned())).unwrap()).await
    }

    /// Asks for the next order, as the attacker's window does.
    pub(crate) async fn next_order(&self, headers: &[(&str, &str)]) -> Answer {
        self.raw_at_attacker(self.request(&Method::POST, "next", headers).body(Body::empty()).unwrap()).await
    }

    /// Opens a response without reading its body.
    pub(crate) async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.answer(request).await
    }

    pub(crate) fn path(&self, below: &str) -> String {
        if below.starts_with('/') {
            below.to_owned()
        } else if below.is_empty() || below.starts_with('?') {
            format!("/lab/{}{below}", self.id)
        } else {
            format!("/lab/{}/{below}", self.id)
        }
    }

    /// A request for a path below the lab, or an absolute one.
    pub(crate) fn request(
        &self,
        method: &Method,
        below: &str,
        headers: &[(&str, &str)],
    ) -> axum::http::request::Builder {
        let start = Request::builder().method(method).uri(self.path(below)).header("host", "localhost:3000");
        headers.iter().fold(start, |request, (name, value)| request.header(*name, *value))
    }

    pub(crate) async fn get(&self, below: &str, headers: &[(&str, &str)]) -> Answer {
        self.raw(self.request(&Method::GET, below, headers).body(Body::empty()).unwrap()).await
    }

    /// Sends JSON; `null` stands for no body.
    pub(crate) async fn send(&self, method: Method, below: &str, headers: &[(&str, &str)], json: &Value) -> Answer {
        let request = self.request(&method, below, headers).header("content-type", "application/json");
        let body = if json.is_null() { Body::empty() } else { Body::from(json.to_string()) };
        self.raw(request.body(body).unwrap()).await
    }

    pub(crate) async fn post(&self, below: &str, json: Value) -> Answer {
        self.send(Method::POST, below, &[], &json).await
    }

    pub(crate) async fn put(&self, below: &str, json: Value) -> Answer {
        self.send(Method::PUT, below, &[], &json).await
    }

    pub(crate) async fn form(&self, below: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let request = self.request(&Method::POST, below, headers);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.raw(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub(crate) async fn view(&self) -> ServerView {
        self.get("control/view", &[]).await.ok()
    }

    pub(crate) async fn exchanges(&self) -> Vec<Exchange> {
        self.get("control/exchanges", &[]).await.ok()
    }

    /// What the server did with the last request of the lesson.
    pub(crate) async fn steps(&self) -> Vec<Did> {
        let exchanges = self.exchanges().await;
        exchanges.last().map(|last| last.steps.iter().map(|step| step.did).collect()).unwrap_or_default()
    }

    pub(crate) async fn advance(&self, seconds: u64) -> ServerView {
        self.post("control/clock", json!({ "advance": seconds })).await.ok()
    }

    /// From now on, each operation of the store takes this long.
    pub(crate) async fn slow(&self, ms: u64) {
        self.put("control/faults", json!({ "store_delay_ms": ms })).await.ok::<Value>();
    }

    pub(crate) async fn defend(&self, defences: Value) -> ServerView {
        self.put("control/defences", defences).await.ok()
    }

    pub(crate) fn caller(&self, scheme: Scheme) -> Caller {
        Caller { lab: self.clone(), scheme, cookie: None, token: None }
    }

    /// A caller of this scheme, logged in as alice.
    pub(crate) async fn alice(&self, scheme: Scheme) -> Caller {
        let mut caller = self.caller(scheme);
        caller.log_in("alice").await;
        caller
    }
}

pub(crate) fn login(name: &str, scheme: Scheme) -> Value {
    serde_json::to_value(Login::new(name, &format!("{name}-password"), scheme)).unwrap()
}

/// Somebody who keeps a credential as the scheme has it, and sends it along with each request.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) lab: Lab,
    pub(crate) scheme: Scheme,
    pub(crate) cookie: Option<(String, String)>,
    pub(crate) token: Option<String>,
}

impl Caller {
    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        let cookie = self.cookie.iter().map(|(name, value)| ("cookie", format!("{name}={value}")));
        let bearer = self.token.iter().map(|token| ("authorization", format!("Bearer {token}")));
        cookie.chain(bearer).collect()
    }

    /// The credential itself.
    #[track_caller]
    pub(crate) fn credential(&self) -> String {
        match self.scheme.carrier {
            Carrier::Cookie => self.cookie.clone().expect("a cookie").1,
            Carrier::LocalStorage => self.token.clone().expect("a token"),
        }
    }

    pub(crate) async fn send(&self, method: Method, below: &str, json: &Value) -> Answer {
        let headers = self.headers();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.lab.send(method, below, &headers, json).await
    }

    /// As [`Self::send`], and keeps what comes back as a browser and its script would.
    pub(crate) async fn act(&mut self, method: Method, below: &str, json: &Value) -> Answer {
        let answer = self.send(method, below, json).await;
        for set in answer.set_cookies() {
            let (pair, attributes) = set.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if !attributes.contains("Max-Age=0") {
                self.cookie = Some((name.into(), value.into()));
            } else if self.cookie.as_ref().is_some_and(|(held, _)| held == name) {
                self.cookie = None;
            }
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if let Some(token) = body.get("access_token").and_then(Value::as_str) {
            self.token = Some(token.to_owned());
        }
        answer
    }

    pub(crate) async fn log_in(&mut self, name: &str) -> LoggedIn {
        self.log_in_with(login(name, self.scheme)).await.ok()
    }

    pub(crate) async fn log_in_with(&mut self, login: Value) -> Answer {
        self.act(Method::POST, "api/login", &login).await
    }

    pub(crate) async fn me(&self) -> Answer {
        self.send(Method::GET, "api/me", &Value::Null).await
    }

    pub(crate) async fn known(&self) -> Me {
        self.me().await.ok()
    }

    pub(crate) async fn is_known(&self) -> bool {
        let answer = self.me().await;
        assert!(matches!(answer.status.as_u16(), 200 | 401), "{answer:?}");
        answer.status == StatusCode::OK
    }

    pub(crate) async fn add(&mut self, item: &str) -> Answer {
        self.act(Method::POST, "api/cart", &json!({ "item": item })).await
    }

    pub(crate) async fn log_out(&mut self) -> Answer {
        self.act(Method::POST, "api/logout", &Value::Null).await
    }

    pub(crate) fn is_session(&self) -> bool {
        self.scheme.credential == Credential::SessionId
    }
}
