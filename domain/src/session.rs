//! A session: what the server remembers about one login, and until when.

use crate::{
    Seconds,
    cookie::CookieOptions,
    user::{CartError, Role, User, add_to_cart},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::fmt;

pub use family::{Family, RefreshToken};

mod family;

/// The secret that points to a session: 128 random bits as 22 characters of base64url.
///
/// 128 bits of a good generator cannot be guessed (OWASP ASVS 5.0 V7.2.3). Its `Debug` is masked, so that
/// no log ever shows one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionId(String);

impl SessionId {
    /// The id of these random bytes; where they come from is the caller's duty.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads what a request brought. `None` when it does not even have the form of an id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 18];
        let is_id = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).is_ok_and(|length| length == 16);
        // Of 16 bytes there is one text alone.
        is_id.then(|| Self(text.to_owned()))
    }

    /// The id itself. It is a secret.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// One login, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who logged in, with the role that they have now.
    pub user: User,
    /// What they put into the cart, in that order.
    pub cart: Vec<String>,
    /// How the cookie was set, so that it can be cleared with the same attributes.
    #[serde(default)]
    pub cookie: CookieOptions,
    /// Stands there when the row is no session but keeps a login's refresh tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Family>,
    /// When the login was.
    pub created_at: Seconds,
    /// How long it may lie unused.
    pub idle: Seconds,
    /// When it ends unless it is used.
    pub idle_until: Seconds,
    /// When it ends however much it is used.
    pub expires_at: Seconds,
}

/// What a request may change in a session. Data, so that it can be sent to another node or replayed on a
/// row that somebody else changed in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Puts an item into the cart.
    AddToCart(String),
    /// Empties the cart.
    EmptyCart,
    /// The user has another role now.
    SetRole(Role),
    /// A refresh token is used: the hash of its secret, and of the next one's. If it is the one whose turn it is,
    /// the next one takes its place; if it is any other, somebody has a copy, and the family is over at once
    /// (RFC 9700 §4.14.2).
    Refresh {
        /// Of the one that is used.
        presented: String,
        /// Of the one that takes its place.
        next: String,
    },
}

impl Session {
    /// A session that begins now, and ends after `idle` seconds without use and after `lifetime` seconds
    /// in any case (OWASP ASVS 5.0 V7.3.1, V7.3.2).
    #[must_use]
    pub fn begin(user: User, cookie: CookieOptions, lifetime: Seconds, idle: Seconds, now: Seconds) -> Self {
        let expires_at = now.saturating_add(lifetime);
        let idle_until = now.saturating_add(idle).min(expires_at);
        Self { user, cart: Vec::new(), cookie, refresh: None, created_at: now, idle, idle_until, expires_at }
    }

    /// A row for the refresh tokens of a login, which end after `lifetime` seconds however often they are used.
    #[must_use]
    pub fn begin_family(user: User, cookie: CookieOptions, family: Family, lifetime: Seconds, now: Seconds) -> Self {
        Self { refresh: Some(family), ..Self::begin(user, cookie, lifetime, lifetime, now) }
    }

    /// This row under another id. A login's new row is all of the fresh one but the cart, which stays.
    #[must_use]
    pub fn moved(self, fresh: Option<Self>) -> Self {
        match fresh {
            Some(fresh) => Self { cart: self.cart, ..fresh },
            None => self,
        }
    }

    /// Whether it can still be used. At its limit it is over, not a second later.
    #[must_use]
    pub fn is_live(&self, now: Seconds) -> bool {
        now < self.idle_until && now < self.expires_at
    }

    /// Whether it began later than it is now: by a clock that was ahead of this one, so that its limits say nothing here.
    #[must_use]
    pub const fn is_from_a_clock_ahead(&self, now: Seconds) -> bool {
        self.created_at > now
    }

    /// How long it lives if nobody uses it.
    #[must_use]
    pub fn expires_in(&self, now: Seconds) -> Seconds {
        self.idle_until.min(self.expires_at).saturating_sub(now)
    }

    /// Pushes the idle limit on because the session was used. To spare the store a write a request, it is
    /// only recorded when a tenth of the idle time has gone since it was last recorded.
    /// Returns whether the row changed.
    pub fn touch(&mut self, now: Seconds) -> bool {
        let pushed = now.saturating_add(self.idle).min(self.expires_at);
        let gone = pushed.saturating_sub(self.idle_until);
        let due = gone > 0 && gone.saturating_mul(10) >= self.idle;
        if due {
            self.idle_until = pushed;
        }
        due
    }

    fn refresh(&mut self, presented: &str, next: &str) {
        let Some(family) = &mut self.refresh else { return };
        if family.next == presented {
            next.clone_into(&mut family.next);
        } else {
            // Over at any time, also for a request that read the clock a moment before.
            (self.idle_until, self.expires_at) = (0, 0);
        }
    }

