//! What a visitor can make grow has an end, and at the end nothing is lost.

use crate::callers::*;
use axum::{body::Body, http::Method};
use serde_json::{Value, json};

#[tokio::test]
async fn sixty_four_logins_are_the_most_and_no_login_is_lost() {
    let lab = Lab::new();
    let first = lab.alice(SESSION_STORAGE).await;
    for _ in 1..64 {
        lab.alice(SESSION_STORAGE).await;
    }
    lab.post("api/login", login("bob", SESSION_STORAGE)).await.problem(429);
    assert!(first.is_known().await);
    let mut again = first.clone();
    again.log_in("alice").await;
    again.log_in("bob").await;
    assert_eq!(lab.view().await.rows().count(), 64, "whoever is logged in can log in as somebody else");
    assert!(lab.alice(TOKEN_STORAGE).await.is_known().await, "a JWT needs no room");
}

#[tokio::test]
async fn a_cart_holds_two_hundred_items_of_sixty_four_bytes() {
    for scheme in [SESSION_STORAGE, TOKEN_STORAGE] {
        let lab = Lab::new();
        let mut caller = lab.alice(scheme).await;
        for item in ["", "a\nb", &"가".repeat(22), &"x".repeat(65)] {
            caller.add(item).await.problem(422);
        }
        for _ in 0..200 {
            assert_eq!(caller.add(&"x".repeat(64)).await.status, 200, "{scheme}");
        }
        caller.add("one more").await.problem(422);
        assert_eq!(caller.known().await.cart.len(), 200);
    }
}

#[tokio::test]
async fn a_token_that_could_not_be_read_again_is_not_issued() {
    let lab = Lab::new();
    let mut caller = lab.alice(TOKEN_STORAGE).await;
    let mut items = 0;
    loop {
        let answer = caller.add(&"\"".repeat(64)).await;
        if answer.status != 200 {
            answer.problem(422);
            break;
        }
        items += 1;
    }
    assert!(items > 100);
    assert_eq!(caller.known().await.cart.len(), items);
}

#[tokio::test]
async fn a_body_has_sixteen_kibibytes_at_most() {
    let lab = Lab::new();
    for route in ["api/login", "api/cart", "api/logout", "api/nothing"] {
        for headers in [[("content-type", "application/json")], [("content-type", "text/plain")]] {
            let request = lab.request(&Method::POST, route, &headers).body(Body::from(vec![b'x'; 16 * 1024 + 1]));
            lab.raw(request.unwrap()).await.problem(413);
        }
        assert_eq!(lab.exchanges().await.last().unwrap().response.status, 413);
    }
    let padded = format!("{}{}", login("alice", SESSION_COOKIE), " ".repeat(15_000));
    let request = lab.request(&Method::POST, "api/login", &[("content-type", "application/json")]);
    assert_eq!(lab.raw(request.body(Body::from(padded)).unwrap()).await.status, 200);
}

#[tokio::test]
async fn headers_are_recorded_as_far_as_there_is_room() {
    let lab = Lab::new();
    let long = "x".repeat(60_000);
    let headers = [("x-one", long.as_str()), ("x-two", long.as_str()), ("x-three", "short")];
    lab.get("api/me", &headers).await.problem(401);
    let exchange = lab.exchanges().await.pop().unwrap();
    let bytes: usize = exchange.request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!(bytes < 66_000);
    assert_eq!(exchange.request.headers.last().unwrap().0, "…");
}

