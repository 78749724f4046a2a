//! One embedded database for all nodes and all labs: a file that a restart of the process does not empty.
//!
//! What a change means is `domain::session`'s business. Here a row is read, changed there and written back
//! within one transaction.

use super::{Namespace, Promise, SessionKey, SessionStore, StoreError};
use domain::{
    Seconds,
    session::{Change, Session},
    view::Row,
};
use rows::Rows;
use rusqlite::{Connection, TransactionBehavior};
use std::sync::Arc;

pub(crate) use database::Database;

mod database;
mod rows;

/// The rows of one lab and population.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    database: Arc<Database>,
    namespace: Arc<Namespace>,
}

/// Why a job came to nothing. Its transaction is rolled back.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Refused(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
}

impl SqliteStore {
    pub(crate) fn new(database: Arc<Database>, namespace: Namespace) -> Self {
        Self { database, namespace: Arc::new(namespace) }
    }

    /// Reads, in one statement.
    fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Rows<'_>) -> Result<T, Failed> + Send + 'static,
    ) -> Promise<'_, T> {
        let namespace = Arc::clone(&self.namespace);
        Box::pin(self.database.ask(move |connection| look(&Rows::of(connection, &namespace))))
    }

    /// Reads and writes, with nobody else's change in between.
    fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Rows<'_>) -> Result<T, Failed> + Send + 'static,
    ) -> Promise<'_, T> {
        let namespace = Arc::clone(&self.namespace);
        Box::pin(self.database.ask(move |connection| alone(connection, &namespace, change)))
    }
}

/// Works in a transaction that has the right to write from the start: one that asked for it only when it
/// comes to writing could find that somebody else has written meanwhile.
fn alone<T>(
    connection: &mut Connection,
    namespace: &Namespace,
    work: impl FnOnce(&Rows<'_>) -> Result<T, Failed>,
) -> Result<T, Failed> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&Rows::of(&transaction, namespace))?;
    transaction.commit()?;
    Ok(done)
}

impl SessionStore for SqliteStore {
    fn create<'a>(&'a self, key: &'a SessionKey, session: Session, now: Seconds) -> Promise<'a, ()> {
        let key = key.clone();
        let room = self.namespace.population.room();
        self.change(move |rows| {
            if rows.live(&key, now)?.is_some() {
                return Err(StoreError::Exists.into());
            }
            if rows.len()? >= room {
                rows.sweep(now)?;
            }
            if rows.len()? >= room {
                return Err(StoreError::Full.into());
            }
            rows.write(&key, &session, rows.next_turn()?)
        })
    }

    fn load<'a>(&'a self, key: &'a SessionKey, touch: bool, now: Seconds) -> Promise<'a, Option<Session>> {
        let (key, namespace) = (key.clone(), Arc::clone(&self.namespace));
        Box::pin(self.database.ask(move |connection| {
            let found = Rows::of(connection, &namespace).live(&key, now)?;
            let is_due = found.as_ref().is_some_and(|(session, _)| touch && session.clone().touch(now));
            if !is_due {
                // Most requests come by here, and read without waiting for whoever writes.
                return Ok(found.map(|(session, _)| session));
            }
            alone(connection, &namespace, |rows| {
                let Some((mut session, turn)) = rows.live(&key, now)? else { return Ok(None) };
                session.touch(now);
                rows.write(&key, &session, turn)?;
                Ok(Some(session))
            })
        }))
    }

    fn update<'a>(&'a self, key: &'a SessionKey, change: &'a Change, now: Seconds) -> Promise<'a, Option<Session>> {
        let (key, change) = (key.clone(), change.clone());
        self.change(move |rows| {
            let Some((mut session, turn)) = rows.live(&key, now)? else { return Ok(None) };
            session.apply(&change, now).map_err(StoreError::from)?;
            rows.write(&key, &session, turn)?;
            Ok(Some(session))
        })
    }

    fn rotate<'a>(
        &'a self,
        old: &'a SessionKey,
        new: &'a SessionKey,
        fresh: Option<Session>,
        now: Seconds,
    ) -> Promise<'a, Option<Session>> {
        let (old, new) = (old.clone(), new.clone());
        self.change(move |rows| {
            if rows.live(&new, now)?.is_some() {
                return Err(StoreError::Exists.into());
            }
            let Some((session, turn)) = rows.live(&old, now)? else { return Ok(None) };
            let session = match fresh {
                Some(fresh) => Session { cart: session.cart, ..fresh },
                None => session,
            };
            rows.remove(&old)?;
            rows.write(&new, &session, turn)?;
            Ok(Some(session))
        })
    }

    fn delete<'a>(&'a self, key: &'a SessionKey) -> Promise<'a, bool> {
        let key = key.clone();
        self.change(move |rows| rows.remove(&key))
    }

    fn keys_of<'a>(&'a self, user: &'a str) -> Promise<'a, Vec<SessionKey>> {
        let user = user.to_owned();
        self.look(move |rows| rows.keys_of(&user))
    }

    fn rows(&self, now: Seconds) -> Promise<'_, Vec<Row>> {
        self.look(move |rows| rows.shown(now))
    }

    fn count(&self, now: Seconds) -> Promise<'_, usize> {
        self.look(move |rows| rows.count(now))
    }

    fn sweep(&self, now: Seconds) -> Promise<'_, usize> {
        let namespace = Arc::clone(&self.namespace);
        Box::pin(self.database.ask(move |connection| {
            // Most of the time there is nothing, and nobody has to wait for that.
            if Rows::of(connection, &namespace).over(now)?.is_empty() {
                return Ok(0);
            }
            alone(connection, &namespace, |rows| rows.sweep(now))
        }))
    }

    fn clear(&self) -> Promise<'_, ()> {
        self.change(|rows| rows.clear().map(drop))
    }
}

#[cfg(test)]
mod tests;
