//! What a lab knows of its crowds: the one that runs, what earlier ones measured, what was done to the lab meanwhile.

use crate::{lock::lock, store::StoreFaults};
use domain::{
    crowd::{CrowdProgress, CrowdResult, CrowdView, RESULTS},
    scheme::Credential,
    theory::Disturbance,
    topology::{Link, StoreKind, Topology},
    view::Faults,
};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A store that takes this much longer may be given up: an answer of its own has to fit into the rest.
const SLOW_MS: u64 = 100;

#[derive(Debug, Default)]
pub(crate) struct Crowds {
    state: Mutex<CrowdsState>,
    /// How far the last crowd is.
    pub(crate) progress: watch::Sender<Option<Arc<CrowdProgress>>>,
}

#[derive(Debug, Default)]
struct CrowdsState {
    running: Option<RunningCrowd>,
    results: Vec<CrowdResult>,
    /// Counts the resets: what a crowd from before one measured is not kept.
    resets: u64,
    /// What was done to the lab.
    disturbance: Disturbance,
    /// Whether somebody still has to log in.
    at_login: bool,
    /// How many nodes are up.
    up: usize,
    outage: Outage,
}

/// How others reach the crowd that runs.
#[derive(Clone, Debug)]
struct RunningCrowd {
    stop: CancellationToken,
    ended: CancellationToken,
}

/// How the session store is being made to fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outage {
    /// Counts the changes: between two equal ones nothing changed.
    epoch: u64,
    down: bool,
}

impl Outage {
    /// Whether whoever began at `self` and ended at `end` cannot have found the store up.
    pub(crate) fn surely(self, end: Self) -> bool {
        self == end && self.down
    }

    /// Whether they may have found it down.
    pub(crate) fn maybe(self, end: Self) -> bool {
        self != end || self.down
    }
}

impl Crowds {
    pub(crate) fn is_running(&self) -> bool {
        lock(&self.state).running.is_some()
    }

    pub(crate) fn view(&self) -> CrowdView {
        let state = lock(&self.state);
        let running = state.running.as_ref().and_then(|_| self.progress.borrow().as_deref().cloned());
        CrowdView { running, results: state.results.clone() }
    }

    pub(crate) fn publish(&self, progress: CrowdProgress) {
        self.progress.send_replace(Some(Arc::new(progress)));
    }

    /// Stops the crowd that runs, if one does, and waits for its end.
    pub(crate) async fn stop(&self) {
        let Some(ticket) = lock(&self.state).running.clone() else { return };
        ticket.stop.cancel();
        ticket.ended.cancelled().await;
    }

    /// Forgets what was measured, also by a crowd that ends later.
    pub(crate) fn forget(&self) {
        let mut state = lock(&self.state);
        state.resets = state.resets.wrapping_add(1);
        state.results.clear();
    }

    pub(crate) fn outage(&self) -> Outage {
        lock(&self.state).outage
    }

    /// A node has started, or one that runs is about to stop.
    pub(crate) fn node_changes(&self, starts: bool) {
        let mut state = lock(&self.state);
        let before = state.up;
        state.up = if starts { before + 1 } else { before.saturating_sub(1) };
        state.disturbance.nodes = true;
        state.disturbance.nodes_at_login |= state.at_login;
        state.disturbance.all_down |= before.min(state.up) == 0;
    }

    /// Looks at what was done to the lab, or notes more.
    pub(crate) fn disturbance<T>(&self, look: impl FnOnce(&mut Disturbance) -> T) -> T {
        look(&mut lock(&self.state).disturbance)
    }

    /// Has the store go down, come back, or become slower. Whoever looks at the outage before and after they ask sees
    /// two different ones if it changed in between, for nobody can look while it does.
    pub(crate) fn store_changes(&self, faults: &Faults, stores: &StoreFaults) {
        let mut state = lock(&self.state);
        state.disturbance.store = true;
        state.disturbance.slow |= faults.store_delay_ms >= SLOW_MS;
        state.outage = Outage { epoch: state.outage.epoch.wrapping_add(1), down: faults.store_down };
        stores.set(faults.store_down, faults.store_delay_ms);
    }

    /// From here on, what is done to the lab disturbs a crowd: so many nodes are up.
    pub(crate) fn begin(&self, up: usize, delay_ms: u64) {
        let mut state = lock(&self.state);
        state.disturbance = Disturbance { slow: delay_ms >= SLOW_MS, ..Disturbance::default() };
        (state.at_login, state.up) = (true, up);
    }

    pub(crate) fn everybody_is_in(&self) {
        lock(&self.state).at_login = false;
    }

    /// Takes the one place for a crowd, if it is free.
    pub(crate) fn take_place(self: &Arc<Self>, closed: &CancellationToken) -> Option<CrowdPlace> {
        let mut state = lock(&self.state);
        if state.running.is_some() {
            return None;
        }
        // How far the last one was is nothing that this one has done.
        self.progress.send_replace(None);
        let ticket = RunningCrowd { stop: closed.child_token(), ended: CancellationToken::new() };
        state.running = Some(ticket.clone());
        Some(CrowdPlace { crowds: Arc::clone(self), ticket, resets: state.resets, result: None })
    }
}

/// The place of the crowd that runs. However it ends, the place is free again.
pub(crate) struct CrowdPlace {
    crowds: Arc<Crowds>,
    ticket: RunningCrowd,
    resets: u64,
    /// What it leaves behind.
    pub(crate) result: Option<CrowdResult>,
}

impl CrowdPlace {
    /// Ends when the crowd is to stop.
    pub(crate) fn stop(&self) -> CancellationToken {
        self.ticket.stop.clone()
    }
}

impl Drop for CrowdPlace {
    fn drop(&mut self) {
        let mut state = lock(&self.crowds.state);
        state.running = None;
        if let Some(result) = self.result.take().filter(|_| state.resets == self.resets) {
            // The last of each setting, newest last.
            let setting = setting(&result);
            state.results.retain(|other| self::setting(other) != setting);
            while state.results.len() >= RESULTS {
                state.results.remove(0);
            }
            state.results.push(result);
        }
        drop(state);
        self.ticket.ended.cancel();
    }
}

/// What two crowds have to share for their results to be of the same thing. Links matter only where something
/// goes over them, and their seed never: a crowd brings its own.
fn setting(result: &CrowdResult) -> (Topology, Credential) {
    let link = match result.topology.store {
        StoreKind::Replicated => Link { seed: 0, ..result.topology.replication },
        _ => Link { delay_ms: 0, loss: 0.0, seed: 0 },
    };
    (Topology { replication: link, ..result.topology }, result.request.scheme.credential)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_is_wholly_within_an_outage_is_surely_refused() {
        let up = Outage::default();
        let down = Outage { epoch: 1, down: true };
        let back = Outage { epoch: 2, down: false };
        let again = Outage { epoch: 3, down: true };
        assert!(down.surely(down) && down.maybe(down));
        for (before, after) in [(up, down), (down, back), (up, back), (down, again), (back, again)] {
            assert!(!before.surely(after) && before.maybe(after), "{before:?} {after:?}");
        }
        assert!(!up.maybe(up) && !back.maybe(back));
    }
}
