//! Several nodes: who gets which request, and what a node that stops takes along.

use crate::callers::*;
use axum::http::Method;
use domain::{exchange::Did, view::ServerView};
use serde_json::{Value, json};

async fn arrange(lab: &Lab, topology: Value) -> ServerView {
    lab.put("control/topology", topology).await.ok()
}

async fn stop(lab: &Lab, node: u8) -> ServerView {
    lab.post(&format!("control/nodes/{node}/stop"), Value::Null).await.ok()
}

async fn start(lab: &Lab, node: u8) -> ServerView {
    lab.post(&format!("control/nodes/{node}/start"), Value::Null).await.ok()
}

/// A browser that keeps every cookie, the balancer's among them.
struct Browser {
    lab: Lab,
    /// Names with their paths, and values.
    jar: Vec<((String, String), String)>,
    /// What the last answer set.
    set: Vec<String>,
}

impl Browser {
    fn new(lab: &Lab) -> Self {
        Self { lab: lab.clone(), jar: Vec::new(), set: Vec::new() }
    }

    async fn send(&mut self, method: Method, below: &str, body: &Value) -> Answer {
        let cookies: Vec<_> = self.jar.iter().map(|((name, _), value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let headers: &[(&str, &str)] = if cookies.is_empty() { &[] } else { &[("cookie", &cookies)] };
        let answer = self.lab.send(method, below, headers, body).await;
        self.set = answer.set_cookies();
        for set in &self.set {
            let (pair, attributes) = set.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let path = attributes.split("; ").find_map(|attribute| attribute.strip_prefix("Path=")).unwrap();
            let key = (name.to_owned(), path.to_owned());
            self.jar.retain(|(held, _)| *held != key);
            if !attributes.contains("Max-Age=0") {
                self.jar.push((key, value.to_owned()));
            }
        }
        answer
    }

    async fn log_in(&mut self) -> u8 {
        node_of(&self.send(Method::POST, "api/login", &login("alice", SESSION_COOKIE)).await)
    }

    async fn me(&mut self) -> Answer {
        self.send(Method::GET, "api/me", &Value::Null).await
    }

    fn affinity(&self) -> Option<&str> {
        self.jar.iter().find(|((name, _), _)| name == "lb").map(|(_, value)| value.as_str())
    }
}

#[track_caller]
fn node_of(answer: &Answer) -> u8 {
    answer.header("x-node").parse().unwrap()
}

#[tokio::test]
async fn with_round_robin_and_own_memory_exactly_one_request_in_n_meets_the_node_that_knows_you() {
    for nodes in 1..=5u8 {
        let lab = Lab::new();
        arrange(&lab, json!({ "nodes": nodes })).await;
        let alice = lab.alice(SESSION_COOKIE).await;
        let mut known = 0;
        for _ in 0..4 * nodes {
            known += u8::from(alice.is_known().await);
        }
        assert_eq!(known, 4, "of {} at {nodes} nodes", 4 * nodes);
    }
}

#[tokio::test]
async fn what_each_node_has_answered_is_counted_anew_with_another_arrangement_and_not_with_the_same() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    let counts = async || lab.view().await.nodes.iter().map(|node| node.requests).collect::<Vec<_>>();
    alice.known().await;
    arrange(&lab, json!({ "nodes": 3 })).await;
    assert_eq!(counts().await, [0, 0, 0]);
    for _ in 0..6 {
        alice.me().await;
    }
    arrange(&lab, json!({ "nodes": 3 })).await;
    assert_eq!(counts().await, [2, 2, 2], "they take turns");
}

#[tokio::test]
async fn a_jwt_is_known_to_every_node_and_no_store_is_asked() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 5 })).await;
    let alice = lab.alice(TOKEN_STORAGE).await;
    for node in 1..=5 {
        alice.known().await;
        stop(&lab, node).await;
        if node < 5 {
            alice.known().await;
        }
        start(&lab, node).await;
    }
    let view = lab.view().await;
    assert!(view.operations.is_empty(), "{:?}", view.operations);
    assert_eq!(view.rows().count(), 0);
}

#[tokio::test]
async fn sticky_routing_sends_a_visitor_to_one_node_by_a_cookie_that_is_set_once() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 3, "routing": "sticky" })).await;
    let mut browser = Browser::new(&lab);
    let node = browser.log_in().await;
    let pin = browser.set.iter().find(|set| set.starts_with("lb=")).unwrap();
    assert_eq!(*pin, format!("lb={node}; HttpOnly; SameSite=Lax; Path=/lab/{}", lab.id));
    for _ in 0..9 {
        let answer = browser.me().await;
        assert_eq!((answer.status.as_u16(), node_of(&answer)), (200, node));
        assert!(browser.set.is_empty(), "{:?}", browser.set);
    }
    let last = lab.exchanges().await.pop().unwrap();
    let sent = last.request.headers.iter().find(|(name, _)| name == "cookie").unwrap();
    assert!(sent.1.contains(&format!("lb={node}")), "the record shows what the browser sent: {}", sent.1);
    assert_eq!(last.steps[0].did, Did::Routed);
}

