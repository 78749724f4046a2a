//! What becomes of a store's users when its server is killed, frozen or slow: tests with real servers.

use super::{
    Keeping, Namespace, PATIENCE, Population, Revision, Sessions, StoreError, StoreFaults, Stores,
    conformance::of_visitors,
    servers::{Program, StoreServer},
};
use domain::{
    cookie::CookieOptions,
    session::{Change, Session, SessionId},
    topology::StoreKind,
    user::{Role, User},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// Within this, a refusal comes: the patience, and what a machine takes for the rest.
const IN_TIME: Duration = Duration::from_millis(340);
const BACK_BY: Duration = Duration::from_secs(10);

fn id(n: u8) -> SessionId {
    SessionId::from_bytes([n; 16])
}

fn open_with(stores: &Stores, kind: StoreKind, keeping: &Arc<Keeping>) -> Sessions {
    stores.open(kind, of_visitors(), Arc::clone(keeping)).unwrap()
}

fn open(stores: &Stores, kind: StoreKind) -> Sessions {
    open_with(stores, kind, &Arc::new(Keeping::new(Arc::default())))
}

fn session(name: &str) -> Session {
    let user = User { name: name.to_owned(), role: Role::User };
    Session::begin(user, CookieOptions::default(), 1000, 100, 0)
}

fn stores(program: Program, url: &str) -> (Stores, StoreKind) {
    let mut stores = Stores::default();
    let kind = match program {
        Program::Redis => stores.use_redis(url).map(|()| StoreKind::Redis),
        Program::Memcached => stores.use_memcached(url).map(|()| StoreKind::Memcached),
    };
    (stores, kind.unwrap())
}

/// Asks for everything there is; each is refused in time, and none is answered. How each was refused.
async fn nothing_is_answered(store: &Sessions) -> Vec<StoreError> {
    let (change, mut refusals) = (Change::EmptyCart, Vec::new());
    macro_rules! ask {
        ($($question:expr),+ $(,)?) => {$(refusals.push(refused_in_time($question).await);)+};
    }
    ask!(
        store.load(&id(1), true, 0),
        store.load(&id(9), false, 0),
        store.update(&id(1), &change, 0),
        store.create(&id(2), session("bob"), 0),
        store.rotate(&id(1), &id(2), session("alice"), 0),
        store.delete(&id(1)),
        store.revise(&Revision::End("alice".to_owned()), 0),
        store.rows(0),
        store.count(0),
        store.sweep(0),
        store.clear(),
    );
    refusals
}

async fn refused_in_time<T: std::fmt::Debug>(question: impl Future<Output = Result<T, StoreError>>) -> StoreError {
    let start = Instant::now();
    let on_this_machine = tokio::spawn(async move {
        tokio::time::sleep(IN_TIME).await;
        start.elapsed()
    });
    let answer = question.await;
    let took = start.elapsed();
    // On a busy machine everything is late, and not only the refusal. That it is given up after 300 ms to the
    // millisecond is held in `sessions`, by a clock of its own.
    assert!(took <= IN_TIME || took <= on_this_machine.await.unwrap() * 2, "{took:?}");
    let error = answer.expect_err("a store that cannot be asked says nothing");
    assert!(matches!(error, StoreError::Timeout | StoreError::Unavailable), "{error}");
    error
}

async fn it_is_back(stores: &Stores, kind: StoreKind) {
    let deadline = Instant::now() + BACK_BY;
    while !stores.answers(kind).await {
        assert!(Instant::now() < deadline, "it does not come back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn killed(program: Program) {
    let server = StoreServer::start(program);
    let (stores, kind) = stores(program, &server.url());
    let store = open(&stores, kind);
    store.create(&id(1), session("alice"), 0).await.unwrap();
    server.kill();
    nothing_is_answered(&store).await;
    assert!(!stores.answers(kind).await);
    server.start_again();
    it_is_back(&stores, kind).await;
    assert_eq!(store.load(&id(1), true, 0).await, Ok(None), "its memory is gone, and that is an answer");
    assert_eq!(store.rows(0).await, Ok(vec![]));
    store.create(&id(1), session("alice"), 0).await.expect("everything works again");
    assert_eq!(store.load(&id(1), true, 0).await.unwrap().unwrap().user.name, "alice");
}

async fn restarted(program: Program) {
    let server = StoreServer::start(program);
    let (stores, kind) = stores(program, &server.url());
    let store = open(&stores, kind);
    let asking = (0..8).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.load(&id(n), true, 0).await })
    });
    for asked in asking.collect::<Vec<_>>() {
        asked.await.unwrap().unwrap();
    }
    server.kill();
    // The system tells the program soon; a visitor comes later.
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.start_again();
    for n in 0..8 {
        store.create(&id(n), session("alice"), 0).await.expect("nobody noticed");
    }
}

