//! What a lab knows beside its sessions: the clock, the users, the keys, the switches.

use crate::auth::token::Verifier;
use crate::lab::{LabError, copies::Copies, denylist::Denylist, keys::KeyRing, orders::OrderBook};
use domain::{
    Seconds,
    api::{ChangeDefences, LONGEST},
    claims::Beginning,
    topology::Topology,
    user::{DEMO_USERS, User},
    view::{Defences, Faults, UserView},
};
use std::{sync::Arc, time::SystemTime};
use uuid::Uuid;

/// The furthest that a lab's clock is set ahead in all.
const FURTHEST: Seconds = 100 * LONGEST;

/// The state of one lab that all its nodes share.
#[derive(Debug)]
pub(crate) struct World {
    ahead: Seconds,
    latest: Seconds,
    pub(super) began: Arc<Beginning>,
    pub(crate) users: Vec<UserView>,
    /// The user who is being changed, which may still fail.
    pub(super) changing: Option<String>,
    pub(crate) keys: KeyRing,
    pub(crate) topology: Topology,
    pub(crate) defences: Defences,
    pub(crate) faults: Faults,
    /// What the caching proxy has, where there is one.
    pub(crate) copies: Copies,
    pub(crate) denylist: Denylist,
    pub(crate) orders: OrderBook,
    /// How many choices the balancer has made.
    pub(crate) turn: u64,
}

/// A fresh name for a token. Names of one process sort by when they were given (RFC 9562 §6.2).
pub(crate) fn fresh_jti() -> String {
    Uuid::now_v7().to_string()
}

impl World {
    pub(crate) fn new(keys: KeyRing) -> Self {
        let users = DEMO_USERS.map(|(name, role)| UserView { name: name.to_owned(), role, disabled: false }).into();
        let mut world = Self {
            ahead: 0,
            latest: 0,
            began: Arc::default(),
            users,
            changing: None,
            keys,
            topology: Topology::default(),
            defences: Defences::default(),
            faults: Faults::default(),
            copies: Copies::default(),
            denylist: Denylist::default(),
            orders: OrderBook::default(),
            turn: 0,
        };
        world.began = Arc::new(Beginning { at: world.now(), jti: fresh_jti() });
        world
    }

    /// What tokens are held against at this second.
    pub(crate) fn verifier(&mut self) -> Verifier {
        let (keys, audience) = (Arc::clone(&self.keys.keys), Arc::clone(&self.keys.audience));
        Verifier { keys, audience, began: Arc::clone(&self.began), now: self.now() }
    }

    /// As it was in the beginning, but for the key: its number goes on, so that the page shows that it is another.
    pub(crate) fn reset(&mut self) {
        let mut keys = self.keys.clone();
        keys.rotate(true, None);
        *self = Self::new(keys);
    }

    /// The time by the lab's clock. It never goes back, even when the machine's does.
    pub(crate) fn now(&mut self) -> Seconds {
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.latest = self.latest.max(unix.saturating_add(self.ahead));
        self.latest
    }

    pub(crate) fn advance(&mut self, by: Seconds) -> Result<(), LabError> {
        if !(1..=LONGEST).contains(&by) {
            return Err(LabError::Advance);
        }
        let ahead = self.ahead.saturating_add(by);
        if ahead > FURTHEST {
            return Err(LabError::EndOfTime);
        }
        self.ahead = ahead;
        Ok(())
    }

    /// A user who may log in.
    pub(crate) fn user(&self, name: &str) -> Option<User> {
        let found = self.users.iter().find(|user| user.name == name && !user.disabled)?;
        Some(User { name: found.name.clone(), role: found.role })
    }

    /// The user of this name is like this from now on.
    pub(crate) fn put_user(&mut self, changed: UserView) {
        if let Some(user) = self.users.iter_mut().find(|user| user.name == changed.name) {
            *user = changed;
        }
    }

    pub(crate) fn defend(&mut self, change: ChangeDefences) {
        let before = self.defences;
        self.defences = Defences {
            check_origin: change.check_origin.unwrap_or(before.check_origin),
            denylist: change.denylist.unwrap_or(before.denylist),
            hash_ids: change.hash_ids.unwrap_or(before.hash_ids),
            guestbook_csp: change.guestbook_csp.unwrap_or(before.guestbook_csp),
        };
        if !self.defences.denylist {
            self.denylist.entries.clear();
        }
    }

    /// Whether the answer under way is to be lost; counts it.
    pub(crate) fn loses_answer(&mut self) -> bool {
        let left = self.faults.drop_responses;
        self.faults.drop_responses = left.saturating_sub(1);
        left > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Secret;

    fn world() -> World {
        World::new(KeyRing::new(Arc::new(Secret(vec![1; 32])), "lab"))
    }

    #[test]
    fn the_clock_goes_forward_by_a_year_at_most_and_by_a_hundred_in_all() {
        let mut world = world();
        let start = world.now();
        assert!(world.advance(0).is_err() && world.advance(LONGEST + 1).is_err() && world.advance(u64::MAX).is_err());
        for _ in 0..100 {
            world.advance(LONGEST).unwrap();
        }
        assert!(matches!(world.advance(1), Err(LabError::EndOfTime)));
        assert!(world.now() >= start + FURTHEST);
    }

    #[test]
    fn a_reset_world_begins_anew_and_signs_with_another_key() {
        let mut world = world();
        world.advance(1000).unwrap();
        let (old, name, now) = (world.keys.signing().kid, fresh_jti(), world.now());
        world.reset();
        assert!(world.keys.keys.iter().all(|key| key.kid != old));
        let later = world.now();
        assert!(world.began.is_after(now, &name) && !world.began.is_after(later, &fresh_jti()));
    }

    #[test]
    fn token_names_sort_by_when_they_were_given() {
        let names: Vec<_> = (0..2000).map(|_| fresh_jti()).collect();
        assert!(names.is_sorted_by(|a, b| a < b));
    }
}
