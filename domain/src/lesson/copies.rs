//! Whether the nodes' copies of the sessions agree, where each node should have them all.

use crate::{
    balance::NodeId,
    view::{Fate, Message, NodeView, Row},
};

/// A session as one node has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShownRow {
    /// It has a copy; `differs` when another node that is up has another one.
    Here {
        /// The copy.
        row: Row,
        /// Whether not all copies are alike.
        differs: bool,
    },
    /// Another node that is up has it, and this one does not.
    Missing(Row),
}

/// The sessions as this node has them: its own copies, and then what it lacks.
#[must_use]
pub fn copies(nodes: &[NodeView], of: NodeId) -> Vec<ShownRow> {
    let all = || nodes.iter().filter(|node| node.up).flat_map(|node| &node.sessions);
    let Some(node) = nodes.iter().find(|node| node.id == of && node.up) else { return Vec::new() };
    let differs = |row: &Row| all().any(|other| other.key == row.key && !alike(row, other));
    let mut copies: Vec<_> =
        node.sessions.iter().map(|row| ShownRow::Here { row: row.clone(), differs: differs(row) }).collect();
    let mut known: Vec<&str> = node.sessions.iter().map(|row| row.key.as_str()).collect();
    for row in all() {
        if !known.contains(&row.key.as_str()) {
            known.push(&row.key);
            copies.push(ShownRow::Missing(row.clone()));
        }
    }
    copies
}

/// Whether a visitor would notice no difference: when it was used last is none.
fn alike(a: &Row, b: &Row) -> bool {
    (&a.user, a.role, &a.cart, a.expires_at) == (&b.user, b.role, &b.cart, b.expires_at)
}

/// The messages that are worth a picture: those under way, and of the last two changes those that were lost, and
/// those that have arrived since `old`, a message's number. A fast one is never seen under way.
pub fn in_sight(recent: &[Message], nodes: usize, old: u64) -> impl Iterator<Item = &Message> {
    let last = recent.last().map_or(0, |message| message.number);
    let since = last.saturating_sub(2 * nodes.saturating_sub(1) as u64);
    // The numbers start over with the cluster.
    let old = if old > last { 0 } else { old };
    recent.iter().filter(move |message| match message.fate {
        Fate::InFlight => true,
        Fate::Lost => message.number > since,
        Fate::Arrived => message.number > since && message.number > old,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::Role;

    fn row(key: &str, cart: &[&str]) -> Row {
        Row {
            key: key.into(),
            user: "alice".into(),
            role: Role::User,
            cart: cart.iter().map(|item| (*item).to_owned()).collect(),
            created_at: 0,
            idle_until: 100,
            expires_at: 200,
            bytes: 0,
            held: None,
            refresh: false,
        }
    }

    fn node(id: NodeId, up: bool, sessions: Vec<Row>) -> NodeView {
        NodeView { id, up, requests: 0, sessions, crowd_sessions: 0 }
    }

    #[test]
    fn a_copy_that_is_behind_differs_on_both_sides() {
        let nodes = [node(1, true, vec![row("a", &["pen"])]), node(2, true, vec![row("a", &[])])];
        assert_eq!(copies(&nodes, 1), [ShownRow::Here { row: row("a", &["pen"]), differs: true }]);
        assert_eq!(copies(&nodes, 2), [ShownRow::Here { row: row("a", &[]), differs: true }]);
    }

    #[test]
    fn what_another_node_has_is_missing_here_once_and_what_only_a_dead_one_had_is_not() {
        let nodes = [
            node(1, true, vec![row("a", &[])]),
            node(2, true, vec![row("a", &[])]),
            node(3, true, vec![]),
            node(4, false, vec![row("b", &[])]),
        ];
        assert_eq!(copies(&nodes, 3), [ShownRow::Missing(row("a", &[]))]);
        assert_eq!(copies(&nodes, 1), [ShownRow::Here { row: row("a", &[]), differs: false }]);
        assert!(copies(&nodes, 4).is_empty());
    }

    #[test]
    fn when_it_was_used_last_makes_no_difference() {
        let later = Row { idle_until: 150, ..row("a", &[]) };
        let nodes = [node(1, true, vec![row("a", &[])]), node(2, true, vec![later.clone()])];
        assert_eq!(copies(&nodes, 2), [ShownRow::Here { row: later, differs: false }]);
    }

    #[test]
    fn what_arrived_before_is_out_of_sight_and_so_is_what_was_lost_long_ago() {
        let message = |number, fate| Message { number, from: 1, to: 2, bytes: 1, removes: false, fate };
        let recent = [
            message(1, Fate::Lost),
            message(2, Fate::InFlight),
            message(6, Fate::Arrived),
            message(7, Fate::Lost),
            message(8, Fate::InFlight),
        ];
        let numbers: Vec<_> = in_sight(&recent, 3, 6).map(|message| message.number).collect();
        assert_eq!(numbers, [2, 7, 8]);
        let numbers: Vec<_> = in_sight(&recent, 3, 9).map(|message| message.number).collect();
        assert_eq!(numbers, [2, 6, 7, 8], "the numbers have started over");
    }
}
