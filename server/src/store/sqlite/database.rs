//! The database itself: where it lies, the one thread that works on it, and the queue in front of that.

use super::{Failed, SqliteStore, rows};
use crate::{
    bounds,
    store::{Backend, Namespace, SessionStore, StoreError, lock},
};
use async_trait::async_trait;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::{
    fs::{OpenOptions, Permissions},
    io,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{self, Path},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant, SystemTime},
};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// How long somebody else's lock is waited for: less than a visitor's patience, so that the thread is free by then.
const BUSY: Duration = Duration::from_millis(200);
/// The same at the start, when nobody waits for an answer.
const BUSY_AT_START: Duration = Duration::from_secs(5);
/// How often rows of labs that never come back are looked for.
const TIDY: Duration = Duration::from_mins(10);
/// Says in the file's head whose it is: `LgLb`.
const APPLICATION: i64 = 0x4c67_4c62;
/// The version of the table.
const SCHEMA: i64 = 2;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Why there is no database to work on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoDatabase {
    #[error("{0}")]
    File(#[from] io::Error),
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("it is another program's database")]
    Foreign,
    #[error("it was written by a newer Login Lab: its schema is {0}, and this one knows {SCHEMA}")]
    Newer(i64),
    #[error("it is damaged: {0}")]
    Damaged(String),
}

/// A database, and the way to the thread that works on it. Nobody else has the connection, so jobs come one
/// after the other and no async thread ever waits for the disk.
#[derive(Debug)]
pub(crate) struct Database {
    worker: Mutex<Option<Worker>>,
    /// Where it is, for people.
    address: String,
    /// Whether it is gone with the process.
    temporary: bool,
}

#[derive(Debug)]
struct Worker {
    jobs: SyncSender<Job>,
    thread: JoinHandle<()>,
    directory: Option<TempDir>,
}

impl Database {
    /// Opens a file, or makes it.
    pub(crate) fn open(path: &Path) -> Result<Self, NoDatabase> {
        let path = path::absolute(path)?;
        let connection = connect(&path)?;
        let address = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self::start(address, false, None, connection)
    }

    /// A file that goes with this process, in a directory of its own: so do those that the database keeps beside it.
    pub(crate) fn temporary() -> Result<Self, NoDatabase> {
        let private = Permissions::from_mode(0o700);
        let directory = tempfile::Builder::new().prefix("login-lab-").permissions(private).tempdir()?;
        let connection = connect(&directory.path().join("sessions.sqlite"))?;
        Self::start("a temporary file".to_owned(), true, Some(directory), connection)
    }

    /// A database without a file.
    pub(crate) fn in_memory() -> Result<Self, NoDatabase> {
        Self::start("in memory".to_owned(), true, None, Connection::open_in_memory()?)
    }

    fn start(
        address: String,
        temporary: bool,
        directory: Option<TempDir>,
        mut connection: Connection,
    ) -> Result<Self, NoDatabase> {
        prepare(&mut connection)?;
        let (jobs, waiting) = sync_channel(bounds::SQLITE_JOBS);
        let thread = thread::Builder::new().name("sqlite".into()).spawn(move || work(connection, &waiting))?;
        Ok(Self { address, temporary, worker: Mutex::new(Some(Worker { jobs, thread, directory })) })
    }

    /// Has a job done by the thread, and waits for what comes of it.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody may be surprised by something that they gave up before it was begun.
            if !reply.is_closed() {
                let _ = reply.send(work(connection));
            }
        });
        let sent = lock(&self.worker).as_ref().map(|worker| worker.jobs.try_send(job));
        let Some(Ok(())) = sent else { return Err(StoreError::Unavailable) };
        answer.await.map_err(|_| StoreError::Unavailable)?.map_err(|failed| match failed {
            Failed::Refused(error) => error,
            Failed::Database(error) => {
                tracing::debug!(%error, "the session database failed");
                StoreError::Unavailable
            }
        })
    }
}

#[async_trait]
impl Backend for Database {
    fn part(self: Arc<Self>, namespace: Namespace) -> Arc<dyn SessionStore> {
        Arc::new(SqliteStore::new(self, namespace))
    }

    /// The file's name, but not where on this machine it lies.
    fn address(&self) -> String {
        self.address.clone()
    }

    fn how(&self) -> Option<String> {
        let address = &self.address;
        Some(if self.temporary {
            format!("embedded in this process, {address}: gone with the process; --sqlite FILE keeps it")
        } else {
            format!("embedded in this process, in {address}: stays over a restart of the process")
        })
    }

