//! One visitor's world: its users, keys, nodes, clock and wire record, apart from every other visitor's.

use crate::{
    denylist::DenylistFull,
    error::ControlError,
    node::{Node, Running},
    store::{MemoryStore, Sessions, StoreError},
    wire::Wire,
};
use domain::{
    Seconds,
    api::{ChangeDefences, ChangeUser, LONGEST},
    balance::{self, NodeId},
    session::Change,
    view::{NodeView, Replication, ServerView, StoreKind, StoreOffer, Topology},
};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

pub(crate) use keys::Secret;
pub(crate) use world::{World, fresh_jti};

mod keys;
mod world;

/// The most event streams that a lab has open.
const STREAMS: usize = 32;

/// One lab.
#[derive(Debug)]
pub(crate) struct Lab {
    pub(crate) id: String,
    world: Mutex<World>,
    nodes: Mutex<Vec<Arc<Node>>>,
    pub(crate) wire: Wire,
    changed: watch::Sender<()>,
    /// Ends with the lab.
    pub(crate) closed: CancellationToken,
    pub(crate) streams: Arc<Semaphore>,
}

impl Lab {
    pub(crate) fn new(id: &str, secret: Arc<Secret>) -> Self {
        let world = World::new(secret, id);
        let nodes = nodes(world.topology, false);
        Self {
            id: id.to_owned(),
            world: Mutex::new(world),
            nodes: Mutex::new(nodes),
            wire: Wire::default(),
            changed: watch::Sender::new(()),
            closed: CancellationToken::new(),
            streams: Arc::new(Semaphore::new(STREAMS)),
        }
    }

    /// Looks at or changes the world; nothing waits in there.
    pub(crate) fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn now(&self) -> Seconds {
        self.world(World::now)
    }

    /// Tells the event streams that the view is another.
    pub(crate) fn has_changed(&self) {
        self.changed.send_replace(());
    }

    /// Hears of changes from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Every node, up or down.
    pub(crate) fn nodes(&self) -> Vec<Arc<Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The nodes that are up.
    pub(crate) fn running(&self) -> Vec<Arc<Running>> {
        self.nodes().iter().filter_map(|node| node.running()).collect()
    }

    /// The node for the next request; `None` when none is up.
    pub(crate) fn pick(&self, affinity: Option<NodeId>) -> Option<Arc<Running>> {
        let running = self.running();
        let healthy: Vec<NodeId> = running.iter().map(|node| node.id).collect();
        let (routing, turn) = self.world(|world| (world.topology.routing, world.next_turn()));
        let chosen = balance::pick(routing, affinity, &healthy, turn)?;
        running.into_iter().find(|node| node.id == chosen)
    }

    /// Stops every node and starts it again, with an empty memory.
    pub(crate) fn restart(&self) {
        let hashed = self.world(|world| world.defences.hash_ids);
        for node in self.nodes() {
            node.start_again(sessions(hashed));
        }
    }

    /// A fresh lab under the same id. The numbers of the exchanges go on, so that nobody takes a new one
    /// for an old one.
    pub(crate) fn reset(&self) {
        let topology = self.world(|world| {
            world.reset();
            world.topology
        });
        let fresh = nodes(topology, false);
        let old = std::mem::replace(&mut *self.nodes.lock().unwrap_or_else(PoisonError::into_inner), fresh);
        for node in old {
            node.stop();
        }
        self.wire.reset();
    }

    /// Changes a user, and their logins with them: a session's row learns the new role at once, and a
    /// disabled user has no login left. A token knows nothing of it, unless the denylist is on.
    pub(crate) async fn change_user(&self, name: &str, change: ChangeUser) -> Result<(), ControlError> {
        let changed = self.world(|world| world.change_user(name, change))?;
        let now = self.now();
        for node in self.running() {
            if changed.disabled {
                node.sessions.delete_all_of(name).await?;
            } else if let Some(role) = changed.role {
                node.sessions.update_all_of(name, &Change::SetRole(role), now).await?;
            }
        }
        if changed.disabled {
            self.deny_all_of(name)?;
        }
        Ok(())
    }

    /// Ends every token of a user that was issued so far, if the denylist is on. Returns until when the
    /// entry lies there.
    pub(crate) fn deny_all_of(&self, user: &str) -> Result<Option<Seconds>, DenylistFull> {
        self.world(|world| {
            if !world.defences.denylist {
                return Ok(None);
            }
            let now = world.now();
            // No token lives longer, whoever issued it.
            let until = now.saturating_add(LONGEST);
            world.denylist.deny_all_of(user, fresh_jti(), until, now)?;
            Ok(Some(until))
        })
    }

    /// Switches defences.
    pub(crate) async fn defend(&self, change: ChangeDefences) -> Result<(), StoreError> {
        let hash_ids = self.world(|world| world.defend(change).or(change.hash_ids));
        if let Some(on) = hash_ids {
            let now = self.now();
            for node in self.running() {
                node.sessions.hash_ids(on, now).await?;
            }
        }
        Ok(())
    }

    /// Deletes what is over. Whether there was anything.
    pub(crate) async fn sweep(&self) -> Result<bool, StoreError> {
        let now = self.now();
        let mut any = self.world(|world| world.denylist.prune(now));
        for node in self.running() {
            any |= node.sessions.sweep(now).await? > 0;
        }
        Ok(any)
    }

    /// Everything that the server side holds.
    pub(crate) async fn view(&self) -> Result<ServerView, StoreError> {
        let now = self.now();
        let mut nodes = Vec::new();
        for node in self.nodes() {
            nodes.push(match node.running() {
                None => NodeView { id: node.id, up: false, requests: 0, sessions: Vec::new() },
                Some(running) => NodeView {
                    id: node.id,
                    up: true,
                    requests: running.requests(),
                    sessions: running.sessions.rows(now).await?,
                },
            });
        }
        Ok(self.world(|world| ServerView {
            now,
            topology: world.topology,
            nodes,
            store: None,
            replication: Replication::default(),
            keys: world.keys.view(),
            users: world.users().to_vec(),
            denylist: world.denylist.view(),
            defences: world.defences,
            stores: vec![StoreOffer {
                kind: StoreKind::Memory,
                available: true,
                how: "in this process: gone when the node stops".to_owned(),
            }],
        }))
    }
}

fn nodes(topology: Topology, hashed: bool) -> Vec<Arc<Node>> {
    (1..=topology.nodes).map(|id| Arc::new(Node::start(id, sessions(hashed)))).collect()
}

fn sessions(hashed: bool) -> Sessions {
    Sessions::new(Arc::new(MemoryStore::default()), hashed)
}
