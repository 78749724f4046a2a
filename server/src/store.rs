//! Where sessions are kept: the contract, held by `conformance` over every implementation.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Seconds,
    session::{Change, Session, SessionId},
    user::CartError,
    view::Row,
};
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use std::fmt;

pub(crate) use memory::MemoryStore;
pub(crate) use replicated::Cluster;
pub(crate) use sessions::{Keeping, Sessions, StoreFaults};
pub(crate) use shared::Stores;
pub(crate) use sqlite::Database;

#[cfg(test)]
mod conformance;
mod guarded;
mod memcached;
mod memory;
#[cfg(test)]
mod outages;
mod redis;
mod replicated;
#[cfg(test)]
mod servers;
mod sessions;
mod shared;
mod sqlite;

/// The most live logins of a lab in one store.
pub(crate) const LOGINS: usize = 64;

/// Whose sessions. A crowd's lie apart from the visitors', so that they take no room from them and go when
/// the crowd goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Population {
    Visitors,
    Crowd,
}

impl Population {
    /// The most live logins.
    pub(crate) const fn room(self) -> usize {
        match self {
            Self::Visitors => LOGINS,
            Self::Crowd => domain::crowd::VISITORS as usize,
        }
    }
}

/// Whose rows, in a store that holds those of every lab.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Namespace {
    pub(crate) lab: String,
    pub(crate) population: Population,
}

/// What a store finds a session by: its id, or the SHA-256 of it. Either way its `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct SessionKey(String);

impl SessionKey {
    /// The key of an id. Hashed, a stolen copy of the store lets nobody in.
    pub(crate) fn of(id: &SessionId, hashed: bool) -> Self {
        if hashed { Self::hash(id.reveal()) } else { Self(id.reveal().to_owned()) }
    }

    fn hash(id: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Sha256::digest(id.as_bytes())))
    }

    /// The key as a row shows it.
    pub(crate) fn of_row(row: &Row) -> Self {
        Self(row.key.clone())
    }

    /// The hash of a key that is an id; nothing when it is a hash already.
    fn hashed(&self) -> Option<Self> {
        SessionId::parse(&self.0).map(|id| Self::hash(id.reveal()))
    }

    fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// Why a store did not do what was asked. Whatever it is, nothing was changed, except after
/// [`StoreError::Timeout`]: then nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StoreError {
    /// The key is taken.
    #[error("the session id is taken")]
    Exists,
    /// No room for one more login.
    #[error("{LOGINS} live logins are the most; log one out first")]
    Full,
    /// The cart does not take it.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// The store did not answer in time.
    #[error("the session store does not answer: try again in a second")]
    Timeout,
    /// The store is known to be out of reach, or said that it cannot.
    #[error("the session store is out of reach: try again in a second")]
    Unavailable,
}

/// What a store promises for later.
pub(crate) type Promise<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// A store of sessions. Every operation is atomic: two at once lose nothing, and one that is given up
/// halfway has either happened or not. `now` is the time by the lab's clock; a row that is over by then
/// counts as gone, whether it still lies there or not.
pub(crate) trait SessionStore: Send + Sync + fmt::Debug {
    /// Adds a row. Refuses a key that exists ([`StoreError::Exists`]) and a row over [`LOGINS`] live ones
    /// ([`StoreError::Full`]).
    fn create<'a>(&'a self, key: &'a SessionKey, session: Session, now: Seconds) -> Promise<'a, ()>;

    /// The row as it is now. With `touch`, its idle limit is pushed on in the same operation
    /// ([`Session::touch`]); a request that is going to change the row lets the change do that.
    fn load<'a>(&'a self, key: &'a SessionKey, touch: bool, now: Seconds) -> Promise<'a, Option<Session>>;

    /// Applies a change and returns the row as it is then. Never brings a row back that is deleted or
    /// over, not even when the change arrives late: then it is `None`.
    fn update<'a>(&'a self, key: &'a SessionKey, change: &'a Change, now: Seconds) -> Promise<'a, Option<Session>>;

    /// Moves a live row to another key and returns it; what was acknowledged under the old key is in it,
    /// and the old key is dead. With `fresh`, everything but the cart is taken from there; without, the
    /// row stays as it is. `None` when there is no such row; [`StoreError::Exists`] when the new key is taken.
    fn rotate<'a>(
        &'a self,
        old: &'a SessionKey,
        new: &'a SessionKey,
        fresh: Option<Session>,
        now: Seconds,
    ) -> Promise<'a, Option<Session>>;

    /// Deletes a row. Whether there was one.
    fn delete<'a>(&'a self, key: &'a SessionKey) -> Promise<'a, bool>;

    /// The keys of every row of this user.
    fn keys_of<'a>(&'a self, user: &'a str) -> Promise<'a, Vec<SessionKey>>;

    /// Every live row, oldest first.
    fn rows(&self, now: Seconds) -> Promise<'_, Vec<Row>>;

    /// How many rows are live.
    fn count(&self, now: Seconds) -> Promise<'_, usize>;

    /// Deletes the rows that are over. How many.
    fn sweep(&self, now: Seconds) -> Promise<'_, usize>;

    /// Deletes every row of this lab and population, and of no other.
    fn clear(&self) -> Promise<'_, ()>;
}

/// A row as the bench shows it.
fn row(key: &SessionKey, session: &Session) -> Row {
    let value = serde_json::to_string(session).map_or(0, |json| json.len());
    Row {
        key: key.reveal().to_owned(),
        user: session.user.name.clone(),
        role: session.user.role,
        cart: session.cart.clone(),
        created_at: session.created_at,
        idle_until: session.idle_until,
        expires_at: session.expires_at,
        bytes: key.reveal().len().saturating_add(value),
        held: None,
        refresh: session.refresh.is_some(),
    }
}
