//! A node's own memory: fast, and gone with the node.

use super::{LOGINS, Promise, SessionKey, SessionStore, StoreError, row};
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
#[derive(Default)]
pub(crate) struct MemoryStore {
    rows: Mutex<Rows>,
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

    fn write(&mut self, key: SessionKey, session: Session) {
        self.written = self.written.wrapping_add(1);
        self.by_key.insert(key, Stored { session, turn: self.written });
    }
}

impl MemoryStore {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        // Each change below is whole before the lock is given back, so a panic leaves nothing half done.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn create_now(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError> {
        let mut rows = self.rows();
        if rows.live(key, now).is_some() {
            return Err(StoreError::Exists);
        }
        if rows.by_key.len() >= LOGINS {
            rows.sweep(now);
        }
        if rows.by_key.len() >= LOGINS {
            return Err(StoreError::Full);
        }
        rows.write(key.clone(), session);
        Ok(())
    }

    fn rotate_now(
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

fn ready<'a, T: Send + 'a>(result: Result<T, StoreError>) -> Promise<'a, T> {
    Box::pin(std::future::ready(result))
}

impl SessionStore for MemoryStore {
    fn create<'a>(&'a self, key: &'a SessionKey, session: Session, now: Seconds) -> Promise<'a, ()> {
        ready(self.create_now(key, session, now))
    }

    fn load<'a>(&'a self, key: &'a SessionKey, touch: bool, now: Seconds) -> Promise<'a, Option<Session>> {
        let mut rows = self.rows();
        let found = rows.live(key, now).map(|session| {
            if touch {
                session.touch(now);
            }
            session.clone()
        });
        ready(Ok(found))
    }

    fn update<'a>(&'a self, key: &'a SessionKey, change: &'a Change, now: Seconds) -> Promise<'a, Option<Session>> {
        let mut rows = self.rows();
        let changed = rows.live(key, now).map(|session| session.apply(change, now).map(|()| session.clone()));
        ready(changed.transpose().map_err(StoreError::from))
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
        ready(Ok(self.rows().by_key.remove(key).is_some()))
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

    fn sweep(&self, now: Seconds) -> Promise<'_, usize> {
        ready(Ok(self.rows().sweep(now)))
    }
}
