//! The nodes and the stores of a lab: starting and stopping them, another topology, a fresh lab.

use crate::{
    lab::{Lab, LabError, World, copies::Copies, node::Running},
    lock::lock,
    store::{Population, Revision, Sessions, StoreError},
};
use domain::{
    api::SetFaults,
    balance::NodeId,
    topology::{ChangeTopology, StoreKind, Topology},
};
use std::sync::{Arc, atomic::Ordering};

impl Lab {
    fn start(&self, id: NodeId) -> Arc<Running> {
        let node = Running::start(id, self.visitors.open(id), self.crowd.open(id));
        self.crowds.node_changes(true);
        Arc::new(node)
    }

    fn stop(&self, id: NodeId, node: Option<Arc<Running>>) {
        if let Some(node) = &node {
            self.crowds.node_changes(false);
            node.stopped.cancel();
        }
        self.clusters().iter().for_each(|cluster| cluster.leave(id));
        // When it has left: what leaves later stays for those who still hold it, and there may be none.
        drop(node);
    }

    pub(super) fn stop_all(&self) {
        for (&id, node) in &mut *lock(&self.nodes) {
            self.stop(id, node.take());
        }
    }

    /// So many nodes: those that are missing start, those that are too many stop.
    pub(super) fn set_size(&self, size: u8) {
        let mut nodes = lock(&self.nodes);
        for (id, node) in nodes.split_off(&size.saturating_add(1)) {
            self.stop(id, node);
        }
        for id in 1..=size {
            nodes.entry(id).or_insert_with(|| Some(self.start(id)));
        }
    }

    /// Stops every node, and then starts them: whatever was in their memory is gone.
    pub(crate) async fn restart(&self) {
        let _alone = self.arranging.lock().await;
        self.stop_all();
        for (&id, node) in &mut *lock(&self.nodes) {
            *node = Some(self.start(id));
        }
    }

    /// Stops a node: what it was about to answer is never answered, and its memory is gone.
    pub(crate) async fn stop_node(&self, id: NodeId) -> Result<(), LabError> {
        let _alone = self.arranging.lock().await;
        self.stop(id, lock(&self.nodes).get_mut(&id).ok_or(LabError::UnknownNode)?.take());
        Ok(())
    }

    /// Starts a node that was stopped. One that runs goes on.
    pub(crate) async fn start_node(&self, id: NodeId) -> Result<(), LabError> {
        let _alone = self.arranging.lock().await;
        let mut nodes = lock(&self.nodes);
        let node = nodes.get_mut(&id).ok_or(LabError::UnknownNode)?;
        if node.is_none() {
            *node = Some(self.start(id));
        }
        Ok(())
    }

    /// Another topology. With another store everything starts over, and no login from before holds; else the
    /// nodes that stay go on, with what they hold.
    pub(crate) async fn arrange(self: &Arc<Self>, change: ChangeTopology) -> Result<(), LabError> {
        let _alone = self.arranging.lock().await;
        let before = self.world(|world| world.topology);
        let after = before.with(change)?;
        if after != before {
            self.crowds.disturbance(|done| done.arranged = true);
        }
        if after.store == before.store {
            self.clusters().iter().for_each(|cluster| cluster.set_link(after.replication));
            self.world(|world| world.topology = after);
            self.set_size(after.nodes);
            // How they share the requests is to be seen as they are arranged now.
            for node in self.running().iter().filter(|_| after != before) {
                node.requests.store(0, Ordering::Relaxed);
            }
            return Ok(());
        }
        self.start_over_with(after, |_| {}).await?;
        // When the lab goes, its rows go from the shared store too; those of a process that ends stay.
        if self.visitors.shared().is_some() && !self.has_heir.swap(true, Ordering::AcqRel) {
            let lab = Arc::clone(self);
            tokio::spawn(async move {
                lab.closed.cancelled().await;
                let kind = lab.world(|world| world.topology.store);
                lab.leave_store(kind, lab.visitors.shared()).await;
            });
        }
        Ok(())
    }

    /// Nobody's rows are to be left there: neither those that are there now, nor what still comes.
    async fn leave_store(&self, kind: StoreKind, left: Option<Sessions>) {
        if let Some(sessions) = left {
            let namespace = &self.visitors.namespace;
            self.stores.clear_later(kind, namespace.clone(), &sessions);
            let _ = self.stores.clear(kind, namespace).await;
        }
    }

    /// Keeps sessions elsewhere, with empty stores. What is left in a shared store ends: if it does not answer
    /// now, it has to before it is chosen again.
    async fn start_over_with(&self, after: Topology, change: impl FnOnce(&mut World)) -> Result<(), LabError> {
        let (before, left) = (self.world(|world| world.topology.store), self.visitors.shared());
        let (visitors, crowd) = (self.visitors.find_place(after, self)?, self.crowd.find_place(after, self)?);
        self.stores.clear_first(after.store, &self.visitors.namespace).await?;
        self.set_size(0);
        self.visitors.keep_in(visitors);
        self.crowd.keep_in(crowd);
        // Nobody is let in between the two: no node is up.
        self.world(|world| {
            change(world);
            world.topology = after;
        });
        // Rows may lie there from before the process was started again, when the clock was ahead, or the users were others.
        let shared = self.visitors.shared();
        if let Some(sessions) = &shared {
            let _ = sessions.revise(&Revision::EndAhead, self.now()).await;
        }
        self.set_size(after.nodes);
        self.leave_store(before, left).await;
        lock(&self.unreconciled).set(shared.is_some());
        let _ = self.reconcile().await;
        Ok(())
    }

    /// Has every row say what its user is like now, if that is not sure.
    pub(super) async fn reconcile(&self) -> Result<(), StoreError> {
        let Some(pass) = lock(&self.unreconciled).begin() else { return Ok(()) };
        let users = self.world(|world| world.users.clone());
        let (reconcile, mut taken) = (Revision::Reconcile(users.clone()), Ok(()));
        for sessions in self.all_sessions(Population::Visitors) {
            taken = taken.and(sessions.revise(&reconcile, self.now()).await.map(drop));
        }
        let is_through = taken.is_ok() && self.world(|world| world.users == users);
        lock(&self.unreconciled).ended(pass, is_through);
        taken
    }

    pub(crate) fn set_faults(&self, change: SetFaults) -> Result<(), LabError> {
        self.world(|world| {
            let before = world.faults;
            let faults = change.on(before).ok_or(LabError::Fault)?;
            world.faults = faults;
            if !faults.proxy_cache {
                world.copies = Copies::default();
            }
            // While nobody else changes them: else what is shown and what is done may be the faults of two.
            if (before.store_down, before.store_delay_ms) != (faults.store_down, faults.store_delay_ms) {
                self.crowds.store_changes(&faults, &self.faults);
            }
            Ok(())
        })
    }

    /// A fresh lab under the same id. The numbers of the exchanges go on, so that nobody takes a new one
    /// for an old one.
    pub(crate) async fn reset(&self) -> Result<(), LabError> {
        self.crowds.stop().await;
        // A key that is being made is one of before.
        let _keys = self.rotating.lock().await;
        let _alone = self.arranging.lock().await;
        self.crowds.forget();
        for kept in [&self.visitors, &self.crowd] {
            kept.keeping.hash_ids(false, &[], self.now()).await?;
        }
        self.start_over_with(Topology::default(), World::reset).await?;
        self.world(|world| self.crowds.store_changes(&world.faults, &self.faults));
        self.has_logins.store(false, Ordering::Release);
        self.attacker.reset();
        self.record.reset();
        self.results.reset();
        Ok(())
    }
}
