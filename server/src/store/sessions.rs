//! The one place that asks a store: it turns ids into keys, counts, plays faults, and does not wait forever. Of a store
//! that others use as well, each lab has a share; one that is out of reach is left alone; and what it did after nobody
//! waited any more is taken back.

use super::{
    Found, Keeping, PATIENCE, Revision, SessionKey, SessionStore, StoreError,
    breaker::{Breaker, Call},
    share::{Alone, StoreShare, Ticket},
    undo::{Undo, Undos},
};
use domain::{
    Seconds,
    session::{Change, Session, SessionId},
    view::{Operation, Row, UserView},
};
use futures::future::BoxFuture;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// A question that is given up so shortly before its time has had it.
const A_MOMENT: Duration = Duration::from_millis(10);

/// A node's way to its sessions.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    store: Arc<dyn SessionStore>,
    keeping: Arc<Keeping>,
    /// Where the store is not the node's own.
    common: Option<Arc<Common>>,
}

/// What it takes to ask a store that others ask, too.
#[derive(Debug)]
struct Common {
    breaker: Option<Arc<Breaker>>,
    share: StoreShare,
    undos: Undos,
    looked: tokio::sync::Mutex<Option<Looked>>,
    looking: AtomicUsize,
}

/// All rows, for everybody who had come when they were read.
#[derive(Debug)]
struct Looked {
    began: Instant,
    now: Seconds,
    rows: Vec<Row>,
}

/// One question to a store.
struct Ask<'a> {
    /// As what it is counted. What the bench asks is not, and no fault that a visitor plays stands in its way.
    counts_as: Option<Operation>,
    alone: Alone<'a>,
    /// How it is taken back when nobody waits for it any more.
    undo: Option<Undo>,
    now: Seconds,
}

impl Ask<'_> {
    const fn of_the_bench(now: Seconds) -> Self {
        Self { counts_as: None, alone: Alone::Not, undo: None, now }
    }

    const fn counted(operation: Operation, now: Seconds) -> Self {
        Self { counts_as: Some(operation), alone: Alone::Not, undo: None, now }
    }
}

/// A question on its way. Dropped before there is an answer, nobody knows what became of it.
struct Asked {
    sessions: Sessions,
    call: Option<Call>,
    _ticket: Ticket,
    undo: Option<Undo>,
}

impl Asked {
    /// Whether it is to be taken back: the store may have done it, and whoever asked is told that it did not.
    fn ended<T>(mut self, result: &Result<T, StoreError>, is_told: bool) -> bool {
        if let Some(call) = self.call.take() {
            call.ended(result);
        }
        let is_open = matches!(result, Err(StoreError::Timeout)) || (result.is_ok() && !is_told);
        if !is_open {
            self.undo = None;
        }
        self.undo.is_some()
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if let (Some(undo), Some(common)) = (self.undo.take(), &self.sessions.common) {
            common.undos.add(undo);
        }
    }
}

impl Sessions {
    /// In a store of the node's own.
    pub(crate) fn new(store: Arc<dyn SessionStore>, keeping: Arc<Keeping>) -> Self {
        Self { store, keeping, common: None }
    }

    /// In a store that others use, too, and that may hold rows from before.
    pub(super) fn in_common(
        store: Arc<dyn SessionStore>,
        keeping: Arc<Keeping>,
        breaker: Option<Arc<Breaker>>,
    ) -> Self {
        keeping.mix();
        let (share, undos) = (StoreShare::default(), Undos::default());
        let common =
            Common { breaker, share, undos, looked: tokio::sync::Mutex::default(), looking: AtomicUsize::new(0) };
        Self { store, keeping, common: Some(Arc::new(common)) }
    }

    async fn ask<T, F>(&self, question: Ask<'_>, ask: impl FnOnce(Arc<dyn SessionStore>) -> F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let start = Instant::now();
        let counts_as = question.counts_as;
        let result = self.ask_until(start + PATIENCE, question, ask).await;
        if let Some(operation) = counts_as {
            self.keeping.count(operation, start.elapsed(), &result);
        }
        result
    }

