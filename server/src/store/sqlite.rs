//! One embedded database for all nodes and all labs: a file that a restart of the process does not empty.
//!
//! What a change means is `domain::session`'s business. Here a row is read and written back in one transaction.

use super::{Found, Namespace, Revision, SessionKey, SessionStore, StoreError, revision::Revised};
use async_trait::async_trait;
use domain::{
    Seconds,
    session::{Change, Session},
    view::Row,
};
use rows::SqliteRows;
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

    /// Reads and writes, with nobody else's change in between.
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&SqliteRows<'_>) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, StoreError> {
        let namespace = Arc::clone(&self.namespace);
        self.database.ask(move |connection| alone(connection, &namespace, change)).await
    }
}

/// Works in a transaction that has the right to write from the start: one that asked for it only when it
/// comes to writing could find that somebody else has written meanwhile.
fn alone<T>(
    connection: &mut Connection,
    namespace: &Namespace,
    work: impl FnOnce(&SqliteRows<'_>) -> Result<T, Failed>,
) -> Result<T, Failed> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&SqliteRows::of(&transaction, namespace))?;
    transaction.commit()?;
    Ok(done)
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError> {
        let key = key.clone();
        let room = self.namespace.population.room();
        self.change(move |rows| {
            if rows.live(&key, now)?.is_some() {
                return Err(StoreError::Exists.into());
            }
            let all = rows.len()?;
            if all >= room && all - rows.sweep(now)? >= room {
                return Err(StoreError::Full.into());
            }
            rows.write(&key, &session, rows.next_turn()?)
        })
        .await
    }

    async fn load(&self, key: &SessionKey, touch: bool, now: Seconds) -> Found {
        let (key, namespace) = (key.clone(), Arc::clone(&self.namespace));
        let load = move |connection: &mut Connection| {
            let found = SqliteRows::of(connection, &namespace).live(&key, now)?;
            let Some((mut session, _)) = found else { return Ok(None) };
            if !touch || !session.touch(now) {
                // Most requests come by here, and read without waiting for whoever writes.
                return Ok(Some(session));
            }
            alone(connection, &namespace, |rows| {
                let Some((mut session, turn)) = rows.live(&key, now)? else { return Ok(None) };
                session.touch(now);
                rows.write(&key, &session, turn)?;
                Ok(Some(session))
            })
        };
        self.database.ask(load).await
    }

    async fn update(&self, key: &SessionKey, change: &Change, now: Seconds) -> Found {
        let (key, change) = (key.clone(), change.clone());
        self.change(move |rows| {
            let Some((mut session, turn)) = rows.live(&key, now)? else { return Ok(None) };
            session.apply(&change, now).map_err(StoreError::from)?;
            rows.write(&key, &session, turn)?;
            Ok(Some(session))
        })
        .await
    }

    async fn rotate(&self, old: &SessionKey, new: &SessionKey, fresh: Option<Session>, now: Seconds) -> Found {
        let (old, new) = (old.clone(), new.clone());
        self.change(move |rows| {
            if rows.live(&new, now)?.is_some() {
                return Err(StoreError::Exists.into());
            }
            let Some((session, turn)) = rows.live(&old, now)? else { return Ok(None) };
            let session = session.moved(fresh);
            rows.remove(&old)?;
            rows.write(&new, &session, turn)?;
            Ok(Some(session))
        })
        .await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        let key = key.clone();
        self.change(move |rows| rows.remove(&key)).await
    }

    async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        let revision = revision.clone();
        self.change(move |rows| {
            let mut revised = 0;
            for (key, session, turn) in rows.all()? {
                let Some(becomes) = revision.of(&key, &session, now)? else { continue };
                rows.remove(&key)?;
                if let Revised::As(key, session) = becomes {
                    rows.write(&key, &session, turn)?;
                }
                revised += 1;
            }
            Ok(revised)
        })
        .await
    }

    async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        let namespace = Arc::clone(&self.namespace);
        self.database.ask(move |connection| SqliteRows::of(connection, &namespace).shown(now)).await
    }

    async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        let namespace = Arc::clone(&self.namespace);
        let sweep = move |connection: &mut Connection| {
            // Most of the time there is nothing, and nobody has to wait for that.
            if SqliteRows::of(connection, &namespace).over(now)?.is_empty() {
                return Ok(0);
            }
            alone(connection, &namespace, |rows| rows.sweep(now))
        };
        self.database.ask(sweep).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.change(|rows| rows.clear().map(drop)).await
    }
}

#[cfg(test)]
mod tests;
