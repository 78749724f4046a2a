//! What arranges the servers, stops them and starts them, and what was lost by it.

use crate::{
    act::deeds::requests::{control, json, report, steer},
    state::{
        bench::{Bench, held},
        chosen::shared_store,
    },
};
use domain::{
    api::SetFaults,
    balance::NodeId,
    lesson::{
        press::Server,
        said::{Arranged, OfServers, Said},
    },
    topology::{ChangeTopology, StoreKind, Strategy},
    view::{NodeView, ServerView},
};
use leptos::prelude::*;

/// Sends it, and says what came of it by the views before and after.
async fn move_servers(
    bench: Bench,
    method: &'static str,
    route: &str,
    body: Option<String>,
    what: impl FnOnce(&ServerView, &ServerView) -> OfServers,
) {
    let before = bench.view.get_untracked();
    let Some(answer) = control(bench, method, route, body).await else { return };
    report(bench, &answer, |after: ServerView| {
        let what = what(&before, &after);
        bench.take_view(after);
        Said::Servers(what)
    });
}

/// How many logins of before are no more.
fn lost(before: &ServerView, after: &ServerView) -> usize {
    before.logins().difference(&after.logins()).count()
}

pub(super) async fn restart(bench: Bench) {
    let what = |before: &ServerView, after: &ServerView| OfServers::Restarted {
        topology: after.topology,
        lost: lost(before, after),
    };
    move_servers(bench, "POST", "restart", None, what).await;
}

pub(super) async fn put_topology(bench: Bench, change: ChangeTopology) {
    let what = |before: &ServerView, after: &ServerView| {
        OfServers::Arranged(Arranged {
            before: before.topology,
            after: after.topology,
            held: after.logins().len(),
            lost: lost(before, after),
        })
    };
    // What was refused before may not be refused any more.
    bench.begin_flow();
    move_servers(bench, "PUT", "topology", json(&change), what).await;
}

/// Arranges the servers as a strategy has them.
pub(super) async fn adopt(bench: Bench, strategy: Strategy) {
    // A preset is about servers that are there.
    start_all(bench).await;
    if bench.view.with_untracked(|view| view.faults.proxy_cache) {
        put_proxy(bench, false).await;
    }
    let wanted = strategy.topology(untrack(|| shared_store(bench)).unwrap_or(StoreKind::Sqlite));
    let change = ChangeTopology {
        nodes: Some(wanted.nodes),
        routing: Some(wanted.routing),
        store: Some(wanted.store),
        replication: Some(wanted.replication),
    };
    put_topology(bench, change).await;
}

pub(super) async fn stop(bench: Bench, server: Server) {
    let Some(node) = meant(bench, server) else { return };
    let what = |before: &ServerView, after: &ServerView| OfServers::NodeStopped {
        node,
        store: after.topology.store,
        lost: lost(before, after),
    };
    move_servers(bench, "POST", &format!("nodes/{node}/stop"), None, what).await;
}

/// Which server that is: of several that hold the login none is meant, so it is the one that answered last.
fn meant(bench: Bench, server: Server) -> Option<NodeId> {
    if let Server::Number(node) = server {
        return Some(node);
    }
    let held = bench.browser.with_untracked(|browser| held(browser).into_iter().next());
    let mut holders = bench.view.with_untracked(|view| {
        let holds =
            |node: &&NodeView| held.as_ref().is_some_and(|held| node.sessions.iter().any(|row| row.key == held.value));
        view.nodes.iter().filter(|node| node.up).filter(holds).map(|node| node.id).collect::<Vec<_>>()
    });
    let last = || bench.exchanges.with_untracked(|all| all.iter().rev().find_map(|exchange| exchange.node));
    match holders.len() {
        1 => holders.pop(),
        _ => last(),
    }
}

pub(super) async fn start(bench: Bench, node: NodeId) {
    let what = |_: &ServerView, after: &ServerView| OfServers::NodeStarted {
        node,
        store: after.topology.store,
        rows: after.nodes.iter().find(|one| one.id == node).map_or(0, |one| one.sessions.len()),
    };
    move_servers(bench, "POST", &format!("nodes/{node}/start"), None, what).await;
}

pub(super) async fn start_all(bench: Bench) {
    let down = |view: &ServerView| view.nodes.iter().filter(|node| !node.up).map(|node| node.id).collect::<Vec<_>>();
    for node in bench.view.with_untracked(down) {
        start(bench, node).await;
    }
}

pub(super) async fn stop_store(bench: Bench, down: bool) {
    let change = SetFaults { store_down: Some(down), ..SetFaults::default() };
    let what = |_: &ServerView, after: &ServerView| OfServers::StoreDown { store: after.topology.store, down };
    move_servers(bench, "PUT", "faults", json(&change), what).await;
}

/// Puts a caching proxy before the servers, or takes it away.
pub(super) async fn put_proxy(bench: Bench, on: bool) {
    let body = json(&SetFaults { proxy_cache: Some(on), ..SetFaults::default() });
    steer(bench, "PUT", "faults", body, Said::ProxySet { on }).await;
}

pub(super) async fn slow_store(bench: Bench, milliseconds: u64) {
    let change = SetFaults { store_delay_ms: Some(milliseconds), ..SetFaults::default() };
    move_servers(bench, "PUT", "faults", json(&change), |_, _| OfServers::StoreDelayed(milliseconds)).await;
}
