//! A node's own memory: fast, and gone with the node.

use super::{Population, Promise, SessionKey, SessionStore, StoreError, row};
use domain::{
    Seconds,
    session::{Change, Session},
    view::Row,
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The rows of one node. One lock makes every operation atomic; none waits while holding it.
pub(crate) struct MemoryStore {
    rows: Mutex<Rows>,
    /// The most live rows.
    room: usize,
}

#[derive(Default)]
struct Rows {
    by_key: HashMap<SessionKey, Stored>,
    written: u64,
}

struct Stored {
    session: Session,
    /// In which order the rows were written.
    turn: u64,
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl Rows {
    fn live(&mut self, key: &SessionKey, now: Seconds) -> Option<&mut Session> {
        if self.by_key.get(key).is_some_and(|stored| !stored.session.is_live(now)) {
            self.by_key.remove(key);
        }
        self.by_key.get_mut(key).map(|stored| &mut stored.session)
    }

    fn sweep(&mut self, now: Seconds) -> usize {
        let before = self.by_key.len();
        self.by_key.retain(|_, stored| stored.session.is_live(now));
        before - self.by_key.len()
    }

    /// A row that is written again keeps its place among the others.
    fn write(&mut self, key: SessionKey, session: Session) {
        self.written = self.written.wrapping_add(1);
        let turn = self.by_key.get(&key).map_or(self.written, |stored| stored.turn);
        self.by_key.insert(key, Stored { session, turn });
    }
}

impl MemoryStore {
    pub(crate) fn new(population: Population) -> Self {
        Self { rows: Mutex::default(), room: population.room() }
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        // Each change below is whole before the lock is given back, so a panic leaves nothing half done.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn create_now(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError> {
        let mut rows = self.rows();
        if rows.live(key, now).is_some() {
            return Err(StoreError::Exists);
        }
        if rows.by_key.len() >= self.room {
            rows.sweep(now);
        }
        if rows.by_key.len() >= self.room {
            return Err(StoreError::Full);
        }
        rows.write(key.clone(), session);
        Ok(())
    }

    pub(super) fn rotate_now(
        &self,
        old: &SessionKey,
        new: &SessionKey,
        fresh: Option<Session>,
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        let mut rows = self.rows();
        if rows.live(new, now).is_some() {
            return Err(StoreError::Exists);
        }
        if rows.live(old, now).is_none() {
            return Ok(None);
        }
        let Some(Stored { session, turn }) = rows.by_key.remove(old) else { return Ok(None) };
        let session = match fresh {
            Some(fresh) => Session { cart: session.cart, ..fresh },
            None => session,
        };
        rows.by_key.insert(new.clone(), Stored { session: session.clone(), turn });
        Ok(Some(session))
    }
}

impl MemoryStore {
    /// The row, and whether looking at it changed it.
    pub(super) fn load_now(&self, key: &SessionKey, touch: bool, now: Seconds) -> Option<(Session, bool)> {
        let mut rows = self.rows();
        rows.live(key, now).map(|session| {
            let touched = touch && session.touch(now);
            (session.clone(), touched)
        })
    }

    pub(super) fn update_now(
        &self,
        key: &SessionKey,
        change: &Change,
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        let mut rows = self.rows();
        let changed = rows.live(key, now).map(|session| session.apply(change, now).map(|()| session.clone()));
        changed.transpose().map_err(StoreError::from)
    }

    pub(super) fn delete_now(&self, key: &SessionKey) -> bool {
        self.rows().by_key.remove(key).is_some()
    }

    /// Writes a row whatever lies there, as another node has it.
    pub(super) fn put_now(&self, key: SessionKey, session: Session) {
        self.rows().write(key, session);
    }

    /// Every row, live or not, in the order in which they were written.
    pub(super) fn all_now(&self) -> Vec<(SessionKey, Session)> {
        let rows = self.rows();
        let mut all: Vec<_> = rows.by_key.iter().collect();
        all.sort_by_key(|(_, stored)| stored.turn);
        all.into_iter().map(|(key, stored)| (key.clone(), stored.session.clone())).collect()
    }
}

pub(super) fn ready<'a, T: Send + 'a>(result: Result<T, StoreError>) -> Promise<'a, T> {
    Box::pin(std::future::ready(result))
}

impl SessionStore for MemoryStore {
    fn create<'a>(&'a self, key: &'a SessionKey, session: Session, now: Seconds) -> Promise<'a, ()> {
        ready(self.create_now(key, session, now))
    }

    fn load<'a>(&'a self, key: &'a SessionKey, touch: bool, now: Seconds) -> Promise<'a, Option<Session>> {
        ready(Ok(self.load_now(key, touch, now).map(|(session, _)| session)))
    }

    fn update<'a>(&'a self, key: &'a SessionKey, change: &'a Change, now: Seconds) -> Promise<'a, Option<Session>> {
        ready(self.update_now(key, change, now))
    }

    fn rotate<'a>(
        &'a self,
        old: &'a SessionKey,
        new: &'a SessionKey,
        fresh: Option<Session>,
        now: Seconds,
    ) -> Promise<'a, Option<Session>> {
        ready(self.rotate_now(old, new, fresh, now))
    }

    fn delete<'a>(&'a self, key: &'a SessionKey) -> Promise<'a, bool> {
        ready(Ok(self.delete_now(key)))
    }

    fn keys_of<'a>(&'a self, user: &'a str) -> Promise<'a, Vec<SessionKey>> {
        let rows = self.rows();
        let of_user = rows.by_key.iter().filter(|(_, stored)| stored.session.user.name == user);
        ready(Ok(of_user.map(|(key, _)| key.clone()).collect()))
    }

    fn rows(&self, now: Seconds) -> Promise<'_, Vec<Row>> {
        let rows = self.rows();
        let mut live: Vec<_> = rows.by_key.iter().filter(|(_, stored)| stored.session.is_live(now)).collect();
        live.sort_by_key(|(_, stored)| stored.turn);
        ready(Ok(live.into_iter().map(|(key, stored)| row(key, &stored.session)).collect()))
    }

    fn count(&self, now: Seconds) -> Promise<'_, usize> {
        ready(Ok(self.rows().by_key.values().filter(|stored| stored.session.is_live(now)).count()))
    }

    fn sweep(&self, now: Seconds) -> Promise<'_, usize> {
        ready(Ok(self.rows().sweep(now)))
    }

    fn clear(&self) -> Promise<'_, ()> {
        self.rows().by_key.clear();
        ready(Ok(()))
    }
}