async fn frozen(program: Program) {
    let server = StoreServer::start(program);
    let (stores, kind) = stores(program, &server.url());
    let [store, of_another_lab] = [(); 2].map(|()| open(&stores, kind));
    store.create(&id(1), session("alice"), 0).await.unwrap();
    server.freeze();
    let refusals = nothing_is_answered(&store).await;
    assert_eq!(refusals[..3], [StoreError::Timeout; 3], "it is waited for");
    let waited_for = |refusals: &[StoreError]| refusals.iter().filter(|error| **error == StoreError::Timeout).count();
    // On a busy machine there may be time for a question whether it is back.
    assert!(waited_for(&refusals[3..]) <= 1, "and then it is not: {refusals:?}");
    let refusals = nothing_is_answered(&of_another_lab).await;
    assert!(waited_for(&refusals) <= 1, "it is one server for all labs: {refusals:?}");
    server.thaw();
    it_is_back(&stores, kind).await;
    let row = store.load(&id(1), false, 0).await.unwrap();
    assert_eq!(row.map(|row| row.user.name).as_deref(), Some("alice"), "it has forgotten nothing");
}

/// Passes everything on, the answers after a while.
async fn slow_way_to(server: &StoreServer) -> (u16, Arc<AtomicU64>) {
    let (delay, to) = (Arc::new(AtomicU64::new(0)), server.port);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let slow = Arc::clone(&delay);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else { continue };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
                (client.into_split(), server.into_split());
            tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
            let slow = Arc::clone(&slow);
            tokio::spawn(async move {
                let mut chunk = vec![0; 64 * 1024];
                while let Ok(bytes @ 1..) = from_server.read(&mut chunk).await {
                    tokio::time::sleep(Duration::from_millis(slow.load(Ordering::Relaxed))).await;
                    if to_client.write_all(&chunk[..bytes]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    (port, delay)
}

async fn slowly(program: Program, server: &StoreServer) -> (Stores, StoreKind, Arc<AtomicU64>) {
    let (port, delay) = slow_way_to(server).await;
    let (stores, kind) = stores(program, &server.url().replace(&server.port.to_string(), &port.to_string()));
    (stores, kind, delay)
}

async fn slow(program: Program) {
    let server = StoreServer::start(program);
    let (stores, kind, delay) = slowly(program, &server).await;
    let store = open(&stores, kind);
    store.create(&id(1), session("alice"), 0).await.unwrap();
    store.create(&id(2), session("bob"), 0).await.unwrap();
    delay.store(50, Ordering::Relaxed);
    assert_eq!(store.load(&id(1), false, 0).await.unwrap().unwrap().user.name, "alice", "slow is not out of reach");
    delay.store(400, Ordering::Relaxed);
    assert_eq!(store.load(&id(1), false, 0).await, Err(StoreError::Timeout));
    delay.store(0, Ordering::Relaxed);
    // The answer to the question that was given up comes while others are asked.
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(600) {
        if let Ok(row) = store.load(&id(2), false, 0).await {
            assert_eq!(row.expect("nobody logged out").user.name, "bob");
        }
    }
    assert!(stores.answers(kind).await);
    delay.store(400, Ordering::Relaxed);
    nothing_is_answered(&store).await;
}

/// What a late answer would have said of logins that nobody was told of.
async fn late(program: Program) {
    let server = StoreServer::start(program);
    let (stores, kind, delay) = slowly(program, &server).await;
    let store = open(&stores, kind);
    store.create(&id(200), session("alice"), 0).await.unwrap();
    store.update(&id(200), &Change::AddToCart("pen".into()), 0).await.unwrap();
    // It takes longer than it may for both steps, and shorter for one.
    delay.store(200, Ordering::Relaxed);
    assert_eq!(store.rotate(&id(200), &id(201), session("alice"), 0).await, Err(StoreError::Timeout));
    delay.store(400, Ordering::Relaxed);
    for n in 0..70 {
        let refused = store.create(&id(n), session("bob"), 0).await;
        assert!(matches!(refused, Err(StoreError::Timeout | StoreError::Unavailable)), "{refused:?}");
        if n < 3 {
            store.sweep(0).await.unwrap_err();
        }
    }
    delay.store(0, Ordering::Relaxed);
    it_is_back(&stores, kind).await;
    these_are_left(&store, &[("alice", 200)]).await;
    assert_eq!(store.load(&id(200), true, 0).await.unwrap().unwrap().cart, ["pen"]);
}

/// Sweeps, as the lab does from time to time, until these users and nobody else have a row, under these ids.
async fn these_are_left(store: &Sessions, expected: &[(&str, u8)]) {
    let deadline = Instant::now() + BACK_BY;
    loop {
        // What was begun before may still be under way, and in the way.
        let _ = store.sweep(0).await;
        let rows = store.rows(0).await.unwrap_or_default();
        let mut found = rows.len() == expected.len();
        for (user, n) in expected {
            let row = store.load(&id(*n), false, 0).await.unwrap_or_default();
            found &= row.is_some_and(|row| row.user.name == *user);
        }
        if found {
            return;
        }
        assert!(Instant::now() < deadline, "{rows:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A frozen one does what it was asked when it thaws, though nobody waits any more.
async fn thawed(program: Program) {
    let server = StoreServer::start(program);
    let (stores, kind) = stores(program, &server.url());
    let keeping = Arc::new(Keeping::new(Arc::default()));
    let store = open_with(&stores, kind, &keeping);
    store.create(&id(1), session("alice"), 0).await.unwrap();
    server.freeze();
    assert_eq!(store.create(&id(2), session("bob"), 0).await, Err(StoreError::Timeout));
    assert!(keeping.hash_ids(true, std::slice::from_ref(&store), 0).await.is_err());
    server.thaw();
    it_is_back(&stores, kind).await;
    assert!(store.load(&id(1), true, 0).await.unwrap().is_some(), "whether the keys have become hashes or not");
    store.create(&id(3), session("carol"), 0).await.unwrap();
    these_are_left(&store, &[("alice", 1), ("carol", 3)]).await;
    for n in [1, 3] {
        assert!(store.load(&id(n), true, 0).await.unwrap().is_some());
    }
}

/// A delay that a visitor plays keeps nobody from noticing that the store itself is frozen.
async fn frozen_and_delayed(program: Program) {
    let server = StoreServer::start(program);
    let (stores, kind) = stores(program, &server.url());
    let faults = Arc::new(StoreFaults::default());
    let store = open_with(&stores, kind, &Arc::new(Keeping::new(Arc::clone(&faults))));
    store.create(&id(1), session("alice"), 0).await.unwrap();
    faults.set(false, 60);
    server.freeze();
    for _ in 0..4 {
        assert!(store.load(&id(1), true, 0).await.is_err());
    }
    let start = Instant::now();
    assert!(open(&stores, kind).load(&id(1), true, 0).await.is_err());
    assert!(start.elapsed() < PATIENCE / 2, "it is left alone: {:?}", start.elapsed());
}

/// Everybody wants to change the same row at the same time, and is served within the patience; and whoever wants
/// another row, in another lab, is not disturbed.
async fn crowded(program: Program) {
    let (stores, kind) = stores(program, &StoreServer::shared(program).url());
    let [store, other] = [(); 2].map(|()| open(&stores, kind));
    store.create(&id(1), session("alice"), 0).await.unwrap();
    other.create(&id(1), session("bob"), 0).await.unwrap();
    let writers: Vec<_> = (0..100)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.update(&id(1), &Change::AddToCart(n.to_string()), 0).await })
        })
        .collect();
    for _ in 0..100 {
        other.load(&id(1), true, 0).await.unwrap().unwrap();
    }
    for writer in writers {
        writer.await.unwrap().unwrap().unwrap();
    }
    assert_eq!(store.load(&id(1), false, 0).await.unwrap().unwrap().cart.len(), 100);
}

/// A lab with all that it may hold, and everybody looking at it.
async fn looked_at(program: Program) {
    let (stores, kind) = stores(program, &StoreServer::shared(program).url());
    let [full, other] = [(); 2].map(|()| open(&stores, kind));
    let cart: Vec<_> = (0..200).map(|n| format!("{n:064}")).collect();
    for n in 0..64 {
        full.create(&id(n), Session { cart: cart.clone(), ..session("alice") }, 0).await.unwrap();
    }
    other.create(&id(1), session("bob"), 0).await.unwrap();
    let looking: Vec<_> = (0..32)
        .map(|_| {
            let full = full.clone();
            tokio::spawn(async move {
                for _ in 0..4 {
                    let rows = full.rows(0).await;
                    assert!(matches!(rows, Ok(_) | Err(StoreError::Busy | StoreError::Timeout)), "{rows:?}");
                }
            })
        })
        .collect();
    for _ in 0..50 {
        other.load(&id(1), true, 0).await.unwrap().unwrap();
    }
    for looked in looking {
        looked.await.unwrap();
    }
}

/// Nobody listens: what is configured and out of reach is no reason not to start, and not to serve the others.
async fn never_there(program: Program) {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let scheme = if program == Program::Redis { "redis://" } else { "" };
    let (stores, kind) = stores(program, &format!("{scheme}127.0.0.1:{port}"));
    assert_eq!(stores.address(kind), Some(format!("127.0.0.1:{port}")));
    assert!(stores.offers().iter().any(|offer| offer.kind == kind && offer.available));
    nothing_is_answered(&open(&stores, kind)).await;
}

macro_rules! of_each {
    ($($outage:ident: $shows:ident),+ $(,)?) => {
        mod redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $shows() {
                super::$outage(super::Program::Redis).await;
            })+
        }
        mod memcached {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $shows() {
                super::$outage(super::Program::Memcached).await;
            })+
        }
    };
}