#[tokio::test]
async fn the_node_never_sees_the_balancer_s_cookie() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 2, "routing": "sticky" })).await;
    // The page shows which cookies arrived at the node that rendered it.
    let page = lab.get("", &[("cookie", "theme=dark; lb=2; lang=en")]).await;
    assert_eq!(node_of(&page), 2);
    let html = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(html.contains(r#"[{"name":"theme","value":"dark"},{"name":"lang","value":"en"}]"#), "{html}");
}

#[tokio::test]
async fn newcomers_are_spread_over_all_nodes() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 5, "routing": "sticky" })).await;
    let mut met = std::collections::BTreeSet::new();
    for _ in 0..40 {
        met.insert(node_of(&lab.get("api/me", &[]).await));
    }
    assert_eq!(met.len(), 5);
}

#[tokio::test]
async fn a_visitor_whose_node_stops_is_sent_elsewhere_is_logged_out_and_stays_there() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 3, "routing": "sticky" })).await;
    let mut browser = Browser::new(&lab);
    let first = browser.log_in().await;
    stop(&lab, first).await;
    let answer = browser.me().await;
    let second = node_of(&answer);
    assert_ne!(second, first);
    answer.problem(401);
    assert_eq!(browser.affinity(), Some(second.to_string().as_str()));
    start(&lab, first).await;
    for _ in 0..4 {
        assert_eq!(node_of(&browser.me().await), second, "the first is back, and nobody goes there");
        assert!(browser.set.is_empty());
    }
    assert_eq!(browser.log_in().await, second);
    assert_eq!(browser.me().await.status, 200);
}

#[tokio::test]
async fn a_name_that_is_no_node_s_is_replaced() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 3, "routing": "sticky" })).await;
    for forged in ["0", "4", "99", "256", "-1", "+1", "01", "1 ", "1,2", "", "node-1", "%31", "é", "\"1\""] {
        let answer = lab.get("api/me", &[("cookie", &format!("lb={forged}"))]).await;
        let node = node_of(&answer);
        let set = answer.set_cookies();
        // Blanks around a value are no part of it (RFC 6265bis §5.5).
        if forged == "1 " {
            assert_eq!((node, set.len()), (1, 0));
        } else {
            assert!(set.len() == 1 && set[0].starts_with(&format!("lb={node};")), "{forged:?}: {set:?}");
        }
    }
}

#[tokio::test]
async fn of_two_names_the_first_that_is_a_node_s_counts() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 3, "routing": "sticky" })).await;
    let answer = lab.get("api/me", &[("cookie", "lb=3; lb=2"), ("cookie", "lb=1")]).await;
    assert_eq!(node_of(&answer), 3);
    assert!(answer.set_cookies().is_empty());
}

#[tokio::test]
async fn round_robin_sets_no_cookie_and_heeds_none_and_clears_what_a_sticky_balancer_left() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 2 })).await;
    let mut nodes = Vec::new();
    for headers in [&[][..], &[("cookie", "lb=1")], &[], &[("cookie", "lb=1")]] {
        let answer = lab.get("api/me", headers).await;
        let set = answer.set_cookies();
        assert_eq!(set.len(), headers.len(), "{set:?}");
        assert!(set.iter().all(|set| set.starts_with("lb=;") && set.contains("Max-Age=0")), "{set:?}");
        nodes.push(node_of(&answer));
    }
    assert!(nodes == [1, 2, 1, 2] || nodes == [2, 1, 2, 1], "{nodes:?}");
}

#[tokio::test]
async fn a_node_that_stops_loses_its_memory_and_gets_no_request_and_the_others_go_on() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 2 })).await;
    let alice = lab.alice(SESSION_STORAGE).await;
    let view = lab.view().await;
    let home = view.nodes.iter().find(|node| !node.sessions.is_empty()).unwrap().id;
    let view = stop(&lab, home).await;
    assert!(view.nodes.iter().all(|node| node.up == (node.id != home) && node.sessions.is_empty()));
    for _ in 0..3 {
        let answer = alice.me().await;
        assert_ne!(node_of(&answer), home);
        answer.problem(401);
    }
    let view = start(&lab, home).await;
    assert!(view.nodes.iter().all(|node| node.up && node.sessions.is_empty()));
    assert!(!alice.is_known().await && !alice.is_known().await, "what was in its memory is gone");
}

#[tokio::test]
async fn stopping_twice_is_as_once_and_starting_one_that_runs_takes_nothing_from_it() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    start(&lab, 1).await;
    alice.known().await;
    stop(&lab, 1).await;
    stop(&lab, 1).await;
    alice.me().await.problem(503);
    start(&lab, 1).await;
    alice.me().await.problem(401);
}

#[tokio::test]
async fn a_node_more_keeps_everybody_but_a_node_fewer_takes_its_sessions_along() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    let view = arrange(&lab, json!({ "nodes": 3 })).await;
    assert_eq!(view.nodes[0].sessions.len(), 1, "adding servers takes nothing from the first");
    let mut known = 0;
    for _ in 0..3 {
        known += u8::from(alice.is_known().await);
    }
    assert_eq!(known, 1, "but the new ones do not know her");
    let view = arrange(&lab, json!({ "nodes": 1 })).await;
    assert_eq!((view.nodes.len(), view.nodes[0].sessions.len()), (1, 1));
    alice.known().await;
}

