//! Where the sessions of one population live, on whichever nodes there are.

use crate::{
    lab::{Lab, LabError, lock},
    store::{Cluster, Keeping, Namespace, Sessions, StoreFaults},
};
use domain::{
    balance::NodeId,
    topology::{StoreKind, Topology},
    view::Replication,
};
use std::sync::{Arc, Mutex};

/// How a lab keeps the sessions of one population.
#[derive(Debug)]
pub(crate) struct Storage {
    /// Whose rows they are, in a shared store.
    pub(super) namespace: Namespace,
    pub(crate) keeping: Arc<Keeping>,
    place: Mutex<Place>,
}

#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In each node's memory.
    Nodes(Arc<Cluster>),
    /// In one store for all.
    Shared(Sessions),
}

impl Storage {
    pub(crate) fn new(namespace: Namespace, faults: Arc<StoreFaults>) -> Self {
        let place = Mutex::new(Place::Nodes(Cluster::unlinked(namespace.population)));
        Self { namespace, keeping: Arc::new(Keeping::new(faults)), place }
    }

    fn place(&self) -> Place {
        lock(&self.place).clone()
    }

    /// A place for them as this topology says, empty but for what lies in a shared store.
    pub(super) fn find_place(&self, topology: Topology, lab: &Lab) -> Result<Place, LabError> {
        let population = self.namespace.population;
        Ok(match topology.store {
            StoreKind::Memory => Place::Nodes(Cluster::unlinked(population)),
            StoreKind::Replicated => {
                Place::Nodes(Cluster::linked(population, topology.replication, lab.changed.clone()))
            }
            kind => {
                let sessions = lab.stores.open(kind, self.namespace.clone(), Arc::clone(&self.keeping));
                Place::Shared(sessions.ok_or(LabError::NotConfigured(kind))?)
            }
        })
    }

    /// Keeps them there from now on. Nodes that run already go on as they are.
    pub(super) fn keep_in(&self, place: Place) {
        *lock(&self.place) = place;
        self.keeping.forget_operations();
    }

    /// The sessions of a node that starts.
    pub(crate) fn open(&self, node: NodeId) -> Sessions {
        match self.place() {
            Place::Nodes(cluster) => Sessions::new(cluster.kind(), cluster.join(node), Arc::clone(&self.keeping)),
            Place::Shared(sessions) => sessions,
        }
    }

    /// The nodes' own memory, where they live in that.
    pub(super) fn cluster(&self) -> Option<Arc<Cluster>> {
        if let Place::Nodes(cluster) = self.place() { Some(cluster) } else { None }
    }

    /// The one store for all nodes, if there is one.
    pub(crate) fn shared(&self) -> Option<Sessions> {
        if let Place::Shared(sessions) = self.place() { Some(sessions) } else { None }
    }

    /// Starts counting anew; which messages are lost follows from this number now. What nodes hold, and what is under
    /// way between them, goes.
    pub(crate) fn start_anew(&self, seed: u64) {
        self.keeping.forget_operations();
        if let Some(cluster) = self.cluster() {
            cluster.start_anew(seed);
        }
    }

    /// What copying them between nodes has cost.
    pub(crate) fn replication(&self) -> Replication {
        self.cluster().map(|cluster| cluster.view()).unwrap_or_default()
    }
}
