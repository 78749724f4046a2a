//! The crowd of a lab: many visitors at once, each with a cookie jar of its own, through the same balancer as
//! everybody.
//!
//! One task sends all of them. Their requests overlap where they wait for a store, but they reach the balancer in
//! just the order of the plan: so the same seed meets the same nodes and loses the same messages.

use crate::{
    http::{
        problem::{ControlError, Internal},
        router::Server,
    },
    lab::Lab,
};
use domain::{
    crowd::{CrowdProgress, CrowdRequest, CrowdResult, CrowdView, RESULTS},
    scheme::Credential,
    theory::Disturbance,
    topology::{Link, StoreKind, Topology},
};
use run::Run;
use std::{
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

mod plan;
mod run;
mod tally;
mod visitor;

/// A store that takes this much longer may be given up: an answer of its own has to fit into the rest.
const SLOW_MS: u64 = 100;

/// What a lab knows of its crowds: the one that runs, what earlier ones measured, and what was done to the lab
/// meanwhile.
#[derive(Debug)]
pub(crate) struct Crowds {
    state: Mutex<State>,
    progress: watch::Sender<Option<Arc<CrowdProgress>>>,
}

#[derive(Debug, Default)]
struct State {
    running: Option<Ticket>,
    results: Vec<CrowdResult>,
    /// Counts the resets: what a crowd from before one measured is not kept.
    resets: u64,
    noted: Noted,
}

/// How others reach the crowd that runs.
#[derive(Clone, Debug)]
struct Ticket {
    stop: CancellationToken,
    ended: CancellationToken,
    progress: Option<Arc<CrowdProgress>>,
}

/// What was done to the lab.
#[derive(Clone, Copy, Debug, Default)]
struct Noted {
    disturbance: Disturbance,
    /// Whether somebody still has to log in.
    at_login: bool,
    /// How many nodes are up.
    up: usize,
    outage: Outage,
}

/// How the session store is being made to fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outage {
    /// Counts the beginnings and ends of changes: between two equal ones nothing changed.
    epoch: u64,
    /// Changes under way: until they end, some requests may meet the old state and some the new one.
    changing: u32,
    down: bool,
}

impl Outage {
    /// Whether whoever began at `self` and ended at `end` cannot have found the store up.
    fn surely(self, end: Self) -> bool {
        self == end && self.changing == 0 && self.down
    }

    /// Whether they may have found it down.
    fn maybe(self, end: Self) -> bool {
        self != end || self.changing > 0 || self.down
    }
}

impl Default for Crowds {
    fn default() -> Self {
        Self { state: Mutex::default(), progress: watch::Sender::new(None) }
    }
}

