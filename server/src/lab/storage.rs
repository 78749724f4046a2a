//! Where the sessions of one population live, on whichever nodes there are.

use crate::{
    lab::{Lab, LabError},
    lock::lock,
    store::{Cluster, Keeping, Namespace, Sessions, StoreFaults},
};
use domain::{
    balance::NodeId,
    topology::{StoreKind, Topology},
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

/// Where they live: in one store for all nodes, or else in each node's memory.
#[derive(Debug)]
pub(super) struct Place {
    shared: Option<Sessions>,
    cluster: Arc<Cluster>,
}

impl Storage {
    pub(crate) fn new(namespace: Namespace, faults: Arc<StoreFaults>) -> Self {
        let place = Place { shared: None, cluster: Cluster::unlinked(namespace.population) };
        Self { namespace, keeping: Arc::new(Keeping::new(faults)), place: Mutex::new(place) }
    }

    /// A place for them as this topology says, empty but for what lies in a shared store.
    pub(super) fn find_place(&self, topology: Topology, lab: &Lab) -> Result<Place, LabError> {
        let (kind, population) = (topology.store, self.namespace.population);
        let open = || lab.stores.open(kind, self.namespace.clone(), Arc::clone(&self.keeping));
        let shared = kind.is_shared().then(|| open().ok_or(LabError::NotConfigured(kind))).transpose()?;
        let cluster = if kind == StoreKind::Replicated {
            Cluster::linked(population, topology.replication, lab.changed.clone())
        } else {
            Cluster::unlinked(population)
        };
        Ok(Place { shared, cluster })
    }

    /// Keeps them there from now on. Nodes that run already go on as they are.
    pub(super) fn keep_in(&self, place: Place) {
        *lock(&self.place) = place;
        self.keeping.forget_operations();
    }

    /// The sessions of a node that starts.
    pub(crate) fn open(&self, node: NodeId) -> Sessions {
        self.shared().unwrap_or_else(|| {
            let cluster = self.cluster();
            Sessions::new(cluster.kind(), cluster.join(node), Arc::clone(&self.keeping))
        })
    }

    /// The nodes' own memory. With one store for all nodes no node joins it.
    pub(crate) fn cluster(&self) -> Arc<Cluster> {
        Arc::clone(&lock(&self.place).cluster)
    }

    /// The one store for all nodes, if there is one.
    pub(crate) fn shared(&self) -> Option<Sessions> {
        lock(&self.place).shared.clone()
    }

    /// Starts counting anew; which messages are lost follows from this number now. What nodes hold, and what is under
    /// way between them, goes.
    pub(crate) fn start_anew(&self, seed: u64) {
        self.keeping.forget_operations();
        self.cluster().start_anew(seed);
    }
}
