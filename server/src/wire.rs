//! The wire record: every request of the lesson with its answer, as received and as sent.

use crate::{
    attacker, balancer,
    body::{self, BodyError},
    error::{Why, problem},
    headers,
    lab::{Lab, World},
    server::Server,
    store::Population,
    visit::Steps,
};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request, response},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    balance::NodeId,
    exchange::{self, Did, Exchange, Sender, Step},
};
use http_body_util::BodyExt as _;
use std::{fmt::Write as _, sync::Arc};

pub(crate) use ring::{Event, Missed, Subscription, Wire};

pub(crate) mod mask;
mod ring;

/// The most bytes of headers that are recorded of either side.
const HEADER_BYTES: usize = 64 * 1024;
/// The most bytes of a response's body that are recorded.
const RESPONSE_BYTES: usize = 64 * 1024;

/// Stands on a response that is to be lost on the way: whoever holds the connection closes it with nothing sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LostAnswer;

/// Takes a request of the lesson through: record, pick a node, answer, publish. It goes on when the visitor
/// does not wait for the answer, for what happened belongs into the record.
pub(crate) async fn take(server: Arc<Server>, lab: Arc<Lab>, request: Request) -> Response {
    let under_way = tokio::spawn(async move { exchange(&server, &lab, request, |_| true).await });
    under_way.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request of the lesson died");
        problem(StatusCode::INTERNAL_SERVER_ERROR, "something broke; the server's log says what")
    })
}

/// As [`take`], but recorded only where the answer's status makes it worth it, and given up with the caller.
pub(crate) async fn exchange(
    server: &Arc<Server>,
    lab: &Arc<Lab>,
    request: Request,
    worth_recording: impl FnOnce(StatusCode) -> bool,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let is_replay = server.replayer().takes_sign_off(&mut parts.headers);
    let window_stays = attacker::would_take_the_window(&parts);
    let steps = Steps::default();
    let body = body::read(body).await;
    let request = asked(&parts, body.as_deref().ok());
    let from = match parts.extensions.get() {
        Some(Population::Crowd) => Sender::Crowd,
        _ if is_replay => Sender::Attacker,
        _ => sender(&parts.headers, &server.origins().attacker),
    };
    let may_be_lost = from != Sender::Crowd && request.route().starts_with("api/");
    let is_head = parts.method == axum::http::Method::HEAD;
    let (response, node) = match body {
        Ok(bytes) => balancer::forward(server, lab, &steps, Request::from_parts(parts, Body::from(bytes))).await,
        Err(error) => (unread(&error), None),
    };
    let (mut parts, body) = response.into_parts();
    if let Some(Why(why)) = parts.extensions.get() {
        steps.note(Did::Refused, why);
    }
    // It is done by now: that is what makes a lost answer worth a lesson.
    if may_be_lost && lab.world(World::loses_answer) {
        steps.note(Did::LostAnswer, "");
        parts.extensions.insert(LostAnswer);
    }
    if window_stays {
        steps.note(Did::KeptWindow, parts.status.as_str());
        attacker::stay(&mut parts);
    }
    let steps = steps.all();
    finish(&mut parts.headers, &steps, node, server.is_https());
    let is_json = content_type(&parts.headers).contains("json");
    // Everything that the lesson answers lies in memory already.
    let bytes = if window_stays {
        Bytes::new()
    } else {
        body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default()
    };
    if worth_recording(parts.status) {
        let response = answered(&parts, (is_json && !is_head).then_some(&bytes));
        lab.wire.push(|id| Exchange { id, at: lab.now(), from, node, request, response, steps });
    }
    lab.has_changed();
    Response::from_parts(parts, Body::from(bytes))
}

fn unread(error: &BodyError) -> Response {
    problem(error.status(), error.to_string())
}

fn finish(headers: &mut HeaderMap, steps: &[Step], node: Option<NodeId>, https: bool) {
    let timing = steps.iter().fold(String::new(), |mut all, step| {
        let comma = if all.is_empty() { "" } else { ", " };
        // Writing into a String does not fail.
        let _ = write!(all, "{comma}{};dur={:.3}", step.did.name(), step.micros / 1000.0);
        all
    });
    if let Ok(timing) = HeaderValue::from_str(&timing) {
        headers.insert(HeaderName::from_static("server-timing"), timing);
    }
    if let Some(node) = node {
        headers.insert(HeaderName::from_static("x-node"), HeaderValue::from(u16::from(node)));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers::guard(headers, https);
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Browsers say from where they were asked, older ones at least which page sent a form; what says nothing is no
/// browser.
fn sender(headers: &HeaderMap, attacker: &str) -> Sender {
    let is_attacker = |origin: &HeaderValue| origin.as_bytes().eq_ignore_ascii_case(attacker.as_bytes());
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => Sender::Page,
        Some(_) => Sender::Attacker,
        None if headers.get_all(header::ORIGIN).iter().any(is_attacker) => Sender::Attacker,
        None => Sender::Other,
    }
}

fn asked(parts: &request::Parts, body: Option<&[u8]>) -> exchange::Request {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let path = mask::path(path);
    let (method, headers) = (parts.method.to_string(), recorded(&parts.headers));
    let mut request = exchange::Request { method, path, headers, body: None, body_base64: None };
    let body = body.filter(|body| !body.is_empty()).map(|body| mask::body(body, request.route() == "api/login"));
    match body.map(String::from_utf8) {
        Some(Ok(text)) => request.body = Some(text),
        Some(Err(bytes)) => request.body_base64 = Some(STANDARD.encode(bytes.as_bytes())),
        None => {}
    }
    request
}

fn answered(parts: &response::Parts, body: Option<&axum::body::Bytes>) -> exchange::Response {
    let body = body.filter(|body| !body.is_empty() && body.len() <= RESPONSE_BYTES);
    exchange::Response {
        status: parts.status.as_u16(),
        headers: recorded(&parts.headers),
        body: body.map(|body| String::from_utf8_lossy(body).into_owned()),
    }
}

/// The headers in order, as far as the bound allows.
fn recorded(headers: &HeaderMap) -> Vec<exchange::Header> {
    let mut room = HEADER_BYTES;
    let mut all = Vec::with_capacity(headers.len());
    for (name, value) in headers {
        let size = name.as_str().len().saturating_add(value.len());
        let Some(left) = room.checked_sub(size) else {
            all.push(("…".to_owned(), "more than 64 KiB of headers; the rest is not recorded".to_owned()));
            break;
        };
        room = left;
        all.push((name.as_str().to_owned(), mask::header(name, &String::from_utf8_lossy(value.as_bytes()))));
    }
    all
}
