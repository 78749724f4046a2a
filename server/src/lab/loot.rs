//! What an attacker can take in a lab: only what is a credential of just this lab counts.

use crate::{
    auth::{
        random::{self, NoRandom},
        token,
    },
    lab::{Lab, World},
    store::{Population, StoreError},
};
use domain::{
    api::token_lifetime,
    attack::FoundIn,
    scheme::{Carrier, Credential, Scheme},
    session::SessionId,
    user::{Role, User},
};

/// As whom a token is forged: the admin among the demo users.
const ADMIN: &str = "carol";

/// A token could not be forged, though the key was there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotForged {
    #[error("a token could not be forged")]
    Signature,
    #[error(transparent)]
    Random(#[from] NoRandom),
}

impl Lab {
    /// Keeps what was found, if it is a credential of this lab. Whether it is.
    pub(crate) async fn loot(&self, found_in: FoundIn, scheme: Scheme, value: &str) -> bool {
        let is_ours = match scheme.credential {
            Credential::SessionId => self.knows(value).await,
            // It may be over.
            Credential::Jwt => self.world(World::verifier).signed_here(value).is_some(),
        };
        if is_ours {
            self.attacker.took(self.now(), found_in, scheme, value.to_owned());
        }
        is_ours
    }

    /// Whether a store of this lab knows a session id. A store that does not answer knows none.
    async fn knows(&self, value: &str) -> bool {
        let Some(id) = SessionId::parse(value) else { return false };
        let now = self.now();
        for sessions in self.all_sessions(Population::Visitors) {
            if sessions.knows(&id, now).await.unwrap_or(false) {
                return true;
            }
        }
        false
    }

    /// Copies the session store: each row's key is loot, even where it is only a hash.
    pub(crate) async fn copy_rows(&self) -> Result<(), StoreError> {
        let now = self.now();
        let scheme = Scheme::new(Credential::SessionId, Carrier::Cookie);
        for sessions in self.all_sessions(Population::Visitors) {
            for row in sessions.rows(now).await?.into_iter().filter(|row| !row.refresh) {
                self.attacker.took(now, FoundIn::Store, scheme, row.key);
            }
        }
        Ok(())
    }

    /// Copies the signing key, and forges a token with it.
    pub(crate) fn copy_key(&self) -> Result<(), NotForged> {
        let (key, now) = self.world(|world| (world.keys.signing(), world.now()));
        let admin = User { name: ADMIN.to_owned(), role: Role::Admin };
        let claims = self.claims(admin, random::text()?, now, now.saturating_add(token_lifetime()));
        let forged = token::issue(&claims, &key).ok_or(NotForged::Signature)?;
        self.attacker.took(now, FoundIn::Key, Scheme::new(Credential::Jwt, Carrier::LocalStorage), forged);
        Ok(())
    }
}