of_each!(
    killed: killed_it_refuses_in_time_and_is_back_empty_by_itself,
    restarted: restarted_while_nobody_asked_it_answers_the_first_question,
    frozen: frozen_it_is_left_alone_and_has_forgotten_nothing_afterwards,
    slow: slow_it_is_waited_for_and_no_late_answer_reaches_another_question,
    late: logins_that_nobody_was_told_of_are_taken_back_and_a_moved_row_moves_back,
    thawed: what_it_does_when_it_thaws_is_taken_back_and_logs_nobody_out,
    frozen_and_delayed: frozen_it_is_left_alone_though_a_delay_is_played,
    crowded: a_hundred_writers_of_one_row_are_served_in_time_and_disturb_nobody,
    looked_at: a_full_lab_that_everybody_looks_at_disturbs_nobody,
    never_there: an_address_where_nobody_listens_is_no_error_at_the_start,
);

#[tokio::test]
async fn one_store_that_is_out_of_reach_does_not_stand_in_the_way_of_another() {
    let (redis, memcached) = (StoreServer::start(Program::Redis), StoreServer::shared(Program::Memcached));
    let mut stores = Stores::default();
    stores.use_redis(&redis.url()).unwrap();
    stores.use_memcached(&memcached.url()).unwrap();
    let [gone, there] = [StoreKind::Redis, StoreKind::Memcached].map(|kind| open(&stores, kind));
    redis.kill();
    nothing_is_answered(&gone).await;
    there.create(&id(1), session("alice"), 0).await.unwrap();
    assert!(there.load(&id(1), true, 0).await.unwrap().is_some());
    assert_eq!((stores.answers(StoreKind::Redis).await, stores.answers(StoreKind::Memcached).await), (false, true));
}

