//! What the caching proxy before the nodes keeps: answers that any visitor may have, by their addresses.

use crate::bounds;
use bytes::Bytes;
use domain::Seconds;
use http::HeaderMap;
use std::collections::VecDeque;

#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// When it came, by the lab's clock.
    pub(crate) since: Seconds,
    /// How many seconds it is fresh from then on.
    pub(crate) fresh_for: Seconds,
}

impl Kept {
    /// How many seconds old it is (RFC 9111 §4.2.3).
    pub(crate) fn age(&self, now: Seconds) -> Seconds {
        now.saturating_sub(self.since)
    }
}

/// The answers of one lab, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Copies(VecDeque<(String, Kept)>);

impl Copies {
    pub(crate) fn get(&self, address: &str) -> Option<&Kept> {
        self.0.iter().find(|(known, _)| known == address).map(|(_, kept)| kept)
    }

    /// Keeps one in the place of an older one. The oldest makes room.
    pub(crate) fn keep(&mut self, address: String, kept: Kept) {
        self.forget(&address);
        if self.0.len() >= bounds::LAB_COPIES {
            self.0.pop_front();
        }
        self.0.push_back((address, kept));
    }

    pub(crate) fn forget(&mut self, address: &str) {
        self.0.retain(|(known, _)| known != address);
    }
}
