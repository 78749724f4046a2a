//! Session clustering: every change is sent to every other node.

use crate::callers::*;
use domain::view::{Fate, ServerView};
use serde_json::{Value, json};

async fn cluster(lab: &Lab, nodes: u8, delay_ms: u64, loss: f64) -> ServerView {
    let replication = json!({ "delay_ms": delay_ms, "loss": loss });
    let topology =
        json!({ "nodes": nodes, "routing": "round-robin", "store": "replicated", "replication": replication });
    lab.put("control/topology", topology).await.ok()
}

/// The view when nothing is under way any more; the event stream says when it may be so.
async fn settled(lab: &Lab) -> ServerView {
    for _ in 0..10_000 {
        let view = lab.view().await;
        if view.replication.in_flight == 0 {
            return view;
        }
        tokio::task::yield_now().await;
    }
    panic!("messages are under way for ever");
}

#[tokio::test]
async fn one_write_is_n_minus_1_messages_and_a_read_none() {
    for nodes in 1..=5u8 {
        let lab = Lab::new();
        cluster(&lab, nodes, 0, 0.0).await;
        let others = u64::from(nodes) - 1;
        let mut alice = lab.alice(SESSION_COOKIE).await;
        assert_eq!(settled(&lab).await.replication.messages, others, "the login, at {nodes} nodes");
        for item in 1..=5 {
            assert_eq!(alice.add("pen").await.status, 200);
            assert_eq!(settled(&lab).await.replication.messages, others * (1 + item));
        }
        for _ in 0..10 {
            alice.known().await;
        }
        assert_eq!(settled(&lab).await.replication.messages, others * 6, "reads");
        alice.log_out().await;
        let view = settled(&lab).await;
        assert_eq!((view.replication.messages, view.replication.lost), (others * 7, 0));
        assert_eq!(view.rows().count(), 0, "the logout reached every node");
    }
}

#[tokio::test]
async fn every_node_holds_every_session() {
    let lab = Lab::new();
    cluster(&lab, 3, 0, 0.0).await;
    for _ in 0..4 {
        lab.alice(SESSION_STORAGE).await;
    }
    let view = settled(&lab).await;
    assert!(view.nodes.iter().all(|node| node.sessions.len() == 4));
    assert_eq!(view.nodes[0].sessions, view.nodes[2].sessions);
}

#[tokio::test]
async fn a_login_survives_all_nodes_but_one_and_spreads_to_those_that_come_back() {
    let lab = Lab::new();
    cluster(&lab, 3, 0, 0.0).await;
    let mut alice = lab.alice(SESSION_COOKIE).await;
    settled(&lab).await;
    alice.add("pen").await;
    settled(&lab).await;
    for node in [1, 2] {
        lab.post(&format!("control/nodes/{node}/stop"), Value::Null).await.ok::<ServerView>();
        assert_eq!(alice.known().await.cart, ["pen"]);
    }
    for node in [1, 2] {
        lab.post(&format!("control/nodes/{node}/start"), Value::Null).await.ok::<ServerView>();
    }
    let view = lab.view().await;
    assert!(view.nodes.iter().all(|node| node.sessions.len() == 1), "a node that starts gets the whole state first");
    assert_eq!(view.replication.transfers, 4, "two at the beginning, two just now");
    for _ in 0..3 {
        assert_eq!(alice.known().await.cart, ["pen"]);
    }
}

#[tokio::test]
async fn all_nodes_restarted_at_once_know_nobody() {
    let lab = Lab::new();
    cluster(&lab, 3, 0, 0.0).await;
    let alice = lab.alice(SESSION_COOKIE).await;
    settled(&lab).await;
    let view: ServerView = lab.post("control/restart", Value::Null).await.ok();
    assert_eq!(view.rows().count(), 0);
    alice.me().await.problem(401);
}