#[tokio::test]
async fn what_a_lab_could_not_take_along_goes_when_the_store_is_back_and_before_anybody_uses_it() {
    let server = StoreServer::start(Program::Redis);
    let (stores, kind) = stores(Program::Redis, &server.url());
    let [gone, next] = ["gone", "next"].map(|lab| Namespace { lab: lab.to_owned(), population: Population::Visitors });
    let keeping = || Arc::new(Keeping::new(Arc::default()));
    let sessions = [&gone, &next].map(|part| stores.open(kind, part.clone(), keeping()).unwrap());
    for sessions in &sessions {
        sessions.create(&id(1), session("alice"), 0).await.unwrap();
    }
    server.freeze();
    sessions[0].clear().await.unwrap_err();
    for part in [&gone, &gone, &next] {
        stores.clear_later(kind, part.clone(), &sessions[0]);
    }
    assert!(stores.clear_first(kind, &next).await.is_err(), "nobody gets it as it is");
    stores.check_all().await;
    server.thaw();
    it_is_back(&stores, kind).await;
    stores.clear_first(kind, &next).await.unwrap();
    assert_eq!(sessions[1].count(0).await, Ok(0));
    stores.check_all().await;
    assert_eq!(sessions[0].count(0).await, Ok(0));
    for sessions in &sessions {
        sessions.create(&id(1), session("alice"), 0).await.unwrap();
    }
    stores.check_all().await;
    assert_eq!((sessions[0].count(0).await, sessions[1].count(0).await), (Ok(1), Ok(1)), "once, and not again");
}
