//! The one place through which requests reach a store: it turns ids into keys, counts, and does not wait
//! forever.

use super::{Promise, SessionKey, SessionStore, StoreError};
use domain::{
    Seconds,
    session::{Change, Session, SessionId},
    view::{Operation, OperationView, Row},
};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::RwLock;

/// How long a store may take. Longer, and the visitor gets an honest 503 rather than a page that hangs.
const PATIENCE: Duration = Duration::from_millis(300);

/// How a lab keeps the sessions of one population, whichever node asks.
#[derive(Debug)]
pub(crate) struct Keeping {
    /// Whether keys are hashes. Held for reading through each operation, so that none of them sees a store
    /// in which only some keys have been changed.
    hashed: RwLock<bool>,
    took: Mutex<[Took; Operation::ALL.len()]>,
    faults: Arc<StoreFaults>,
}

/// What a visitor makes go wrong with the store.
#[derive(Debug, Default)]
pub(crate) struct StoreFaults {
    down: AtomicBool,
    delay_ms: AtomicU64,
}

impl StoreFaults {
    /// From now on.
    pub(crate) fn set(&self, down: bool, delay_ms: u64) {
        self.down.store(down, Ordering::Release);
        self.delay_ms.store(delay_ms, Ordering::Release);
    }

    pub(crate) fn is_down(&self) -> bool {
        self.down.load(Ordering::Acquire)
    }

    async fn suffer(&self) -> Result<(), StoreError> {
        let delay = self.delay_ms.load(Ordering::Acquire);
        if delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        if self.is_down() { Err(StoreError::Unavailable) } else { Ok(()) }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Took {
    count: u64,
    failed: u64,
    total: Duration,
    slowest: Duration,
}

impl Keeping {
    pub(crate) fn new(faults: Arc<StoreFaults>) -> Self {
        Self { hashed: RwLock::new(false), took: Mutex::default(), faults }
    }

    /// What was asked so far, by kind; kinds that were not asked for are left out.
    pub(crate) fn operations(&self) -> Vec<OperationView> {
        let took = self.took.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = Operation::ALL.into_iter().zip(took.iter()).filter(|(_, took)| took.count > 0);
        asked
            .map(|(operation, took)| OperationView {
                operation,
                count: took.count,
                failed: took.failed,
                #[expect(clippy::cast_precision_loss, reason = "a count of operations")]
                mean_micros: took.total.as_secs_f64() * 1e6 / took.count as f64,
                slowest_micros: took.slowest.as_secs_f64() * 1e6,
            })
            .collect()
    }

    /// Starts counting anew.
    pub(crate) fn forget_operations(&self) {
        *self.took.lock().unwrap_or_else(PoisonError::into_inner) = Default::default();
    }

    /// Switches between ids and their hashes as keys, in all these stores. On: the rows move to their hashes,
    /// and everybody stays logged in. Off: a hash cannot be turned back into an id, so the rows go.
    pub(crate) async fn hash_ids(&self, on: bool, stores: &[&Sessions], now: Seconds) -> Result<(), StoreError> {
        let mut hashed = self.hashed.write().await;
        *hashed = on;
        for sessions in stores {
            sessions.rekey(on, now).await?;
        }
        Ok(())
    }

    /// Asks only when no fault is in the way: a store may do what it is asked before it is waited for.
    async fn counted<'a, T>(
        &self,
        operation: Operation,
        ask: impl FnOnce() -> Promise<'a, T>,
    ) -> Result<T, StoreError> {
        let start = Instant::now();
        let result = within(async {
            self.faults.suffer().await?;
            ask().await
        })
        .await;
        let elapsed = start.elapsed();
        let unanswered = matches!(result, Err(StoreError::Timeout | StoreError::Unavailable));
        let mut took = self.took.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(took) = took.get_mut(operation as usize) {
            took.count += 1;
            took.failed += u64::from(unanswered);
            took.total += elapsed;
            took.slowest = took.slowest.max(elapsed);
        }
        result
    }
}

/// Waits for an answer, but not longer than the patience.
pub(super) async fn within<T>(answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Err(StoreError::Timeout))
}

/// A node's way to its sessions.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    store: Arc<dyn SessionStore>,
    keeping: Arc<Keeping>,
}

impl Sessions {
    pub(crate) fn new(store: Arc<dyn SessionStore>, keeping: Arc<Keeping>) -> Self {
        Self { store, keeping }
    }

    /// [`SessionStore::create`].
    pub(crate) async fn create(&self, id: &SessionId, session: Session, now: Seconds) -> Result<(), StoreError> {
        let hashed = self.keeping.hashed.read().await;
        let key = SessionKey::of(id, *hashed);
        self.keeping.counted(Operation::Create, || self.store.create(&key, session, now)).await
    }

