//! Where the sessions of one population live, on whichever nodes there are.

use crate::store::{Cluster, Keeping, Memories, Namespace, Population, Sessions, StoreFaults, Stores};
use domain::{
    balance::NodeId,
    topology::{Link, StoreKind, Topology},
    view::Replication,
};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// How a lab keeps the sessions of one population.
#[derive(Debug)]
pub(crate) struct Storage {
    population: Population,
    pub(crate) keeping: Arc<Keeping>,
    place: Mutex<Holder>,
}

/// Where they live.
#[derive(Clone, Debug)]
enum Holder {
    /// In each node's memory.
    Own(Arc<Memories>),
    /// In each node's memory, and every change goes to the others.
    Replicated(Arc<Cluster>),
    /// In one store for all.
    Shared(Sessions),
}

/// The kind of store is not configured here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotConfigured(pub(crate) StoreKind);

impl Storage {
    pub(crate) fn new(population: Population, faults: Arc<StoreFaults>) -> Self {
        let own = Arc::new(Memories::new(population));
        Self { population, keeping: Arc::new(Keeping::new(faults)), place: Mutex::new(Holder::Own(own)) }
    }

    fn place(&self) -> Holder {
        self.place.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps them elsewhere from now on. Nodes that run already go on as they are.
    pub(crate) fn keep_in(
        &self,
        topology: Topology,
        stores: &Stores,
        lab: &str,
        changed: &watch::Sender<()>,
    ) -> Result<(), NotConfigured> {
        let place = match topology.store {
            StoreKind::Memory => Holder::Own(Arc::new(Memories::new(self.population))),
            StoreKind::Replicated => {
                Holder::Replicated(Arc::new(Cluster::new(self.population, topology.replication, changed.clone())))
            }
            kind => {
                let namespace = Namespace { lab: lab.to_owned(), population: self.population };
                let sessions = stores.open(kind, namespace, Arc::clone(&self.keeping));
                Holder::Shared(sessions.ok_or(NotConfigured(kind))?)
            }
        };
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
        self.keeping.forget_operations();
        Ok(())
    }

    /// The sessions of a node that starts.
    pub(crate) fn open(&self, node: NodeId) -> Sessions {
        let store = match self.place() {
            Holder::Own(memories) => memories.open(node),
            Holder::Replicated(cluster) => cluster.join(node),
            Holder::Shared(sessions) => return sessions,
        };
        Sessions::new(store, Arc::clone(&self.keeping))
    }

    /// A node has stopped.
    pub(crate) fn close(&self, node: NodeId) {
        match self.place() {
            Holder::Own(memories) => memories.close(node),
            Holder::Replicated(cluster) => cluster.leave(node),
            Holder::Shared(_) => {}
        }
    }

    pub(crate) fn set_link(&self, link: Link) {
        if let Holder::Replicated(cluster) = self.place() {
            cluster.set_link(link);
        }
    }

    /// The one store for all nodes, if there is one.
    pub(crate) fn shared(&self) -> Option<Sessions> {
        if let Holder::Shared(sessions) = self.place() { Some(sessions) } else { None }
    }

    /// Starts counting anew; which messages are lost follows from this number now. What nodes that replicate hold,
    /// and what is under way between them, goes.
    pub(crate) fn start_anew(&self, seed: u64) {
        self.keeping.forget_operations();
        if let Holder::Replicated(cluster) = self.place() {
            cluster.start_anew(seed);
        }
    }

    /// What copying them between nodes has cost.
    pub(crate) fn replication(&self) -> Replication {
        if let Holder::Replicated(cluster) = self.place() { cluster.view() } else { Replication::default() }
    }
}
