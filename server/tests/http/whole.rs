//! A change is whole or did not happen: what the view says and what a login may do never differ.

use crate::{callers::*, events::Stream};
use axum::http::Method;
use domain::view::ServerView;
use futures::FutureExt as _;
use serde_json::{Value, json};
use std::time::Duration;

async fn store(lab: &Lab, down: bool) {
    lab.put("control/faults", json!({ "store_down": down })).await.ok::<Value>();
}

async fn is_admin(caller: &Caller) -> bool {
    let answer = caller.send(Method::GET, "api/admin", &Value::Null).await;
    assert!(matches!(answer.status.as_u16(), 200 | 403), "{answer:?}");
    answer.status == 200
}

#[tokio::test]
async fn a_user_is_changed_in_the_view_and_in_every_login_or_in_neither() {
    for arrangement in [
        json!({"store": "memory"}),
        json!({"store": "sqlite"}),
        json!({"nodes": 3, "store": "replicated", "replication": {"delay_ms": 0, "loss": 0.0}}),
    ] {
        let lab = Lab::new();
        lab.put("control/topology", arrangement.clone()).await.ok::<Value>();
        let alice = lab.alice(SESSION_STORAGE).await;
        for change in [json!({"disabled": true}), json!({"role": "admin"}), json!({"disabled": true, "role": "admin"})]
        {
            store(&lab, true).await;
            lab.put("control/users/alice", change.clone()).await.problem(503);
            store(&lab, false).await;
            let user = lab.view().await.users.into_iter().find(|user| user.name == "alice").unwrap();
            assert!(!user.disabled && user.role.name() == "user", "{change} {arrangement}");
            assert!(alice.is_known().await && !is_admin(&alice).await, "{change} {arrangement}");
        }
        lab.put("control/users/alice", json!({"role": "admin"})).await.ok::<Value>();
        assert!(is_admin(&alice).await);
        lab.put("control/users/alice", json!({"disabled": true})).await.ok::<Value>();
        assert!(!alice.is_known().await);
        lab.put("control/users/mallory", json!({"disabled": true})).await.problem(404);
    }
}

#[tokio::test]
async fn where_the_sessions_cannot_be_ended_no_token_has_ended_either() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let (session, token) = (lab.alice(SESSION_STORAGE).await, lab.alice(TOKEN_STORAGE).await);
    store(&lab, true).await;
    lab.put("control/users/alice", json!({"disabled": true})).await.problem(503);
    token.send(Method::POST, "api/logout-everywhere", &Value::Null).await.problem(503);
    store(&lab, false).await;
    assert_eq!(lab.view().await.denylist.len(), 0);
    assert!(session.is_known().await && token.is_known().await);
    token.send(Method::POST, "api/logout-everywhere", &Value::Null).await.ok::<Value>();
    store(&lab, true).await;
    lab.put("control/users/alice", json!({"disabled": true})).await.problem(503);
    store(&lab, false).await;
    assert_eq!(lab.view().await.denylist.len(), 1, "the entry that lay there before lies there again");
    assert!(!session.is_known().await && !token.is_known().await);
}

