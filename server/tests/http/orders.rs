//! Orders: what must not happen twice, however often it is asked for.

use crate::callers::*;
use axum::http::{HeaderValue, Method};
use domain::{
    api::{Orders, PlacedOrder},
    exchange::Did,
    scheme::Scheme,
};
use serde_json::json;

async fn order(caller: &Caller, item: &str, keys: &[&str]) -> Answer {
    let own = caller.headers();
    let own = own.iter().map(|(name, value)| (*name, value.as_str()));
    let headers: Vec<_> = own.chain(keys.iter().map(|key| ("idempotency-key", *key))).collect();
    caller.lab.send(Method::POST, "api/orders", &headers, &json!({ "item": item })).await
}

async fn orders(caller: &Caller) -> Vec<PlacedOrder> {
    caller.send(Method::GET, "api/orders", &json!(null)).await.ok::<Orders>().orders
}

#[tokio::test]
async fn without_a_key_every_request_is_an_order() {
    for scheme in Scheme::ALL {
        let lab = Lab::new();
        let alice = lab.alice(scheme).await;
        for number in 1..=2 {
            let answer = order(&alice, "pen", &[]).await;
            assert_eq!(answer.ok::<PlacedOrder>(), PlacedOrder { order: number, item: "pen".into() });
            assert_eq!(answer.header("idempotency-replayed"), "");
            assert_eq!(lab.steps().await.last(), Some(&Did::PlacedOrder));
        }
        assert_eq!(orders(&alice).await.len(), 2, "{scheme}");
    }
}

#[tokio::test]
async fn with_a_key_the_same_request_again_is_answered_as_the_first_time() {
    let lab = Lab::new();
    let alice = lab.alice(TOKEN_STORAGE).await;
    let first = order(&alice, "pen", &["k"]).await;
    order(&alice, "book", &[]).await;
    let again = order(&alice, "pen", &["k"]).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    let step = lab.exchanges().await.pop().unwrap().steps.pop().unwrap();
    assert_eq!((step.did, &*step.detail), (Did::ReplayedAnswer, "1"));
    assert_eq!(orders(&alice).await.len(), 2);
    let problem = order(&alice, "lamp", &["k"]).await.problem(422);
    assert!(problem.detail.contains("another body"));
    assert_eq!(orders(&alice).await.len(), 2);
}

#[tokio::test]
async fn an_order_whose_answer_was_lost_is_placed_once_when_it_is_asked_for_again() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    lab.put("control/faults", json!({"drop_responses": 1})).await;
    order(&alice, "pen", &["k"]).await;
    assert!(lab.steps().await.contains(&Did::LostAnswer));
    assert_eq!(order(&alice, "pen", &["k"]).await.header("idempotency-replayed"), "true");
    assert_eq!(orders(&alice).await.len(), 1);
}

#[tokio::test]
async fn at_once_one_key_places_one_order_on_whichever_nodes() {
    let lab = Lab::new();
    lab.put("control/topology", json!({"nodes": 3})).await;
    let alice = lab.alice(TOKEN_STORAGE).await;
    let asked = futures::future::join_all((0..24).map(|_| {
        let alice = alice.clone();
        tokio::spawn(async move { order(&alice, "pen", &["k"]).await })
    }))
    .await;
    let answers: Vec<_> = asked.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|answer| answer.ok::<PlacedOrder>().order == 1));
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotency-replayed").is_empty()).count(), 1);
    assert_eq!(orders(&alice).await.len(), 1);
}