    async fn write(&self) -> Result<(), StoreError> {
        self.ask(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.pragma_update(None, "user_version", SCHEMA)?;
            Ok(transaction.commit()?)
        })
        .await
    }

    /// Finishes what is under way, and removes what is temporary. Waits for the thread.
    fn close(&self) {
        let worker = lock(&self.worker).take();
        if let Some(Worker { jobs, thread, directory }) = worker {
            drop(jobs);
            let _ = thread.join();
            if let Some(Err(error)) = directory.map(TempDir::close) {
                tracing::warn!(%error, "the temporary session database could not be removed");
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.close();
    }
}

/// Does the jobs in the order in which they came, until nobody can send one any more.
fn work(mut connection: Connection, jobs: &Receiver<Job>) {
    let mut tidied = Instant::now();
    for job in jobs {
        job(&mut connection);
        if tidied.elapsed() >= TIDY {
            tidied = Instant::now();
            if let Err(error) = tidy(&mut connection, bounds::SQLITE_ROWS) {
                tracing::warn!(%error, "the session database could not be tidied");
            }
        }
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "the session database was not closed properly");
    }
}

/// Opens a file, or makes it. Whoever reads it holds every login, so it is private from the start. A name that
/// `SQLite` itself would read something into is just a name here.
fn connect(path: &Path) -> Result<Connection, NoDatabase> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?)
}

/// Makes a connection ready for work. Whatever is not ours is left as it is.
fn prepare(connection: &mut Connection) -> Result<(), NoDatabase> {
    connection.busy_timeout(BUSY_AT_START)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    migrate(connection)?;
    let health: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if health != "ok" {
        return Err(NoDatabase::Damaged(health));
    }
    // Whoever reads then waits for nobody who writes. It does not wait for locks by itself, and two may start at once.
    let start = Instant::now();
    while let Err(error) = connection.pragma_update(None, "journal_mode", "wal") {
        let code = error.sqlite_error_code();
        let is_busy = matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked));
        if !is_busy || start.elapsed() >= BUSY_AT_START {
            return Err(error.into());
        }
        thread::sleep(Duration::from_millis(20));
    }
    connection.pragma_update(None, "synchronous", "normal")?;
    tidy(connection, bounds::SQLITE_ROWS)?;
    Ok(connection.busy_timeout(BUSY)?)
}

/// Makes the table, or checks that it is the one that is known here.
fn migrate(connection: &mut Connection) -> Result<(), NoDatabase> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let pragma = |name| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (pragma("application_id")?, pragma("user_version")?, tables) {
        (APPLICATION, SCHEMA, _) => {}
        (APPLICATION, 1, _) => {
            transaction.execute_batch(rows::TO_SECOND)?;
            transaction.pragma_update(None, "user_version", SCHEMA)?;
        }
        (APPLICATION, newer, _) if newer > SCHEMA => return Err(NoDatabase::Newer(newer)),
        (0, 0, 0) => {
            transaction.execute_batch(rows::TABLE)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", SCHEMA)?;
        }
        _ => return Err(NoDatabase::Foreign),
    }
    Ok(transaction.commit()?)
}

/// Deletes the rows of labs that never come back: those that are over by the real clock, for no lab's clock is
/// behind it; and the oldest, where there are too many.
fn tidy(connection: &mut Connection, most: i64) -> rusqlite::Result<()> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM session WHERE expires_at <= ?1", [rows::integer(now)])?;
    let count: i64 = transaction.query_row("SELECT count(*) FROM session", [], |row| row.get(0))?;
    if count > most {
        transaction.execute(
            "DELETE FROM session WHERE (lab, population, key) IN \
             (SELECT lab, population, key FROM session ORDER BY stored_at LIMIT ?1)",
            [count.saturating_sub(most)],
        )?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_rows_the_oldest_go_and_what_is_over_goes_first() {
        let mut connection = Connection::open_in_memory().unwrap();
        prepare(&mut connection).unwrap();
        let rows = [("over", 1, 9), ("oldest", i64::MAX, 1), ("older", i64::MAX, 2), ("newest", i64::MAX, 3)];
        for (key, expires_at, stored_at) in rows {
            let sql = "INSERT INTO session VALUES ('lab', 'visitors', ?1, 'alice', 'user', '[]', '{}', 0, 0, 0, ?2, 1, ?3, NULL)";
            connection.execute(sql, rusqlite::params![key, expires_at, stored_at]).unwrap();
        }
        tidy(&mut connection, 2).unwrap();
        let mut statement = connection.prepare("SELECT key FROM session ORDER BY stored_at").unwrap();
        let left: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(left, ["older", "newest"]);
    }
}