    /// Asks only when no fault is in the way: a store may do what it is asked before it is waited for.
    async fn ask_until<T, F>(
        &self,
        deadline: Instant,
        question: Ask<'_>,
        ask: impl FnOnce(Arc<dyn SessionStore>) -> F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let Ask { counts_as, alone, undo, now } = question;
        if counts_as.is_some() {
            timeout_at(deadline, self.keeping.faults.suffer()).await.unwrap_or(Err(StoreError::Timeout))?;
        }
        let store = Arc::clone(&self.store);
        let Some(common) = &self.common else {
            return timeout_at(deadline, ask(store)).await.unwrap_or(Err(StoreError::Timeout));
        };
        let ticket = timeout_at(deadline, common.share.enter(alone)).await.map_err(|_| StoreError::Busy)?;
        let call = common.breaker.as_ref().map(Breaker::admit).transpose()?;
        let asked = Asked { sessions: self.clone(), call, _ticket: ticket, undo };
        let given_up = Instant::now() + PATIENCE;
        let mut asking = Box::pin(ask(store));
        if let Ok(result) = timeout_at(deadline, &mut asking).await {
            if asked.ended(&result, true) {
                self.undo_soon(now);
            }
            return result;
        }
        if given_up <= Instant::now() + A_MOMENT {
            drop(asking);
            if asked.ended(&Err::<(), _>(StoreError::Timeout), true) {
                self.undo_soon(now);
            }
            return Err(StoreError::Timeout);
        }
        // It began late, so that it is not the store's fault yet. It has its time, though nobody waits.
        let again = self.clone();
        tokio::spawn(async move {
            let result = timeout_at(given_up, asking).await.unwrap_or(Err(StoreError::Timeout));
            if asked.ended(&result, false) {
                again.undo(now).await;
            }
        });
        Err(StoreError::Timeout)
    }

    fn undo_soon(&self, now: Seconds) {
        tokio::spawn(self.clone().undo(now));
    }

