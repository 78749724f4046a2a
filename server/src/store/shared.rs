//! The stores that all nodes and all labs of this process share: which there are, and how one gets them.
//! One connection serves all labs; what a lab sees is its own part ([`Namespace`]).

use super::{Namespace, SessionStore};
use domain::{topology::StoreKind, view::StoreOffer};
use std::sync::Arc;

/// The shared stores of this process.
#[derive(Debug, Default)]
pub(crate) struct Stores {}

impl Stores {
    /// The part of a store that belongs to a lab's population. `None` where the store is not configured, or
    /// the kind is no shared one.
    pub(crate) fn open(&self, _kind: StoreKind, _namespace: Namespace) -> Option<Arc<dyn SessionStore>> {
        None
    }

    /// Where a store is, for people; never a password.
    pub(crate) fn address(&self, _kind: StoreKind) -> Option<String> {
        None
    }

    /// Whether a store can say by itself what it holds.
    pub(crate) const fn is_listable(kind: StoreKind) -> bool {
        !matches!(kind, StoreKind::Memcached)
    }

    /// How to get a store of this kind.
    pub(crate) const fn how_to_get(kind: StoreKind) -> &'static str {
        match kind {
            StoreKind::Memory => "in this process: gone when the node stops",
            StoreKind::Replicated => "in this process: each change is sent to every other node",
            StoreKind::Sqlite => "embedded in this process; --sqlite FILE keeps it over a restart of the process",
            StoreKind::Redis => "start Login Lab with --redis-url redis://127.0.0.1:6379",
            StoreKind::Memcached => "start Login Lab with --memcached-url 127.0.0.1:11211",
        }
    }

    /// Every kind of store: whether it can be had here, and how.
    pub(crate) fn offers(&self) -> Vec<StoreOffer> {
        let is_there = |kind: StoreKind| !kind.is_shared() || self.address(kind).is_some();
        let offer = |kind| StoreOffer { kind, available: is_there(kind), how: Self::how_to_get(kind).to_owned() };
        StoreKind::ALL.into_iter().map(offer).collect()
    }
}
