//! What was measured in a lab is kept in it, as the page writes it.

use crate::callers::*;
use axum::{body::Body, http::Method};
use serde_json::{Value, json};

async fn read(lab: &Lab) -> Value {
    lab.get("control/results", &[]).await.ok()
}

#[tokio::test]
async fn what_was_kept_is_read_again_with_its_version_and_is_no_part_of_the_record() {
    let lab = Lab::new();
    assert_eq!(read(&lab).await, json!({"version": 0, "results": null}));
    let results = json!({"entries": [{"what": {"other-site": "form-post"}, "finding": [1, 2, null]}], "seen": ["a"]});
    let put: Value = lab.put("control/results", json!({"version": 0, "results": results})).await.ok();
    assert_eq!(put, json!({"version": 1}));
    assert_eq!(read(&lab).await, json!({"version": 1, "results": results}));
    let put: Value = lab.put("control/results", json!({"version": 1, "results": {}})).await.ok();
    assert_eq!(put, json!({"version": 2}));
    assert_eq!(read(&lab).await, json!({"version": 2, "results": {}}));
    assert!(lab.exchanges().await.is_empty());
}

#[tokio::test]
async fn they_are_read_again_byte_for_byte_as_they_came() {
    let lab = Lab::new();
    let results = r#"{"z": 1e2, "a":[ 12345678901234567890123, 0.10 ],"z":"\u00e9é"}"#;
    let body = format!(r#"{{"version":0, "results": {results} }}"#);
    let request = lab.request(&Method::PUT, "control/results", &[("content-type", "application/json")]);
    assert_eq!(lab.raw(request.body(Body::from(body)).unwrap()).await.status, 200);
    let answer = lab.get("control/results", &[]).await;
    assert_eq!(answer.body, format!(r#"{{"version":1,"results":{results}}}"#));
}

#[tokio::test]
async fn whoever_read_an_older_version_overwrites_nothing_and_is_told_what_to_do() {
    let lab = Lab::new();
    lab.put("control/results", json!({"version": 0, "results": {"by": "one"}})).await.ok::<Value>();
    for version in [0, 2, u64::MAX] {
        let answer = lab.put("control/results", json!({"version": version, "results": {"by": "two"}})).await;
        let detail = answer.problem(409).detail;
        assert!(detail.contains("version 1") && detail.contains("GET control/results"), "{detail}");
    }
    assert_eq!(read(&lab).await, json!({"version": 1, "results": {"by": "one"}}));
}

#[tokio::test]
async fn of_many_at_once_one_is_kept() {
    let lab = Lab::new();
    let puts = (0..20).map(|n| lab.put("control/results", json!({"version": 0, "results": {"by": n}})));
    let answers = futures::future::join_all(puts).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(read(&lab).await["version"], 1);
}

#[tokio::test]
async fn results_have_half_a_mebibyte_at_most() {
    let lab = Lab::new();
    let of = |bytes: usize| json!({"version": 0, "results": {"x": "y".repeat(bytes - r#"{"x":""}"#.len())}});
    for over in [512 * 1024 + 1, 600 * 1024] {
        lab.put("control/results", of(over)).await.problem(413);
    }
    // What is announced as too large is not waited for.
    let length = (600 * 1024).to_string();
    let headers = [("content-type", "application/json"), ("content-length", length.as_str())];
    let endless = Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::convert::Infallible>>());
    let announced = Body::new(Announced(endless));
    let request = lab.request(&Method::PUT, "control/results", &headers).body(announced).unwrap();
    lab.raw(request).await.problem(413);
    assert_eq!(lab.put("control/results", of(512 * 1024)).await.status, 200);
    assert_eq!(read(&lab).await["version"], 1);
}

/// A body that says how large it will be, as hyper's does where there is a `Content-Length`.
struct Announced(Body);

impl axum::body::HttpBody for Announced {
    type Data = axum::body::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        std::pin::Pin::new(&mut self.0).poll_frame(context)
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(600 * 1024)
    }
}

#[tokio::test]
async fn what_is_no_object_is_refused() {
    let lab = Lab::new();
    for body in [
        json!([0, {}]),
        json!({"version": 0, "results": []}),
        json!({"version": 0, "results": null}),
        json!({"version": 0, "results": "x"}),
        json!({"version": -1, "results": {}}),
        json!({"results": {}}),
        json!({"version": 0}),
        json!({"version": 0, "results": {}, "more": 1}),
    ] {
        lab.put("control/results", body.clone()).await.problem(400);
    }
    let deep = format!(r#"{{"version":0,"results":{{"x":{}{}}}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let request = lab.request(&Method::PUT, "control/results", &[("content-type", "application/json")]);
    lab.raw(request.body(Body::from(deep)).unwrap()).await.problem(400);
    assert_eq!(read(&lab).await["version"], 0);
}

#[tokio::test]
async fn another_site_neither_reads_nor_writes_them() {
    let lab = Lab::new();
    lab.put("control/results", json!({"version": 0, "results": {}})).await.ok::<Value>();
    let headers = [("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:3666")];
    lab.get("control/results", &headers).await.problem(403);
    let body = json!({"version": 1, "results": {"by": "the attacker"}});
    lab.send(Method::PUT, "control/results", &headers, &body).await.problem(403);
    assert_eq!(read(&lab).await["version"], 1);
}

#[tokio::test]
async fn a_reset_empties_them_and_whoever_read_before_learns_of_it() {
    let lab = Lab::new();
    lab.put("control/results", json!({"version": 0, "results": {"x": 1}})).await.ok::<Value>();
    lab.post("control/reset", Value::Null).await.ok::<Value>();
    assert_eq!(read(&lab).await, json!({"version": 2, "results": null}));
    lab.put("control/results", json!({"version": 1, "results": {}})).await.problem(409);
}

#[tokio::test]
async fn another_lab_does_not_see_them() {
    let here = Lab::new();
    let there = here.another();
    there.view().await;
    here.put("control/results", json!({"version": 0, "results": {"x": 1}})).await.ok::<Value>();
    assert_eq!(read(&there).await, json!({"version": 0, "results": null}));
}