    /// Applies a change of a request that used the session now, and pushes the idle limit on with it:
    /// one request, one write.
    ///
    /// # Errors
    /// [`CartError`], and the session is as it was.
    pub fn apply(&mut self, change: &Change, now: Seconds) -> Result<(), CartError> {
        match change {
            Change::AddToCart(item) => add_to_cart(&mut self.cart, item)?,
            Change::EmptyCart => self.cart.clear(),
            // The user did not do this, so it is no use of the session.
            Change::SetRole(role) => {
                self.user.role = *role;
                return Ok(());
            }
            Change::Refresh { presented, next } => {
                self.refresh(presented, next);
                return Ok(());
            }
        }
        self.touch(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn session(lifetime: Seconds, idle: Seconds, now: Seconds) -> Session {
        let alice = User { name: "alice".into(), role: Role::User };
        Session::begin(alice, CookieOptions::default(), lifetime, idle, now)
    }

    #[test]
    fn it_is_over_at_its_idle_limit_and_not_a_second_later() {
        let session = session(1000, 100, 5000);
        assert!(session.is_live(5099));
        assert!(!session.is_live(5100));
    }

    #[test]
    fn use_pushes_the_idle_limit_on_but_never_past_the_absolute_one() {
        let mut session = session(150, 100, 0);
        assert!(session.touch(90));
        assert_eq!(session.idle_until, 150);
        assert!(!session.is_live(150));
    }

    #[test]
    fn a_burst_of_reads_changes_nothing_until_a_tenth_of_the_idle_time_has_gone() {
        let mut session = session(1000, 100, 0);
        for now in 0..10 {
            assert!(!session.touch(now), "at {now}");
        }
        assert!(session.touch(10));
        assert_eq!(session.idle_until, 110);
    }

    #[test]
    fn a_role_set_by_somebody_else_does_not_keep_the_session_awake() {
        let mut session = session(1000, 100, 0);
        session.apply(&Change::SetRole(Role::Admin), 50).unwrap();
        assert_eq!((session.user.role, session.idle_until), (Role::Admin, 100));
    }

    #[test]
    fn a_refresh_token_that_is_used_twice_ends_its_family_and_no_session() {
        let use_of = |presented: &str, next: &str| Change::Refresh { presented: presented.into(), next: next.into() };
        let family = Family {
            next: "a".into(),
            login: String::new(),
            carrier: crate::scheme::Carrier::Cookie,
            token_lifetime: 60,
        };
        let mut row = Session { refresh: Some(family), ..session(1000, 100, 0) };
        row.apply(&use_of("a", "b"), 50).unwrap();
        assert_eq!((row.refresh.as_ref().unwrap().next.as_str(), row.idle_until), ("b", 100));
        row.apply(&use_of("a", "c"), 50).unwrap();
        assert!(!row.is_live(0) && row.refresh.as_ref().unwrap().next == "b");
        let mut other = session(1000, 100, 0);
        other.apply(&use_of("a", "b"), 50).unwrap();
        assert_eq!(other, session(1000, 100, 0));
    }

    #[test]
    fn of_a_row_that_moves_to_a_fresh_login_the_cart_stays_and_nothing_else() {
        let old = Session { cart: vec!["pen".into()], ..session(1000, 100, 0) };
        let fresh = Session { cart: vec!["mug".into()], ..session(500, 50, 70) };
        assert_eq!(old.clone().moved(None), old);
        assert_eq!(old.moved(Some(fresh.clone())), Session { cart: vec!["pen".into()], ..fresh });
    }

    #[test]
    fn an_id_is_never_shown_by_debug() {
        let id = SessionId::from_bytes([7; 16]);
        assert!(!format!("{id:?}").contains(id.reveal()));
        assert_eq!(id.reveal().len(), 22);
    }

    proptest! {
        #[test]
        fn an_id_reads_back_and_nothing_else_reads_as_one(bytes: [u8; 16], other in ".{0,40}") {
            let id = SessionId::from_bytes(bytes);
            prop_assert_eq!(SessionId::parse(id.reveal()), Some(id));
            if let Some(read) = SessionId::parse(&other) {
                prop_assert_eq!(read.reveal(), other);
            }
        }

        #[test]
        fn however_it_is_used_it_ends_in_time(
            lifetime in 1..100_000u64, idle in 1..100_000u64, uses in proptest::collection::vec(0..200_000u64, 0..20),
        ) {
            let mut session = session(lifetime, idle, 0);
            let mut uses = uses;
            uses.sort_unstable();
            for now in uses {
                if session.is_live(now) {
                    session.touch(now);
                    prop_assert!(session.is_live(now));
                    prop_assert!(session.idle_until <= now + idle);
                }
            }
            prop_assert!(!session.is_live(lifetime));
            prop_assert!(session.idle_until <= session.expires_at);
        }

        #[test]
        fn no_numbers_overflow(lifetime: u64, idle: u64, start: u64, now: u64) {
            let mut session = session(lifetime, idle, start);
            session.touch(now);
            prop_assert!(session.expires_in(now) <= session.expires_at);
        }
    }
}
