//! Tokens that were ended before their time. It keeps their names until they would have died, never the
//! tokens. This is the state that a server with stateless tokens has to take back in to log anybody out.

use domain::{Seconds, claims::Claims, view::Denied};

/// The most entries.
const ENTRIES: usize = 1024;

/// No room is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the denylist is full: 1024 entries is the most; wait until some tokens have died")]
pub(crate) struct DenylistFull;

/// The entries of one lab, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Denylist {
    entries: Vec<Denied>,
}

impl Denylist {
    /// Ends one token.
    pub(crate) fn deny(&mut self, claims: &Claims, now: Seconds) -> Result<(), DenylistFull> {
        self.prune(now);
        if self.lists(claims) {
            return Ok(());
        }
        self.add(Denied { jti: claims.jti.clone(), user: None, expires_at: claims.exp })
    }

    /// Ends every token of a user whose name is not after `jti`. Names sort by when they were given.
    pub(crate) fn deny_all_of(
        &mut self,
        user: &str,
        jti: String,
        expires_at: Seconds,
        now: Seconds,
    ) -> Result<(), DenylistFull> {
        self.prune(now);
        // The new entry covers the user's older one.
        self.entries.retain(|entry| entry.user.as_deref() != Some(user));
        self.add(Denied { jti, user: Some(user.to_owned()), expires_at })
    }

    /// Whether this token was ended.
    pub(crate) fn lists(&self, claims: &Claims) -> bool {
        self.entries.iter().any(|entry| match &entry.user {
            None => entry.jti == claims.jti,
            Some(user) => *user == claims.sub && claims.jti <= entry.jti,
        })
    }

    /// Forgets what is dead anyhow. Whether there was anything.
    pub(crate) fn prune(&mut self, now: Seconds) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| now < entry.expires_at);
        self.entries.len() != before
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn view(&self) -> Vec<Denied> {
        self.entries.clone()
    }

    fn add(&mut self, entry: Denied) -> Result<(), DenylistFull> {
        if self.entries.len() >= ENTRIES {
            return Err(DenylistFull);
        }
        self.entries.push(entry);
        Ok(())
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
            nbf: None,
            exp,
            jti: jti.into(),
            family: None,
        }
    }

    #[test]
    fn an_entry_lies_there_until_the_token_is_dead_and_no_longer() {
        let mut list = Denylist::default();
        list.deny(&token("alice", "a", 10), 0).unwrap();
        assert!(!list.prune(9));
        assert!(list.lists(&token("alice", "a", 10)));
        assert!(list.prune(10));
        assert!(list.view().is_empty());
    }

    #[test]
    fn an_entry_for_a_user_covers_what_was_issued_before_and_nobody_else() {
        let mut list = Denylist::default();
        list.deny_all_of("alice", "m".into(), 100, 0).unwrap();
        assert!(list.lists(&token("alice", "a", 10)));
        assert!(!list.lists(&token("alice", "n", 10)));
        assert!(!list.lists(&token("bob", "a", 10)));
        list.deny_all_of("alice", "z".into(), 100, 0).unwrap();
        assert_eq!(list.view().len(), 1);
    }

    #[test]
    fn a_full_list_says_so_and_keeps_what_it_has() {
        let mut list = Denylist::default();
        for n in 0..ENTRIES {
            list.deny(&token("alice", &n.to_string(), 10), 0).unwrap();
        }
        assert_eq!(list.deny(&token("alice", "more", 10), 0), Err(DenylistFull));
        assert_eq!(list.deny(&token("alice", "0", 10), 0), Ok(()), "what is listed needs no room");
        assert_eq!(list.view().len(), ENTRIES);
        assert_eq!(list.deny(&token("alice", "more", 20), 10), Ok(()), "and the dead make room");
    }
}