#[tokio::test]
async fn before_the_delay_has_passed_no_other_node_knows_the_login() {
    let lab = Lab::new();
    // Longer than this test takes.
    let view = cluster(&lab, 3, 10_000, 0.0).await;
    assert_eq!(view.replication.transfers, 2);
    let alice = lab.alice(SESSION_COOKIE).await;
    alice.me().await.problem(401);
    alice.me().await.problem(401);
    alice.known().await;
    let view = lab.view().await;
    assert_eq!((view.replication.messages, view.replication.in_flight, view.replication.lost), (2, 2, 0));
    assert!(view.replication.recent.iter().all(|message| message.fate == Fate::InFlight && message.bytes > 200));
}

#[tokio::test]
async fn what_is_still_under_way_is_gone_with_the_node_that_sent_it() {
    let lab = Lab::new();
    cluster(&lab, 3, 10_000, 0.0).await;
    let alice = lab.alice(SESSION_COOKIE).await;
    let home = lab.view().await.nodes.iter().find(|node| !node.sessions.is_empty()).unwrap().id;
    let view: ServerView = lab.post(&format!("control/nodes/{home}/stop"), Value::Null).await.ok();
    assert_eq!((view.replication.in_flight, view.replication.lost), (0, 2));
    for _ in 0..4 {
        alice.me().await.problem(401);
    }
}

#[tokio::test]
async fn on_links_that_lose_everything_only_the_first_node_knows_you() {
    let lab = Lab::new();
    cluster(&lab, 4, 0, 1.0).await;
    let alice = lab.alice(SESSION_COOKIE).await;
    let view = settled(&lab).await;
    assert_eq!((view.replication.messages, view.replication.lost), (3, 3));
    assert!(view.replication.recent.iter().all(|message| message.fate == Fate::Lost));
    assert_eq!(view.rows().count(), 1);
    let mut known = 0;
    for _ in 0..8 {
        known += u8::from(alice.is_known().await);
    }
    assert_eq!(known, 2, "one in four");
}

#[tokio::test]
async fn the_same_seed_loses_the_same_messages() {
    let mut fates = Vec::new();
    for _ in 0..2 {
        let lab = Lab::new();
        cluster(&lab, 5, 0, 0.5).await;
        for _ in 0..6 {
            lab.alice(SESSION_COOKIE).await;
        }
        let recent = settled(&lab).await.replication.recent;
        fates.push(recent.iter().map(|message| (message.number, message.fate)).collect::<Vec<_>>());
    }
    assert_eq!(fates[0], fates[1]);
    let lost = fates[0].iter().filter(|(_, fate)| *fate == Fate::Lost).count();
    assert!((1..24).contains(&lost), "{lost} of 24");
}

#[tokio::test]
async fn a_logout_whose_message_is_lost_leaves_the_login_alive_elsewhere() {
    let lab = Lab::new();
    cluster(&lab, 2, 0, 0.0).await;
    let mut alice = lab.alice(SESSION_COOKIE).await;
    settled(&lab).await;
    lab.put("control/topology", json!({ "replication": { "delay_ms": 0, "loss": 1.0 } })).await.ok::<ServerView>();
    let copy = alice.clone();
    alice.log_out().await;
    let view = settled(&lab).await;
    assert_eq!(view.rows().count(), 1, "the other node never heard of it");
    assert!(copy.is_known().await ^ copy.is_known().await);
}

/// Waits for what the links delay.
async fn arrived(lab: &Lab) {
    while lab.view().await.replication.in_flight > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn hashing_the_ids_loses_no_write_on_any_node() {
    for delay_ms in [0, 200] {
        let lab = Lab::new();
        cluster(&lab, 3, delay_ms, 0.0).await;
        let mut alice = lab.alice(SESSION_COOKIE).await;
        arrived(&lab).await;
        assert_eq!(alice.add("pen").await.status, 200);
        lab.defend(json!({"hash_ids": true})).await;
        arrived(&lab).await;
        for node in lab.view().await.nodes {
            assert_eq!(node.sessions.iter().map(|row| row.cart.clone()).collect::<Vec<_>>(), [["pen"]], "{}", node.id);
        }
        for _ in 0..3 {
            assert_eq!(alice.known().await.cart, ["pen"]);
        }
    }
}
