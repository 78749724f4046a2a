//! The pipeline: a request of the lesson is noted, answered by a node, and published with its answer.

use crate::{
    bounds,
    clients::{Client, UnderWay},
    gate::{
        Gate, mask,
        problem::{Why, problem},
        visit::Steps,
        window,
    },
    guard::guard,
    lab::{
        Lab, World,
        record::kept::{Answered, Asked, Begun, lines},
    },
    store::Population,
    to_its_end::ToItsEnd,
};
use bytes::Bytes;
use domain::{
    balance::NodeId,
    exchange::{Did, Sender, Step, route},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header, request};
use std::{borrow::Cow, fmt::Write as _, sync::Arc};

/// Stands on a response that is to be lost on the way: whoever holds the connection closes it with nothing sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LostAnswer;

/// A request whose body was read, or what is answered because it was not.
pub(crate) type Arrival = (request::Parts, Result<Bytes, Response<Bytes>>);

impl Gate {
    /// Takes a request of the lesson through, also when nobody waits any more: what happened belongs into the record.
    pub(crate) async fn take(
        self: Arc<Self>,
        lab: Arc<Lab>,
        arrival: impl Future<Output = Arrival> + Send + 'static,
    ) -> Response<Bytes> {
        let [place, room] = [&lab.work, &self.process.work].map(|work| Arc::clone(work).try_acquire_owned());
        let (Ok(place), Ok(room)) = (place, room) else {
            return problem(StatusCode::SERVICE_UNAVAILABLE, "too many requests at once: try again in a second");
        };
        let work = async move {
            // Held to the end of the work, which may come after the visitor has gone.
            let _held = (place, room);
            self.exchange(&lab, arrival.await, |_| true).await
        };
        ToItsEnd::of(work).await.unwrap_or_else(|_| {
            tracing::error!("a request of the lesson died");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "something broke; the server's log says what")
        })
    }

    /// As [`Self::take`], but recorded only where the answer's status makes it worth it, and given up with the caller.
    pub(crate) async fn exchange(
        &self,
        lab: &Arc<Lab>,
        (mut parts, body): Arrival,
        worth_recording: impl FnOnce(StatusCode) -> bool,
    ) -> Response<Bytes> {
        // This client's turn ends with the work, which may be after the client has gone.
        let _under_way = parts.extensions.get::<UnderWay>().cloned();
        let by = parts.extensions.get::<Arc<Client>>().map(|client| client.address);
        let is_replay = self.process.replayer.takes_sign_off(&mut parts.headers);
        let window_stays = window::would_take_the_window(&parts);
        let steps = Steps::default();
        let from = match parts.extensions.get() {
            Some(Population::Crowd) => Sender::Crowd,
            _ if is_replay => Sender::Attacker,
            _ => sender(&parts.headers, &self.process.origins.attacker),
        };
        let is_recording = self.process.is_recording;
        let begun = if is_recording { write_down(&parts, body.as_deref().unwrap_or_default(), from) } else { None };
        let may_be_lost = from != Sender::Crowd && route(parts.uri.path()).starts_with("api/");
        // HEAD is GET without the body (RFC 9110 §9.3.2), so it is answered as GET and shortened in the end.
        let is_head = parts.method == Method::HEAD;
        if is_head {
            parts.method = Method::GET;
        }
        let (response, node) = match body {
            Ok(bytes) => self.by_proxy(lab, &steps, Request::from_parts(parts, bytes)).await,
            Err(answer) => (answer, None),
        };
        let (mut parts, mut body) = response.into_parts();
        if let Some(Why(why)) = parts.extensions.get() {
            steps.note(Did::Refused, why.clone());
        }
        // It is done by now: that is what makes a lost answer worth a lesson.
        if may_be_lost && lab.world(World::loses_answer) {
            steps.note(Did::LostAnswer, "");
            parts.extensions.insert(LostAnswer);
        }
        if window_stays {
            steps.note(Did::KeptWindow, parts.status.as_str().to_owned());
            window::stay(&mut parts);
            body = Bytes::new();
        }
        // It would be the length of what is not sent (RFC 9110 §8.6).
        if parts.status == StatusCode::NOT_MODIFIED {
            parts.headers.remove(header::CONTENT_LENGTH);
        }
        if is_head {
            // What GET would have said (RFC 9110 §8.6).
            if !matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
                parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            }
            body = Bytes::new();
        }
        let (steps, https) = (steps.take(), self.process.is_https());
        finish(&mut parts.headers, &steps, node);
        if is_recording && worth_recording(parts.status) {
            let headers = mask::headers(&parts.headers);
            let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            let is_shown = kind.contains("json") && body.len() <= bounds::RECORDED_ANSWER;
            let kept = begun.and_then(|begun| {
                begun.answered(&Answered {
                    at: lab.now(),
                    node,
                    status: parts.status.as_u16(),
                    headers: lines(&headers),
                    https,
                    body: serde_bytes::Bytes::new(if is_shown { &body } else { b"" }),
                    steps: Cow::Borrowed(&steps),
                })
            });
            if let Some(kept) = kept {
                lab.record.push(kept, by);
            } else {
                tracing::error!("an exchange could not be written down");
            }
        }
        guard(&mut parts.headers, https);
        lab.has_changed();
        Response::from_parts(parts, body)
    }
}

fn finish(headers: &mut HeaderMap, steps: &[Step], node: Option<NodeId>) {
    let mut timing = String::with_capacity(128);
    for step in steps {
        let comma = if timing.is_empty() { "" } else { ", " };
        timing.extend([comma, step.did.name(), ";dur="]);
        match step.whole_micros() {
            // Most take no time worth telling.
            0 => timing.push_str("0.000"),
            // In milliseconds; writing into a String does not fail.
            micros => drop(write!(timing, "{}.{:03}", micros / 1000, micros % 1000)),
        }
    }
    if let Ok(timing) = HeaderValue::try_from(timing) {
        headers.insert(HeaderName::from_static("server-timing"), timing);
    }
    if let Some(node) = node {
        headers.insert(HeaderName::from_static("x-node"), HeaderValue::from(u16::from(node)));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Browsers say from where they were asked, older ones at least which page sent a form; what says nothing is none.
fn sender(headers: &HeaderMap, attacker: &str) -> Sender {
    let is_attacker = |origin: &HeaderValue| origin.as_bytes().eq_ignore_ascii_case(attacker.as_bytes());
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => Sender::Page,
        Some(_) => Sender::Attacker,
        None if headers.get_all(header::ORIGIN).iter().any(is_attacker) => Sender::Attacker,
        None => Sender::Other,
    }
}

/// What came, as it may be recorded.
pub(crate) fn write_down(parts: &request::Parts, body: &[u8], from: Sender) -> Option<Begun> {
    let path = mask::path(parts.uri.path_and_query().map_or("/", |path| path.as_str()));
    let headers = mask::headers(&parts.headers);
    let body = if body.is_empty() { Vec::new() } else { mask::body(body, route(&path) == "api/login") };
    Begun::with(&Asked {
        from,
        method: parts.method.as_str(),
        path: &path,
        headers: lines(&headers),
        body: serde_bytes::Bytes::new(&body),
    })
}
