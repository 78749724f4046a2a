//! The words about several servers: the section that arranges them, and what the third place shows of them.

use super::T;
use domain::{
    balance::{NodeId, Routing},
    topology::{StoreKind, Topology},
    view::{Message, Operation},
};

/// The section that arranges the servers.
pub(crate) struct Servers {
    pub(crate) title: T,
    /// Behind how many servers there are, where a caching proxy stands before them.
    pub(crate) with_proxy: T,
    /// In the order of `Strategy::ALL`.
    pub(crate) names: [T; 6],
    /// So many servers, in short.
    pub(crate) count: fn(usize) -> String,
    pub(crate) shared: T,
    pub(crate) stores: fn(StoreKind) -> T,
}

/// Every screw of the servers.
pub(crate) struct Adjust {
    pub(crate) topology: fn(&Topology) -> String,
    pub(crate) nodes: T,
    pub(crate) routing: T,
    pub(crate) routings: fn(Routing) -> T,
    pub(crate) store: T,
    pub(crate) not_here: T,
    pub(crate) delay: T,
    pub(crate) loss: T,
    pub(crate) store_delay: T,
    pub(crate) store_delay_note: T,
    pub(crate) stop_store: T,
    pub(crate) start_store: T,
    pub(crate) outage: T,
}

/// What the third place shows of several nodes and of a store that they share.
pub(crate) struct Fleet {
    pub(crate) crowd_rows: fn(usize) -> String,
    pub(crate) stop: T,
    pub(crate) stop_node: fn(NodeId) -> String,
    pub(crate) start: T,
    pub(crate) start_node: fn(NodeId) -> String,
    pub(crate) rows_of: fn(NodeId) -> String,
    pub(crate) knows_nobody: T,
    pub(crate) differs: T,
    pub(crate) missing: T,
    pub(crate) replication: T,
    pub(crate) replication_how: fn(u64, &str) -> String,
    pub(crate) messages: T,
    pub(crate) volume: T,
    pub(crate) lost: T,
    pub(crate) under_way: T,
    pub(crate) transfers: fn(u64, &str) -> String,
    pub(crate) picture: fn(u64, u64) -> String,
    pub(crate) last_messages: fn(usize) -> String,
    pub(crate) message: fn(&Message) -> String,
    pub(crate) store: T,
    pub(crate) available: T,
    pub(crate) down: T,
    pub(crate) down_note: T,
    pub(crate) down_played: T,
    pub(crate) slowed: fn(u64) -> String,
    pub(crate) unlistable: T,
    pub(crate) held_as: T,
    pub(crate) held_key: T,
    pub(crate) held_value: T,
    pub(crate) held_ttl: T,
    pub(crate) ttl: fn(u64) -> String,
    pub(crate) operations: T,
    pub(crate) operations_how: T,
    pub(crate) operation_columns: [T; 5],
    pub(crate) operation: fn(Operation) -> T,
    pub(crate) no_operations: T,
}

/// What is said of the servers on the desk as it is at first.
pub(crate) struct Nodes {
    pub(crate) shared: T,
    pub(crate) copied: T,
    pub(crate) up: T,
    pub(crate) answered: T,
    pub(crate) load: fn(u64, &str) -> String,
    pub(crate) knows_nobody_jwt: T,
    pub(crate) memory_gone: T,
    pub(crate) unknown_while_down: T,
    pub(crate) silent: T,
    pub(crate) in_store: fn(StoreKind) -> String,
}
