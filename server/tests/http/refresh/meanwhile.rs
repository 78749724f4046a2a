//! What happens while a refresh is under way. The store is slow, and the clock stands still unless all wait for it.

use super::*;
use std::time::Duration;

async fn until_ms_later(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

#[tokio::test]
async fn a_token_that_is_refreshed_while_its_user_logs_out_everywhere_ends_too() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
    tokio::time::pause();
    lab.slow(250).await;
    let leaving = alice.clone();
    let leaving =
        tokio::spawn(async move { leaving.send(Method::POST, "api/logout-everywhere", &Value::Null).await.status });
    until_ms_later(1).await;
    assert_eq!(lab.view().await.denylist.len(), 1, "the tokens so far are ended, and no row has gone yet");
    lab.slow(10).await;
    assert_eq!(alice.refresh().await.status, 200);
    assert_eq!(alice.me().await.status, 200, "its name is newer than those that are ended");
    assert!(!leaving.is_finished());
    assert_eq!(leaving.await.unwrap(), 200);
    assert_eq!(lab.view().await.denylist.len(), 1);
    alice.me().await.problem(401);
    alice.refresh().await.problem(401);
    let again = lab.post("api/login", login("alice", TOKEN_STORAGE)).await.ok::<LoggedIn>().access_token.unwrap();
    let again = format!("Bearer {again}");
    assert_eq!(lab.get("api/me", &[("authorization", &again)]).await.status, 200, "a later login holds");
}

#[tokio::test]
async fn a_token_that_is_refreshed_while_its_login_ends_ends_too() {
    for (route, body) in [("api/logout", Value::Null), ("api/login", login("bob", TOKEN_STORAGE))] {
        let lab = Lab::new();
        lab.defend(json!({"denylist": true})).await;
        let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
        tokio::time::pause();
        lab.slow(250).await;
        let leaving = alice.clone();
        let leaving = tokio::spawn(async move { leaving.send(Method::POST, route, &body).await.status });
        while lab.view().await.denylist.is_empty() {
            tokio::task::yield_now().await;
        }
        lab.slow(10).await;
        assert_eq!(alice.refresh().await.status, 200);
        assert_eq!(alice.me().await.status, 200, "its name is newer than those that are ended");
        assert!(!leaving.is_finished());
        assert_eq!(leaving.await.unwrap(), 200, "{route}");
        alice.me().await.problem(401);
        alice.refresh().await.problem(401);
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_token_that_is_signed_again_for_a_new_role_has_the_name_of_the_first() {
    let lab = Lab::new();
    let (mut alice, mut bob) = (log_in(&lab, "alice", TOKEN_STORAGE).await, log_in(&lab, "bob", TOKEN_STORAGE).await);
    tokio::time::pause();
    lab.slow(200).await;
    let refreshing = tokio::spawn(async move {
        assert_eq!(alice.refresh().await.status, 200);
        alice
    });
    until_ms_later(250).await;
    lab.slow(0).await;
    lab.put("control/users/alice", json!({"role": "admin"})).await.ok::<Value>();
    let added = bob.send(Method::POST, "api/cart", &json!({"item": "pen"})).await;
    bob.keep(&added);
    let alice = refreshing.await.unwrap();
    assert_eq!(alice.claims()["role"], "admin");
    assert!(alice.claims()["jti"].as_str() < bob.claims()["jti"].as_str(), "names sort by when they were given");
}

#[tokio::test]
async fn a_node_that_hears_of_a_new_token_between_look_up_and_use_takes_it() {
    let lab = Lab::new();
    let replication = json!({ "delay_ms": 300 });
    let topology = json!({"nodes": 2, "routing": "round-robin", "store": "replicated", "replication": replication});
    lab.put("control/topology", topology).await.ok::<Value>();
    let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
    tokio::time::pause();
    until_ms_later(1000).await;
    assert_eq!(alice.refresh().await.status, 200);
    lab.slow(200).await;
    let answer = alice.refresh().await;
    assert_eq!(answer.status, 200, "looked up before the news came, used after it: {answer:?}");
}

#[tokio::test]
async fn a_user_who_is_being_disabled_gets_no_token_that_outlives_it() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let mut alice = log_in(&lab, "alice", TOKEN_STORAGE).await;
    tokio::time::pause();
    lab.slow(250).await;
    let change = lab.put("control/users/alice", json!({"disabled": true}));
    let meanwhile = async {
        until_ms_later(1).await;
        lab.slow(0).await;
        alice.refresh().await
    };
    let (changed, refreshed) = tokio::join!(change, meanwhile);
    changed.ok::<Value>();
    refreshed.problem(401);
    alice.me().await.problem(401);
}
