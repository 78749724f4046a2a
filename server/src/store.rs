//! Where sessions are kept: the contract, held by `conformance` over every implementation.

use crate::{bounds, lock::lock};
use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use breaker::Breaker;
use domain::{
    Seconds,
    session::{Change, Session, SessionId},
    user::CartError,
    view::{HeldAs, Row},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc, time::Duration};

pub(crate) use keeping::{Keeping, StoreFaults};
pub(crate) use passes::{Passes, Unsure};
pub(crate) use replicated::Cluster;
pub(crate) use revision::Revision;
pub(crate) use sessions::Sessions;
pub(crate) use shared::Stores;
pub(crate) use sqlite::Database;

mod breaker;
#[cfg(test)]
mod conformance;
mod keeping;
mod memcached;
mod memory;
#[cfg(test)]
mod outages;
mod passes;
mod redis;
mod replicated;
mod revision;
#[cfg(test)]
mod servers;
mod sessions;
mod share;
mod shared;
mod sqlite;
mod undo;

/// How long a store may take, all in all. Longer, and the visitor gets an honest 503 rather than a page that hangs.
pub(crate) const PATIENCE: Duration = Duration::from_millis(300);
/// How long a store may still come to do what it was asked, once it answers others again.
pub(crate) const LATE: Duration = Duration::from_secs(6);

/// Whose sessions. A crowd's lie apart from the visitors': they take no room from these, and go when the crowd goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Population {
    Visitors,
    Crowd,
}

impl Population {
    /// The most live logins.
    pub(crate) const fn room(self) -> usize {
        match self {
            Self::Visitors => bounds::LAB_LOGINS,
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

impl Namespace {
    /// What the keys of its rows begin with, in a store that has but keys.
    fn prefix(&self) -> String {
        let name = match self.population {
            Population::Visitors => "session",
            Population::Crowd => "crowd-session",
        };
        format!("login-lab:{}:{name}:", self.lab)
    }

    /// The key under which it keeps what rows there are.
    fn index(&self) -> String {
        format!("{}s", self.prefix().trim_end_matches(':'))
    }
}

/// What a store finds a session by: its id, or the SHA-256 of it. Either way its `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct SessionKey(String);

impl SessionKey {
    /// The key of an id. Hashed, a stolen copy of the store lets nobody in.
    pub(crate) fn of(id: &SessionId, hashed: bool) -> Self {
        let id = id.reveal();
        Self(if hashed { URL_SAFE_NO_PAD.encode(Sha256::digest(id.as_bytes())) } else { id.to_owned() })
    }

    /// Both keys that a row of this id may lie under.
    fn both(id: &SessionId) -> [Self; 2] {
        [false, true].map(|hashed| Self::of(id, hashed))
    }

    /// The hash of a key that is an id; nothing when it is a hash already.
    fn hashed(&self) -> Option<Self> {
        SessionId::parse(&self.0).map(|id| Self::of(&id, true))
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
    #[error("the session id is taken")]
    Exists,
    #[error("{} live logins are the most; log one out first", bounds::LAB_LOGINS)]
    Full,
    #[error(transparent)]
    Cart(#[from] CartError),
    #[error("the session store does not answer: try again in a second")]
    Timeout,
    /// The store is known to be out of reach, or said that it cannot.
    #[error("the session store is out of reach: try again in a second")]
    Unavailable,
    /// This lab asks for too much at once. The store itself is well.
    #[error("this lab asks the session store for too much at once: try again in a second")]
    Busy,
}

/// A row as it is then, if there is one.
pub(crate) type Found = Result<Option<Session>, StoreError>;

/// A store of sessions. Every operation is atomic: two at once lose nothing, and one that is given up
/// halfway has either happened or not. `now` is the time by the lab's clock; a row that is over by then
/// counts as gone, whether it still lies there or not.
#[async_trait]
pub(crate) trait SessionStore: Send + Sync + fmt::Debug {
    /// Adds a row. [`StoreError::Exists`] where the key does; [`StoreError::Full`] where [`Population::room`] are live.
    async fn create(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError>;

    /// The row as it is now. With `touch`, its idle limit is pushed on in the same operation
    /// ([`Session::touch`]); a request that is going to change the row lets the change do that.
    async fn load(&self, key: &SessionKey, touch: bool, now: Seconds) -> Found;

    /// Applies a change and returns the row as it is then; `None` where it is deleted or over, however late it comes.
    async fn update(&self, key: &SessionKey, change: &Change, now: Seconds) -> Found;

    /// Moves a live row to another key ([`Session::moved`]) and returns it, with what was acknowledged under the old
    /// key, which is dead then. `None` when there is no such row; [`StoreError::Exists`] when the new key is taken.
    async fn rotate(&self, old: &SessionKey, new: &SessionKey, fresh: Option<Session>, now: Seconds) -> Found;

    /// Deletes a row. Whether there was one.
    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError>;

    /// Revises every row, all of them or none. How many are not as they were.
    async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError>;

    /// Every live row, oldest first.
    async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError>;

    /// How many rows are live.
    async fn count(&self, now: Seconds) -> Result<usize, StoreError> {
        Ok(self.rows(now).await?.len())
    }

    /// Deletes the rows that are over. How many.
    async fn sweep(&self, now: Seconds) -> Result<usize, StoreError>;

    /// Deletes every row of this lab and population, and of no other.
    async fn clear(&self) -> Result<(), StoreError>;
}

/// What a store has to offer to be shared by all labs.
#[async_trait]
trait Backend: Send + Sync + fmt::Debug {
    /// The part that belongs to a lab's population.
    fn part(self: Arc<Self>, namespace: Namespace) -> Arc<dyn SessionStore>;

    /// Where it is, for people; never a password.
    fn address(&self) -> String;

    /// How one gets it, where there is more to say than of any store of its kind.
    fn how(&self) -> Option<String> {
        None
    }

    /// Where it may be out of reach, for all labs.
    fn breaker(&self) -> Option<&Arc<Breaker>> {
        None
    }

    /// Writes something small, and really: one that can only be read lets nobody log in.
    async fn write(&self) -> Result<(), StoreError>;

    /// Ends what is kept open, and waits for it.
    fn close(&self) {}
}

fn json(session: &Session) -> Result<String, StoreError> {
    serde_json::to_string(session).map_err(|_| StoreError::Unavailable)
}

/// A row as the bench shows it, and as its store holds it, where that is more than the session itself.
fn row(key: &SessionKey, session: &Session, held: Option<HeldAs>) -> Row {
    let bytes = match &held {
        Some(held) => held.key.len().saturating_add(held.value.len()),
        None => key.reveal().len().saturating_add(json(session).map_or(0, |json| json.len())),
    };
    Row {
        key: key.reveal().to_owned(),
        user: session.user.name.clone(),
        role: session.user.role,
        cart: session.cart.clone(),
        created_at: session.created_at,
        idle_until: session.idle_until,
        expires_at: session.expires_at,
        bytes,
        held,
        refresh: session.refresh.is_some(),
    }
}
