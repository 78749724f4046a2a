//! How often each may do something, in a memory that is bounded.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::{hash::Hash, num::NonZeroU32};

/// Who did it how often lately.
#[derive(Debug)]
pub(crate) struct Rates<K: Clone + Eq + Hash> {
    limiter: DefaultKeyedRateLimiter<K>,
    most: usize,
}

impl<K: Clone + Eq + Hash> Rates<K> {
    /// Each may do it so often `at_once`, and then so often `a_second`; of so many it is known at a time.
    pub(crate) fn new(at_once: u32, a_second: u32, most: usize) -> Self {
        let [at_once, a_second] = [at_once, a_second].map(|often| NonZeroU32::new(often).unwrap_or(NonZeroU32::MIN));
        Self { limiter: RateLimiter::keyed(Quota::per_second(a_second).allow_burst(at_once)), most }
    }

    /// Whether this one may do it now, and has done so. Where too many are known, all others share one, `together`.
    pub(crate) fn may(&self, who: K, together: K) -> bool {
        if self.known() >= self.most {
            self.limiter.retain_recent();
        }
        let who = if self.known() >= self.most { together } else { who };
        self.limiter.check_key(&who).is_ok()
    }

    /// Of how many it is known how often they did it lately.
    pub(crate) fn known(&self) -> usize {
        self.limiter.len()
    }
}
