//! A caching proxy before the nodes, which `faults.proxy_cache` puts there.

use crate::callers::*;
use axum::http::Method;
use domain::{exchange::Did, view::ServerView};
use serde_json::json;

async fn with_proxy() -> Lab {
    let lab = Lab::new();
    put(&lab, true).await;
    lab
}

async fn put(lab: &Lab, on: bool) {
    let _: ServerView = lab.put("control/faults", json!({ "proxy_cache": on })).await.ok();
}

fn is_hit(answer: &Answer) -> bool {
    answer.header("cache-status").starts_with("login-lab; hit;")
}

#[tokio::test]
async fn what_is_the_same_for_all_comes_from_the_copy_and_no_node_is_asked() {
    let lab = with_proxy().await;
    let first = lab.get("api/catalog", &[]).await;
    assert_eq!(first.header("cache-status"), "login-lab; fwd=uri-miss; stored");
    assert_eq!(first.header("x-node"), "1");
    let second = lab.get("api/catalog", &[("cookie", "theme=dark")]).await;
    // How old it is by now, and how long it is fresh: together the minute that the catalog is kept for.
    let age: u64 = second.header("age").parse().unwrap();
    assert_eq!(second.header("cache-status"), format!("login-lab; hit; ttl={}", 60 - age));
    assert_eq!(second.header("x-node"), "");
    assert_eq!(second.body, first.body);
    let record = lab.exchanges().await;
    let last = record.last().unwrap();
    assert_eq!(last.node, None);
    assert_eq!(last.steps.iter().map(|step| step.did).collect::<Vec<_>>(), [Did::ProxyAnswered]);
}

#[tokio::test]
async fn a_copy_grows_old_by_the_lab_s_clock_and_is_fetched_anew() {
    let lab = with_proxy().await;
    lab.get("api/catalog", &[]).await;
    lab.advance(20).await;
    let aged = lab.get("api/catalog", &[]).await;
    assert!(aged.header("age").parse::<u64>().unwrap() >= 20);
    lab.advance(60).await;
    assert_eq!(lab.get("api/catalog", &[]).await.header("cache-status"), "login-lab; fwd=stale; stored");
}

#[tokio::test]
async fn who_wants_a_fresh_answer_gets_one_and_who_has_it_gets_no_body() {
    let lab = with_proxy().await;
    let tag = lab.get("api/catalog", &[]).await.header("etag").to_owned();
    for control in ["no-cache", "max-age=0"] {
        let fresh = lab.get("api/catalog", &[("cache-control", control)]).await;
        assert_eq!(fresh.header("cache-status"), "login-lab; fwd=request; stored", "{control}");
    }
    let known = lab.get("api/catalog", &[("if-none-match", &tag)]).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    assert!(is_hit(&known));
    // Of an address that the proxy does not know, either.
    let other = lab.get("api/catalog?n=1", &[("if-none-match", &tag)]).await;
    assert_eq!(other.status, 304);
    assert_eq!(other.header("cache-status"), "login-lab; fwd=uri-miss; stored");
}

#[tokio::test]
async fn what_is_somebody_s_is_never_kept_and_a_change_goes_to_a_node() {
    let lab = with_proxy().await;
    let alice = lab.alice(TOKEN_STORAGE).await;
    for _ in 0..2 {
        let me = alice.me().await;
        assert_eq!(me.header("cache-status"), "login-lab; fwd=uri-miss");
        assert_eq!(me.header("x-node"), "1");
    }
    // Also where the server lets the browser keep it.
    let _: ServerView = lab.put("control/faults", json!({ "me_cacheable": true })).await.ok();
    alice.me().await;
    assert_eq!(alice.me().await.header("cache-status"), "login-lab; fwd=uri-miss");
    let order = alice.send(Method::POST, "api/orders", &json!({ "item": "pen" })).await;
    assert_eq!(order.header("cache-status"), "login-lab; fwd=method");
}

#[tokio::test]
async fn an_answer_with_a_balancer_s_cookie_is_not_kept() {
    let lab = with_proxy().await;
    let _: ServerView = lab.put("control/topology", json!({ "nodes": 3, "routing": "sticky" })).await.ok();
    for _ in 0..2 {
        assert_eq!(lab.get("api/catalog", &[]).await.header("cache-status"), "login-lab; fwd=uri-miss");
    }
}

#[tokio::test]
async fn a_proxy_that_is_taken_away_has_forgotten_what_it_kept() {
    let lab = with_proxy().await;
    lab.get("api/catalog", &[]).await;
    put(&lab, false).await;
    let straight = lab.get("api/catalog", &[]).await;
    assert_eq!((straight.header("cache-status"), straight.header("age")), ("", ""));
    assert_eq!(straight.header("cache-control"), "public, max-age=60");
    put(&lab, true).await;
    assert_eq!(lab.get("api/catalog", &[]).await.header("cache-status"), "login-lab; fwd=uri-miss; stored");
}

#[tokio::test]
async fn it_keeps_no_more_than_its_bound_and_nothing_with_a_long_address() {
    let lab = with_proxy().await;
    for n in 0..17 {
        lab.get(&format!("api/catalog?n={n}"), &[]).await;
    }
    assert!(is_hit(&lab.get("api/catalog?n=16", &[]).await));
    assert_eq!(lab.get("api/catalog?n=0", &[]).await.header("cache-status"), "login-lab; fwd=uri-miss; stored");
    let long = format!("api/catalog?n={}", "x".repeat(2048));
    assert_eq!(lab.get(&long, &[]).await.header("cache-status"), "login-lab; fwd=uri-miss");
}
