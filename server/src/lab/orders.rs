//! The shop's orders. They lie in the lab's world, whichever node takes them, and stay when a login ends.

use crate::bounds;
use domain::api::PlacedOrder;
use std::collections::VecDeque;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OrderError {
    #[error("100 orders are the most of a lab: DELETE api/orders cancels yours")]
    Full,
    #[error("this Idempotency-Key came with another body before: an order of its own needs a key of its own")]
    OtherBody,
}

/// What became of a request to place an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    New(PlacedOrder),
    /// It was placed before, by a request with the same key.
    Repeated(PlacedOrder),
}

/// The orders of one lab, oldest first, and what was answered to which key.
#[derive(Debug, Default)]
pub(crate) struct OrderBook {
    taken: Vec<(String, PlacedOrder)>,
    /// How many were ever placed: the number of the last one.
    placed: u64,
    /// Whose key it was, the key, and the order.
    answers: VecDeque<(String, String, PlacedOrder)>,
}

impl OrderBook {
    /// Places an order, once for each user and key: in one go, so no second request finds the first one under way.
    pub(crate) fn place(&mut self, user: &str, item: String, key: Option<&str>) -> Result<Placement, OrderError> {
        let before = self.answers.iter().find(|(owner, used, _)| owner == user && Some(used.as_str()) == key);
        if let Some((.., order)) = before {
            let is_same = order.item == item;
            return is_same.then(|| Placement::Repeated(order.clone())).ok_or(OrderError::OtherBody);
        }
        if self.taken.len() >= bounds::LAB_ORDERS {
            return Err(OrderError::Full);
        }
        self.placed = self.placed.saturating_add(1);
        let order = PlacedOrder { order: self.placed, item };
        self.taken.push((user.to_owned(), order.clone()));
        if let Some(key) = key {
            if self.answers.len() >= bounds::LAB_IDEMPOTENCY_KEYS {
                // There are no more orders than keys: so one at least was cancelled, and is placed twice by nobody.
                let is_there = |order: &PlacedOrder| self.taken.iter().any(|(_, taken)| taken.order == order.order);
                let gone = self.answers.iter().position(|(.., order)| !is_there(order));
                self.answers.remove(gone.unwrap_or_default());
            }
            self.answers.push_back((user.to_owned(), key.to_owned(), order.clone()));
        }
        Ok(Placement::New(order))
    }

    /// Cancels a user's orders, or the one with this number. A key stays used, as long as there is room for it.
    pub(crate) fn cancel(&mut self, user: &str, number: Option<u64>) {
        self.taken.retain(|(owner, order)| owner != user || number.is_some_and(|number| number != order.order));
    }

    /// A user's orders, oldest first.
    pub(crate) fn of(&self, user: &str) -> Vec<PlacedOrder> {
        self.taken.iter().filter(|(owner, _)| owner == user).map(|(_, order)| order.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_for_one_order_of_one_user() {
        let mut orders = OrderBook::default();
        let first = PlacedOrder { order: 1, item: "pen".into() };
        assert_eq!(orders.place("alice", "pen".into(), Some("k")), Ok(Placement::New(first.clone())));
        assert_eq!(orders.place("alice", "pen".into(), Some("k")), Ok(Placement::Repeated(first.clone())));
        assert_eq!(orders.place("alice", "book".into(), Some("k")), Err(OrderError::OtherBody));
        assert!(matches!(orders.place("bob", "book".into(), Some("k")), Ok(Placement::New(_))));
        assert!(matches!(orders.place("alice", "pen".into(), None), Ok(Placement::New(_))));
        assert!(
            matches!(orders.place("alice", "pen".into(), None), Ok(Placement::New(_))),
            "without a key, each counts"
        );
        assert_eq!(orders.of("alice").iter().map(|order| order.order).collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn a_hundred_orders_are_the_most_and_known_keys_are_answered_all_the_same() {
        let mut orders = OrderBook::default();
        for n in 0..bounds::LAB_ORDERS {
            orders.place("alice", "pen".into(), Some(&n.to_string())).unwrap();
        }
        assert_eq!(orders.place("alice", "pen".into(), Some("new")), Err(OrderError::Full));
        assert!(matches!(orders.place("alice", "pen".into(), Some("0")), Ok(Placement::Repeated(_))));
        assert_eq!(orders.of("alice").len(), bounds::LAB_ORDERS);
    }

    #[test]
    fn the_key_of_an_order_that_is_there_is_never_forgotten_however_many_come_after_it() {
        let mut orders = OrderBook::default();
        let first = orders.place("alice", "pen".into(), Some("first")).unwrap();
        let Placement::New(first) = first else { panic!("{first:?}") };
        for n in 0..3 * bounds::LAB_IDEMPOTENCY_KEYS {
            let placed = orders.place("alice", "pen".into(), Some(&n.to_string()));
            let Ok(Placement::New(PlacedOrder { order, .. })) = placed else { panic!("{placed:?}") };
            orders.cancel("alice", Some(order));
        }
        assert_eq!(orders.place("alice", "pen".into(), Some("first")), Ok(Placement::Repeated(first)));
        assert_eq!((orders.of("alice").len(), orders.answers.len()), (1, bounds::LAB_IDEMPOTENCY_KEYS));
    }

    #[test]
    fn cancelled_orders_make_room_and_their_numbers_do_not_come_back() {
        let mut orders = OrderBook::default();
        for _ in 0..bounds::LAB_ORDERS - 1 {
            orders.place("alice", "pen".into(), None).unwrap();
        }
        orders.place("bob", "book".into(), None).unwrap();
        orders.cancel("bob", Some(1));
        assert_eq!(orders.of("alice").len(), bounds::LAB_ORDERS - 1, "somebody else's number");
        orders.cancel("alice", Some(1));
        assert_eq!(orders.of("alice").first().map(|order| order.order), Some(2));
        orders.cancel("alice", None);
        assert_eq!((orders.of("alice").len(), orders.of("bob").len()), (0, 1));
        let next = PlacedOrder { order: bounds::LAB_ORDERS as u64 + 1, item: "pen".into() };
        assert_eq!(orders.place("alice", "pen".into(), None), Ok(Placement::New(next)));
    }
}
