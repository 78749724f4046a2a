//! The attacker uses what it took, over the network. These tests have a real listener.

use crate::callers::*;
use axum::{Router, extract::Request};
use domain::{
    attack::{FoundIn, Loot, Replayed},
    exchange::{Exchange, Sender, header},
};
use serde_json::{Value, json};
use server::Settings;
use std::time::Duration;

/// A lab of a server that listens.
async fn listening() -> Lab {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = Settings::without_site(vec![7; 32], None);
    let lab = Lab::of(settings.listening(listener.local_addr().unwrap(), "127.0.0.1:3666".parse().unwrap()));
    let router = lab.router();
    let router = Router::new().fallback(move |request: Request| router.answer(request));
    tokio::spawn(async move { axum::serve(listener, router).await });
    lab
}

async fn take(lab: &Lab, what: &str) -> Loot {
    lab.post("control/loot", json!({ "take": what })).await.ok::<Value>();
    lab.view().await.attacker.loot.pop().unwrap()
}

async fn replay(lab: &Lab, loot: &Loot) -> Replayed {
    lab.post(&format!("control/loot/{}/replay", loot.id), Value::Null).await.ok()
}

#[tokio::test]
async fn a_stolen_session_id_works_until_the_logout_and_is_recorded_as_the_attacker_s() {
    let lab = listening().await;
    let mut alice = lab.alice(SESSION_COOKIE).await;
    let loot = take(&lab, "rows").await;
    let before = lab.exchanges().await.len();
    assert_eq!(replay(&lab, &loot).await, Replayed { status: 200, user: Some("alice".into()) });
    let exchanges = lab.exchanges().await;
    assert_eq!(exchanges.len(), before + 1);
    let Exchange { from, request, .. } = exchanges.last().unwrap();
    assert_eq!((*from, request.route()), (Sender::Attacker, "api/me"));
    let bearer = format!("Bearer {}", alice.credential());
    assert_eq!(header(&request.headers, "authorization").collect::<Vec<_>>(), [bearer]);
    assert!(request.headers.iter().all(|(name, _)| !name.contains("attacker")), "the sign is a secret");
    assert_eq!(lab.view().await.attacker.loot[0].replayed, Some(200));

    alice.log_out().await;
    assert_eq!(replay(&lab, &loot).await, Replayed { status: 401, user: None });
    assert_eq!(lab.view().await.attacker.loot[0].replayed, Some(401));
}

#[tokio::test]
async fn a_hash_opens_nothing_and_a_forged_token_everything() {
    let lab = listening().await;
    lab.alice(SESSION_COOKIE).await;
    lab.defend(json!({"hash_ids": true})).await;
    assert_eq!(replay(&lab, &take(&lab, "rows").await).await.status, 401);
    let forged = take(&lab, "key").await;
    assert_eq!(forged.found_in, FoundIn::Key);
    assert_eq!(replay(&lab, &forged).await, Replayed { status: 200, user: Some("carol".into()) });
    lab.post("control/keys/rotate", json!({"retire": true})).await.ok::<Value>();
    assert_eq!(replay(&lab, &forged).await.status, 401);
}

#[tokio::test]
async fn loot_is_replayed_in_its_own_lab_only() {
    let lab = listening().await;
    let loot = take(&lab, "key").await;
    let there = lab.another();
    for id in [loot.id.to_string().as_str(), "0", "99", "x", "-1"] {
        there.post(&format!("control/loot/{id}/replay"), Value::Null).await.problem(404);
    }
    assert_eq!(there.exchanges().await, []);
}

#[tokio::test]
async fn where_nobody_answers_it_says_so_within_two_seconds() {
    let lab = Lab::new();
    let loot = take(&lab, "key").await;
    lab.post(&format!("control/loot/{}/replay", loot.id), Value::Null).await.problem(503);

    // It takes connections, and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = Settings::without_site(vec![7; 32], None);
    let lab = Lab::of(settings.listening(silent.local_addr().unwrap(), silent.local_addr().unwrap()));
    let loot = take(&lab, "key").await;
    let path = format!("control/loot/{}/replay", loot.id);
    let answer = tokio::time::timeout(Duration::from_secs(5), lab.post(&path, Value::Null)).await;
    answer.expect("it gives up").problem(503);
    assert_eq!(lab.view().await.attacker.loot[0].replayed, None);
}