impl Crowds {
    fn state(&self) -> MutexGuard<'_, State> {
        // Each change below is whole before the lock is given back.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn view(&self) -> CrowdView {
        let state = self.state();
        let running = state.running.as_ref().and_then(|ticket| ticket.progress.as_deref().cloned());
        CrowdView { running, results: state.results.clone() }
    }

    /// Hears how far a crowd is, from now on.
    pub(crate) fn listen(&self) -> watch::Receiver<Option<Arc<CrowdProgress>>> {
        let mut progress = self.progress.subscribe();
        progress.mark_unchanged();
        progress
    }

    fn publish(&self, progress: CrowdProgress) {
        let progress = Arc::new(progress);
        if let Some(ticket) = &mut self.state().running {
            ticket.progress = Some(Arc::clone(&progress));
        }
        self.progress.send_replace(Some(progress));
    }

    /// Stops the crowd that runs, if one does, and waits for its end.
    pub(crate) async fn stop(&self) {
        let running = self.state().running.clone();
        if let Some(ticket) = running {
            ticket.stop.cancel();
            ticket.ended.cancelled().await;
        }
    }

    /// Forgets what was measured, also by a crowd that ends later.
    pub(crate) fn forget(&self) {
        let mut state = self.state();
        state.resets = state.resets.wrapping_add(1);
        state.results.clear();
    }

    fn outage(&self) -> Outage {
        self.state().noted.outage
    }

    fn note(&self, what: impl FnOnce(&mut Noted)) {
        what(&mut self.state().noted);
    }

    fn note_nodes(noted: &mut Noted) {
        noted.disturbance.nodes = true;
        noted.disturbance.nodes_at_login |= noted.at_login;
        noted.disturbance.all_down |= noted.up == 0;
    }

    /// A node that runs is about to stop.
    pub(crate) fn node_stops(&self) {
        self.note(|noted| {
            noted.up = noted.up.saturating_sub(1);
            Self::note_nodes(noted);
        });
    }

    /// A node has started.
    pub(crate) fn node_starts(&self) {
        self.note(|noted| {
            Self::note_nodes(noted);
            noted.up += 1;
        });
    }

    /// The topology is about to be another.
    pub(crate) fn arranged(&self) {
        self.note(|noted| noted.disturbance.arranged = true);
    }

    /// Logins may end without anybody logging out.
    pub(crate) fn logins_may_end(&self) {
        self.note(|noted| noted.disturbance.ended = true);
    }

    /// The store is about to go down, to come back, or to become slower.
    pub(crate) fn store_changes(&self) {
        self.note(|noted| {
            noted.disturbance.store = true;
            noted.outage.epoch = noted.outage.epoch.wrapping_add(1);
            noted.outage.changing += 1;
        });
    }

    /// Now it has.
    pub(crate) fn store_changed(&self, down: bool, delay_ms: u64) {
        self.note(|noted| {
            noted.disturbance.slow |= delay_ms >= SLOW_MS;
            noted.outage.epoch = noted.outage.epoch.wrapping_add(1);
            noted.outage.changing = noted.outage.changing.saturating_sub(1);
            noted.outage.down = down;
        });
    }

    /// The store itself does not answer, and nobody knows since when.
    fn store_is_out_of_reach(&self) {
        self.note(|noted| noted.disturbance.out_of_reach = true);
    }

    /// From here on, what is done to the lab disturbs a crowd: so many nodes are up.
    pub(crate) fn begin(&self, up: usize, delay_ms: u64) {
        self.note(|noted| {
            noted.disturbance = Disturbance { slow: delay_ms >= SLOW_MS, ..Disturbance::default() };
            noted.at_login = true;
            noted.up = up;
        });
    }

    /// Everybody has logged in.
    fn everybody_is_in(&self) {
        self.note(|noted| noted.at_login = false);
    }

    fn disturbance(&self) -> Disturbance {
        self.state().noted.disturbance
    }

    fn take_place(&self, lab: &Arc<Lab>) -> Result<Place, ControlError> {
        let mut state = self.state();
        if state.running.is_some() {
            return Err(ControlError::CrowdRuns);
        }
        let ticket = Ticket { stop: lab.closed.child_token(), ended: CancellationToken::new(), progress: None };
        state.running = Some(ticket.clone());
        Ok(Place { lab: Arc::clone(lab), ticket, resets: state.resets, result: None })
    }
}

/// The place of the crowd that runs. However it ends, the place is free again.
struct Place {
    lab: Arc<Lab>,
    ticket: Ticket,
    resets: u64,
    result: Option<CrowdResult>,
}

impl Place {
    fn leave_behind(&mut self, result: &CrowdResult) {
        self.result = Some(result.clone());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.lab.crowds.state();
        state.running = None;
        if let Some(result) = self.result.take().filter(|_| state.resets == self.resets) {
            keep(&mut state.results, result);
        }
        drop(state);
        self.ticket.ended.cancel();
        self.lab.has_changed();
    }
}

/// Keeps the last result of each topology and credential, newest last.
fn keep(results: &mut Vec<CrowdResult>, result: CrowdResult) {
    let setting = setting(&result);
    results.retain(|other| self::setting(other) != setting);
    while results.len() >= RESULTS {
        results.remove(0);
    }
    results.push(result);
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

/// Sends a crowd through, and waits for its end. It goes on to its end when nobody waits any more.
pub(crate) async fn send(
    server: Arc<Server>,
    lab: Arc<Lab>,
    request: CrowdRequest,
) -> Result<CrowdResult, ControlError> {
    request.check()?;
    let mut place = lab.crowds.take_place(&lab)?;
    let under_way = tokio::spawn(async move {
        let stop = place.ticket.stop.clone();
        let mut running = pin!(Run::start(Arc::clone(&server), Arc::clone(&lab), request, stop.clone()));
        let result = tokio::select! {
            result = &mut running => result,
            () = server.closing() => {
                stop.cancel();
                running.await
            }
        };
        place.leave_behind(&result);
        result
    });
    under_way.await.map_err(|error| ControlError::from(Internal(format!("a crowd died: {error}"))))
}

#[cfg(test)]
mod tests;
