//! Limits to the second, by the lab's own clock. The machine's clock goes on meanwhile, so each test asks for
//! the moment itself: at the limit and at most a few seconds before it.

use crate::callers::*;
use domain::view::ServerView;
use serde_json::{Value, json};

async fn with(lab: &Lab, scheme: domain::scheme::Scheme, limits: Value) -> Caller {
    let mut body = login("alice", scheme);
    for (name, value) in limits.as_object().unwrap() {
        body[name] = value.clone();
    }
    let mut caller = lab.caller(scheme);
    caller.log_in_with(body).await.ok::<Value>();
    caller
}

async fn advance_to(lab: &Lab, moment: u64) -> ServerView {
    let now = lab.view().await.now;
    if moment > now { lab.advance(moment - now).await } else { lab.view().await }
}

#[tokio::test]
async fn an_unused_session_ends_at_its_idle_limit() {
    for scheme in [SESSION_COOKIE, SESSION_STORAGE] {
        let lab = Lab::new();
        let caller = with(&lab, scheme, json!({"idle": 1000})).await;
        let idle_until = lab.view().await.rows().next().unwrap().idle_until;
        let view = advance_to(&lab, idle_until - 100).await;
        assert_eq!(view.rows().count(), 1);
        let view = advance_to(&lab, idle_until).await;
        assert_eq!(view.rows().count(), 0, "the row is gone with the clock, before anybody asks");
        assert!(!caller.is_known().await);
    }
}

#[tokio::test]
async fn a_session_in_use_goes_on_and_ends_at_its_absolute_limit() {
    let lab = Lab::new();
    let caller = with(&lab, SESSION_COOKIE, json!({"idle": 1000, "lifetime": 3000})).await;
    let ends = lab.view().await.rows().next().unwrap().expires_at;
    for before in [2200, 1400, 600] {
        advance_to(&lab, ends - before).await;
        assert!(caller.is_known().await, "{before} before");
    }
    advance_to(&lab, ends - 60).await;
    assert!(caller.known().await.expires_in <= 60, "use does not push it past the limit");
    advance_to(&lab, ends).await;
    assert!(!caller.is_known().await);
}

#[tokio::test]
async fn a_jwt_ends_at_exp_however_much_it_is_used() {
    for scheme in [TOKEN_COOKIE, TOKEN_STORAGE] {
        let lab = Lab::new();
        let caller = with(&lab, scheme, json!({"token_lifetime": 1000})).await;
        let token = domain::claims::UnverifiedToken::read_unverified(&caller.credential()).unwrap();
        let exp = token.seconds("exp").unwrap();
        advance_to(&lab, exp - 60).await;
        assert!(caller.known().await.expires_in <= 60);
        advance_to(&lab, exp).await;
        assert!(!caller.is_known().await);
    }
}

#[tokio::test]
async fn the_clock_goes_forward_only_and_not_without_end() {
    let lab = Lab::new();
    let before = lab.view().await.now;
    for advance in [json!(0), json!(31_536_001), json!(u64::MAX)] {
        lab.post("control/clock", json!({"advance": advance})).await.problem(422);
    }
    lab.post("control/clock", json!({"advance": -1})).await.problem(400);
    for _ in 0..100 {
        lab.advance(31_536_000).await;
    }
    lab.post("control/clock", json!({"advance": 1})).await.problem(422);
    assert!(lab.view().await.now >= before + 100 * 31_536_000);
    assert!(lab.alice(TOKEN_STORAGE).await.is_known().await, "and logins work then too");
}