    /// [`SessionStore::load`] of a session. The row of a refresh token is none, whoever finds its id out.
    pub(crate) async fn load(&self, id: &SessionId, touch: bool, now: Seconds) -> Result<Option<Session>, StoreError> {
        Ok(self.load_any(id, touch, now).await?.filter(|row| row.refresh.is_none()))
    }

    /// [`SessionStore::load`] of the row of a refresh token. A session is none.
    pub(crate) async fn load_family(&self, id: &SessionId, now: Seconds) -> Result<Option<Session>, StoreError> {
        Ok(self.load_any(id, false, now).await?.filter(|row| row.refresh.is_some()))
    }

    async fn load_any(&self, id: &SessionId, touch: bool, now: Seconds) -> Result<Option<Session>, StoreError> {
        let hashed = self.keeping.hashed.read().await;
        let key = SessionKey::of(id, *hashed);
        self.keeping.counted(Operation::Load, || self.store.load(&key, touch, now)).await
    }

    /// [`SessionStore::update`].
    pub(crate) async fn update(
        &self,
        id: &SessionId,
        change: &Change,
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        let hashed = self.keeping.hashed.read().await;
        let key = SessionKey::of(id, *hashed);
        self.keeping.counted(Operation::Update, || self.store.update(&key, change, now)).await
    }

    /// [`SessionStore::rotate`] to a new login.
    pub(crate) async fn rotate(
        &self,
        old: &SessionId,
        new: &SessionId,
        fresh: Session,
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        let hashed = self.keeping.hashed.read().await;
        let (old, new) = (SessionKey::of(old, *hashed), SessionKey::of(new, *hashed));
        self.keeping.counted(Operation::Rotate, || self.store.rotate(&old, &new, Some(fresh), now)).await
    }

    /// [`SessionStore::delete`].
    pub(crate) async fn delete(&self, id: &SessionId) -> Result<bool, StoreError> {
        let hashed = self.keeping.hashed.read().await;
        let key = SessionKey::of(id, *hashed);
        self.keeping.counted(Operation::Delete, || self.store.delete(&key)).await
    }

    /// Deletes every row of a user. How many there were.
    pub(crate) async fn delete_all_of(&self, user: &str) -> Result<usize, StoreError> {
        let _keys_stay = self.keeping.hashed.read().await;
        let mut deleted = 0;
        for key in self.keeping.counted(Operation::Find, || self.store.keys_of(user)).await? {
            deleted += usize::from(self.keeping.counted(Operation::Delete, || self.store.delete(&key)).await?);
        }
        Ok(deleted)
    }

    /// Applies a change to every row of a user.
    pub(crate) async fn update_all_of(&self, user: &str, change: &Change, now: Seconds) -> Result<(), StoreError> {
        let _keys_stay = self.keeping.hashed.read().await;
        for key in self.keeping.counted(Operation::Find, || self.store.keys_of(user)).await? {
            self.keeping.counted(Operation::Update, || self.store.update(&key, change, now)).await?;
        }
        Ok(())
    }

    // What follows is the bench's doing: it is not counted, and no fault that a visitor plays stands in its way.

