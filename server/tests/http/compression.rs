//! What goes over the wire compressed, and what never does.

use crate::callers::*;
use axum::{body::Body, http::Method};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::io::Read as _;

const LARGE: [&str; 5] = ["", "/openapi.json", "/api-docs", "control/view", "control/exchanges"];

fn varies(answer: &Answer) -> bool {
    answer.headers.get_all("vary").iter().any(|vary| vary.to_str().unwrap().contains("accept-encoding"))
}

#[tokio::test]
async fn the_page_the_docs_and_the_bench_are_compressed_as_the_other_side_takes_it() {
    let lab = Lab::new();
    lab.alice(SESSION_COOKIE).await;
    for below in LARGE {
        let plain = lab.get(below, &[]).await;
        assert!(varies(&plain) && plain.header("content-encoding").is_empty(), "{below}");
        for (accepted, encoding) in [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0.1, gzip", "gzip"), ("zstd", "")] {
            for site in [None, Some("same-origin"), Some("none")] {
                let mut headers = vec![("accept-encoding", accepted)];
                headers.extend(site.map(|site| ("sec-fetch-site", site)));
                let answer = lab.get(below, &headers).await;
                assert_eq!(answer.header("content-encoding"), encoding, "{below} {headers:?}");
                assert_eq!((answer.status, answer.header("cache-control")), (plain.status, "no-store"));
                assert!(varies(&answer), "{below} {headers:?}");
                assert_eq!(answer.body.len() < plain.body.len() / 2, !encoding.is_empty(), "{below} {headers:?}");
                if !encoding.is_empty() {
                    assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{below}: it counts");
                }
            }
        }
    }
    let plain = lab.get("/openapi.json", &[]).await;
    let mut text = Vec::new();
    let zipped = lab.get("/openapi.json", &[("accept-encoding", "gzip")]).await;
    GzDecoder::new(zipped.body.as_ref()).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain.body);
}

#[tokio::test]
async fn a_head_s_length_is_that_of_the_get_or_none() {
    let lab = Lab::new();
    for below in ["", "/openapi.json", "/api-docs", "control/view"] {
        let plain = lab.get(below, &[]).await;
        let head = lab.send(Method::HEAD, below, &[], &Value::Null).await;
        assert_eq!(head.status, plain.status, "{below}");
        let (lengths, known) = ((head.header("content-length"), plain.header("content-length")), !below.is_empty());
        assert!(lengths.0 == lengths.1 || !known, "{below}: {lengths:?}");
        let head = lab.send(Method::HEAD, below, &[("accept-encoding", "gzip")], &Value::Null).await;
        assert_eq!((head.header("content-encoding"), head.header("content-length")), ("gzip", ""), "{below}");
        assert!(varies(&head) && head.body.is_empty(), "{below}");
    }
}

/// The page holds credentials and repeats its address: from how short it becomes, one could be guessed (BREACH).
#[tokio::test]
async fn nothing_that_another_site_asked_for_is_compressed() {
    let lab = Lab::new();
    for below in LARGE {
        for site in ["cross-site", "same-site", "", "x"] {
            let answer = lab.get(below, &[("accept-encoding", "gzip, br"), ("sec-fetch-site", site)]).await;
            assert!(answer.header("content-encoding").is_empty(), "{below} {site}");
        }
    }
    let twice = [("accept-encoding", "br"), ("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")];
    assert!(lab.get("", &twice).await.header("content-encoding").is_empty());
}

#[tokio::test]
async fn what_the_lesson_answers_and_the_event_stream_never_are() {
    let lab = Lab::new();
    let alice = lab.alice(TOKEN_STORAGE).await;
    let bearer = format!("Bearer {}", alice.credential());
    let headers = [("accept-encoding", "gzip, br"), ("authorization", bearer.as_str())];
    let item = json!({"item": "x".repeat(64)});
    for (method, below, body) in [
        (Method::POST, "api/login", login("alice", TOKEN_STORAGE)),
        (Method::GET, "api/me", Value::Null),
        (Method::POST, "api/cart", item),
        (Method::GET, "api/catalog", Value::Null),
        (Method::GET, "api/nothing", Value::Null),
        (Method::GET, "guestbook", Value::Null),
    ] {
        let answer = lab.send(method, below, &headers, &body).await;
        assert!(answer.body.len() > 32 && answer.header("content-encoding").is_empty(), "{below}");
    }
    let events = lab.request(&Method::GET, "control/events", &headers).body(Body::empty()).unwrap();
    let events = lab.open(events).await;
    assert!(!events.headers().contains_key("content-encoding"));
    assert_eq!(events.headers()["x-accel-buffering"], "no", "nor kept back by a proxy");
}

#[tokio::test]
async fn a_change_is_not_said_to_have_failed_because_no_encoding_pleases() {
    let lab = Lab::new();
    let nothing = [("accept-encoding", "identity;q=0, *;q=0")];
    let answer = lab.send(Method::PUT, "control/defences", &nothing, &json!({"denylist": true})).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, ""));
    assert!(lab.view().await.defences.denylist);
}

#[tokio::test]
async fn head_says_no_length_where_get_may_be_compressed() {
    let lab = Lab::new();
    for below in ["", "/openapi.json"] {
        for (accepted, says) in [(&[("accept-encoding", "gzip")][..], false), (&[], true)] {
            let head = lab.raw(lab.request(&Method::HEAD, below, accepted).body(Body::empty()).unwrap()).await;
            assert_eq!((head.status.as_u16(), head.body.len()), (200, 0), "{below}");
            assert_eq!(!head.header("content-length").is_empty(), says, "{below} {head:?}");
        }
    }
}
