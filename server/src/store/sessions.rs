//! The one place that asks a store: it turns ids into keys, counts, plays faults, and does not wait forever. Of a store
//! that others use as well, each lab has a share; one that is out of reach is left alone; and what it did after nobody
//! waited any more is taken back.

use super::{
    Found, Keeping, PATIENCE, Revision, SessionKey, SessionStore, StoreError,
    breaker::Breaker,
    revision::Undo,
    share::{Alone, StoreShare},
    undo::Undos,
};
use crate::{metrics, to_its_end::ToItsEnd};
use domain::{
    Seconds,
    session::{Change, Session, SessionId},
    topology::StoreKind,
    view::{Operation, Row},
};
use futures::future::BoxFuture;
use std::{sync::Arc, time::Duration};
use tokio::{
    runtime::Handle,
    time::{Instant, timeout, timeout_at},
};

/// Where a question's time is over so shortly after that of whoever asked, its end is waited for.
const A_MOMENT: Duration = Duration::from_millis(10);

/// A node's way to its sessions.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    store: Arc<dyn SessionStore>,
    kind: StoreKind,
    keeping: Arc<Keeping>,
    patience: Duration,
    /// Where the store is not the node's own.
    common: Option<Arc<Common>>,
}

/// What it takes to ask a store that others ask, too.
#[derive(Debug)]
struct Common {
    breaker: Option<Arc<Breaker>>,
    share: StoreShare,
    undos: Arc<Undos>,
    /// Whoever waits for it holds it.
    looked: Arc<tokio::sync::Mutex<Option<Looked>>>,
}

/// All rows, for everybody who had come when they were read.
#[derive(Clone, Debug)]
struct Looked {
    began: Instant,
    now: Seconds,
    rows: Vec<Row>,
}

struct Ask<'a> {
    /// As what it is counted. What the bench asks is not, and no fault that a visitor plays stands in its way.
    counts_as: Option<Operation>,
    alone: Alone<'a>,
    /// How it is taken back when nobody waits for it any more.
    undo: Option<Undo>,
    now: Seconds,
    /// When whoever asks came.
    since: Instant,
}

impl Ask<'_> {
    fn of(counts_as: Option<Operation>, now: Seconds) -> Self {
        Self { counts_as, alone: Alone::Not, undo: None, now, since: Instant::now() }
    }
}

/// A question on its way, and then its answer. Dropped before whoever asked has been told, it is taken back.
struct Asked {
    sessions: Sessions,
    undo: Option<Undo>,
    now: Seconds,
}

impl Asked {
    /// Whoever asked is told this. Then there is something to take back only where nobody knows what was done.
    fn is_told<T>(&mut self, result: &Result<T, StoreError>) {
        if !matches!(result, Err(StoreError::Timeout)) {
            self.undo = None;
        }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let (Some(undo), Some(common)) = (self.undo.take(), &self.sessions.common) else { return };
        common.undos.add(undo);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(self.sessions.clone().undo(self.now));
        }
    }
}

impl Sessions {
    /// In a store of the node's own.
    pub(crate) fn new(kind: StoreKind, store: Arc<dyn SessionStore>, keeping: Arc<Keeping>) -> Self {
        Self { store, kind, keeping, patience: PATIENCE, common: None }
    }

    /// In a store that others use, too, and that may hold rows from before.
    pub(super) fn in_common(
        kind: StoreKind,
        store: Arc<dyn SessionStore>,
        keeping: Arc<Keeping>,
        breaker: Option<Arc<Breaker>>,
        undos: Arc<Undos>,
        patience: Duration,
    ) -> Self {
        keeping.set_form(None);
        let common = Common { breaker, share: StoreShare::default(), undos, looked: Arc::default() };
        Self { store, kind, keeping, patience, common: Some(Arc::new(common)) }
    }

    /// What is to be taken back, where the store is not the node's own.
    pub(super) fn undos(&self) -> Arc<Undos> {
        self.common.as_ref().map(|common| Arc::clone(&common.undos)).unwrap_or_default()
    }

