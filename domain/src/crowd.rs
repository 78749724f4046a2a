//! A crowd: many visitors at once, each with a cookie jar of its own, through the same balancer; and what came
//! of it beside what theory expects ([`crate::theory`]).

use crate::{balance::NodeId, scheme::Scheme, topology::Topology};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The most visitors.
pub const VISITORS: u32 = 1_000;
/// The most requests.
pub const REQUESTS: u32 = 20_000;
/// The fewest and the most requests a second, where that was asked for.
pub const RATES: RangeInclusive<u32> = 10..=100_000;
/// The most results that a lab keeps, one for each topology and credential.
pub const RESULTS: usize = 12;

/// `POST control/crowd`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CrowdRequest {
    /// How many visitors log in: 1 to 1000.
    pub visitors: u32,
    /// How many requests they send after that, all together: 1 to 20000.
    pub requests: u32,
    /// With which scheme.
    pub scheme: Scheme,
    /// The share of requests that change the cart: 0 to 1. The others ask who they are.
    pub write_fraction: f64,
    /// Who sends what, and when, follows from this number.
    pub seed: u64,
    /// Requests a second; without, as fast as they go.
    pub rate: Option<u32>,
}

impl Default for CrowdRequest {
    fn default() -> Self {
        Self { visitors: 100, requests: 2_000, scheme: Scheme::default(), write_fraction: 0.2, seed: 1, rate: None }
    }
}

/// A crowd that cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrowdError {
    /// Too few or too many visitors.
    #[error("visitors is 1 to {VISITORS}")]
    Visitors,
    /// Too few or too many requests.
    #[error("requests is 1 to {REQUESTS}")]
    Requests,
    /// No share.
    #[error("write_fraction is a share from 0 to 1")]
    WriteFraction,
    /// Too slow or too fast.
    #[error("rate is {} to {} requests a second, or null", RATES.start(), RATES.end())]
    Rate,
}

impl CrowdRequest {
    /// Whether its numbers are within bounds.
    ///
    /// # Errors
    /// [`CrowdError`], which says the bound.
    pub fn check(&self) -> Result<(), CrowdError> {
        if !(1..=VISITORS).contains(&self.visitors) {
            return Err(CrowdError::Visitors);
        }
        if !(1..=REQUESTS).contains(&self.requests) {
            return Err(CrowdError::Requests);
        }
        // Written so that NaN is refused, too.
        if !(0.0..=1.0).contains(&self.write_fraction) {
            return Err(CrowdError::WriteFraction);
        }
        if self.rate.is_some_and(|rate| !RATES.contains(&rate)) {
            return Err(CrowdError::Rate);
        }
        Ok(())
    }
}

/// The crowd of a lab: the one that runs, and the last result for each topology and credential.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CrowdView {
    /// The one that runs.
    pub running: Option<CrowdProgress>,
    /// What earlier ones measured, oldest first, at most [`RESULTS`].
    pub results: Vec<CrowdResult>,
}

/// How far a crowd is. Also the data of the event `crowd`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CrowdProgress {
    /// What was asked for.
    pub request: CrowdRequest,
    /// On which topology it started.
    pub topology: Topology,
    /// How many have logged in.
    pub logins: u32,
    /// What came of the requests so far.
    pub outcomes: Outcomes,
    /// What each node answered of it.
    pub nodes: Vec<NodeLoad>,
    /// Milliseconds since it began.
    pub elapsed_ms: u64,
}

/// What a node answered of a crowd's requests, the logins among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeLoad {
    /// The node.
    pub id: NodeId,
    /// Whether it is up.
    pub up: bool,
    /// How many requests.
    pub requests: u64,
}

/// What came of a crowd's requests after the logins, by what the visitor got to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outcomes {
    /// Answered as the one who asked.
    pub known: u64,
    /// `401`: the node that was asked did not know the login.
    pub refused: u64,
    /// `502`: the node stopped before it answered.
    pub cut_off: u64,
    /// `503`: the store did not answer, or no node was up.
    pub unavailable: u64,
    /// Anything else.
    pub failed: u64,
    /// Answered as somebody else. Never to happen.
    pub mistaken: u64,
}

impl Outcomes {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.known + self.refused + self.cut_off + self.unavailable + self.failed + self.mistaken
    }
}

/// What a crowd measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CrowdResult {
    /// What was asked for.
    pub request: CrowdRequest,
    /// On which topology it started.
    pub topology: Topology,
    /// Whether a node, the store or the topology was changed while it ran: then some expectations have no ground.
    pub disturbed: bool,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// How many have logged in.
    pub logins: u32,
    /// What came of the requests.
    pub outcomes: Outcomes,
    /// What each node answered.
    pub nodes: Vec<NodeLoad>,
    /// Each measured number, beside what theory expects.
    pub measures: Vec<Measure>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// A measured number beside what theory expects.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measure {
    /// What was measured.
    pub what: Quantity,
    /// What came out.
    pub measured: f64,
    /// What theory expects; nothing where it has no say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Expected>,
}

