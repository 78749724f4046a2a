//! The stores that all nodes and all labs of this process share: which there are, and how one gets them.
//! One connection serves all labs; what a lab sees is its own part ([`Namespace`]).

use super::{
    Backend, Database, Keeping, Namespace, PATIENCE, Passes, Sessions, StoreError, breaker::Breaker, lock,
    memcached::Memcached, redis::Redis, undo::Undos,
};
use crate::bounds;
use domain::{topology::StoreKind, view::StoreOffer};
use futures::future::join_all;
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// How often in a second a store is really asked whether it works. Whoever asks once more is told what was found last:
/// a flood of questions is no flood of writes.
const CHECKS: u32 = 5;
const A_SECOND: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Stores {
    all: Vec<Shared>,
    patience: Duration,
    /// What labs have left, and what may still come there.
    to_clear: Mutex<VecDeque<Left>>,
}

/// A part of a store that a lab has left.
#[derive(Debug)]
struct Left {
    kind: StoreKind,
    namespace: Namespace,
    cleared: Passes,
    /// What is to be taken back there: for whoever uses it again before all has come.
    undos: Arc<Undos>,
}

impl Left {
    fn is(&self, kind: StoreKind, namespace: &Namespace) -> bool {
        self.kind == kind && self.namespace == *namespace
    }
}

#[derive(Debug)]
struct Shared {
    kind: StoreKind,
    backend: Arc<dyn Backend>,
    works: AtomicBool,
    checked: tokio::sync::Mutex<Checked>,
}

/// When a store was asked.
#[derive(Debug)]
struct Checked {
    /// Since when it is counted how often.
    since: Instant,
    times: u32,
    /// When the check began that ended last: whoever came before that is told what it found.
    began: Option<Instant>,
}

impl Shared {
    async fn check(&self, patience: Duration) -> bool {
        let came = Instant::now();
        // Whoever has waited so long is told what is known.
        let Ok(mut checked) = timeout_at(came + patience, self.checked.lock()).await else { return self.worked() };
        if checked.began.is_some_and(|began| came < began) {
            return self.worked();
        }
        if checked.since.elapsed() >= A_SECOND {
            (checked.since, checked.times) = (Instant::now(), 0);
        }
        if checked.times < CHECKS {
            checked.times += 1;
            let began = Instant::now();
            let works = self.try_to_write(patience).await;
            checked.began = Some(began);
            if self.works.swap(works, Ordering::AcqRel) != works {
                let store = self.kind.name();
                if works {
                    tracing::info!(store, "a store can be written to again");
                } else {
                    tracing::warn!(store, "a store cannot be written to: nobody can log in there");
                }
            }
        }
        self.worked()
    }

    /// Whether it did its work when it was last asked to.
    fn worked(&self) -> bool {
        self.works.load(Ordering::Acquire)
    }

    async fn try_to_write(&self, patience: Duration) -> bool {
        let Ok(call) = self.backend.breaker().map(Breaker::admit).transpose() else { return false };
        let result = tokio::time::timeout(patience, self.backend.write()).await.unwrap_or(Err(StoreError::Timeout));
        if let Some(call) = call {
            call.ended(&result);
        }
        result.is_ok()
    }
}

impl Default for Stores {
    fn default() -> Self {
        Self { all: Vec::new(), patience: PATIENCE, to_clear: Mutex::default() }
    }
}

impl Stores {
    /// How long a store may take, all in all.
    pub(crate) const fn patience(&self) -> Duration {
        self.patience
    }

    /// Where each may take so long: tests of something else must not fail because the machine is slow.
    pub(crate) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(crate) fn with_sqlite(database: Database) -> Self {
        let mut stores = Self::default();
        stores.add(StoreKind::Sqlite, database);
        stores
    }

    /// With this Redis, whether it can be reached now or not. `None` when that is no address.
    pub(crate) fn use_redis(&mut self, url: &str) -> Option<()> {
        Redis::new(url).map(|redis| self.add(StoreKind::Redis, redis))
    }

    /// With this memcached, whether it can be reached now or not. `None` when that is no address.
    pub(crate) fn use_memcached(&mut self, address: &str) -> Option<()> {
        Memcached::new(address).map(|memcached| self.add(StoreKind::Memcached, memcached))
    }

