//! One server node: its own memory, up or down.

use crate::{
    lab::lock,
    store::{Population, Sessions},
};
use domain::balance::NodeId;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};
use tokio_util::sync::CancellationToken;

/// A node, whether it runs or not.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: NodeId,
    running: Mutex<Option<Arc<Running>>>,
}

/// A node from its start to its stop. A request holds on to the one that it came to: what it still does
/// after the stop is done to nothing.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) id: NodeId,
    /// No other node, and no other time of this one, has the same.
    pub(crate) run: u64,
    visitors: Sessions,
    crowd: Sessions,
    pub(super) requests: AtomicU64,
    stopped: CancellationToken,
}

/// Which run of a node answered, carried beside the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnsweredBy(pub(crate) u64);

static RUNS: AtomicU64 = AtomicU64::new(0);

impl Node {
    /// A node that does not run yet.
    pub(crate) fn new(id: NodeId) -> Self {
        Self { id, running: Mutex::new(None) }
    }

    /// Starts it; it does not run.
    pub(crate) fn start(&self, visitors: Sessions, crowd: Sessions) {
        let (requests, stopped) = (AtomicU64::new(0), CancellationToken::new());
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        *lock(&self.running) = Some(Arc::new(Running { id: self.id, run, visitors, crowd, requests, stopped }));
    }

    /// Stops it: what it was about to answer is never answered. Its memory goes with what is given back.
    pub(crate) fn stop(&self) -> Option<Arc<Running>> {
        let running = lock(&self.running).take()?;
        running.stopped.cancel();
        Some(running)
    }

    pub(crate) fn running(&self) -> Option<Arc<Running>> {
        lock(&self.running).clone()
    }
}

impl Running {
    pub(crate) fn sessions(&self, of: Population) -> &Sessions {
        match of {
            Population::Visitors => &self.visitors,
            Population::Crowd => &self.crowd,
        }
    }

    pub(crate) async fn stopped(&self) {
        self.stopped.cancelled().await;
    }

    pub(crate) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }
}
