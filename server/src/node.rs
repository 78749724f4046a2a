//! One server node: its own memory, up or down.

use crate::store::Sessions;
use domain::balance::NodeId;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
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
    pub(crate) sessions: Sessions,
    requests: AtomicU64,
    stopped: CancellationToken,
}

impl Node {
    pub(crate) fn start(id: NodeId, sessions: Sessions) -> Self {
        let node = Self { id, running: Mutex::new(None) };
        node.start_again(sessions);
        node
    }

    /// Starts it with these sessions, having stopped it before if it was running.
    pub(crate) fn start_again(&self, sessions: Sessions) {
        self.stop();
        let stopped = CancellationToken::new();
        *self.lock() = Some(Arc::new(Running { id: self.id, sessions, requests: AtomicU64::new(0), stopped }));
    }

    /// Stops it: its memory is gone, and what it was about to answer is never answered.
    pub(crate) fn stop(&self) {
        if let Some(running) = self.lock().take() {
            running.stopped.cancel();
        }
    }

    /// The node as it runs, if it does.
    pub(crate) fn running(&self) -> Option<Arc<Running>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Running>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Waits until it is stopped.
    pub(crate) async fn stopped(&self) {
        self.stopped.cancelled().await;
    }

    pub(crate) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}
