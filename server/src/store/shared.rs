//! The stores that all nodes and all labs of this process share: which there are, and how one gets them.
//! One connection serves all labs; what a lab sees is its own part ([`Namespace`]).

use super::{
    Database, Namespace, SessionStore,
    guarded::{Breaker, Guarded, PATIENCE},
    memcached::{Memcached, MemcachedStore},
    redis::{Redis, RedisStore},
    sessions::within,
    sqlite::SqliteStore,
};
use domain::{topology::StoreKind, view::StoreOffer};
use std::sync::Arc;

/// The shared stores of this process.
#[derive(Debug, Default)]
pub(crate) struct Stores {
    sqlite: Option<Arc<Database>>,
    redis: Option<Backend<Redis>>,
    memcached: Option<Backend<Memcached>>,
}

/// A server outside this process, which may be out of reach, for all labs.
#[derive(Debug)]
struct Backend<B> {
    server: Arc<B>,
    breaker: Arc<Breaker>,
}

impl<B> Backend<B> {
    fn new(server: B) -> Self {
        Self { server: Arc::new(server), breaker: Arc::default() }
    }

    fn guard<S: SessionStore + 'static>(&self, store: impl FnOnce(Arc<B>) -> S) -> Arc<dyn SessionStore> {
        Arc::new(Guarded::new(store(Arc::clone(&self.server)), Arc::clone(&self.breaker)))
    }
}

/// What was given is no address. It is not repeated, for there may be a password in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoAddress;

impl Stores {
    /// With this database.
    pub(crate) fn with_sqlite(database: Database) -> Self {
        Self { sqlite: Some(Arc::new(database)), ..Self::default() }
    }

    /// With this Redis, whether it can be reached now or not.
    pub(crate) fn use_redis(&mut self, url: &str) -> Result<(), NoAddress> {
        self.redis = Some(Backend::new(Redis::new(url, PATIENCE).ok_or(NoAddress)?));
        Ok(())
    }

    /// With this memcached, whether it can be reached now or not.
    pub(crate) fn use_memcached(&mut self, address: &str) -> Result<(), NoAddress> {
        self.memcached = Some(Backend::new(Memcached::new(address).ok_or(NoAddress)?));
        Ok(())
    }

    /// The part of a store that belongs to a lab's population. `None` where the store is not configured, or
    /// the kind is no shared one.
    pub(crate) fn open(&self, kind: StoreKind, namespace: Namespace) -> Option<Arc<dyn SessionStore>> {
        match kind {
            StoreKind::Sqlite => {
                let database = Arc::clone(self.sqlite.as_ref()?);
                Some(Arc::new(SqliteStore::new(database, namespace)))
            }
            StoreKind::Redis => Some(self.redis.as_ref()?.guard(|redis| RedisStore::new(redis, namespace))),
            StoreKind::Memcached => {
                Some(self.memcached.as_ref()?.guard(|memcached| MemcachedStore::new(memcached, namespace)))
            }
            _ => None,
        }
    }

    /// Where a store is, for people; never a password.
    pub(crate) fn address(&self, kind: StoreKind) -> Option<String> {
        match kind {
            StoreKind::Sqlite => self.sqlite.as_ref().map(|database| database.address()),
            StoreKind::Redis => self.redis.as_ref().map(|redis| redis.server.address()),
            StoreKind::Memcached => self.memcached.as_ref().map(|memcached| memcached.server.address()),
            _ => None,
        }
    }

    /// Whether a store does its work just now. One that is not configured does none.
    pub(crate) async fn answers(&self, kind: StoreKind) -> bool {
        match kind {
            StoreKind::Sqlite => match &self.sqlite {
                Some(database) => within(database.answers()).await.is_ok(),
                None => false,
            },
            StoreKind::Redis => match &self.redis {
                Some(redis) => redis.breaker.guard(|| redis.server.ping()).await.is_ok(),
                None => false,
            },
            StoreKind::Memcached => match &self.memcached {
                Some(memcached) => memcached.breaker.guard(|| memcached.server.ping()).await.is_ok(),
                None => false,
            },
            StoreKind::Memory | StoreKind::Replicated => false,
        }
    }

    /// The shared stores that are configured.
    pub(crate) fn configured(&self) -> impl Iterator<Item = StoreKind> {
        StoreKind::ALL.into_iter().filter(|kind| kind.is_shared() && self.address(*kind).is_some())
    }

    /// Ends what this process keeps open, and waits for it.
    pub(crate) fn close(&self) {
        if let Some(database) = &self.sqlite {
            database.close();
        }
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

    /// What a store of this kind is here, or how to get it.
    fn how(&self, kind: StoreKind) -> String {
        match (kind, &self.sqlite) {
            (StoreKind::Sqlite, Some(database)) if database.stays() => {
                format!("embedded in this process, in {}: stays over a restart of the process", database.address())
            }
            (StoreKind::Sqlite, Some(database)) => {
                format!(
                    "embedded in this process, {}: gone with the process; --sqlite FILE keeps it",
                    database.address()
                )
            }
            _ => Self::how_to_get(kind).to_owned(),
        }
    }

    /// Every kind of store: whether it can be had here, and how.
    pub(crate) fn offers(&self) -> Vec<StoreOffer> {
        let is_there = |kind: StoreKind| !kind.is_shared() || self.address(kind).is_some();
        let offer = |kind| StoreOffer { kind, available: is_there(kind), how: self.how(kind) };
        StoreKind::ALL.into_iter().map(offer).collect()
    }
}