    fn add(&mut self, kind: StoreKind, backend: impl Backend + 'static) {
        self.all.retain(|shared| shared.kind != kind);
        let (works, checked) = (AtomicBool::new(true), Checked { since: Instant::now(), times: 0, began: None });
        self.all.push(Shared { kind, backend: Arc::new(backend), works, checked: tokio::sync::Mutex::new(checked) });
    }

    fn get(&self, kind: StoreKind) -> Option<&Shared> {
        self.all.iter().find(|shared| shared.kind == kind)
    }

    /// The sessions of a lab's population in a shared store; `None` where it is not configured.
    pub(crate) fn open(&self, kind: StoreKind, namespace: Namespace, keeping: Arc<Keeping>) -> Option<Sessions> {
        let backend = &self.get(kind)?.backend;
        let undos =
            lock(&self.to_clear).iter().find(|left| left.is(kind, &namespace)).map(|left| Arc::clone(&left.undos));
        let part = Arc::clone(backend).part(namespace);
        let (breaker, undos) = (backend.breaker().map(Arc::clone), undos.unwrap_or_default());
        Some(Sessions::in_common(kind, part, keeping, breaker, undos, self.patience))
    }

    /// Where a store is, for people; never a password.
    pub(crate) fn address(&self, kind: StoreKind) -> Option<String> {
        self.get(kind).map(|shared| shared.backend.address())
    }

    /// Whether a store does its work just now, which is to write. One that is not configured does none.
    pub(crate) async fn answers(&self, kind: StoreKind) -> bool {
        match self.get(kind) {
            Some(shared) => shared.check(self.patience).await,
            None => false,
        }
    }

    /// Whether a store did its work when it was last asked to.
    pub(crate) fn answered(&self, kind: StoreKind) -> bool {
        self.get(kind).is_some_and(Shared::worked)
    }

    /// Looks at every store, and clears in those that work what is still to be cleared there.
    pub(crate) async fn check_all(&self) {
        join_all(self.all.iter().map(|shared| shared.check(self.patience))).await;
        let is_due = |left: &&Left| left.cleared.is_due() && self.answered(left.kind);
        let due: Vec<_> =
            lock(&self.to_clear).iter().filter(is_due).map(|left| (left.kind, left.namespace.clone())).collect();
        for (kind, namespace) in due {
            if self.clear(kind, &namespace).await.is_err() {
                return;
            }
        }
    }

    /// A lab leaves its part of a store. Its rows must not come back: they are cleared when the store answers, and once
    /// more when all that it was asked for must have come; or before anybody uses that part.
    pub(crate) fn clear_later(&self, kind: StoreKind, namespace: Namespace, sessions: &Sessions) {
        let mut to_clear = lock(&self.to_clear);
        to_clear.retain(|left| !left.is(kind, &namespace));
        to_clear.push_back(Left { kind, namespace, cleared: Passes::default(), undos: sessions.undos() });
        if to_clear.len() > bounds::NAMESPACES_TO_CLEAR {
            to_clear.pop_front();
        }
    }

    /// Clears a part that is to be cleared, before it is used. Once it was, whoever uses it knows of what comes late.
    pub(crate) async fn clear_first(&self, kind: StoreKind, namespace: &Namespace) -> Result<(), StoreError> {
        let was_not = |left: &Left| left.is(kind, namespace) && left.cleared == Passes::default();
        let take_out = |all: &mut VecDeque<Left>| all.retain(|left| !left.is(kind, namespace));
        {
            let mut all = lock(&self.to_clear);
            if !all.iter().any(was_not) {
                take_out(&mut all);
                return Ok(());
            }
        }
        self.clear(kind, namespace).await?;
        take_out(&mut lock(&self.to_clear));
        Ok(())
    }

    /// Clears a part that is to be cleared.
    pub(crate) async fn clear(&self, kind: StoreKind, namespace: &Namespace) -> Result<(), StoreError> {
        let began = Instant::now();
        if let Some(sessions) = self.open(kind, namespace.clone(), Arc::new(Keeping::new(Arc::default()))) {
            sessions.clear().await?;
        }
        lock(&self.to_clear).retain_mut(|left| !left.is(kind, namespace) || !left.cleared.through(began));
        Ok(())
    }

