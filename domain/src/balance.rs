//! Which node gets a request: pure, so that it can be read and tested by itself.

use serde::{Deserialize, Serialize};

/// How the balancer chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Routing {
    /// Each request to the next node that is up.
    #[default]
    RoundRobin,
    /// A visitor's requests to the node that the first one went to, as long as it is up.
    Sticky,
}

/// The number of a node, from 1.
pub type NodeId = u8;

/// Picks the node for a request: `affinity` is the node that the visitor's requests went to before,
/// `healthy` the nodes that are up in ascending order, `turn` counts the choices made so far.
/// `None` when no node is up. Sticky routing puts a newcomer anywhere: the same choices for the same turns,
/// but without an order.
#[must_use]
pub fn pick(routing: Routing, affinity: Option<NodeId>, healthy: &[NodeId], turn: u64) -> Option<NodeId> {
    if routing == Routing::Sticky
        && let Some(node) = affinity.filter(|node| healthy.contains(node))
    {
        return Some(node);
    }
    let nodes = u64::try_from(healthy.len()).ok()?;
    let number = match routing {
        Routing::RoundRobin => turn,
        Routing::Sticky => mixed(turn),
    };
    let index = number.checked_rem(nodes)?;
    healthy.get(usize::try_from(index).ok()?).copied()
}

/// A number that follows from `turn` without an order that anybody sees (`SplitMix64`).
const fn mixed(turn: u64) -> u64 {
    let z = turn.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nodes() -> impl Strategy<Value = Vec<NodeId>> {
        proptest::collection::btree_set(1..=5u8, 0..=5).prop_map(|set| set.into_iter().collect())
    }

    proptest! {
        #[test]
        fn only_a_node_that_is_up_is_picked_and_none_only_when_none_is_up(
            healthy in nodes(), affinity in proptest::option::of(0..9u8), turn: u64, sticky: bool,
        ) {
            let routing = if sticky { Routing::Sticky } else { Routing::RoundRobin };
            match pick(routing, affinity, &healthy, turn) {
                Some(node) => prop_assert!(healthy.contains(&node)),
                None => prop_assert!(healthy.is_empty()),
            }
        }

        #[test]
        fn round_robin_gives_each_of_n_nodes_exactly_one_in_n(healthy in nodes(), start in 0..u64::MAX / 2) {
            for node in &healthy {
                let turns = start..start + healthy.len() as u64;
                let hits = turns.filter(|t| pick(Routing::RoundRobin, Some(1), &healthy, *t) == Some(*node)).count();
                prop_assert_eq!(hits, 1);
            }
        }

        #[test]
        fn sticky_stays_as_long_as_the_node_is_up(healthy in nodes(), turn: u64) {
            for node in &healthy {
                prop_assert_eq!(pick(Routing::Sticky, Some(*node), &healthy, turn), Some(*node));
            }
        }
    }
}
