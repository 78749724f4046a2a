//! What a visitor can make grow has an end, and at the end nothing is lost.

use crate::callers::*;
use axum::{body::Body, http::Method};
use domain::scheme::Scheme;

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

#[tokio::test]
async fn a_burst_of_logins_is_answered_one_way_or_the_other_and_the_server_goes_on() {
    let lab = Lab::new();
    let burst = (0..90).map(|n| {
        let lab = lab.clone();
        tokio::spawn(async move { lab.post("api/login", login("alice", Scheme::ALL[n % 4])).await })
    });
    let mut busy = 0;
    for answer in futures::future::join_all(burst).await {
        let answer = answer.unwrap();
        if answer.status == 503 {
            answer.problem(503);
            assert_eq!(answer.header("retry-after"), "1");
            busy += 1;
        } else {
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    }
    assert!(busy <= 26, "64 may wait");
    assert!(lab.alice(TOKEN_COOKIE).await.is_known().await);
}
