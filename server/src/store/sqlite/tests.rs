//! What is `SQLite`'s own: files, locks, and who else has them open.

use super::*;
use crate::{
    bounds,
    store::{Backend as _, Keeping, PATIENCE, Population, Sessions},
};
use domain::{
    cookie::CookieOptions,
    session::SessionId,
    topology::StoreKind,
    user::{Role, User},
};
use futures::FutureExt as _;
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::mpsc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A directory that goes with the test.
struct Directory(TempDir);

impl Directory {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("sessions.sqlite")
    }
}

fn key(n: u8) -> SessionKey {
    SessionKey::of(&SessionId::from_bytes([n; 16]), false)
}

/// By the lab's clock; rows that are over by the real one go when a file is opened.
const NOW: Seconds = 4_000_000_000;

fn session_of(name: &str) -> Session {
    let user = User { name: name.to_owned(), role: Role::Admin };
    let cookie = CookieOptions { http_only: false, ..CookieOptions::default() };
    Session::begin(user, cookie, 1000, 100, NOW)
}

fn add(item: impl Into<String>) -> Change {
    Change::AddToCart(item.into())
}

fn part(database: &Arc<Database>, lab: &str, population: Population) -> SqliteStore {
    SqliteStore::new(Arc::clone(database), Namespace { lab: lab.to_owned(), population })
}

fn open(path: &Path) -> SqliteStore {
    part(&Arc::new(Database::open(path).unwrap()), "lab", Population::Visitors)
}

