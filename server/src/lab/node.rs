//! One server node that runs: its own memory.

use crate::store::{Population, Sessions};
use domain::balance::NodeId;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_util::sync::CancellationToken;

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
    /// Ends with it: its memory is gone, and what it was about to answer is never answered.
    pub(crate) stopped: CancellationToken,
}

/// Which run of a node answered, carried beside the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnsweredBy(pub(crate) u64);

static RUNS: AtomicU64 = AtomicU64::new(0);

impl Running {
    pub(super) fn start(id: NodeId, visitors: Sessions, crowd: Sessions) -> Self {
        let (requests, stopped) = (AtomicU64::new(0), CancellationToken::new());
        Self { id, run: RUNS.fetch_add(1, Ordering::Relaxed), visitors, crowd, requests, stopped }
    }

    pub(crate) fn sessions(&self, of: Population) -> &Sessions {
        match of {
            Population::Visitors => &self.visitors,
            Population::Crowd => &self.crowd,
        }
    }

    pub(crate) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }
}
