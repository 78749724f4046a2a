//! What is made to go wrong: a store that is down or slow, answers that are lost on the way.

use crate::callers::*;
use axum::http::Method;
use domain::{
    api::Ready,
    exchange::Did,
    scheme::{Carrier, Credential, Scheme},
    topology::StoreKind,
    view::{Faults, ServerView},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Two nodes in front of one store that all share.
async fn shared() -> Lab {
    let lab = Lab::new();
    let _: ServerView = lab.put("control/topology", json!({"nodes": 2, "store": "sqlite"})).await.ok();
    lab
}

async fn fault(lab: &Lab, faults: Value) -> Faults {
    lab.put("control/faults", faults).await.ok::<ServerView>().faults
}

#[tokio::test]
async fn what_is_left_away_stays_and_what_is_out_of_bounds_changes_nothing() {
    let lab = Lab::new();
    let set = fault(&lab, json!({"drop_responses": 3, "store_delay_ms": 10_000})).await;
    assert_eq!(set, Faults { drop_responses: 3, store_delay_ms: 10_000, ..Faults::default() });
    let set = fault(&lab, json!({"store_down": true})).await;
    assert_eq!(set, Faults { drop_responses: 3, store_down: true, store_delay_ms: 10_000, ..Faults::default() });
    let refused = lab.put("control/faults", json!({"store_delay_ms": 10_001, "store_down": false})).await;
    assert!(refused.problem(422).detail.contains("10000"));
    for body in [json!({"nonsense": 1}), json!({"drop_responses": -1}), json!({"store_down": "yes"}), json!(1)] {
        lab.put("control/faults", body).await.problem(400);
    }
    assert_eq!(lab.view().await.faults, set);
    let wrong = lab.post("control/faults", json!({"store_down": false})).await;
    wrong.problem(405);
    assert_eq!(wrong.header("allow"), "PUT");
    let view: ServerView = lab.post("control/reset", Value::Null).await.ok();
    assert_eq!(view.faults, Faults::default());
}

#[tokio::test]
async fn one_store_for_all_nodes_keeps_a_login_whichever_node_answers() {
    let lab = shared().await;
    let mut alice = lab.alice(SESSION_COOKIE).await;
    for item in ["pen", "ink", "paper"] {
        assert_eq!(alice.add(item).await.status, 200);
    }
    assert_eq!(alice.known().await.cart.len(), 3);
    let view: ServerView = lab.post("control/restart", Value::Null).await.ok();
    let store = view.store.unwrap();
    assert_eq!((store.kind, store.available, store.listable), (StoreKind::Sqlite, true, true));
    assert_eq!(store.sessions.len(), 1);
    assert!(store.sessions[0].held.is_some());
    assert!(view.nodes.iter().all(|node| node.sessions.is_empty()));
    assert!(alice.is_known().await, "the nodes are new, the row is not");
}

#[tokio::test]
async fn a_store_that_is_down_lets_nobody_in_and_logs_nobody_out() {
    for scheme in [SESSION_COOKIE, SESSION_STORAGE] {
        let lab = shared().await;
        let mut alice = lab.alice(scheme).await;
        let token = lab.alice(TOKEN_STORAGE).await;
        let credential = alice.credential();
        fault(&lab, json!({"store_down": true})).await;
        for (method, route, body) in [
            (Method::GET, "api/me", Value::Null),
            (Method::POST, "api/cart", json!({"item": "pen"})),
            (Method::DELETE, "api/cart", Value::Null),
            (Method::POST, "api/logout", Value::Null),
            (Method::POST, "api/logout-everywhere", Value::Null),
        ] {
            let answer = alice.act(method, route, &body).await;
            answer.problem(503);
            assert_eq!(answer.header("retry-after"), "1", "{route}");
            assert!(answer.set_cookies().is_empty(), "{route}: nothing is taken from the browser");
        }
        assert!(token.is_known().await, "a token needs no store");
        let refused = lab.caller(scheme).log_in_with(login("bob", scheme)).await;
        refused.problem(503);
        assert!(refused.set_cookies().is_empty());
        let view = lab.view().await;
        assert!(!view.store.unwrap().available);
        fault(&lab, json!({"store_down": false})).await;
        assert_eq!(alice.credential(), credential);
        assert!(alice.known().await.cart.is_empty(), "what was refused was not done");
        let rows = lab.view().await.store.unwrap().sessions;
        assert_eq!(rows.iter().map(|row| row.user.as_str()).collect::<Vec<_>>(), ["alice"]);
    }
}

#[tokio::test]
async fn a_store_that_is_too_slow_is_given_up_within_a_second() {
    let lab = shared().await;
    let alice = lab.alice(SESSION_COOKIE).await;
    fault(&lab, json!({"store_delay_ms": 400})).await;
    let start = Instant::now();
    let answer = alice.me().await;
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    answer.problem(503);
    assert_eq!(answer.header("retry-after"), "1");
    assert!(lab.view().await.store.unwrap().available, "it is slow, and it is there");
    fault(&lab, json!({"store_delay_ms": 20})).await;
    assert!(alice.is_known().await);
}

#[tokio::test]
async fn a_lost_answer_is_that_of_a_request_that_was_carried_out() {
    let lab = Lab::new();
    let mut alice = lab.alice(SESSION_COOKIE).await;
    fault(&lab, json!({"drop_responses": 2})).await;
    let path = lab.path("api/cart");
    let cookie = format!("sid={}", alice.credential());
    for (item, lost) in [("pen", true), ("ink", true), ("paper", false)] {
        // The page and the bench are answered whatever is lost of the lesson.
        assert_eq!(lab.get("", &[]).await.status, 200);
        lab.view().await;
        let request = lab.request(&Method::POST, &path, &[("content-type", "application/json"), ("cookie", &cookie)]);
        let response = lab.open(request.body(json!({ "item": item }).to_string().into()).unwrap()).await;
        assert_eq!(response.status(), 200);
        let last = lab.exchanges().await.pop().unwrap();
        let noted = last.steps.last().map(|step| step.did) == Some(Did::LostAnswer);
        assert_eq!(noted, lost, "{item}");
        assert!(last.response.body.unwrap().contains(item), "the record says what the answer was");
    }
    assert_eq!(lab.view().await.faults.drop_responses, 0);
    assert_eq!(alice.known().await.cart, ["pen", "ink", "paper"]);
    fault(&lab, json!({"drop_responses": 1})).await;
    alice.log_out().await;
    assert!(lab.view().await.rows().next().is_none(), "logged out, and nobody was told");
}

#[tokio::test]
async fn one_lab_s_lost_answers_are_no_other_lab_s() {
    let lab = Lab::new();
    fault(&lab, json!({"drop_responses": 1})).await;
    let other = lab.another();
    other.get("api/me", &[]).await;
    assert!(!other.steps().await.contains(&Did::LostAnswer));
    lab.get("api/me", &[]).await;
    assert!(lab.steps().await.contains(&Did::LostAnswer));
}

#[tokio::test]
async fn readyz_names_each_store_that_is_configured() {
    let lab = Lab::new();
    fault(&lab, json!({"store_down": true})).await;
    let answer = lab.get("/readyz", &[]).await;
    let ready: Ready = answer.ok();
    assert_eq!(
        ready.stores.iter().map(|store| (store.kind, store.answers)).collect::<Vec<_>>(),
        [(StoreKind::Sqlite, true)]
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    lab.send(Method::POST, "/readyz", &[], &Value::Null).await.problem(405);
}

#[tokio::test]
async fn who_you_are_is_kept_by_no_cache_unless_the_fault_says_so() {
    let lab = Lab::new();
    let alice = lab.alice(Scheme::new(Credential::Jwt, Carrier::LocalStorage)).await;
    assert_eq!(alice.me().await.header("cache-control"), "no-store");
    assert!(fault(&lab, json!({"me_cacheable": true})).await.me_cacheable);
    assert_eq!(alice.me().await.header("cache-control"), "private, max-age=60");
    // A refusal, and whatever else speaks of a login, stays out of caches.
    assert_eq!(lab.get("api/me", &[]).await.header("cache-control"), "no-store");
    assert_eq!(alice.send(Method::GET, "api/orders", &Value::Null).await.header("cache-control"), "no-store");
    fault(&lab, json!({"me_cacheable": false})).await;
    assert_eq!(alice.me().await.header("cache-control"), "no-store");
}
