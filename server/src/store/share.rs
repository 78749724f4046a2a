//! A lab's share of a store that others use, too: so much at once, and one change of a row after the other.

use crate::bounds;
use domain::session::SessionId;
use std::{
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    sync::Arc,
};
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// Rows that have one of these in common wait for each other, too.
const STRIPES: usize = 16;

#[derive(Debug)]
pub(super) struct StoreShare {
    room: Arc<Semaphore>,
    /// Whoever changes a row reads it first. Two at once are in each other's way, and a hundred would do little else.
    rows: [Arc<Mutex<()>>; STRIPES],
}

/// With whom one must not be at work at once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Alone<'a> {
    Not,
    /// Who changes this row.
    With(&'a SessionId),
    /// Who changes any row.
    WithAll,
}

/// The right to ask. Whoever drops it makes room.
type Ticket = (Option<OwnedSemaphorePermit>, Vec<OwnedMutexGuard<()>>);

impl Default for StoreShare {
    fn default() -> Self {
        Self {
            room: Arc::new(Semaphore::new(bounds::LAB_STORE_QUESTIONS)),
            rows: std::array::from_fn(|_| Arc::default()),
        }
    }
}

impl StoreShare {
    /// Waits for one's turn. Whoever waits for a row does not take room from those who want another.
    pub(super) async fn enter(&self, alone: Alone<'_>) -> Ticket {
        let mut rows = Vec::new();
        let stripes = match alone {
            Alone::Not => &[],
            Alone::With(id) => {
                let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
                let stripe = usize::try_from(hash % STRIPES as u64).unwrap_or_default();
                self.rows.get(stripe..=stripe).unwrap_or_default()
            }
            Alone::WithAll => self.rows.as_slice(),
        };
        // Always in the same order, so that nobody waits for one who waits for them.
        for stripe in stripes {
            rows.push(Arc::clone(stripe).lock_owned().await);
        }
        // It is never closed.
        (Arc::clone(&self.room).acquire_owned().await.ok(), rows)
    }
}