#[tokio::test]
async fn the_clock_goes_forward_whether_the_store_answers_or_not() {
    let lab = Lab::without_its_redis();
    lab.put("control/topology", json!({"store": "redis"})).await.ok::<Value>();
    let before = lab.view().await.now;
    assert!(lab.advance(600).await.now >= before + 600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_logs_in_while_the_lab_is_reset_is_what_the_fresh_lab_says() {
    let lab = Lab::new();
    for _ in 0..8 {
        lab.put("control/topology", json!({"store": "sqlite"})).await.ok::<Value>();
        lab.put("control/users/alice", json!({"role": "admin"})).await.ok::<Value>();
        let logins: Vec<_> = (0..8)
            .map(|_| {
                let mut caller = lab.caller(SESSION_STORAGE);
                tokio::spawn(async move {
                    let answer = caller.log_in_with(login("alice", SESSION_STORAGE)).await;
                    (answer.status.as_u16(), caller)
                })
            })
            .collect();
        lab.post("control/reset", Value::Null).await.ok::<Value>();
        for login in logins {
            let (status, caller) = login.await.unwrap();
            assert!(matches!(status, 200 | 502 | 503), "{status}");
            if status == 200 {
                let answer = caller.send(Method::GET, "api/admin", &Value::Null).await;
                assert!(matches!(answer.status.as_u16(), 401 | 403), "{answer:?}");
            }
        }
        let view = lab.view().await;
        assert!(view.rows().all(|row| row.role.name() == "user"), "{view:?}");
    }
}

async fn ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

#[tokio::test]
async fn a_change_of_a_user_that_the_store_refuses_has_been_in_no_token() {
    let lab = Lab::new();
    // Checked before the clock stands still, for that takes a thread of its own.
    lab.alice(TOKEN_STORAGE).await;
    lab.slow(10_000).await;
    let change = lab.put("control/users/alice", json!({"role": "admin"}));
    let meanwhile = async {
        while lab.view().await.users.iter().all(|user| user.name != "alice" || user.role.name() == "user") {
            tokio::task::yield_now().await;
        }
        lab.alice(TOKEN_STORAGE).await
    };
    let (changed, alice) = tokio::join!(change, meanwhile);
    changed.problem(503);
    lab.slow(0).await;
    assert!(!is_admin(&alice).await);
}

#[tokio::test]
async fn a_login_whose_node_stops_in_the_middle_leaves_no_row() {
    let lab = Lab::new();
    lab.put("control/topology", json!({"store": "sqlite"})).await.ok::<Value>();
    let mut bob = lab.caller(SESSION_STORAGE);
    bob.log_in("bob").await;
    lab.slow(200).await;
    let as_alice = login("alice", SESSION_STORAGE);
    let replacing = bob.send(Method::POST, "api/login", &as_alice);
    let stopping = async {
        while lab.view().await.rows().all(|row| row.user != "alice") {
            tokio::task::yield_now().await;
        }
        lab.post("control/restart", Value::Null).await.ok::<Value>();
    };
    let (replaced, ()) = tokio::join!(replacing, stopping);
    replaced.problem(502);
    lab.slow(0).await;
    tokio::time::timeout(Duration::from_secs(10), async {
        // A store that was too slow for it at once is asked again with each sweep, and the clock's going on is one.
        while lab.advance(1).await.rows().any(|row| row.user == "alice") {
            ms(100).await;
        }
    })
    .await
    .expect("the row that nobody holds goes");
    assert!(bob.is_known().await, "nothing has happened to the login that came along");
}

#[tokio::test]
async fn a_login_that_is_refused_ends_no_token() {
    let lab = Lab::new();
    lab.defend(json!({"denylist": true})).await;
    let mut alice = lab.caller(TOKEN_STORAGE);
    let mut with_refresh = login("alice", TOKEN_STORAGE);
    with_refresh["refresh"] = json!(true);
    alice.log_in_with(with_refresh).await.ok::<Value>();
    store(&lab, true).await;
    alice.send(Method::POST, "api/login", &login("alice", TOKEN_STORAGE)).await.problem(503);
    alice.send(Method::POST, "api/logout", &Value::Null).await.problem(503);
    store(&lab, false).await;
    assert!(alice.is_known().await);
    assert_eq!(lab.view().await.denylist.len(), 0);
}

/// A change, and what the view shows once it is through.
type Made = (Method, &'static str, Value, fn(&ServerView) -> bool);

#[tokio::test]
async fn whoever_leaves_in_the_middle_of_a_change_has_it_made_to_its_end() {
    let changes: [Made; 6] = [
        (Method::POST, "control/clock", json!({"advance": 100_000}), |view| view.rows().count() == 0),
        (Method::POST, "control/reset", Value::Null, |view| view.topology.store.name() == "memory"),
        (Method::PUT, "control/topology", json!({"store": "memory"}), |view| view.topology.store.name() == "memory"),
        (Method::PUT, "control/defences", json!({"hash_ids": true}), |view| view.defences.hash_ids),
        (Method::PUT, "control/users/alice", json!({"role": "admin"}), |view| {
            view.rows().all(|row| row.role.name() == "admin")
        }),
        (Method::POST, "control/restart", Value::Null, |view| view.nodes.iter().all(|node| node.requests == 0)),
    ];
    for (method, below, body, is_made) in changes {
        let lab = Lab::new();
        lab.put("control/topology", json!({"store": "sqlite"})).await.ok::<Value>();
        lab.alice(SESSION_STORAGE).await;
        let before = lab.view().await;
        assert!(!is_made(&before), "{below}");
        let mut stream = Stream::open(&lab, "", &[]).await;
        stream.until("view").await;
        // The future of a request is dropped when its connection ends. With no budget left it waits at the first thing that
        // may have to be waited for.
        while tokio::task::coop::consume_budget().now_or_never().is_some() {}
        let asked = lab.send(method, below, &[], &body).now_or_never();
        assert!(asked.is_none(), "{below}: it was over before anybody could leave: {asked:?}");
        let shown = async { while !is_made(&serde_json::from_str(&stream.until("view").await.data).unwrap()) {} };
        tokio::time::timeout(Duration::from_secs(5), shown).await.unwrap_or_else(|_| panic!("{below}: half a change"));
    }
}