#[tokio::test]
async fn keys_and_orders_are_each_user_s_own() {
    let lab = Lab::new();
    let (alice, mut bob) = (lab.alice(SESSION_STORAGE).await, lab.caller(SESSION_STORAGE));
    bob.log_in("bob").await;
    order(&alice, "pen", &["k"]).await;
    let theirs = order(&bob, "book", &["k"]).await;
    assert_eq!((theirs.ok::<PlacedOrder>().order, theirs.header("idempotency-replayed")), (2, ""));
    assert_eq!((orders(&alice).await.len(), orders(&bob).await.len()), (1, 1));
    let again = lab.alice(TOKEN_COOKIE).await;
    assert_eq!(
        order(&again, "pen", &["k"]).await.header("idempotency-replayed"),
        "true",
        "the user's, not the login's"
    );
    let elsewhere = lab.another().alice(SESSION_STORAGE).await;
    assert!(orders(&elsewhere).await.is_empty());
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_and_nothing_is_ordered() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_STORAGE).await;
    let longest = "x".repeat(128);
    for keys in [vec![""], vec!["a b"], vec!["k", "k"], vec![&*"x".repeat(129)], vec!["\t"]] {
        let problem = order(&alice, "pen", &keys).await.problem(400);
        assert!(problem.detail.contains("1 to 128"), "{}", problem.detail);
    }
    let request = lab.request(&Method::POST, "api/orders", &[("content-type", "application/json")]);
    let mut request = request.body(axum::body::Body::from(r#"{"item":"pen"}"#)).unwrap();
    request.headers_mut().insert("idempotency-key", HeaderValue::from_bytes("é".as_bytes()).unwrap());
    lab.raw(request).await.problem(400);
    assert!(orders(&alice).await.is_empty());
    assert_eq!(order(&alice, "pen", &[&longest]).await.status, 200);
}

#[tokio::test]
async fn an_order_needs_a_login_a_readable_body_and_the_right_method() {
    let lab = Lab::new();
    let nobody = lab.post("api/orders", json!({"item": "pen"})).await;
    nobody.problem(401);
    assert!(nobody.header("www-authenticate").starts_with("Bearer"));
    lab.get("api/orders", &[]).await.problem(401);
    let alice = lab.alice(SESSION_STORAGE).await;
    for (body, status) in [
        (json!({}), 400),
        (json!({"item": "pen", "price": 0}), 400),
        (json!({"item": 1}), 400),
        (json!({"item": ""}), 422),
        (json!({"item": "a\nb"}), 422),
        (json!({"item": "x".repeat(65)}), 422),
        (json!({"item": "x".repeat(17_000)}), 413),
    ] {
        alice.send(Method::POST, "api/orders", &body).await.problem(status);
    }
    alice.send(Method::PUT, "api/orders", &json!(null)).await.problem(405);
    let form = lab.form("api/orders", &[("authorization", &alice.headers()[0].1)], "item=pen").await;
    assert_eq!((form.status.as_u16(), form.header("location").contains("outcome=refused")), (303, true));
    assert!(orders(&alice).await.is_empty());
}

#[tokio::test]
async fn a_checked_origin_is_checked_here_too() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    lab.defend(json!({"check_origin": true})).await;
    let cookie = &alice.headers()[0].1;
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
    lab.send(Method::POST, "api/orders", &headers, &json!({"item": "pen"})).await.problem(403);
    assert!(orders(&alice).await.is_empty());
}

#[tokio::test]
async fn a_hundred_orders_are_the_most_until_they_are_cancelled_or_the_lab_is_reset() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_STORAGE).await;
    for _ in 0..100 {
        assert_eq!(order(&alice, "pen", &[]).await.status, 200);
    }
    assert!(order(&alice, "pen", &[]).await.problem(422).detail.contains("DELETE api/orders"));
    assert_eq!(orders(&alice).await.len(), 100);
    assert_eq!(alice.send(Method::DELETE, "api/orders", &json!(null)).await.ok::<Orders>().orders, []);
    assert_eq!(order(&alice, "pen", &[]).await.ok::<PlacedOrder>().order, 101, "numbers do not come back");
    lab.post("control/reset", json!({})).await;
    let alice = lab.alice(SESSION_STORAGE).await;
    assert!(orders(&alice).await.is_empty());
    assert_eq!(order(&alice, "pen", &["k"]).await.ok::<PlacedOrder>().order, 1);
}

#[tokio::test]
async fn one_order_can_be_cancelled_and_the_others_stay() {
    let lab = Lab::new();
    let alice = lab.alice(Scheme::ALL[0]).await;
    for item in ["pen", "book"] {
        order(&alice, item, &[]).await.ok::<PlacedOrder>();
    }
    let left = alice.send(Method::DELETE, "api/orders?order=1", &json!(null)).await.ok::<Orders>().orders;
    assert_eq!(left, [PlacedOrder { order: 2, item: "book".to_owned() }]);
    assert_eq!(alice.send(Method::DELETE, "api/orders?order=1", &json!(null)).await.ok::<Orders>().orders, left);
    for query in ["?order=x", "?order=-1", "?order", "?orders=1", "?order=1&order=2", "?order=2&x=1"] {
        let refused = alice.send(Method::DELETE, &format!("api/orders{query}"), &json!(null)).await;
        assert!(refused.problem(400).detail.contains("?order=1"), "{query}");
    }
    assert_eq!(orders(&alice).await, left);
}