impl Measure {
    /// Whether it is as theory expects; nothing where it has no say.
    #[must_use]
    pub fn within(&self) -> Option<bool> {
        self.expected.map(|expected| expected.holds(self.measured))
    }
}

/// What theory expects of a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Expected {
    /// The number itself.
    pub value: f64,
    /// The least that is still as expected: three standard deviations below, or the number itself where it is
    /// exact.
    pub low: f64,
    /// The most that is still as expected.
    pub high: f64,
}

impl Expected {
    /// Just this number.
    #[must_use]
    pub const fn exactly(value: f64) -> Self {
        Self { value, low: value, high: value }
    }

    /// This number, give or take three standard deviations, and never below nothing.
    #[must_use]
    pub fn about(value: f64, deviation: f64) -> Self {
        Self { value, low: (value - 3.0 * deviation).max(0.0), high: value + 3.0 * deviation }
    }

    /// Whether exactly this number is expected.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.low.total_cmp(&self.high).is_eq()
    }

    /// Whether a measured number is as expected.
    #[must_use]
    pub fn holds(&self, measured: f64) -> bool {
        // Counts of some thousand are exact in a float; the slack is for shares that were divided.
        let slack = 1e-9 * self.value.abs().max(1.0);
        (self.low - slack..=self.high + slack).contains(&measured)
    }
}

/// What a crowd measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Quantity {
    /// The share that met a node that knew the login, of the requests that were told one or the other.
    KnownShare,
    /// Logins that were refused at least once though nobody had ended them.
    LoginsLost,
    /// Replication messages.
    Messages,
    /// Their bytes.
    MessageBytes,
    /// Those that never arrived.
    MessagesLost,
    /// The share of reads right after a write that did not see it.
    StaleShare,
    /// Rows in the memory of all nodes together, or in the shared store, when everybody had logged in.
    Rows,
    /// Operations of the session store.
    StoreOperations,
    /// Requests that failed because the store was down.
    Unavailable,
    /// Requests that were answered as somebody else.
    Mistaken,
    /// How unevenly the nodes were loaded: 0 is even, (N−1)/N is all on one.
    LoadGini,
    /// The same as variance over squared mean.
    LoadVariation,
    /// The most loaded node against the average.
    LoadPeak,
    /// Half of the requests took less, in microseconds.
    LatencyMedian,
    /// Nine in ten took less.
    LatencyNinety,
    /// Ninety-nine in a hundred took less.
    LatencyNinetyNine,
}

impl Quantity {
    /// All of them, in the order in which a result lists them.
    pub const ALL: [Self; 16] = [
        Self::KnownShare,
        Self::LoginsLost,
        Self::Messages,
        Self::MessageBytes,
        Self::MessagesLost,
        Self::StaleShare,
        Self::Rows,
        Self::StoreOperations,
        Self::Unavailable,
        Self::Mistaken,
        Self::LoadGini,
        Self::LoadVariation,
        Self::LoadPeak,
        Self::LatencyMedian,
        Self::LatencyNinety,
        Self::LatencyNinetyNine,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_numbers_are_refused_with_their_bounds() {
        let crowd = CrowdRequest::default();
        assert_eq!(crowd.check(), Ok(()));
        for visitors in [0, VISITORS + 1, u32::MAX] {
            assert_eq!(CrowdRequest { visitors, ..crowd }.check(), Err(CrowdError::Visitors));
        }
        for requests in [0, REQUESTS + 1, u32::MAX] {
            assert_eq!(CrowdRequest { requests, ..crowd }.check(), Err(CrowdError::Requests));
        }
        for write_fraction in [-0.1, 1.01, f64::NAN] {
            assert_eq!(CrowdRequest { write_fraction, ..crowd }.check(), Err(CrowdError::WriteFraction));
        }
        assert_eq!(CrowdRequest { rate: Some(0), ..crowd }.check(), Err(CrowdError::Rate));
    }

    #[test]
    fn what_is_exact_holds_for_just_that_number() {
        assert!(Expected::exactly(6.0).holds(6.0) && !Expected::exactly(6.0).holds(7.0));
        let about = Expected::about(100.0, 5.0);
        assert!(about.holds(85.0) && about.holds(115.0) && !about.holds(84.0) && !about.is_exact());
        assert!(Expected::about(1.0, 5.0).low >= 0.0);
    }
}
