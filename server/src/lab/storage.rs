//! Where the sessions of one population live, on whichever nodes there are.

use crate::store::{Cluster, Keeping, MemoryStore, Namespace, Population, SessionStore, Sessions, StoreFaults, Stores};
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
    place: Mutex<Place>,
}

/// Where they live.
#[derive(Clone, Debug)]
enum Place {
    /// In each node's memory.
    Own,
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
        Self { population, keeping: Arc::new(Keeping::new(faults)), place: Mutex::new(Place::Own) }
    }

    fn place(&self) -> Place {
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
            StoreKind::Memory => Place::Own,
            StoreKind::Replicated => {
                Place::Replicated(Arc::new(Cluster::new(self.population, topology.replication, changed.clone())))
            }
            kind => {
                let namespace = Namespace { lab: lab.to_owned(), population: self.population };
                let store = stores.open(kind, namespace).ok_or(NotConfigured(kind))?;
                Place::Shared(Sessions::new(store, Arc::clone(&self.keeping)))
            }
        };
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
        self.keeping.forget_operations();
        Ok(())
    }

    /// The sessions of a node that starts.
    pub(crate) fn open(&self, node: NodeId) -> Sessions {
        let store: Arc<dyn SessionStore> = match self.place() {
            Place::Own => Arc::new(MemoryStore::new(self.population)),
            Place::Replicated(cluster) => cluster.join(node),
            Place::Shared(sessions) => return sessions,
        };
        Sessions::new(store, Arc::clone(&self.keeping))
    }

    /// A node has stopped.
    pub(crate) fn close(&self, node: NodeId) {
        if let Place::Replicated(cluster) = self.place() {
            cluster.leave(node);
        }
    }

    pub(crate) fn set_link(&self, link: Link) {
        if let Place::Replicated(cluster) = self.place() {
            cluster.set_link(link);
        }
    }

    /// The one store for all nodes, if there is one.
    pub(crate) fn shared(&self) -> Option<Sessions> {
        if let Place::Shared(sessions) = self.place() { Some(sessions) } else { None }
    }

    /// Starts counting anew; which messages are lost follows from this number now. What nodes that replicate hold,
    /// and what is under way between them, goes.
    pub(crate) fn start_anew(&self, seed: u64) {
        self.keeping.forget_operations();
        if let Place::Replicated(cluster) = self.place() {
            cluster.start_anew(seed);
        }
    }

    /// What copying them between nodes has cost.
    pub(crate) fn replication(&self) -> Replication {
        if let Place::Replicated(cluster) = self.place() { cluster.view() } else { Replication::default() }
    }
}
