//! Several servers, in English.

use crate::text::{Adjust, Fleet, Nodes, Servers, T};
use domain::{
    balance::Routing,
    lesson::said::{Arranged, OfServers},
    topology::{StoreKind, Topology},
    view::{Fate, Operation},
};

pub(super) const SERVERS: Servers = Servers {
    title: "Servers",
    count: |n| if n == 1 { "1 server".to_owned() } else { format!("{n} servers") },
    with_proxy: " · proxy",
    names: ["One server", "The problem", "Sticky", "Clustering", "Storage apart", "JWT"],
    shared: "separate storage is",
    stores: store,
};

pub(in crate::text) const ADJUST: Adjust = Adjust {
    topology,
    nodes: "Servers",
    routing: "Routing",
    routings: routing,
    store: "Sessions in",
    not_here: "not configured here",
    delay: "Message delay (ms)",
    loss: "Messages lost (%)",
    store_delay: "Slower by (ms)",
    store_delay_note: "Over 300 ms nobody waits for the store: 503.",
    stop_store: "Stop the store",
    start_store: "Start the store",
    outage: "An outage that the lab plays for you alone: the real store goes on.",
};

pub(in crate::text) const FLEET: Fleet = Fleet {
    crowd_rows: |rows| match rows {
        1 => "and 1 session of the crowd".to_owned(),
        n => format!("and {n} sessions of the crowd"),
    },
    stop: "Stop",
    stop_node: |node| format!("Stop server {node}"),
    start: "Start",
    start_node: |node| format!("Start server {node}"),
    rows_of: |node| format!("Sessions in the memory of server {node}"),
    knows_nobody: "knows nobody",
    differs: "differs",
    missing: "missing here",
    replication: "Replication",
    replication_how: |delay, loss| format!("{delay} ms under way, {loss} lost"),
    messages: "messages",
    volume: "bytes",
    lost: "lost",
    under_way: "under way",
    transfers: |times, bytes| match times {
        1 => format!("A server that started got the whole state of another one first: {bytes}."),
        n => format!("{n} times a server that started got the whole state of another one first: {bytes} in all."),
    },
    picture: |under_way, lost| format!("Messages between the servers: {under_way} under way, {lost} lost"),
    last_messages: |n| if n == 1 { "The last message".to_owned() } else { format!("The last {n} messages") },
    message: |message| {
        let fate = match message.fate {
            Fate::InFlight => "under way",
            Fate::Arrived => "arrived",
            Fate::Lost => "lost",
        };
        let what = if message.removes { ", a row is gone" } else { "" };
        format!(
            "#{} server {} → server {}, {} B{what}: {fate}",
            message.number, message.from, message.to, message.bytes
        )
    },
    store: "Store",
    available: "answers",
    down: "does not answer",
    down_note: "The store is down. Whoever needs a session gets 503, on every server: nobody is let in.",
    down_played: "The lab plays this outage; the real store goes on.",
    slowed: |delay| format!("made {delay} ms slower"),
    unlistable: "memcached cannot list what it holds: these are the rows that this server noted when it wrote them.",
    held_as: "as the store holds it",
    held_key: "key",
    held_value: "value",
    held_ttl: "dropped after",
    ttl: |seconds| format!("{seconds} s, by the store's own clock"),
    operations: "Store operations",
    operations_how: "asked for by visitors",
    operation_columns: ["operation", "count", "no answer", "mean", "slowest"],
    operation: |operation| match operation {
        Operation::Create => "write a row",
        Operation::Load => "read a row",
        Operation::Update => "change a row",
        Operation::Rotate => "move a row to a new id",
        Operation::Delete => "delete a row",
        Operation::Find => "find a user's rows",
    },
    no_operations: "nothing was asked yet",
};

pub(super) const NODES: Nodes = Nodes {
    shared: "with no sessions of their own",
    copied: "each with a copy of every session",
    up: "up",
    answered: "answered",
    load: |requests, share| match requests {
        1 => format!("1 request · {share}"),
        n => format!("{n} requests · {share}"),
    },
    knows_nobody_jwt: "No server holds a row for your JWT. Each has the key below, and that is enough.",
    memory_gone: "its memory is gone",
    silent: "the store does not answer",
    unknown_while_down: "Nobody can tell what lies in the store while it does not answer.",
    in_store: |kind| format!("in {}", store(kind)),
};

fn routing(routing: Routing) -> T {
    match routing {
        Routing::RoundRobin => "round robin",
        Routing::Sticky => "sticky, by the cookie lb",
    }
}

fn store(kind: StoreKind) -> T {
    match kind {
        StoreKind::Memory => "each server's own memory",
        StoreKind::Replicated => "memory, copied to every server",
        StoreKind::Sqlite => "SQLite",
        StoreKind::Redis => "Redis",
        StoreKind::Memcached => "memcached",
    }
}