/// Locks a database as a program does that is in the middle of writing.
fn lock(path: &Path) -> Connection {
    let other = Connection::open(path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    other
}

fn refused(path: &Path) -> String {
    Database::open(path).expect_err("it is no database of ours").to_string()
}

#[tokio::test]
async fn rows_outlive_the_connection_in_the_order_in_which_they_were() {
    let directory = Directory::new();
    let store = open(&directory.file());
    for (n, name) in [(2, "bob"), (1, "alice")] {
        store.create(&key(n), session_of(name), NOW).await.unwrap();
    }
    let changed = store.update(&key(2), &add("pen"), NOW + 50).await.unwrap().unwrap();
    drop(store);
    let left: Vec<_> = fs::read_dir(&directory.0).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [directory.file()], "all of it is in the one file");
    let store = open(&directory.file());
    assert_eq!(store.load(&key(2), false, NOW + 50).await, Ok(Some(changed)));
    let users: Vec<_> = store.rows(NOW).await.unwrap().into_iter().map(|row| row.user).collect();
    assert_eq!(users, ["bob", "alice"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_on_one_file_lose_nothing() {
    let directory = Directory::new();
    let stores = [open(&directory.file()), open(&directory.file())].map(Arc::new);
    stores[0].create(&key(1), session_of("alice"), NOW).await.unwrap();
    let updates: Vec<_> = (0..32)
        .map(|n| {
            let store = Arc::clone(&stores[n % 2]);
            tokio::spawn(async move {
                store.update(&key(1), &add(n.to_string()), NOW).await.expect("each waits for its turn").unwrap()
            })
        })
        .collect();
    for update in updates {
        update.await.unwrap();
    }
    let mut cart = stores[1].load(&key(1), false, NOW).await.unwrap().unwrap().cart;
    cart.sort();
    cart.dedup();
    assert_eq!(cart.len(), 32);
}

#[tokio::test]
async fn somebody_else_s_lock_is_waited_for_as_long_as_a_visitor_waits_and_then_all_goes_on() {
    let directory = Directory::new();
    let database = Arc::new(Database::open(&directory.file()).unwrap());
    let store = Arc::new(part(&database, "lab", Population::Visitors));
    let keeping = Arc::new(Keeping::new(Arc::default()));
    let sessions = Sessions::in_common(StoreKind::Sqlite, store, keeping, None, Arc::default(), PATIENCE);
    let (id, second) = (SessionId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
    sessions.create(&id, session_of("alice"), NOW).await.unwrap();
    let other = lock(&directory.file());
    for _ in 0..3 {
        let start = Instant::now();
        let refused = sessions.update(&id, &add("pen"), NOW).await;
        assert!(matches!(refused, Err(StoreError::Timeout | StoreError::Unavailable)), "{refused:?}");
        assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    }
    assert!(sessions.create(&second, session_of("bob"), NOW).await.is_err());
    let start = Instant::now();
    assert!(database.write().await.is_err());
    assert!(start.elapsed() < Duration::from_secs(1), "the thread itself is free by then: {:?}", start.elapsed());
    assert!(sessions.load(&id, true, NOW).await.unwrap().is_some(), "who only reads does not wait");
    drop(other);
    let updated = sessions.update(&id, &add("pen"), NOW).await.unwrap().unwrap();
    assert_eq!(updated.cart.len(), 1, "what was refused was not done");
    assert!(database.write().await.is_ok());
}

/// Keeps the thread busy until the sender is dropped.
async fn occupy(database: &Arc<Database>) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (started, starts) = tokio::sync::oneshot::channel();
    let database = Arc::clone(database);
    tokio::spawn(async move {
        database
            .ask(move |_| {
                let _ = started.send(());
                let _ = released.recv_timeout(Duration::from_secs(30));
                Ok(())
            })
            .await
    });
    starts.await.unwrap();
    release
}

#[tokio::test]
async fn what_is_given_up_before_it_was_begun_is_never_done() {
    let database = Arc::new(Database::in_memory().unwrap());
    let store = part(&database, "lab", Population::Visitors);
    let release = occupy(&database).await;
    let (alice, bob) = (key(1), key(2));
    {
        let given_up = store.create(&alice, session_of("alice"), NOW);
        let waited = tokio::time::timeout(Duration::from_millis(20), given_up).await;
        assert!(waited.is_err(), "it waits behind the other job");
    }
    let waiting = store.create(&bob, session_of("bob"), NOW);
    let ((), created) = tokio::join!(async { drop(release) }, waiting);
    assert_eq!(created, Ok(()));
    let users: Vec<_> = store.rows(NOW).await.unwrap().into_iter().map(|row| row.user).collect();
    assert_eq!(users, ["bob"]);
}

#[tokio::test]
async fn one_that_can_be_read_but_not_written_does_not_do_its_work() {
    let database = Database::in_memory().unwrap();
    assert_eq!(database.write().await, Ok(()));
    for (only_reads, works) in [(true, false), (false, true)] {
        database.ask(move |connection| Ok(connection.pragma_update(None, "query_only", only_reads)?)).await.unwrap();
        assert_eq!(database.write().await.is_ok(), works);
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let database = Arc::new(Database::in_memory().unwrap());
    let release = occupy(&database).await;
    let store = part(&database, "lab", Population::Visitors);
    for _ in 0..bounds::SQLITE_JOBS {
        assert_eq!(store.count(NOW).now_or_never(), None, "it waits");
    }
    assert_eq!(store.count(NOW).now_or_never(), Some(Err(StoreError::Unavailable)));
    drop(release);
    while store.count(NOW).await != Ok(0) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn another_lab_s_and_another_population_s_rows_are_out_of_reach() {
    let database = Arc::new(Database::in_memory().unwrap());
    let mine = part(&database, "lab a", Population::Visitors);
    let others = [part(&database, "lab b", Population::Visitors), part(&database, "lab a", Population::Crowd)];
    for store in others.iter().chain([&mine]) {
        store.create(&key(1), session_of("alice"), NOW).await.expect("the same key, and each has its own row");
    }
    mine.update(&key(1), &add("pen"), NOW).await.unwrap();
    mine.rotate(&key(1), &key(2), None, NOW).await.unwrap();
    mine.delete(&key(2)).await.unwrap();
    mine.create(&key(3), session_of("alice"), NOW).await.unwrap();
    assert_eq!(mine.sweep(NOW + 100).await, Ok(1));
    mine.clear().await.unwrap();
    for other in &others {
        assert_eq!(other.load(&key(1), false, NOW).await, Ok(Some(session_of("alice"))));
        assert_eq!((other.count(NOW).await, other.rows(NOW).await.unwrap().len()), (Ok(1), 1));
    }
}

#[tokio::test]
async fn a_crowd_has_its_own_room() {
    let crowd = part(&Arc::new(Database::in_memory().unwrap()), "lab", Population::Crowd);
    for n in 0..=bounds::LAB_LOGINS {
        let key = SessionKey::of(&SessionId::from_bytes((n as u128).to_be_bytes()), false);
        crowd.create(&key, session_of("alice"), NOW).await.unwrap();
    }
}

#[tokio::test]
async fn a_row_shows_what_the_table_holds() {
    let directory = Directory::new();
    let store = open(&directory.file());
    store.create(&key(1), session_of("alice"), NOW).await.unwrap();
    store.update(&key(1), &add("연필"), NOW).await.unwrap();
    let row = store.rows(NOW).await.unwrap().remove(0);
    let held = row.held.unwrap();
    assert_eq!(held.key, format!("lab/visitors/{}", row.key));
    assert_eq!((row.bytes, held.ttl), (held.key.len() + held.value.len(), None));
    let other = Connection::open(directory.file()).unwrap();
    for line in held.value.lines() {
        let (column, shown) = line.split_once('=').unwrap();
        let sql = format!("SELECT CAST({column} AS TEXT) FROM session");
        let stored: String = other.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(stored, shown, "{column}");
    }
    assert_eq!(held.value.lines().count(), 9);
}

#[tokio::test]
async fn a_row_that_somebody_else_spoiled_is_an_error_and_no_login() {
    let directory = Directory::new();
    let store = open(&directory.file());
    store.create(&key(1), session_of("alice"), NOW).await.unwrap();
    let other = Connection::open(directory.file()).unwrap();
    for spoiled in ["role = 'root'", "cart = '[1]'", "cookie = 'x'", "expires_at = -1"] {
        other.execute_batch(&format!("SAVEPOINT before; UPDATE session SET {spoiled}; RELEASE before")).unwrap();
        assert_eq!(store.load(&key(1), true, NOW).await, Err(StoreError::Unavailable), "{spoiled}");
        assert!(store.rows(NOW).await.is_err());
        store.delete(&key(1)).await.unwrap();
        store.create(&key(1), session_of("alice"), NOW).await.unwrap();
    }
}

#[test]
fn a_file_that_is_none_of_ours_is_refused_and_left_as_it_is() {
    let directory = Directory::new();
    let file = directory.file();
    fs::write(&file, "this is a letter, and by no means a database; ".repeat(100)).unwrap();
    assert!(refused(&file).contains("not a database"));
    assert!(fs::read_to_string(&file).unwrap().starts_with("this is a letter"));

    let other = directory.0.path().join("other.sqlite");
    let connection = Connection::open(&other).unwrap();
    connection.execute_batch("CREATE TABLE song (name TEXT); PRAGMA user_version = 1").unwrap();
    let before = fs::read(&other).unwrap();
    assert!(refused(&other).contains("another program's"));
    assert_eq!(fs::read(&other).unwrap(), before);

    assert!(refused(&directory.0.path().join("nowhere/file")).contains("No such file"));
    assert!(refused(directory.0.path()).contains("directory"));
}

#[test]
fn a_newer_schema_is_refused() {
    let directory = Directory::new();
    drop(open(&directory.file()));
    let other = Connection::open(directory.file()).unwrap();
    other.execute_batch("PRAGMA user_version = 3").unwrap();
    assert!(refused(&directory.file()).contains("newer Login Lab"));
}

#[tokio::test]
async fn a_file_from_before_there_were_refresh_tokens_goes_on() {
    let directory = Directory::new();
    let store = open(&directory.file());
    store.create(&key(1), session_of("alice"), NOW).await.unwrap();
    drop(store);
    let other = Connection::open(directory.file()).unwrap();
    other.execute_batch("ALTER TABLE session DROP COLUMN refresh; PRAGMA user_version = 1").unwrap();
    drop(other);
    for _ in 0..2 {
        let store = open(&directory.file());
        assert_eq!(store.load(&key(1), false, NOW).await, Ok(Some(session_of("alice"))));
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_at_the_start_and_not_when_a_visitor_comes() {
    let directory = Directory::new();
    let store = open(&directory.file());
    for n in 0..50 {
        store.create(&key(n), session_of("alice"), NOW).await.unwrap();
    }
    drop(store);
    let mut bytes = fs::read(directory.file()).unwrap();
    let size = bytes.len();
    bytes[size / 2..].fill(0x55);
    fs::write(directory.file(), bytes).unwrap();
    let why = refused(&directory.file());
    assert!(why.contains("damaged") || why.contains("malformed"), "{why}");
}

#[tokio::test]
async fn rows_of_labs_that_never_come_back_go_when_the_file_is_opened() {
    let directory = Directory::new();
    let store = open(&directory.file());
    store.create(&key(1), session_of("alice"), NOW).await.unwrap();
    let long_ago = Session { expires_at: 1000, idle_until: 1000, ..session_of("bob") };
    store.create(&key(2), long_ago, 0).await.unwrap();
    assert_eq!(store.count(0).await, Ok(2));
    drop(store);
    assert_eq!(open(&directory.file()).count(0).await, Ok(1));
}

#[test]
fn a_temporary_file_is_private_and_goes_with_the_process() {
    let database = Database::temporary().unwrap();
    let directory = format!("{database:?}").split('"').nth(1).map(PathBuf::from).unwrap();
    assert!(directory.starts_with(std::env::temp_dir()) && directory.join("sessions.sqlite").is_file());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    for entry in fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert!(directory.join("sessions.sqlite-wal").is_file(), "the file beside it is in there too");
    drop(database);
    assert!(!directory.exists());
}

#[test]
fn a_new_file_is_private_and_the_page_says_its_name_only() {
    let directory = Directory::new();
    let database = Database::open(&directory.file()).unwrap();
    assert_eq!(fs::metadata(directory.file()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(database.address(), "sessions.sqlite");
    assert!(database.how().unwrap().contains("stays"));
    assert_eq!(Database::temporary().unwrap().address(), "a temporary file");
}

#[tokio::test]
async fn a_closed_database_is_out_of_reach_and_no_panic() {
    let database = Arc::new(Database::in_memory().unwrap());
    let store = part(&database, "lab", Population::Visitors);
    database.close();
    database.close();
    assert_eq!(store.count(NOW).await, Err(StoreError::Unavailable));
}
