//! How a lab keeps the sessions of one population, whichever node asks: under which keys, with what counts and faults.

use super::{Revision, SessionKey, SessionStore, Sessions, StoreError, Unsure, lock};
use domain::{
    Seconds,
    session::SessionId,
    view::{Operation, OperationView},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

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
#[derive(Clone, Copy, Debug, Default)]
struct KeyForm {
    /// New rows are kept under the hash of their id.
    hashed: bool,
    /// Whether rows of the other form may lie there, too. While they do, a look-up tries both.
    mixed: Unsure,
}

/// What a visitor makes go wrong with the store: whether it is down, and by how many milliseconds it is late.
#[derive(Debug, Default)]
pub(crate) struct StoreFaults(Mutex<(bool, u64)>);

impl StoreFaults {
    pub(crate) fn set(&self, down: bool, delay_ms: u64) {
        *lock(&self.0) = (down, delay_ms);
    }

    pub(super) async fn suffer(&self) -> Result<(), StoreError> {
        let (_, delay_ms) = *lock(&self.0);
        if delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        }
        let (is_down, _) = *lock(&self.0);
        if is_down { Err(StoreError::Unavailable) } else { Ok(()) }
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
        Self { form: Mutex::default(), changing: tokio::sync::Mutex::default(), took: Mutex::default(), faults }
    }

    /// What was asked so far, by kind; kinds that were not asked for are left out.
    pub(crate) fn operations(&self) -> Vec<OperationView> {
        let took = lock(&self.took);
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
        *lock(&self.took) = Default::default();
    }

    pub(super) fn count(&self, operation: Operation, elapsed: Duration, answered: bool) {
        let mut took = lock(&self.took);
        if let Some(took) = took.get_mut(operation as usize) {
            took.count += 1;
            took.failed += u64::from(!answered);
            took.total += elapsed;
            took.slowest = took.slowest.max(elapsed);
        }
    }

    /// The key of a row that is written now.
    pub(super) fn key(&self, id: &SessionId) -> SessionKey {
        SessionKey::of(id, lock(&self.form).hashed)
    }

    /// The keys under which a row may lie. The id itself comes first: rows only ever move from there to its hash, so
    /// one that is not found under either was nowhere.
    pub(super) fn keys(&self, id: &SessionId) -> impl Iterator<Item = SessionKey> {
        let form = *lock(&self.form);
        let forms = [false, true].into_iter().filter(move |hashed| form.mixed.is_unsure() || *hashed == form.hashed);
        forms.map(|hashed| SessionKey::of(id, hashed))
    }

    /// Follows a row that was just written when the form of keys became another meanwhile. Where that does not work, it
    /// is found where it lies, and moved later.
    pub(super) async fn follow(&self, store: &dyn SessionStore, id: &SessionId, key: &SessionKey, now: Seconds) {
        let present = self.key(id);
        if present != *key {
            let _ = store.rotate(key, &present, None, now).await;
        }
    }

    /// New rows are of this form from now on, if one is given, and rows of either may lie there. What it was before.
    pub(super) fn set_form(&self, hashed: Option<bool>) -> bool {
        let mut form = lock(&self.form);
        let before = form.hashed;
        form.hashed = hashed.unwrap_or(before);
        form.mixed.set(true);
        before
    }

    /// Switches between ids and their hashes as keys, in all these stores. On: the rows move to their hashes,
    /// and everybody stays logged in. Off: the rows that lie under hashes go. Nobody waits for it: what is written
    /// meanwhile is written in the new form, and what is looked for is found in either.
    ///
    /// Where a store does not take it, new rows are kept as before. Rows that were moved all the same are found.
    pub(crate) async fn hash_ids(&self, on: bool, stores: &[Sessions], now: Seconds) -> Result<(), StoreError> {
        let _alone = self.changing.lock().await;
        let before = self.set_form(Some(on));
        // Also when it is no change: so a switch that broke off can be finished.
        let revision = if on { Revision::HashKeys } else { Revision::DropHashes };
        for sessions in stores {
            if let Err(error) = sessions.revise(&revision, now).await {
                self.set_form(Some(before));
                return Err(error);
            }
        }
        Ok(())
    }

    /// Looks, some time after a switch, whether all rows are of one form, and moves those that are not. When that was
    /// so twice, one look is enough again.
    pub(crate) async fn settle(&self, stores: &[Sessions], now: Seconds) -> Result<(), StoreError> {
        let Ok(_alone) = self.changing.try_lock() else { return Ok(()) };
        let form = *lock(&self.form);
        let Some(pass) = form.mixed.begin() else { return Ok(()) };
        let mut is_pure = true;
        for sessions in stores {
            if form.hashed {
                is_pure &= sessions.revise(&Revision::HashKeys, now).await? == 0;
            } else {
                is_pure &= sessions.rows(now).await?.iter().all(|row| SessionId::parse(&row.key).is_some());
            }
        }
        lock(&self.form).mixed.ended(pass, is_pure);
        Ok(())
    }
}