    /// [`SessionStore::rows`].
    pub(crate) async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        within(self.store.rows(now)).await
    }

    /// Whether there is a session of this id. It does not count as used.
    pub(crate) async fn knows(&self, id: &SessionId, now: Seconds) -> Result<bool, StoreError> {
        let hashed = self.keeping.hashed.read().await;
        let key = SessionKey::of(id, *hashed);
        Ok(within(self.store.load(&key, false, now)).await?.is_some_and(|session| session.refresh.is_none()))
    }

    /// [`SessionStore::count`].
    pub(crate) async fn count(&self, now: Seconds) -> Result<usize, StoreError> {
        within(self.store.count(now)).await
    }

    /// [`SessionStore::sweep`].
    pub(crate) async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        within(self.store.sweep(now)).await
    }

    /// [`SessionStore::clear`].
    pub(crate) async fn clear(&self) -> Result<(), StoreError> {
        within(self.store.clear()).await
    }

    async fn rekey(&self, on: bool, now: Seconds) -> Result<(), StoreError> {
        // Also when it is no change: so a switch that broke off can be finished.
        for row in self.rows(now).await? {
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
    use crate::store::{MemoryStore, Population};
    use domain::{
        cookie::CookieOptions,
        scheme::Carrier,
        session::Family,
        user::{Role, User},
    };

    fn session() -> Session {
        let user = User { name: "alice".into(), role: Role::User };
        Session::begin(user, CookieOptions::default(), 100, 100, 0)
    }

    fn keeping() -> Arc<Keeping> {
        Arc::new(Keeping::new(Arc::default()))
    }

    fn in_memory(keeping: &Arc<Keeping>) -> Sessions {
        Sessions::new(Arc::new(MemoryStore::new(Population::Visitors)), Arc::clone(keeping))
    }

    #[tokio::test]
    async fn a_store_that_is_made_to_be_down_lets_nobody_in_and_has_lost_nothing_when_it_is_back() {
        let faults = Arc::new(StoreFaults::default());
        let keeping = Arc::new(Keeping::new(Arc::clone(&faults)));
        let sessions = in_memory(&keeping);
        let id = SessionId::from_bytes([1; 16]);
        sessions.create(&id, session(), 0).await.unwrap();
        faults.set(true, 0);
        assert_eq!(sessions.load(&id, true, 0).await, Err(StoreError::Unavailable));
        assert_eq!(sessions.delete(&id).await, Err(StoreError::Unavailable));
        faults.set(false, 0);
        assert!(sessions.load(&id, true, 0).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_refresh_token_s_row_is_no_session_and_a_session_no_refresh_token_s_row() {
        let sessions = in_memory(&keeping());
        let [session_id, family_id] = [1, 2].map(|n| SessionId::from_bytes([n; 16]));
        let family = Family { next: "x".into(), login: String::new(), carrier: Carrier::Cookie, token_lifetime: 60 };
        sessions.create(&session_id, session(), 0).await.unwrap();
        sessions.create(&family_id, Session { refresh: Some(family), ..session() }, 0).await.unwrap();
        assert!(sessions.load(&session_id, true, 0).await.unwrap().is_some());
        assert_eq!(sessions.load(&family_id, true, 0).await, Ok(None));
        assert_eq!(sessions.load_family(&session_id, 0).await, Ok(None));
        assert!(sessions.load_family(&family_id, 0).await.unwrap().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_store_is_waited_for_but_not_longer_than_the_patience() {
        let faults = Arc::new(StoreFaults::default());
        let sessions = in_memory(&Arc::new(Keeping::new(Arc::clone(&faults))));
        let id = SessionId::from_bytes([1; 16]);
        faults.set(false, 299);
        sessions.create(&id, session(), 0).await.unwrap();
        faults.set(false, 301);
        assert_eq!(sessions.load(&id, true, 0).await, Err(StoreError::Timeout));
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
        fn count(&self, _: Seconds) -> Promise<'_, usize> {
            never()
        }
        fn sweep(&self, _: Seconds) -> Promise<'_, usize> {
            never()
        }
        fn clear(&self) -> Promise<'_, ()> {
            never()
        }
    }

    #[tokio::test]
    async fn a_store_that_does_not_answer_is_given_up_in_every_operation() {
        let keeping = keeping();
        let sessions = Sessions::new(Arc::new(Frozen), Arc::clone(&keeping));
        let id = SessionId::from_bytes([1; 16]);
        assert_eq!(sessions.load(&id, true, 0).await, Err(StoreError::Timeout));
        assert_eq!(sessions.create(&id, session(), 0).await, Err(StoreError::Timeout));
        assert_eq!(sessions.rows(0).await, Err(StoreError::Timeout));
        assert_eq!(sessions.delete_all_of("alice").await, Err(StoreError::Timeout));
        let asked: Vec<_> = keeping.operations().iter().map(|o| (o.operation, o.count, o.failed)).collect();
        assert_eq!(asked, [(Operation::Create, 1, 1), (Operation::Load, 1, 1), (Operation::Find, 1, 1)]);
    }

    #[tokio::test]
    async fn hashing_keeps_everybody_logged_in_and_no_id_in_the_store() {
        let keeping = keeping();
        let sessions = in_memory(&keeping);
        let id = SessionId::from_bytes([1; 16]);
        sessions.create(&id, session(), 0).await.unwrap();
        keeping.hash_ids(true, &[&sessions], 0).await.unwrap();
        keeping.hash_ids(true, &[&sessions], 0).await.unwrap();
        assert!(sessions.load(&id, true, 0).await.unwrap().is_some());
        let key = sessions.rows(0).await.unwrap()[0].key.clone();
        assert_eq!(key.len(), 43);
        let stolen = SessionId::parse(&key);
        assert!(stolen.is_none(), "what the store shows does not even have the form of an id");
        keeping.hash_ids(false, &[&sessions], 0).await.unwrap();
        assert!(sessions.rows(0).await.unwrap().is_empty());
    }
}
