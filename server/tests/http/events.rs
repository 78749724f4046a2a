//! Server-Sent Events: the view first, then what happens, and what was missed.

use crate::callers::*;
use axum::body::{Body, BodyDataStream};
use axum::http::Method;
use domain::{exchange::Exchange, view::ServerView};
use futures::StreamExt as _;
use serde_json::{Value, json};
use std::time::Duration;

/// One event, as it stands on the wire.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    id: String,
    pub(crate) data: String,
}

pub(crate) struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    pub(crate) async fn open(lab: &Lab, query: &str, headers: &[(&str, &str)]) -> Self {
        let request = lab.request(&Method::GET, &format!("control/events{query}"), headers);
        let response = lab.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event; `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let mut read = Event::default();
                for line in event.lines() {
                    match line.split_once(": ").or(line.split_once(':')) {
                        Some(("event", value)) => value.clone_into(&mut read.name),
                        Some(("id", value)) => value.clone_into(&mut read.id),
                        Some(("data", value)) => read.data.push_str(value),
                        _ => {}
                    }
                }
                self.text = rest.to_string();
                if read.name.is_empty() {
                    continue;
                }
                return Some(read);
            }
            let chunk =
                tokio::time::timeout(Duration::from_secs(5), self.body.next()).await.expect("an event in time")?;
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    /// The next event of this name.
    pub(crate) async fn until(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.name == name {
                return event;
            }
        }
    }
}

#[tokio::test]
async fn the_view_comes_first_then_each_exchange_with_its_number_and_then_the_new_view() {
    let lab = Lab::new();
    lab.get("api/me", &[]).await;
    let mut stream = Stream::open(&lab, "", &[]).await;
    let first = stream.next().await.unwrap();
    assert_eq!((first.name.as_str(), first.id.as_str()), ("view", ""));
    let (first, later) = (serde_json::from_str::<ServerView>(&first.data).unwrap(), lab.view().await);
    assert!(first.is_older_than(&later));
    assert_eq!(first, ServerView { number: first.number, ..later });
    lab.alice(SESSION_COOKIE).await;
    let event = stream.until("exchange").await;
    let exchange: Exchange = serde_json::from_str(&event.data).unwrap();
    assert_eq!((event.id.as_str(), exchange.id, exchange.request.route()), ("2", 2, "api/login"));
    assert_eq!(exchange, lab.exchanges().await.pop().unwrap());
    loop {
        let view: ServerView = serde_json::from_str(&stream.until("view").await.data).unwrap();
        if view.rows().count() == 1 {
            break;
        }
    }
}

#[tokio::test]
async fn every_change_of_the_bench_is_heard_as_a_view() {
    let lab = Lab::new();
    lab.alice(SESSION_COOKIE).await;
    let mut stream = Stream::open(&lab, "", &[]).await;
    stream.until("view").await;
    lab.put("control/users/bob", json!({"role": "admin"})).await.ok::<Value>();
    let view: ServerView = serde_json::from_str(&stream.until("view").await.data).unwrap();
    assert_eq!(view.users[1].role, domain::user::Role::Admin);
    lab.advance(10_000).await;
    let view: ServerView = serde_json::from_str(&stream.until("view").await.data).unwrap();
    assert_eq!(view.rows().count(), 0, "what the clock has ended is gone from it");
    lab.post("control/reset", Value::Null).await.ok::<Value>();
    stream.until("reset").await;
    let view: ServerView = serde_json::from_str(&stream.until("view").await.data).unwrap();
    assert_eq!(view.users[1].role, domain::user::Role::User);
}

#[tokio::test]
async fn who_comes_back_hears_what_came_meanwhile() {
    let lab = Lab::new();
    for _ in 0..5 {
        lab.get("api/me", &[]).await;
    }
    for (query, headers) in [
        ("", vec![("last-event-id", "3")]),
        ("?last_event_id=3", vec![]),
        ("?last_event_id=1", vec![("last-event-id", "3")]),
    ] {
        let mut stream = Stream::open(&lab, query, &headers).await;
        let names = [stream.next().await.unwrap(), stream.next().await.unwrap(), stream.next().await.unwrap()];
        let heard: Vec<_> = names.iter().map(|e| (e.name.as_str(), e.id.as_str())).collect();
        assert_eq!(heard, [("view", ""), ("exchange", "4"), ("exchange", "5")]);
    }
}

#[tokio::test]
async fn a_page_of_another_build_is_told_of_the_newer_one_and_nobody_else_is() {
    let lab = Lab::new();
    lab.get("api/me", &[]).await;
    for (query, expected) in [
        ("?last_event_id=0", ["view", "exchange"]),
        ("?last_event_id=0&build=/pkg/login-lab.wasm", ["view", "exchange"]),
        ("?last_event_id=0&build=/pkg/login-lab.older.wasm", ["view", "newer"]),
    ] {
        let mut stream = Stream::open(&lab, query, &[]).await;
        let heard = [stream.next().await.unwrap(), stream.next().await.unwrap()];
        assert_eq!(heard.each_ref().map(|event| event.name.as_str()), expected, "{query}");
        if expected[1] == "newer" {
            assert_eq!(heard[1].data, r#""/pkg/login-lab.wasm""#);
        }
    }
}

#[tokio::test]
async fn who_missed_something_is_told_how_much() {
    let lab = Lab::new();
    for _ in 0..205 {
        lab.get("api/me", &[]).await;
    }
    for (id, missed) in [("2", r#"{"missed":3}"#), ("900", r#"{"missed":null}"#), ("nonsense", r#"{"missed":null}"#)] {
        let mut stream = Stream::open(&lab, "", &[("last-event-id", id)]).await;
        stream.until("view").await;
        let event = stream.next().await.unwrap();
        assert_eq!((event.name.as_str(), event.data.as_str()), ("missed", missed), "after {id}");
    }
}

#[tokio::test]
async fn a_slow_listener_is_told_what_it_missed_and_goes_on() {
    let lab = Lab::new();
    let mut stream = Stream::open(&lab, "", &[]).await;
    stream.until("view").await;
    for _ in 0..300 {
        lab.get("api/me", &[]).await;
    }
    let event = stream.until("missed").await;
    assert_eq!(event.data, r#"{"missed":100}"#);
    assert_eq!(stream.until("exchange").await.id, "101");
}

#[tokio::test]
async fn thirty_two_streams_are_the_most_and_one_that_ends_makes_room() {
    let lab = Lab::new();
    let mut open = Vec::new();
    for _ in 0..32 {
        open.push(Stream::open(&lab, "", &[]).await);
    }
    lab.get("control/events", &[]).await.problem(429);
    let elsewhere = lab.another();
    Stream::open(&elsewhere, "", &[]).await;
    open.pop();
    Stream::open(&lab, "", &[]).await;
}

#[tokio::test]
async fn streams_end_when_the_server_goes_down() {
    let lab = Lab::new();
    let mut stream = Stream::open(&lab, "", &[]).await;
    stream.until("view").await;
    lab.process.close();
    while stream.next().await.is_some() {}
}

#[tokio::test]
async fn a_visitor_who_does_not_wait_for_the_answer_is_recorded_all_the_same() {
    let lab = Lab::new();
    let mut stream = Stream::open(&lab, "", &[]).await;
    let mut impatient = Box::pin(lab.post("api/login", login("alice", SESSION_COOKIE)));
    assert!(futures::poll!(&mut impatient).is_pending());
    drop(impatient);
    let exchange: Exchange = serde_json::from_str(&stream.until("exchange").await.data).unwrap();
    assert_eq!((exchange.request.route(), exchange.response.status), ("api/login", 200));
}
