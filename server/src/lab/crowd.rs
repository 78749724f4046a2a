//! A crowd in a lab: its sessions lie apart from the visitors' in the same nodes and stores, and so do its counts.

use crate::{
    lab::Lab,
    store::{Population, Sessions},
};
use domain::{balance::NodeId, topology::Topology};
use std::time::Duration;
use tokio::{sync::watch::error::RecvError, time::timeout};
use tokio_util::sync::CancellationToken;

/// How much longer than the links are is waited for what they carry.
const PATIENCE: Duration = Duration::from_secs(2);
/// Sets the draw of lost messages apart from that of the plan, which has the same seed: else what is lost would
/// depend on who comes.
const LOTTERY: u64 = 0x9e37_79b9_7f4a_7c15;

/// The lab as a crowd found it.
#[derive(Debug)]
pub(crate) struct Gathering {
    pub(crate) topology: Topology,
    /// The nodes that were up, and which run of theirs it was.
    pub(crate) up: Vec<(NodeId, u64)>,
    /// The balancer's next turn.
    pub(crate) turn: u64,
    /// The shared store, which may be another one in the end.
    shared: Option<Sessions>,
}

impl Lab {
    /// A crowd begins: nothing lies there from an earlier one, and everything is counted anew.
    pub(crate) async fn gather(&self, seed: u64) -> Gathering {
        let _alone = self.arranging.lock().await;
        let shared = self.crowd.shared();
        self.clear_crowd(shared.as_ref()).await;
        self.crowd.start_anew(seed ^ LOTTERY);
        let up: Vec<_> = self.running().iter().map(|node| (node.id, node.run)).collect();
        let (topology, turn, faults) = self.world(|world| (world.topology, world.turn, world.faults));
        self.crowds.begin(up.len(), faults.store_delay_ms);
        Gathering { topology, up, turn, shared }
    }

    /// A crowd has ended: its sessions go, also from a store that is no longer the lab's.
    pub(crate) async fn disperse(&self, gathering: &Gathering) {
        self.clear_crowd(gathering.shared.as_ref()).await;
        // What is under way between nodes would bring rows back.
        self.crowd.start_anew(LOTTERY);
    }

    async fn clear_crowd(&self, shared: Option<&Sessions>) {
        for sessions in self.all_sessions(Population::Crowd).iter().chain(shared) {
            if let Err(error) = sessions.clear().await {
                tracing::warn!(%error, "the sessions of a crowd stay until they are over");
            }
        }
    }

    /// Waits until no message of the crowd's is under way, but not longer than they take. Whether that is so.
    pub(crate) async fn settle(&self, stop: &CancellationToken) -> bool {
        let mut changes = self.changed.subscribe();
        let longest = Duration::from_millis(self.world(|world| world.topology.replication.delay_ms)) + PATIENCE;
        let settled = async {
            while self.crowd.cluster().view().in_flight > 0 {
                changes.changed().await?;
            }
            Ok::<_, RecvError>(())
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => false,
            settled = timeout(longest, settled) => matches!(settled, Ok(Ok(()))),
        }
    }

    /// How many rows the crowd has, in all stores; nothing where one does not say.
    pub(crate) async fn crowd_rows(&self) -> Option<usize> {
        let now = self.now();
        let mut rows = 0;
        for sessions in self.all_sessions(Population::Crowd) {
            rows += sessions.count(now).await.ok()?;
        }
        Some(rows)
    }

    pub(crate) fn crowd_operations(&self) -> u64 {
        self.crowd.keeping.operations().iter().map(|operation| operation.count).sum()
    }
}