    pub(crate) fn configured(&self) -> impl Iterator<Item = StoreKind> {
        StoreKind::ALL.into_iter().filter(|kind| self.get(*kind).is_some())
    }

    /// Ends what this process keeps open, and waits for it.
    pub(crate) fn close(&self) {
        self.all.iter().for_each(|shared| shared.backend.close());
    }

    /// Whether a store can say by itself what it holds.
    pub(crate) const fn is_listable(kind: StoreKind) -> bool {
        !matches!(kind, StoreKind::Memcached)
    }

    /// How to get a store of this kind.
    pub(crate) const fn how_to_get(kind: StoreKind) -> &'static str {
        match kind {
            StoreKind::Memory => "in this process: gone when the node stops",
            StoreKind::Replicated => "in this process: each change is sent to every other node",
            StoreKind::Sqlite => "embedded in this process; --sqlite FILE keeps it over a restart of the process",
            StoreKind::Redis => "start Login Lab with --redis-url redis://127.0.0.1:6379",
            StoreKind::Memcached => "start Login Lab with --memcached-url 127.0.0.1:11211",
        }
    }

    /// Every kind of store: whether it can be had here, and how.
    pub(crate) fn offers(&self) -> Vec<StoreOffer> {
        let offer = |kind: StoreKind| {
            let shared = self.get(kind);
            let how =
                shared.and_then(|shared| shared.backend.how()).unwrap_or_else(|| Self::how_to_get(kind).to_owned());
            StoreOffer { kind, available: !kind.is_shared() || shared.is_some(), how }
        };
        StoreKind::ALL.into_iter().map(offer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SessionStore;
    use std::sync::atomic::AtomicU32;

    /// Counts what is written to it, and takes its time for it.
    #[derive(Debug, Default)]
    struct Counting(Arc<AtomicU32>, Duration);

    #[async_trait::async_trait]
    impl Backend for Counting {
        fn part(self: Arc<Self>, _: Namespace) -> Arc<dyn SessionStore> {
            unreachable!("nobody opens it")
        }
        fn address(&self) -> String {
            String::new()
        }
        async fn write(&self) -> Result<(), StoreError> {
            tokio::time::sleep(self.1).await;
            if self.0.fetch_add(1, Ordering::Relaxed) % 2 == 1 { Err(StoreError::Unavailable) } else { Ok(()) }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_is_told_the_present_but_a_flood_of_questions_is_no_flood_of_writes() {
        let (mut stores, counting) = (Stores::default(), Counting::default());
        let written = Arc::clone(&counting.0);
        stores.add(StoreKind::Redis, counting);
        for works in [true, false, true] {
            assert_eq!((stores.answers(StoreKind::Redis).await, stores.answered(StoreKind::Redis)), (works, works));
        }
        for _ in 0..1000 {
            stores.answers(StoreKind::Redis).await;
        }
        assert_eq!(written.load(Ordering::Relaxed), CHECKS);
        tokio::time::sleep(A_SECOND).await;
        stores.check_all().await;
        assert_eq!(written.load(Ordering::Relaxed), CHECKS + 1);
    }
    #[tokio::test(start_paused = true)]
    async fn however_many_ask_a_slow_store_none_waits_for_the_checks_of_others_one_after_the_other() {
        let (mut stores, counting) = (Stores::default(), Counting(Arc::default(), PATIENCE * 2 / 3));
        let written = Arc::clone(&counting.0);
        stores.add(StoreKind::Sqlite, counting);
        let came = Instant::now();
        join_all((0..100).map(|_| stores.answers(StoreKind::Sqlite))).await;
        assert!(came.elapsed() <= PATIENCE * 2, "{:?}", came.elapsed());
        assert_eq!(written.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_before_a_check_began_is_told_what_it_found() {
        let (mut stores, counting) = (Stores::default(), Counting(Arc::default(), PATIENCE / 3));
        let written = Arc::clone(&counting.0);
        stores.add(StoreKind::Sqlite, counting);
        let told = join_all((0..4).map(|_| stores.answers(StoreKind::Sqlite))).await;
        assert_eq!(told, [true, false, false, false], "the second check began after they had come, and found that");
        assert_eq!(written.load(Ordering::Relaxed), 2);
    }
}
