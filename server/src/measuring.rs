//! Many sessions at once, as the labs of one process hold them: for `make bench`, which measures how long it takes to find
//! one among them. Built for tests and with the feature `measuring` only.

use crate::{
    bounds,
    http::router::Server,
    lab::LabError,
    process::{NoStore, Process, Settings},
    store::{Database, Population, StoreError, Stores},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    cookie::CookieOptions,
    session::{Session, SessionId},
    topology::{ChangeTopology, StoreKind},
    user::{DEMO_USERS, User},
};
use futures::TryStreamExt as _;
use std::{sync::Arc, time::Duration};

/// How many of them a lab has: all that it may.
const IN_A_LAB: u64 = bounds::LAB_LOGINS as u64;
/// Longer than any measurement, in seconds.
const LIFETIME: u64 = 24 * 60 * 60;
/// Labs that are filled at once.
const AT_ONCE: usize = 16;
/// While labs are filled, a store has more to do than with visitors.
const PATIENCE: Duration = Duration::from_mins(1);

/// Why there is nothing to measure.
#[derive(Debug, thiserror::Error)]
pub enum NotFilled {
    /// The store is not there.
    #[error("there is no such store: {0}")]
    NoStore(String),
    /// The store does not do what it should.
    #[error("the store does not do what it is asked: {0}")]
    Store(String),
    /// A lab is not as it was made.
    #[error("a lab has no server that is up")]
    NoNode,
}

impl From<NoStore> for NotFilled {
    fn from(error: NoStore) -> Self {
        Self::NoStore(error.to_string())
    }
}

impl From<LabError> for NotFilled {
    fn from(error: LabError) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<StoreError> for NotFilled {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

/// A process whose labs hold so many sessions, all of them in stores of this kind.
#[derive(Debug)]
pub struct ManySessions {
    process: Arc<Process>,
    count: u64,
}

impl ManySessions {
    /// Makes them: each lab is full before there is another one.
    ///
    /// # Errors
    /// [`NotFilled`] where the store cannot be had or does not take them.
    pub async fn make(kind: StoreKind, count: u64, redis: Option<&str>) -> Result<Self, NotFilled> {
        let labs = count.div_ceil(IN_A_LAB);
        let mut settings = Settings::without_site(vec![7; 32], None).with_labs(labs.max(1), Duration::from_hours(24));
        if kind == StoreKind::Sqlite {
            let database = Database::temporary().map_err(|error| NotFilled::NoStore(error.to_string()))?;
            settings.stores = Arc::new(Stores::with_sqlite(database).with_patience(PATIENCE));
        }
        let process = Server::new(settings.with_servers(redis, None)?).process;
        let many = Self { process, count };
        let labs = futures::stream::iter((0..labs).map(Ok));
        labs.try_for_each_concurrent(AT_ONCE, |lab| many.fill(lab, kind)).await?;
        Ok(many)
    }

    async fn fill(&self, lab: u64, kind: StoreKind) -> Result<(), NotFilled> {
        let held = self.process.labs.lab(&lab_id(lab));
        held.arrange(ChangeTopology { store: Some(kind), ..ChangeTopology::default() }).await?;
        let (now, node) = (held.now(), held.running().pop().ok_or(NotFilled::NoNode)?);
        let (name, role) = DEMO_USERS[0];
        let user = User { name: name.to_owned(), role };
        for n in (lab * IN_A_LAB..self.count).take(bounds::LAB_LOGINS) {
            let session = Session::begin(user.clone(), CookieOptions::default(), LIFETIME, LIFETIME, now);
            node.sessions(Population::Visitors).create(&session_id(n), session, now).await?;
        }
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Finds one, as a request does: its lab, the lab's server, the session. Whether it is there.
    ///
    /// # Errors
    /// [`NotFilled`] where the store does not answer.
    pub async fn look_up(&self, n: u64) -> Result<bool, NotFilled> {
        let Some(lab) = self.process.labs.existing(&lab_id(n / IN_A_LAB)) else { return Ok(false) };
        let (node, _) = lab.pick(None).ok_or(NotFilled::NoNode)?;
        let found = node.sessions(Population::Visitors).load(&session_id(n), true, lab.now()).await?;
        Ok(found.is_some())
    }
}

/// Ids are spread as those that are random, and the same number always has the same.
fn bytes(n: u64, of: u64) -> [u8; 16] {
    fastrand::Rng::with_seed(n.wrapping_mul(2).wrapping_add(of)).u128(..).to_be_bytes()
}

fn lab_id(n: u64) -> String {
    URL_SAFE_NO_PAD.encode(bytes(n, 0))
}

fn session_id(n: u64) -> SessionId {
    SessionId::from_bytes(bytes(n, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_of_many_is_found_in_its_lab_and_no_other_one_is() {
        for kind in [StoreKind::Memory, StoreKind::Sqlite] {
            let many = ManySessions::make(kind, 150, None).await.unwrap();
            assert_eq!((many.count(), many.process.labs.all().len()), (150, 3));
            for n in 0..150 {
                assert!(many.look_up(n).await.unwrap(), "{kind:?} {n}");
            }
            for n in [150, 191, 192] {
                assert!(!many.look_up(n).await.unwrap(), "{kind:?} {n}");
            }
        }
    }
}