    async fn ask<T, F>(&self, question: Ask<'_>, ask: impl FnOnce(Arc<dyn SessionStore>) -> F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let Ask { counts_as, alone, undo, now, since } = question;
        let answer = async {
            // A store may do what it is asked before it is waited for: so it is asked only when no fault is in the way.
            if counts_as.is_some() {
                timeout(PATIENCE, self.keeping.faults.suffer()).await.unwrap_or(Err(StoreError::Timeout))?;
            }
            let (store, deadline) = (Arc::clone(&self.store), since + self.patience);
            let Some(common) = &self.common else {
                return timeout_at(deadline, ask(store)).await.unwrap_or(Err(StoreError::Timeout));
            };
            let ticket = timeout_at(deadline, common.share.enter(alone)).await.map_err(|_| StoreError::Busy)?;
            let call = common.breaker.as_ref().map(Breaker::admit).transpose()?;
            let mut asked = Asked { sessions: self.clone(), undo, now };
            let given_up = Instant::now() + self.patience;
            let asking = ask(store);
            // It has its time, also when nobody waits: where it began late, that is not the store's fault yet.
            let to_its_end = ToItsEnd::of(async move {
                let result = timeout_at(given_up, asking).await.unwrap_or(Err(StoreError::Timeout));
                if let Some(call) = call {
                    call.ended(&result);
                }
                drop(ticket);
                if result.is_err() {
                    asked.is_told(&result);
                }
                (result, asked)
            });
            let patience = if given_up <= deadline + A_MOMENT { given_up + A_MOMENT } else { deadline };
            let Ok(Ok((result, mut asked))) = timeout_at(patience, to_its_end).await else {
                return Err(StoreError::Timeout);
            };
            asked.is_told(&result);
            result
        };
        let result: Result<T, StoreError> = answer.await;
        if let Some(operation) = counts_as {
            let took = since.elapsed();
            let answered = !matches!(result, Err(StoreError::Timeout | StoreError::Unavailable | StoreError::Busy));
            self.keeping.count(operation, took, answered);
            metrics::asked(self.kind, operation, answered, took);
        }
        result
    }

