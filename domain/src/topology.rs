//! How many servers there are, who gets which request, and where sessions live: the third choice, beside the
//! credential and the carrier.

use crate::balance::Routing;
use serde::{Deserialize, Serialize};

/// The most nodes.
pub const NODES: u8 = 5;
/// The longest delay of a replication link: ten seconds.
pub const LONGEST_DELAY: u64 = 10_000;

/// How many nodes, how requests are routed, where sessions are kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Topology {
    /// 1 to 5.
    pub nodes: u8,
    /// How the balancer chooses.
    pub routing: Routing,
    /// Where sessions are kept.
    pub store: StoreKind,
    /// How changes travel between nodes, where they do.
    pub replication: Link,
}

impl Default for Topology {
    fn default() -> Self {
        Self { nodes: 1, routing: Routing::RoundRobin, store: StoreKind::Memory, replication: Link::default() }
    }
}

/// Where sessions are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StoreKind {
    /// Each node's own memory.
    #[default]
    Memory,
    /// Each node's own memory, and every change is sent to every other node.
    Replicated,
    /// One embedded database for all nodes.
    Sqlite,
    /// One Redis for all nodes.
    Redis,
    /// One memcached for all nodes.
    Memcached,
}

impl StoreKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Memory, Self::Replicated, Self::Sqlite, Self::Redis, Self::Memcached];

    /// Its name in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Replicated => "replicated",
            Self::Sqlite => "sqlite",
            Self::Redis => "redis",
            Self::Memcached => "memcached",
        }
    }

    /// The shared stores, the one to prefer first: fast and made for it before what is merely at hand.
    pub const SHARED: [Self; 3] = [Self::Redis, Self::Memcached, Self::Sqlite];

    /// Whether it is one store for all nodes, apart from their memory.
    #[must_use]
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Sqlite | Self::Redis | Self::Memcached)
    }
}

/// The links between nodes that replicate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// How long a message is under way, in milliseconds: at most 10000.
    pub delay_ms: u64,
    /// The share of messages that are lost: 0 to 1.
    pub loss: f64,
    /// Which messages are lost follows from this number.
    pub seed: u64,
}

impl Default for Link {
    fn default() -> Self {
        Self { delay_ms: 50, loss: 0.0, seed: 1 }
    }
}

/// `PUT control/topology`: what is left away stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeTopology {
    /// 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<u8>,
    /// How the balancer chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// Where sessions are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreKind>,
    /// How changes travel between nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication: Option<Link>,
}

/// A topology that cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TopologyError {
    /// Too few or too many nodes.
    #[error("nodes is 1 to {NODES}")]
    Nodes,
    /// A delay that nobody waits for.
    #[error("replication.delay_ms is 0 to {LONGEST_DELAY}")]
    Delay,
    /// No share.
    #[error("replication.loss is a share from 0 to 1")]
    Loss,
}

impl Topology {
    /// The topology after a change.
    ///
    /// # Errors
    /// [`TopologyError`], which says the bound.
    pub fn with(self, change: ChangeTopology) -> Result<Self, TopologyError> {
        let changed = Self {
            nodes: change.nodes.unwrap_or(self.nodes),
            routing: change.routing.unwrap_or(self.routing),
            store: change.store.unwrap_or(self.store),
            replication: change.replication.unwrap_or(self.replication),
        };
        if !(1..=NODES).contains(&changed.nodes) {
            return Err(TopologyError::Nodes);
        }
        if changed.replication.delay_ms > LONGEST_DELAY {
            return Err(TopologyError::Delay);
        }
        // Written so that NaN is refused, too.
        if !(0.0..=1.0).contains(&changed.replication.loss) {
            return Err(TopologyError::Loss);
        }
        Ok(changed)
    }
}

/// The strategies by name: what people do when one server is no longer enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Strategy {
    /// One server.
    Single,
    /// Several servers that know nothing of each other.
    Problem,
    /// Each visitor stays with one server.
    Sticky,
    /// The servers copy their sessions to each other.
    Clustering,
    /// The sessions lie outside the servers.
    Separate,
    /// There are no sessions.
    Token,
}

impl Strategy {
    /// Its name in the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Problem => "problem",
            Self::Sticky => "sticky",
            Self::Clustering => "clustering",
            Self::Separate => "separate",
            Self::Token => "token",
        }
    }

    /// All of them, in the order in which they came about.
    pub const ALL: [Self; 6] =
        [Self::Single, Self::Problem, Self::Sticky, Self::Clustering, Self::Separate, Self::Token];

    /// The topology that it stands for; `shared` is the best store at hand for [`Self::Separate`].
    #[must_use]
    pub fn topology(self, shared: StoreKind) -> Topology {
        let (nodes, routing, store) = match self {
            Self::Single => (1, Routing::RoundRobin, StoreKind::Memory),
            Self::Problem | Self::Token => (3, Routing::RoundRobin, StoreKind::Memory),
            Self::Sticky => (3, Routing::Sticky, StoreKind::Memory),
            Self::Clustering => (3, Routing::RoundRobin, StoreKind::Replicated),
            Self::Separate => (3, Routing::RoundRobin, shared),
        };
        Topology { nodes, routing, store, replication: Link::default() }
    }

    /// Which one a topology is; `is_token` says that logins are JWTs, which no store keeps.
    #[must_use]
    pub fn of(topology: Topology, is_token: bool) -> Self {
        match (topology.nodes, is_token, topology.store, topology.routing) {
            (1, ..) => Self::Single,
            (_, true, ..) => Self::Token,
            (_, _, StoreKind::Replicated, _) => Self::Clustering,
            (_, _, StoreKind::Memory, Routing::RoundRobin) => Self::Problem,
            (_, _, StoreKind::Memory, Routing::Sticky) => Self::Sticky,
            _ => Self::Separate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_change_leaves_away_stays() {
        let sticky = Strategy::Sticky.topology(StoreKind::Sqlite);
        let changed = sticky.with(ChangeTopology { nodes: Some(2), ..ChangeTopology::default() }).unwrap();
        assert_eq!(changed, Topology { nodes: 2, ..sticky });
    }

    #[test]
    fn absurd_numbers_are_refused_with_their_bounds() {
        let change = |change| Topology::default().with(change);
        for nodes in [0, 6, 255] {
            assert_eq!(change(ChangeTopology { nodes: Some(nodes), ..Default::default() }), Err(TopologyError::Nodes));
        }
        let link = |link| change(ChangeTopology { replication: Some(link), ..Default::default() });
        assert_eq!(link(Link { delay_ms: LONGEST_DELAY + 1, ..Link::default() }), Err(TopologyError::Delay));
        for loss in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(link(Link { loss, ..Link::default() }), Err(TopologyError::Loss), "{loss}");
        }
    }

    #[test]
    fn each_strategy_is_recognised_by_its_topology() {
        for strategy in Strategy::ALL {
            for shared in StoreKind::ALL.into_iter().filter(|kind| kind.is_shared()) {
                assert_eq!(Strategy::of(strategy.topology(shared), strategy == Strategy::Token), strategy);
            }
        }
    }
}