#[tokio::test]
async fn another_routing_keeps_every_login_and_another_store_none() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    arrange(&lab, json!({ "routing": "sticky" })).await;
    alice.known().await;
    arrange(&lab, json!({ "replication": { "delay_ms": 5, "loss": 0.5 } })).await;
    alice.known().await;
    let view = arrange(&lab, json!({ "store": "replicated" })).await;
    assert_eq!(view.rows().count(), 0);
    alice.me().await.problem(401);
    arrange(&lab, json!({ "store": "memory" })).await;
    alice.me().await.problem(401);
}

#[tokio::test]
async fn the_view_says_the_topology_as_it_was_put() {
    let lab = Lab::new();
    let put = json!({
        "nodes": 4, "routing": "sticky", "store": "replicated", "replication": { "delay_ms": 20, "loss": 0.25, "seed": 9 },
    });
    arrange(&lab, put.clone()).await;
    let view: Value = lab.get("control/view", &[]).await.ok();
    assert_eq!(view["topology"], put);
    assert_eq!(view["nodes"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn what_cannot_be_arranged_is_refused_and_nothing_changes() {
    let lab = Lab::new();
    let alice = lab.alice(SESSION_COOKIE).await;
    for bad in [
        json!({ "nodes": 0 }),
        json!({ "nodes": 6 }),
        json!({ "nodes": 256 }),
        json!({ "nodes": -1 }),
        json!({ "nodes": 2, "routing": "random" }),
        json!({ "store": "postgres" }),
        json!({ "replication": { "delay_ms": 10_001 } }),
        json!({ "replication": { "loss": 1.5 } }),
        json!({ "replication": { "loss": -0.5 } }),
        json!({ "replication": { "jitter": 1 } }),
        json!({ "servers": 3 }),
        json!({ "nodes": 2, "store": "redis" }),
    ] {
        let answer = lab.put("control/topology", bad.clone()).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{bad}: {answer:?}");
        answer.problem(answer.status.as_u16());
    }
    let view = lab.view().await;
    assert_eq!((view.nodes.len(), view.topology), (1, domain::topology::Topology::default()));
    alice.known().await;
}

#[tokio::test]
async fn a_store_that_is_not_configured_is_refused_with_what_to_do() {
    let lab = Lab::new();
    let detail = lab.put("control/topology", json!({ "store": "redis" })).await.problem(422).detail;
    assert!(detail.contains("--redis-url"), "{detail}");
    let offers = lab.view().await.stores;
    let redis = offers.iter().find(|offer| offer.kind.name() == "redis").unwrap();
    assert!(!redis.available && redis.how.contains("--redis-url"));
}

#[tokio::test]
async fn a_node_that_is_not_there_is_not_found() {
    let lab = Lab::new();
    for node in ["0", "2", "9", "256", "one", "-1", "01", "+1", "%2B1"] {
        for what in ["stop", "start"] {
            lab.post(&format!("control/nodes/{node}/{what}"), Value::Null).await.problem(404);
        }
    }
    assert!(lab.view().await.nodes[0].up);
}

#[tokio::test]
async fn a_role_and_a_logout_everywhere_reach_every_node() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 3, "routing": "sticky" })).await;
    let mut browsers: Vec<Browser> = (0..8).map(|_| Browser::new(&lab)).collect();
    for browser in &mut browsers {
        browser.log_in().await;
    }
    let spread = lab.view().await.nodes.iter().filter(|node| !node.sessions.is_empty()).count();
    assert!(spread > 1, "they are on more than one node");
    lab.put("control/users/alice", json!({ "role": "admin" })).await.ok::<ServerView>();
    for browser in &mut browsers {
        assert_eq!(browser.send(Method::GET, "api/admin", &Value::Null).await.status, 200);
    }
    browsers[0].send(Method::POST, "api/logout-everywhere", &Value::Null).await;
    for browser in &mut browsers[1..] {
        browser.me().await.problem(401);
    }
}

#[tokio::test]
async fn a_reset_is_one_node_with_its_own_memory_again() {
    let lab = Lab::new();
    arrange(&lab, json!({ "nodes": 5, "routing": "sticky", "store": "replicated" })).await;
    let alice = lab.alice(SESSION_COOKIE).await;
    stop(&lab, 2).await;
    let view: ServerView = lab.post("control/reset", Value::Null).await.ok();
    assert_eq!((view.nodes.len(), view.topology), (1, domain::topology::Topology::default()));
    assert!(view.nodes[0].up);
    alice.me().await.problem(401);
}

#[tokio::test]
async fn one_lab_s_nodes_are_nothing_to_another_lab() {
    let lab = Lab::new();
    let other = lab.another();
    arrange(&lab, json!({ "nodes": 3, "routing": "sticky" })).await;
    stop(&lab, 1).await;
    let view = other.view().await;
    assert_eq!((view.nodes.len(), view.nodes[0].up), (1, true));
}