    /// Takes back what the store may have done for nobody, as far as it answers.
    fn undo(self, now: Seconds) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let Some(common) = &self.common else { return };
            let Ok(_alone) = common.undos.at_work.try_lock() else { return };
            for (number, undo) in common.undos.open() {
                let found = match &undo {
                    Undo::Create(id) => self.remove(Ask::of_the_bench(now), SessionKey::both(id).into_iter()).await,
                    Undo::Rotate { old, new } => self.move_back(new, old, now).await,
                };
                match found {
                    Ok(found) => common.undos.answered(number, &undo, found),
                    // It will not answer the next one either.
                    Err(_) => return,
                }
            }
        })
    }

    async fn move_back(&self, from: &SessionId, to: &SessionId, now: Seconds) -> Result<bool, StoreError> {
        let (from, to) = (SessionKey::both(from), self.keeping.key(to));
        let moved = self.ask(Ask::of_the_bench(now), move |store| async move {
            for from in from {
                if store.rotate(&from, &to, None, now).await?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        });
        match moved.await {
            // The old one is there: it has not moved, or not yet.
            Err(StoreError::Exists) => Ok(false),
            moved => moved,
        }
    }

    /// [`SessionStore::create`].
    pub(crate) async fn create(&self, id: &SessionId, session: Session, now: Seconds) -> Result<(), StoreError> {
        let undo = Some(Undo::Create(id.clone()));
        let (key, then) = (self.keeping.key(id), self.in_present_form(id, now));
        let question = Ask { undo, ..Ask::counted(Operation::Create, now) };
        self.ask(question, move |store| async move {
            store.create(&key, session, now).await?;
            then.follow(&*store, &key).await;
            Ok(())
        })
        .await
    }

    /// Takes back what [`Self::create`] did, or [`Self::rotate`] from the row of another id, now or as soon as the
    /// store answers: a row that nobody was told of.
    pub(crate) async fn take_back(&self, id: &SessionId, from: Option<&SessionId>, now: Seconds) {
        match (&self.common, from) {
            (Some(common), from) => {
                let (new, old) = (id.clone(), from.cloned());
                common.undos.add(old.map_or(Undo::Create(id.clone()), |old| Undo::Rotate { old, new }));
                self.clone().undo(now).await;
            }
            (None, Some(from)) => {
                let _ = self.move_back(id, from, now).await;
            }
            (None, None) => {
                let _ = self.remove(Ask::of_the_bench(now), SessionKey::both(id).into_iter()).await;
            }
        }
    }

    /// [`SessionStore::load`] of a session. The row of a refresh token is none, whoever finds its id out.
    pub(crate) async fn load(&self, id: &SessionId, touch: bool, now: Seconds) -> Found {
        let row = self.look_up(Ask::counted(Operation::Load, now), id, touch).await?;
        Ok(row.filter(|row| row.refresh.is_none()))
    }

    /// [`SessionStore::load`] of the row of a refresh token. A session is none.
    pub(crate) async fn load_family(&self, id: &SessionId, now: Seconds) -> Found {
        let row = self.look_up(Ask::counted(Operation::Load, now), id, false).await?;
        Ok(row.filter(|row| row.refresh.is_some()))
    }

    async fn look_up(&self, question: Ask<'_>, id: &SessionId, touch: bool) -> Found {
        let (keys, now) = (self.keeping.keys_of(id), question.now);
        self.ask(question, move |store| async move {
            for key in keys {
                if let Some(row) = store.load(&key, touch, now).await? {
                    return Ok(Some(row));
                }
            }
            Ok(None)
        })
        .await
    }

    /// [`SessionStore::update`].
    pub(crate) async fn update(&self, id: &SessionId, change: &Change, now: Seconds) -> Found {
        let (keys, change) = (self.keeping.keys_of(id), change.clone());
        let question = Ask { alone: Alone::With(id), ..Ask::counted(Operation::Update, now) };
        self.ask(question, move |store| async move {
            for key in keys {
                if let Some(row) = store.update(&key, &change, now).await? {
                    return Ok(Some(row));
                }
            }
            Ok(None)
        })
        .await
    }

    /// [`SessionStore::rotate`] to a new login.
    pub(crate) async fn rotate(&self, old: &SessionId, new: &SessionId, fresh: Session, now: Seconds) -> Found {
        let undo = Some(Undo::Rotate { old: old.clone(), new: new.clone() });
        let (keys, key, then) = (self.keeping.keys_of(old), self.keeping.key(new), self.in_present_form(new, now));
        let question = Ask { alone: Alone::With(old), undo, ..Ask::counted(Operation::Rotate, now) };
        self.ask(question, move |store| async move {
            for old in keys {
                if let Some(row) = store.rotate(&old, &key, Some(fresh.clone()), now).await? {
                    then.follow(&*store, &key).await;
                    return Ok(Some(row));
                }
            }
            Ok(None)
        })
        .await
    }

    fn in_present_form(&self, id: &SessionId, now: Seconds) -> InPresentForm {
        InPresentForm { keeping: Arc::clone(&self.keeping), id: id.clone(), now }
    }

    /// [`SessionStore::delete`].
    pub(crate) async fn delete(&self, id: &SessionId) -> Result<bool, StoreError> {
        self.leave(id).await;
        self.remove(Ask::counted(Operation::Delete, 0), self.keeping.keys_of(id)).await
    }

    /// Whoever held this id leaves, whether its row was found or not: one that was to move back there goes instead.
    pub(crate) async fn leave(&self, id: &SessionId) {
        let Some(common) = &self.common else { return };
        if common.undos.owner_leaves(id) {
            // It may be moving back just now.
            let _ = tokio::time::timeout(PATIENCE, common.undos.at_work.lock()).await;
            let _ = self.remove(Ask::of_the_bench(0), SessionKey::both(id).into_iter()).await;
            self.clone().undo(0).await;
        }
    }

    async fn remove(
        &self,
        question: Ask<'_>,
        keys: impl Iterator<Item = SessionKey> + Send + 'static,
    ) -> Result<bool, StoreError> {
        self.ask(question, move |store| async move {
            for key in keys {
                if store.delete(&key).await? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await
    }

    /// Deletes every row of a user. How many there were.
    pub(crate) async fn delete_all_of(&self, user: &str) -> Result<usize, StoreError> {
        self.revise(Some(Operation::Find), &Revision::End(user.to_owned()), 0).await
    }

    /// Applies a change to every row of a user.
    pub(crate) async fn update_all_of(&self, user: &str, change: &Change, now: Seconds) -> Result<(), StoreError> {
        let revision = Revision::Change(user.to_owned(), change.clone());
        self.revise(Some(Operation::Find), &revision, now).await.map(drop)
    }

    pub(super) async fn revise(
        &self,
        counts_as: Option<Operation>,
        revision: &Revision,
        now: Seconds,
    ) -> Result<usize, StoreError> {
        let question = Ask { counts_as, alone: Alone::WithAll, undo: None, now };
        let revision = revision.clone();
        self.ask(question, move |store| async move { store.revise(&revision, now).await }).await
    }

    // What follows is the bench's doing: it is not counted, and no fault that a visitor plays stands in its way.

    /// Makes all rows say what the users are like now: rows of those who are unknown or disabled go, every other has
    /// its user's present role.
    pub(crate) async fn reconcile(&self, users: &[UserView], now: Seconds) -> Result<(), StoreError> {
        self.revise(None, &Revision::Reconcile(users.to_vec()), now).await.map(drop)
    }

    /// [`SessionStore::rows`]. Those who ask at the same time are answered together.
    pub(crate) async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        let (came, question) = (Instant::now(), Ask::of_the_bench(now));
        let read = move |store: Arc<dyn SessionStore>| async move { store.rows(now).await };
        let Some(common) = &self.common else { return self.ask(question, read).await };
        let _waits = InLookUp::on(&common.looking);
        let mut looked = timeout_at(came + PATIENCE, common.looked.lock()).await.map_err(|_| StoreError::Busy)?;
        if looked.as_ref().is_none_or(|looked| looked.began < came || looked.now != now) {
            let began = Instant::now();
            let rows = self.ask_until(came + PATIENCE, question, read).await?;
            *looked = Some(Looked { began, now, rows });
        }
        // Nobody else waits: then nothing is kept.
        if common.looking.load(Ordering::Acquire) == 1 {
            return Ok(looked.take().map(|looked| looked.rows).unwrap_or_default());
        }
        Ok(looked.as_ref().map(|looked| looked.rows.clone()).unwrap_or_default())
    }

    /// Whether there is a session of this id. It does not count as used.
    pub(crate) async fn knows(&self, id: &SessionId, now: Seconds) -> Result<bool, StoreError> {
        let row = self.look_up(Ask::of_the_bench(now), id, false).await?;
        Ok(row.is_some_and(|session| session.refresh.is_none()))
    }

    /// [`SessionStore::count`].
    pub(crate) async fn count(&self, now: Seconds) -> Result<usize, StoreError> {
        self.ask(Ask::of_the_bench(now), move |store| async move { store.count(now).await }).await
    }

    /// [`SessionStore::sweep`]; and what nobody holds is taken back.
    pub(crate) async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        self.clone().undo(now).await;
        self.ask(Ask::of_the_bench(now), move |store| async move { store.sweep(now).await }).await
    }

    /// [`SessionStore::clear`].
    pub(crate) async fn clear(&self) -> Result<(), StoreError> {
        self.ask(Ask::of_the_bench(0), move |store| async move { store.clear().await }).await
    }
}

/// Counts who waits.
struct InLookUp<'a>(&'a AtomicUsize);

impl<'a> InLookUp<'a> {
    fn on(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for InLookUp<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Follows a row that was just written when the form of keys became another meanwhile.
struct InPresentForm {
    keeping: Arc<Keeping>,
    id: SessionId,
    now: Seconds,
}

impl InPresentForm {
    /// Where that does not work, the row is found where it lies, and moved later.
    async fn follow(&self, store: &dyn SessionStore, key: &SessionKey) {
        let present = self.keeping.key(&self.id);
        if present != *key {
            let _ = store.rotate(key, &present, None, self.now).await;
        }
    }
}

#[cfg(test)]
mod tests;