fn topology(topology: &Topology) -> String {
    let kept = match topology.store {
        StoreKind::Memory if topology.nodes == 1 => return "1 server with its own memory".to_owned(),
        StoreKind::Memory => "each with its own memory".to_owned(),
        StoreKind::Replicated => "each change copied to all".to_owned(),
        shared => format!("sessions in {}", store(shared)),
    };
    let servers = if topology.nodes == 1 { "1 server".to_owned() } else { format!("{} servers", topology.nodes) };
    let routed = match topology.routing {
        _ if topology.nodes == 1 => "",
        Routing::RoundRobin => ", round robin",
        Routing::Sticky => ", sticky",
    };
    format!("{servers}{routed}, {kept}")
}

fn logins(n: usize) -> String {
    if n == 1 { "1 login".to_owned() } else { format!("{n} logins") }
}

fn lost(n: usize) -> String {
    match n {
        0 => "no login was lost".to_owned(),
        n => format!("{} lost", logins(n)),
    }
}

fn arranged(arranged: &Arranged) -> String {
    let Arranged { before, after, held, lost } = arranged;
    let what = topology(after);
    if before.store != after.store {
        return match lost {
            0 => format!("{what}. Sessions start over; there was none."),
            n => format!("{what}: log in again, sessions started over ({} lost).", logins(*n)),
        };
    }
    match (lost, held) {
        (0, 0) => format!("{what}."),
        (0, held) => format!("{what}. No login was lost: {} kept.", logins(*held)),
        (n, _) => format!("{what}. The servers that went took their memory along: {} lost.", logins(*n)),
    }
}

pub(super) fn said(said: &OfServers) -> String {
    match said {
        OfServers::Arranged(it) => arranged(it),
        OfServers::NodeStopped { node, store: StoreKind::Memory, lost: n } => {
            format!("Server {node} stopped, and its memory is gone: {}.", lost(*n))
        }
        OfServers::NodeStopped { node, store: StoreKind::Replicated, lost: 0 } => {
            format!("Server {node} stopped. The other servers have copies: no login was lost.")
        }
        OfServers::NodeStopped { node, store: StoreKind::Replicated, lost: n } => {
            format!("Server {node} stopped, and no other server had a copy: {}.", lost(*n))
        }
        OfServers::NodeStopped { node, store: shared, .. } => {
            format!("Server {node} stopped. No login was lost: the sessions lie in {}.", store(*shared))
        }
        OfServers::NodeStarted { node, store: StoreKind::Replicated, rows } if *rows > 0 => {
            format!("Server {node} started, and got the whole state of another server first: {}.", logins(*rows))
        }
        OfServers::NodeStarted { node, store: StoreKind::Memory | StoreKind::Replicated, .. } => {
            format!("Server {node} started, with an empty memory.")
        }
        OfServers::NodeStarted { node, .. } => format!("Server {node} started. It asks the same store as the others."),
        OfServers::Restarted { topology, lost: n } => match topology.store {
            StoreKind::Memory | StoreKind::Replicated if topology.nodes == 1 => {
                "The server was restarted: its memory is empty.".to_owned()
            }
            StoreKind::Memory | StoreKind::Replicated => {
                format!("All servers were restarted: their memory is empty, {}.", lost(*n))
            }
            shared => format!("The servers were restarted. No login was lost: the sessions lie in {}.", store(shared)),
        },
        OfServers::StoreDown { store: kind, down: true } => {
            format!("{} is down, as far as this lab goes: whoever needs a session gets 503.", store(*kind))
        }
        OfServers::StoreDown { store: kind, down: false } => {
            format!("{} answers again, with everything that it held.", store(*kind))
        }
        OfServers::StoreDelayed(0) => "The store takes no extra time.".to_owned(),
        OfServers::StoreDelayed(delay) if *delay >= 300 => {
            format!("The store takes {delay} ms longer: nobody waits that long, so it is as good as down (503).")
        }
        OfServers::StoreDelayed(delay) => format!("Each operation of the store takes {delay} ms longer."),
        OfServers::CrowdEnded { stopped, known, judged, within } => {
            let end = if *stopped { "The crowd was stopped" } else { "The crowd is done" };
            let verdict = match judged - within {
                0 if *judged == 1 => "the one number that theory still speaks of is as predicted".to_owned(),
                0 => format!("all {judged} numbers are as predicted"),
                n => format!("{n} of {judged} numbers are not as predicted"),
            };
            format!("{end}: {known} of its requests met a server that knew them; {verdict}.")
        }
        OfServers::CrowdStopping => "The crowd is being stopped.".to_owned(),
    }
}
