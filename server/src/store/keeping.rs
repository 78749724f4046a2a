//! How a lab keeps the sessions of one population, whichever node asks: under which keys, and what is counted and made
//! to go wrong on the way.

use super::{Revision, SessionKey, Sessions, StoreError, undo::LATE};
use domain::{
    Seconds,
    session::SessionId,
    view::{Operation, OperationView},
};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// What all nodes of a lab have in common when they ask.
#[derive(Debug)]
pub(crate) struct Keeping {
    form: Mutex<KeyForm>,
    /// Held while the form changes.
    changing: tokio::sync::Mutex<()>,
    took: Mutex<[Took; Operation::ALL.len()]>,
    pub(super) faults: Arc<StoreFaults>,
}

/// What the keys of rows are like.
#[derive(Clone, Copy, Debug)]
struct KeyForm {
    /// New rows are kept under the hash of their id.
    hashed: bool,
    /// Since when rows of the other form may lie there, too. While they do, a look-up tries both.
    mixed_since: Option<Instant>,
    /// When there were none of the other form for the first time. What is late may still make some.
    pure_since: Option<Instant>,
}

impl KeyForm {
    fn mixed(hashed: bool) -> Self {
        Self { hashed, mixed_since: Some(Instant::now()), pure_since: None }
    }
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

    pub(super) async fn suffer(&self) -> Result<(), StoreError> {
        let delay = self.delay_ms.load(Ordering::Acquire);
        if delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        if self.down.load(Ordering::Acquire) { Err(StoreError::Unavailable) } else { Ok(()) }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Took {
    count: u64,
    failed: u64,
    total: Duration,
    slowest: Duration,
}

/// See [`Keeping::keys_of`].
pub(super) struct Keys {
    keeping: Arc<Keeping>,
    id: SessionId,
    tried: Vec<SessionKey>,
}

impl Iterator for Keys {
    type Item = SessionKey;

    fn next(&mut self) -> Option<SessionKey> {
        let key = self.keeping.keys(&self.id).into_iter().find(|key| !self.tried.contains(key))?;
        self.tried.push(key.clone());
        Some(key)
    }
}

impl Keeping {
    pub(crate) fn new(faults: Arc<StoreFaults>) -> Self {
        let form = Mutex::new(KeyForm { hashed: false, mixed_since: None, pure_since: None });
        Self { form, changing: tokio::sync::Mutex::default(), took: Mutex::default(), faults }
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

    pub(super) fn count<T>(&self, operation: Operation, elapsed: Duration, result: &Result<T, StoreError>) {
        let unanswered = matches!(result, Err(StoreError::Timeout | StoreError::Unavailable | StoreError::Busy));
        let mut took = self.took.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(took) = took.get_mut(operation as usize) {
            took.count += 1;
            took.failed += u64::from(unanswered);
            took.total += elapsed;
            took.slowest = took.slowest.max(elapsed);
        }
    }

    fn form(&self) -> MutexGuard<'_, KeyForm> {
        self.form.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of a row that is written now.
    pub(super) fn key(&self, id: &SessionId) -> SessionKey {
        SessionKey::of(id, self.form().hashed)
    }

    /// The keys under which a row may lie. The id itself comes first: rows only ever move from there to its hash, so
    /// one that is not found under either was nowhere.
    pub(super) fn keys(&self, id: &SessionId) -> Vec<SessionKey> {
        let form = *self.form();
        if form.mixed_since.is_some() { SessionKey::both(id).into() } else { vec![SessionKey::of(id, form.hashed)] }
    }

    /// The same, one after the other, each as it is when it is asked for: the form may become another one while one
    /// waits for the store, and while one looks.
    pub(super) fn keys_of(self: &Arc<Self>, id: &SessionId) -> Keys {
        Keys { keeping: Arc::clone(self), id: id.clone(), tried: Vec::new() }
    }

    /// Rows of both forms may lie there.
    pub(super) fn mix(&self) {
        let mut form = self.form();
        *form = KeyForm::mixed(form.hashed);
    }

    /// Switches between ids and their hashes as keys, in all these stores. On: the rows move to their hashes,
    /// and everybody stays logged in. Off: the rows that lie under hashes go. Nobody waits for it: what is written
    /// meanwhile is written in the new form, and what is looked for is found in either.
    ///
    /// Where a store does not take it, new rows are kept as before. Rows that were moved all the same are found.
    pub(crate) async fn hash_ids(&self, on: bool, stores: &[&Sessions], now: Seconds) -> Result<(), StoreError> {
        let _alone = self.changing.lock().await;
        let before = std::mem::replace(&mut *self.form(), KeyForm::mixed(on));
        // Also when it is no change: so a switch that broke off can be finished.
        let revision = if on { Revision::HashKeys } else { Revision::DropHashes };
        for sessions in stores {
            if let Err(error) = sessions.revise(None, &revision, now).await {
                *self.form() = KeyForm::mixed(before.hashed);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Looks, some time after a switch, whether all rows are of one form, and moves those that are not. When that was
    /// so twice, one look is enough again.
    pub(crate) async fn settle(&self, stores: &[Sessions], now: Seconds) -> Result<(), StoreError> {
        let Ok(_alone) = self.changing.try_lock() else { return Ok(()) };
        let before = *self.form();
        if before.mixed_since.is_none() {
            return Ok(());
        }
        let mut is_pure = true;
        for sessions in stores {
            if before.hashed {
                is_pure &= sessions.revise(None, &Revision::HashKeys, now).await? == 0;
            } else {
                is_pure &= sessions.rows(now).await?.iter().all(|row| SessionKey::of_row(row).is_id());
            }
        }
        let mut form = self.form();
        if form.mixed_since == before.mixed_since {
            form.pure_since = is_pure.then(|| form.pure_since.unwrap_or_else(Instant::now));
            if form.pure_since.is_some_and(|since| since.elapsed() >= LATE) {
                form.mixed_since = None;
            }
        }
        Ok(())
    }
}
