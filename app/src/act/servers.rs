//! What arranges the servers, stops them and starts them, and what was lost by it.

use crate::{
    act::{control, in_turn, json, report, set_scheme},
    state::bench::Bench,
};
use domain::{
    api::SetFaults,
    balance::NodeId,
    lesson::said::{Arranged, OfServers, Said},
    scheme::{Credential, Scheme},
    topology::{ChangeTopology, StoreKind, Strategy},
    view::ServerView,
};
use leptos::prelude::*;

/// Sends it, and says what came of it by the views before and after.
fn move_servers(
    bench: Bench,
    method: &'static str,
    route: String,
    body: Option<String>,
    switched: Option<Scheme>,
    what: impl FnOnce(&ServerView, &ServerView) -> OfServers + 'static,
) {
    in_turn(async move {
        let before = bench.view.get_untracked();
        let Some(answer) = control(bench, method, &route, body).await else { return };
        let done = report(bench, &answer, |after: ServerView| {
            let what = what(&before, &after);
            bench.take_view(after);
            Said::Servers { what, switched }
        });
        if let (true, Some(scheme)) = (done, switched) {
            set_scheme(bench, scheme);
        }
    });
}

/// How many logins of before are no more.
fn lost(before: &ServerView, after: &ServerView) -> usize {
    before.logins().difference(&after.logins()).count()
}

pub(crate) fn restart(bench: Bench) {
    move_servers(bench, "POST", "restart".to_owned(), None, None, |before, after| OfServers::Restarted {
        topology: after.topology,
        lost: lost(before, after),
    });
}

fn put_topology(bench: Bench, change: ChangeTopology, switched: Option<Scheme>) {
    move_servers(bench, "PUT", "topology".to_owned(), json(&change), switched, |before, after| {
        OfServers::Arranged(Arranged {
            before: before.topology,
            after: after.topology,
            held: after.logins().len(),
            lost: lost(before, after),
        })
    });
}

pub(crate) fn arrange(bench: Bench, change: ChangeTopology) {
    put_topology(bench, change, None);
}

/// Arranges the servers as a strategy has them. It is about logins of its own kind, so the switch goes there:
/// to the JWT, or back to the session ID, in the same carrier.
pub(crate) fn adopt(bench: Bench, strategy: Strategy, shared: StoreKind) {
    let scheme = bench.scheme.get_untracked();
    let credential = if strategy == Strategy::Token { Credential::Jwt } else { Credential::SessionId };
    let switched = (scheme.credential != credential).then_some(Scheme { credential, ..scheme });
    let wanted = strategy.topology(shared);
    let change = ChangeTopology {
        nodes: Some(wanted.nodes),
        routing: Some(wanted.routing),
        store: Some(wanted.store),
        replication: Some(wanted.replication),
    };
    put_topology(bench, change, switched);
}

pub(crate) fn stop_node(bench: Bench, node: NodeId) {
    move_servers(bench, "POST", format!("nodes/{node}/stop"), None, None, move |before, after| {
        OfServers::NodeStopped { node, store: after.topology.store, lost: lost(before, after) }
    });
}

pub(crate) fn start_node(bench: Bench, node: NodeId) {
    move_servers(bench, "POST", format!("nodes/{node}/start"), None, None, move |_, after| OfServers::NodeStarted {
        node,
        store: after.topology.store,
        rows: after.nodes.iter().find(|one| one.id == node).map_or(0, |one| one.sessions.len()),
    });
}

pub(crate) fn stop_store(bench: Bench, down: bool) {
    let change = SetFaults { store_down: Some(down), ..SetFaults::default() };
    move_servers(bench, "PUT", "faults".to_owned(), json(&change), None, move |_, after| OfServers::StoreDown {
        store: after.topology.store,
        down,
    });
}

pub(crate) fn slow_store(bench: Bench, milliseconds: u64) {
    let change = SetFaults { store_delay_ms: Some(milliseconds), ..SetFaults::default() };
    move_servers(bench, "PUT", "faults".to_owned(), json(&change), None, move |_, _| {
        OfServers::StoreDelayed(milliseconds)
    });
}
