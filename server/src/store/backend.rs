//! What a store has to offer to be shared by all labs.

use super::{Namespace, SessionStore, StoreError, breaker::Breaker};
use async_trait::async_trait;
use std::{fmt, sync::Arc};

/// What a shared store is made of.
#[async_trait]
pub(super) trait Backend: Send + Sync + fmt::Debug {
    /// The part that belongs to a lab's population.
    fn part(self: Arc<Self>, namespace: Namespace) -> Arc<dyn SessionStore>;

    /// Where it is, for people; never a password.
    fn address(&self) -> String;

    /// How one gets it, where there is more to say than of any store of its kind.
    fn how(&self) -> Option<String> {
        None
    }

    /// Where it may be out of reach, for all labs.
    fn breaker(&self) -> Option<&Arc<Breaker>> {
        None
    }

    /// Writes something small, and really: one that can only be read lets nobody log in.
    async fn write(&self) -> Result<(), StoreError>;

    /// Ends what is kept open, and waits for it.
    fn close(&self) {}
}