/// Sends so many logins at once, and returns the statuses.
async fn burst(lab: &Lab, times: usize, body: &Value) -> Vec<u16> {
    let logins = (0..times).map(|_| {
        let (lab, body) = (lab.clone(), body.clone());
        tokio::spawn(async move { lab.post("api/login", body).await })
    });
    let answers = futures::future::join_all(logins).await.into_iter().map(Result::unwrap);
    let status = |answer: Answer| {
        if answer.status.is_success() {
            return 200;
        }
        assert_eq!(answer.header("retry-after"), "1");
        answer.problem(503).status
    };
    answers.map(status).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_four_passwords_of_a_lab_are_checked_at_once_and_the_rest_told_to_come_again() {
    let lab = Lab::new();
    let statuses = burst(&lab, 60, &login("alice", SESSION_STORAGE)).await;
    let answered = statuses.iter().filter(|status| **status == 200).count();
    // Those that come when the first are answered find room again.
    assert!((24..60).contains(&answered), "{answered} of 60");
    assert_eq!(burst(&lab.another(), 24, &login("alice", SESSION_STORAGE)).await, [200; 24]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_floods_one_lab_with_logins_keeps_nobody_out_of_another() {
    let lab = Lab::new();
    let others: Vec<_> = (0..15).map(|_| lab.another()).collect();
    let flood = tokio::spawn({
        let lab = lab.clone();
        async move { burst(&lab, 66, &json!({"username": "alice", "password": "x", "scheme": "token-storage"})).await }
    });
    let logins = others.iter().map(|other| other.post("api/login", login("alice", SESSION_COOKIE)));
    for answer in futures::future::join_all(logins).await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    flood.abort();
}

#[tokio::test]
async fn ten_wrong_passwords_and_a_name_rests_a_minute_whoever_asks() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_STORAGE).await;
    for _ in 0..10 {
        lab.post("api/login", json!({"username": "alice", "password": "x", "scheme": "token-storage"}))
            .await
            .problem(401);
    }
    let answer = lab.post("api/login", login("alice", TOKEN_STORAGE)).await;
    answer.problem(429);
    assert!((1..=60).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
    assert!(alice.is_known().await, "who is logged in stays so");
    lab.another().alice(TOKEN_STORAGE).await;
    lab.caller(TOKEN_STORAGE).log_in("bob").await;
}

#[tokio::test]
async fn more_than_eight_credentials_in_one_request_are_refused_before_any_is_looked_at() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_STORAGE).await;
    let before: u64 = lab.view().await.operations.iter().map(|operation| operation.count).sum();
    let cookies = |times: usize| (0..times).map(|n| format!("refresh={n:022}~{n:022}")).collect::<Vec<_>>().join("; ");
    for route in ["api/logout", "api/login", "api/refresh", "api/logout-everywhere"] {
        let answer = lab.send(Method::POST, route, &[("cookie", &cookies(7000))], &login("bob", TOKEN_COOKIE)).await;
        answer.problem(400);
    }
    let sids = ["sid=x"; 9].join("; ");
    lab.get("api/me", &[("cookie", &sids)]).await.problem(400);
    let operations: u64 = lab.view().await.operations.iter().map(|operation| operation.count).sum();
    assert_eq!(operations, before);
    assert_eq!(lab.exchanges().await.last().unwrap().response.status, 400, "it is recorded like everything");
    assert!(alice.is_known().await);
    lab.send(Method::POST, "api/logout", &[("cookie", &cookies(8))], &Value::Null).await.problem(401);
}

#[tokio::test]
async fn an_answer_that_nobody_reads_holds_one_exchange_and_the_whole_is_a_list() {
    let lab = Lab::new();
    let item = "x".repeat(16_000);
    for _ in 0..50 {
        lab.post("api/cart", json!({ "item": item })).await.problem(422);
    }
    let unread = lab.open(lab.request(&Method::GET, "control/exchanges", &[]).body(Body::empty()).unwrap()).await;
    assert_eq!(axum::body::HttpBody::size_hint(unread.body()).exact(), None, "it is not written before it is read");
    let ids = |after: &str| {
        let (lab, route) = (lab.clone(), format!("control/exchanges{after}"));
        async move {
            let all: Vec<domain::exchange::Exchange> = lab.get(&route, &[]).await.ok();
            all.into_iter().map(|exchange| exchange.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(ids("").await, (1..=50).collect::<Vec<_>>());
    assert_eq!((ids("?after=49").await, ids("?after=50").await), (vec![50], vec![]));
}