    /// Takes back what the store may have done for nobody, as far as it answers.
    fn undo(self, now: Seconds) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let Some(common) = &self.common else { return };
            let Ok(_alone) = common.undos.at_work.try_lock() else { return };
            let (began, undos) = (Instant::now(), common.undos.all());
            if !undos.is_empty() && self.revise(&Revision::TakeBack(undos.clone()), now).await.is_ok() {
                common.undos.through(&undos, began);
            }
        })
    }

    pub(crate) async fn create(&self, id: &SessionId, session: Session, now: Seconds) -> Result<(), StoreError> {
        let (keeping, id, key) = (Arc::clone(&self.keeping), id.clone(), self.keeping.key(id));
        let question = Ask { undo: Some(Undo::of(&id, None)), ..Ask::of(Some(Operation::Create), now) };
        self.ask(question, move |store| async move {
            store.create(&key, session, now).await?;
            keeping.follow(&*store, &id, &key, now).await;
            Ok(())
        })
        .await
    }

    /// Takes back a row that nobody was told of, created or moved from another id, now or as soon as the store answers.
    pub(crate) async fn take_back(&self, id: &SessionId, from: Option<&SessionId>, now: Seconds) {
        let undo = Undo::of(id, from);
        if let Some(common) = &self.common {
            common.undos.add(undo);
            self.clone().undo(now).await;
        } else {
            let _ = self.revise(&Revision::TakeBack(vec![undo]), now).await;
        }
    }

    /// [`SessionStore::load`] of a session. The row of a refresh token is none, whoever finds its id out.
    pub(crate) async fn load(&self, id: &SessionId, touch: bool, now: Seconds) -> Found {
        self.look_up(Ask::of(Some(Operation::Load), now), id, touch, false).await
    }

    /// [`SessionStore::load`] of the row of a refresh token. A session is none.
    pub(crate) async fn load_family(&self, id: &SessionId, now: Seconds) -> Found {
        self.look_up(Ask::of(Some(Operation::Load), now), id, false, true).await
    }

    async fn look_up(&self, question: Ask<'_>, id: &SessionId, touch: bool, is_family: bool) -> Found {
        let now = question.now;
        let load = move |store: Arc<dyn SessionStore>, key, ()| async move { store.load(&key, touch, now).await };
        let row = self.find(question, id, (), load).await?;
        // Whoever brings its id comes after it was written: so it is from before this lab, whose clock was another.
        Ok(row.filter(|row| !row.is_from_a_clock_ahead(now) && row.refresh.is_some() == is_family))
    }

    pub(crate) async fn update(&self, id: &SessionId, change: &Change, now: Seconds) -> Found {
        let question = Ask { alone: Alone::With(id), ..Ask::of(Some(Operation::Update), now) };
        let update = move |store: Arc<dyn SessionStore>, key, change: Change| async move {
            store.update(&key, &change, now).await
        };
        self.find(question, id, change.clone(), update).await
    }

    /// [`SessionStore::rotate`] to a new login.
    pub(crate) async fn rotate(&self, old: &SessionId, new: &SessionId, fresh: Session, now: Seconds) -> Found {
        let undo = Some(Undo::of(new, Some(old)));
        let question = Ask { alone: Alone::With(old), undo, ..Ask::of(Some(Operation::Rotate), now) };
        let with = (Arc::clone(&self.keeping), new.clone(), self.keeping.key(new), fresh);
        self.find(question, old, with, move |store, key, (keeping, new, to, fresh)| async move {
            let moved = store.rotate(&key, &to, Some(fresh), now).await?;
            if moved.is_some() {
                keeping.follow(&*store, &new, &to, now).await;
            }
            Ok(moved)
        })
        .await
    }

    pub(crate) async fn delete(&self, id: &SessionId) -> Result<bool, StoreError> {
        self.leave(id).await;
        let delete = |store: Arc<dyn SessionStore>, key, ()| async move { Ok(store.delete(&key).await?.then_some(())) };
        Ok(self.find(Ask::of(Some(Operation::Delete), 0), id, (), delete).await?.is_some())
    }

    /// Whoever held this id leaves, whether its row was found or not: one that was to move back there goes instead.
    pub(crate) async fn leave(&self, id: &SessionId) {
        // It may be moving back just now.
        if self.common.as_ref().is_some_and(|common| common.undos.owner_leaves(id)) {
            self.undo_anew(0).await;
        }
    }

    /// [`Self::undo`] from its beginning, and not where somebody else is in the middle of it.
    async fn undo_anew(&self, now: Seconds) {
        if let Some(common) = &self.common {
            let _ = timeout(self.patience, common.undos.at_work.lock()).await;
            self.clone().undo(now).await;
        }
    }

    /// Asks under one key after the other where the row of an id may lie, until it is found. Each as it is when it is
    /// asked for: the form of keys may become another one while one waits for the store, and while one looks.
    async fn find<T, W, F>(
        &self,
        question: Ask<'_>,
        id: &SessionId,
        with: W,
        ask: impl Fn(Arc<dyn SessionStore>, SessionKey, W) -> F + Send + Sync + 'static,
    ) -> Result<Option<T>, StoreError>
    where
        T: Send + 'static,
        W: Clone + Send + Sync + 'static,
        F: Future<Output = Result<Option<T>, StoreError>> + Send + 'static,
    {
        let (keeping, id) = (Arc::clone(&self.keeping), id.clone());
        self.ask(question, move |store| async move {
            let mut tried = Vec::new();
            while let Some(key) = keeping.keys(&id).find(|key| !tried.contains(key)) {
                if let Some(found) = ask(Arc::clone(&store), key.clone(), with.clone()).await? {
                    return Ok(Some(found));
                }
                tried.push(key);
            }
            Ok(None)
        })
        .await
    }

    /// [`SessionStore::revise`]. Only what ends or changes a user's logins is counted, and meets a played fault.
    pub(crate) async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        let is_of_a_user = matches!(revision, Revision::End(_) | Revision::Change(..));
        let counts_as = is_of_a_user.then_some(Operation::Find);
        let question = Ask { alone: Alone::WithAll, ..Ask::of(counts_as, now) };
        let revision = revision.clone();
        self.ask(question, move |store| async move { store.revise(&revision, now).await }).await
    }

    // What follows is the bench's doing: it is not counted, and no fault that a visitor plays stands in its way.

    /// [`SessionStore::rows`]. Those who ask at the same time are answered together.
    pub(crate) async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        let question = Ask::of(None, now);
        let came = question.since;
        let read = move |store: Arc<dyn SessionStore>| async move { store.rows(now).await };
        let Some(common) = &self.common else { return self.ask(question, read).await };
        let looked = timeout_at(came + self.patience, Arc::clone(&common.looked).lock_owned()).await;
        let mut looked = looked.map_err(|_| StoreError::Busy)?;
        if looked.as_ref().is_none_or(|looked| looked.began < came || looked.now != now) {
            let began = Instant::now();
            let rows = self.ask(question, read).await?;
            *looked = Some(Looked { began, now, rows });
        }
        // Nobody else waits: then nothing is kept.
        let nobody_waits = Arc::strong_count(&common.looked) == 2;
        let looked = if nobody_waits { looked.take() } else { looked.clone() };
        Ok(looked.map(|looked| looked.rows).unwrap_or_default())
    }

    /// Whether there is a session of this id. It does not count as used.
    pub(crate) async fn knows(&self, id: &SessionId, now: Seconds) -> Result<bool, StoreError> {
        Ok(self.look_up(Ask::of(None, now), id, false, false).await?.is_some())
    }

    pub(crate) async fn count(&self, now: Seconds) -> Result<usize, StoreError> {
        self.ask(Ask::of(None, now), move |store| async move { store.count(now).await }).await
    }

    /// [`SessionStore::sweep`]; and what nobody holds is taken back.
    pub(crate) async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        self.undo_anew(now).await;
        self.ask(Ask::of(None, now), move |store| async move { store.sweep(now).await }).await
    }

    pub(crate) async fn clear(&self) -> Result<(), StoreError> {
        self.ask(Ask::of(None, 0), move |store| async move { store.clear().await }).await
    }
}

#[cfg(test)]
mod tests;
