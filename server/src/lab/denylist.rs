//! Logins of tokens that were ended before their time. It keeps their names until their tokens would have died, never
//! the tokens. This is the state that a server with stateless tokens has to take back in to log anybody out.

use crate::bounds;
use domain::{Seconds, api::LONGEST, claims::Claims, view::Denied};

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the denylist is full: 1024 entries is the most; wait until some tokens have died")]
pub(crate) struct DenylistFull;

/// That tokens were ended, and what it takes to undo that.
#[derive(Debug)]
pub(crate) struct Denial {
    entry: Denied,
    before: Option<Denied>,
}

impl Denial {
    /// Until when the entry lies there.
    pub(crate) const fn until(&self) -> Seconds {
        self.entry.expires_at
    }
}

/// The entries of one lab, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Denylist {
    pub(super) entries: Vec<Denied>,
    /// The last `exp` among the tokens of those logins whose tokens do not all end at once.
    last_exp: Seconds,
}

impl Denylist {
    /// Ends every token of this one's login whose name is not after `jti`.
    pub(crate) fn deny(&mut self, claims: &Claims, jti: String, now: Seconds) -> Result<Denial, DenylistFull> {
        let expires_at = claims.exp.max(self.last_exp);
        self.add(Denied { jti, login: Some(claims.login.clone()), user: None, expires_at }, now)
    }

    /// A login has tokens that end at different times, the last one then: an entry for it has to outlive them all.
    pub(crate) fn outlive(&mut self, exp: Seconds) {
        self.last_exp = self.last_exp.max(exp);
    }

    /// Undoes one: what was covered before is covered again, and no more.
    pub(crate) fn take_back(&mut self, Denial { entry, before }: Denial) {
        let covered = self.entries.len();
        self.entries.retain(|other| *other != entry);
        // Else somebody denied more since, or forgot it all.
        if self.entries.len() < covered {
            self.entries.extend(before);
        }
    }

    /// Ends every token of a user whose name is not after `jti`. Names sort by when they were given.
    pub(crate) fn deny_all_of(&mut self, user: &str, jti: String, now: Seconds) -> Result<Denial, DenylistFull> {
        // No token lives longer, whoever issued it.
        let expires_at = now.saturating_add(LONGEST);
        self.add(Denied { jti, login: None, user: Some(user.to_owned()), expires_at }, now)
    }

    /// Whether this token was ended.
    pub(crate) fn lists(&self, claims: &Claims) -> bool {
        self.entries.iter().any(|entry| entry.ends(claims.names()))
    }

    /// Forgets what is dead anyhow. Whether there was anything.
    pub(crate) fn prune(&mut self, now: Seconds) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| now < entry.expires_at);
        self.entries.len() != before
    }

    fn add(&mut self, entry: Denied, now: Seconds) -> Result<Denial, DenylistFull> {
        self.prune(now);
        // The new entry covers the older one.
        let is_same = |older: &Denied| (&older.login, &older.user) == (&entry.login, &entry.user);
        let before = self.entries.iter().position(is_same).map(|at| self.entries.remove(at));
        if self.entries.len() >= bounds::LAB_DENYLIST {
            return Err(DenylistFull);
        }
        self.entries.push(entry.clone());
        Ok(Denial { entry, before })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{cookie::CookieOptions, user::Role};

    fn token(sub: &str, jti: &str, exp: Seconds) -> Claims {
        Claims {
            iss: "login-lab".into(),
            aud: "login-lab:x".into(),
            sub: sub.into(),
            role: Role::User,
            cart: Vec::new(),
            cookie: CookieOptions::default(),
            iat: 0,
            exp,
            jti: jti.into(),
            login: format!("{sub}'s"),
            family: None,
        }
    }

    #[test]
    fn an_entry_lies_there_until_the_token_is_dead_and_no_longer() {
        let mut list = Denylist::default();
        assert_eq!(list.deny(&token("alice", "a", 10), "a".into(), 0).map(|denial| denial.until()), Ok(10));
        assert!(!list.prune(9));
        assert!(list.lists(&token("alice", "a", 10)));
        assert!(list.prune(10));
        assert!(list.entries.is_empty());
    }

    #[test]
    fn an_entry_for_a_login_covers_what_was_issued_before_and_no_other_login() {
        let mut list = Denylist::default();
        let other = Claims { login: "another of alice's".into(), ..token("alice", "a", 10) };
        list.deny(&token("alice", "b", 10), "m".into(), 0).unwrap();
        for (jti, listed) in [("a", true), ("c", true), ("m", true), ("n", false)] {
            assert_eq!(list.lists(&token("alice", jti, 10)), listed, "{jti}");
        }
        assert!(!list.lists(&other));
        list.deny(&token("alice", "n", 10), "z".into(), 0).unwrap();
        assert!(list.lists(&token("alice", "n", 10)));
        assert_eq!(list.entries.len(), 1, "one entry a login");
    }

    #[test]
    fn an_entry_outlives_every_token_of_a_login_whose_tokens_end_at_different_times() {
        let mut list = Denylist::default();
        list.outlive(30);
        assert_eq!(list.deny(&token("alice", "a", 10), "m".into(), 0).map(|denial| denial.until()), Ok(30));
        list.entries.clear();
        assert_eq!(list.deny(&token("alice", "a", 40), "m".into(), 0).map(|denial| denial.until()), Ok(40));
    }

    #[test]
    fn an_entry_for_a_user_covers_what_was_issued_before_and_nobody_else() {
        let mut list = Denylist::default();
        list.deny_all_of("alice", "m".into(), 0).unwrap();
        assert!(list.lists(&token("alice", "a", 10)));
        assert!(!list.lists(&token("alice", "n", 10)));
        assert!(!list.lists(&token("bob", "a", 10)));
        list.deny_all_of("alice", "z".into(), 0).unwrap();
        assert_eq!(list.entries.len(), 1);
    }

    #[test]
    fn a_full_list_says_so_and_keeps_what_it_has() {
        let mut list = Denylist::default();
        let mut deny = |login: usize, exp, now| list.deny(&token(&login.to_string(), "a", exp), "a".into(), now);
        for n in 0..bounds::LAB_DENYLIST {
            deny(n, 10, 0).unwrap();
        }
        assert_eq!(deny(bounds::LAB_DENYLIST, 10, 0).map(|denial| denial.until()), Err(DenylistFull));
        assert_eq!(deny(0, 10, 0).map(|denial| denial.until()), Ok(10), "what is listed needs no room");
        assert_eq!(deny(bounds::LAB_DENYLIST, 20, 10).map(|denial| denial.until()), Ok(20), "and the dead make room");
        assert_eq!(list.entries.len(), 1);
    }
}
