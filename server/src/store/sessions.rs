//! The one place through which requests reach a store: it turns ids into keys and does not wait forever.

use super::{SessionKey, SessionStore, StoreError};
use domain::{
    Seconds,
    session::{Change, Session, SessionId},
    view::Row,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::RwLock;

/// How long a store may take. Longer, and the visitor gets an honest 503 rather than a page that hangs.
const PATIENCE: Duration = Duration::from_millis(300);

/// A node's way to its sessions.
#[derive(Debug)]
pub(crate) struct Sessions {
    store: Arc<dyn SessionStore>,
    /// Whether keys are hashes. Held for reading through each operation, so that none of them sees a store
    /// in which only some keys have been changed.
    hashed: RwLock<bool>,
}

async fn within<T>(answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Err(StoreError::Timeout))
}

impl Sessions {
    pub(crate) fn new(store: Arc<dyn SessionStore>, hashed: bool) -> Self {
        Self { store, hashed: RwLock::new(hashed) }
    }

    /// [`SessionStore::create`].
    pub(crate) async fn create(&self, id: &SessionId, session: Session, now: Seconds) -> Result<(), StoreError> {
        let hashed = self.hashed.read().await;
        within(self.store.create(&SessionKey::of(id, *hashed), session, now)).await
    }

    /// [`SessionStore::load`].
    pub(crate) async fn load(&self, id: &SessionId, touch: bool, now: Seconds) -> Result<Option<Session>, StoreError> {
        let hashed = self.hashed.read().await;
        within(self.store.load(&SessionKey::of(id, *hashed), touch, now)).await
    }

    /// [`SessionStore::update`].
    pub(crate) async fn update(
        &self,
        id: &SessionId,
        change: &Change,
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        let hashed = self.hashed.read().await;
        within(self.store.update(&SessionKey::of(id, *hashed), change, now)).await
    }

    /// [`SessionStore::rotate`] to a new login.
    pub(crate) async fn rotate(
        &self,
        old: &SessionId,
        new: &SessionId,
        fresh: Session,
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        let hashed = self.hashed.read().await;
        let (old, new) = (SessionKey::of(old, *hashed), SessionKey::of(new, *hashed));
        within(self.store.rotate(&old, &new, Some(fresh), now)).await
    }

    /// [`SessionStore::delete`].
    pub(crate) async fn delete(&self, id: &SessionId) -> Result<bool, StoreError> {
        let hashed = self.hashed.read().await;
        within(self.store.delete(&SessionKey::of(id, *hashed))).await
    }

    /// Deletes every row of a user. How many there were.
    pub(crate) async fn delete_all_of(&self, user: &str) -> Result<usize, StoreError> {
        let _keys_stay = self.hashed.read().await;
        let mut deleted = 0;
        for key in within(self.store.keys_of(user)).await? {
            deleted += usize::from(within(self.store.delete(&key)).await?);
        }
        Ok(deleted)
    }

    /// Applies a change to every row of a user.
    pub(crate) async fn update_all_of(&self, user: &str, change: &Change, now: Seconds) -> Result<(), StoreError> {
        let _keys_stay = self.hashed.read().await;
        for key in within(self.store.keys_of(user)).await? {
            within(self.store.update(&key, change, now)).await?;
        }
        Ok(())
    }

    /// [`SessionStore::rows`].
    pub(crate) async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        within(self.store.rows(now)).await
    }

    /// [`SessionStore::sweep`].
    pub(crate) async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        within(self.store.sweep(now)).await
    }

    /// Switches between ids and their hashes as keys. On: the rows move to their hashes, and everybody
    /// stays logged in. Off: a hash cannot be turned back into an id, so the rows go.
    pub(crate) async fn hash_ids(&self, on: bool, now: Seconds) -> Result<(), StoreError> {
        let mut hashed = self.hashed.write().await;
        *hashed = on;
        // Also when it is no change: so a switch that broke off can be finished.
        for row in within(self.store.rows(now)).await? {
            let key = SessionKey::of_row(&row);
            match (on, key.hashed()) {
                (true, Some(new)) => drop(within(self.store.rotate(&key, &new, None, now)).await?),
                (false, None) => drop(within(self.store.delete(&key)).await?),
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{MemoryStore, Promise};
    use domain::{
        cookie::CookieOptions,
        user::{Role, User},
    };

    fn session() -> Session {
        let user = User { name: "alice".into(), role: Role::User };
        Session::begin(user, CookieOptions::default(), 100, 100, 0)
    }

    /// A store that never answers.
    #[derive(Debug)]
    struct Frozen;

    fn never<'a, T: Send + 'a>() -> Promise<'a, T> {
        Box::pin(std::future::pending())
    }

    impl SessionStore for Frozen {
        fn create<'a>(&'a self, _: &'a SessionKey, _: Session, _: Seconds) -> Promise<'a, ()> {
            never()
        }
        fn load<'a>(&'a self, _: &'a SessionKey, _: bool, _: Seconds) -> Promise<'a, Option<Session>> {
            never()
        }
        fn update<'a>(&'a self, _: &'a SessionKey, _: &'a Change, _: Seconds) -> Promise<'a, Option<Session>> {
            never()
        }
        fn rotate<'a>(
            &'a self,
            _: &'a SessionKey,
            _: &'a SessionKey,
            _: Option<Session>,
            _: Seconds,
        ) -> Promise<'a, Option<Session>> {
            never()
        }
        fn delete<'a>(&'a self, _: &'a SessionKey) -> Promise<'a, bool> {
            never()
        }
        fn keys_of<'a>(&'a self, _: &'a str) -> Promise<'a, Vec<SessionKey>> {
            never()
        }
        fn rows(&self, _: Seconds) -> Promise<'_, Vec<Row>> {
            never()
        }
        fn sweep(&self, _: Seconds) -> Promise<'_, usize> {
            never()
        }
    }

    #[tokio::test]
    async fn a_store_that_does_not_answer_is_given_up_in_every_operation() {
        let sessions = Sessions::new(Arc::new(Frozen), false);
        let id = SessionId::from_bytes([1; 16]);
        assert_eq!(sessions.load(&id, true, 0).await, Err(StoreError::Timeout));
        assert_eq!(sessions.create(&id, session(), 0).await, Err(StoreError::Timeout));
        assert_eq!(sessions.rows(0).await, Err(StoreError::Timeout));
        assert_eq!(sessions.delete_all_of("alice").await, Err(StoreError::Timeout));
    }

    #[tokio::test]
    async fn hashing_keeps_everybody_logged_in_and_no_id_in_the_store() {
        let sessions = Sessions::new(Arc::new(MemoryStore::default()), false);
        let id = SessionId::from_bytes([1; 16]);
        sessions.create(&id, session(), 0).await.unwrap();
        sessions.hash_ids(true, 0).await.unwrap();
        sessions.hash_ids(true, 0).await.unwrap();
        assert!(sessions.load(&id, true, 0).await.unwrap().is_some());
        let key = sessions.rows(0).await.unwrap()[0].key.clone();
        assert_eq!(key.len(), 43);
        let stolen = SessionId::parse(&key);
        assert!(stolen.is_none(), "what the store shows does not even have the form of an id");
        sessions.hash_ids(false, 0).await.unwrap();
        assert!(sessions.rows(0).await.unwrap().is_empty());
    }
}
