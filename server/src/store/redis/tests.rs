//! What only a Redis has. The contract is held in `conformance`.

use super::*;
use crate::store::{
    Keeping, Stores,
    conformance::of_visitors,
    servers::{Program, StoreServer},
};
use domain::{
    cookie::CookieOptions,
    scheme::Carrier,
    session::{Family, SessionId},
    topology::StoreKind,
    user::{Role, User},
};
use proptest::prelude::*;

fn key(n: u8) -> SessionKey {
    SessionKey::of(&SessionId::from_bytes([n; 16]), false)
}

fn session(name: &str, lifetime: Seconds, idle: Seconds, now: Seconds) -> Session {
    let user = User { name: name.to_owned(), role: Role::User };
    Session::begin(user, CookieOptions::default(), lifetime, idle, now)
}

fn way() -> Arc<Redis> {
    Arc::new(Redis::with_patience(&StoreServer::shared(Program::Redis).url(), Duration::from_secs(10)).unwrap())
}

impl RedisStore {
    async fn command<T: FromRedisValue>(&self, command: &str, args: &[&str]) -> T {
        let mut connection = ConnectionManager::clone(&self.redis.connect().unwrap().connection);
        redis::cmd(command).arg(args).query_async(&mut connection).await.unwrap()
    }

    fn key(&self, n: u8) -> String {
        format!("{}{}", self.prefix, key(n).reveal())
    }
}

/// A store and its second way in, to look at it from outside.
fn store() -> RedisStore {
    RedisStore::new(way(), &of_visitors())
}

#[tokio::test]
async fn what_is_shown_is_what_lies_there_and_it_ends_by_the_server_s_own_clock_too() {
    let store = store();
    store.create(&key(1), session("앨리스", 5000, 900, 70), 70).await.unwrap();
    let held = store.rows(70).await.unwrap().remove(0).held.unwrap();
    assert_eq!(held.key, store.key(1));
    assert!(held.key.starts_with("login-lab:lab-") && held.key.contains(":session:"), "{}", held.key);
    assert_eq!(store.command::<String>("GET", &[&held.key]).await, held.value);
    assert!(held.value.contains("앨리스") && held.value.contains(r#""cart":[]"#));
    assert!((899..=900).contains(&held.ttl.unwrap()));
    assert!((4929..=5000).contains(&store.command::<u64>("TTL", &[&store.index]).await), "the index outlives it");
    store.load(&key(1), true, 470).await.unwrap().unwrap();
    assert!((899..=900).contains(&store.command::<u64>("TTL", &[&held.key]).await), "pushed on with the row");
    store.update(&key(1), &Change::SetRole(Role::Admin), 770).await.unwrap().unwrap();
    assert!((599..=600).contains(&store.command::<u64>("TTL", &[&held.key]).await), "no use, no more time");
}

#[tokio::test]
async fn a_session_goes_by_itself_and_then_it_is_swept_off_the_index() {
    let store = store();
    store.create(&key(1), session("alice", 1, 1, 0), 0).await.unwrap();
    store.create(&key(2), session("alice", 100, 100, 0), 0).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(5);
    while store.command::<bool>("EXISTS", &[&store.key(1)]).await {
        assert!(Instant::now() < deadline, "it stays");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(store.load(&key(1), false, 0).await, Ok(None), "though the lab's clock says it is live");
    assert_eq!((store.count(0).await, store.sweep(0).await, store.sweep(0).await), (Ok(1), Ok(1), Ok(0)));
}

#[tokio::test]
async fn a_script_that_the_server_has_forgotten_is_brought_again() {
    let server = StoreServer::start(Program::Redis);
    let redis = Redis::with_patience(&server.url(), Duration::from_secs(10)).unwrap();
    let store = RedisStore::new(Arc::new(redis), &of_visitors());
    store.create(&key(1), session("alice", 100, 100, 0), 0).await.unwrap();
    store.command::<()>("SCRIPT", &["FLUSH"]).await;
    assert!(store.load(&key(1), true, 50).await.unwrap().is_some());
}

#[tokio::test]
async fn what_somebody_else_wrote_there_lets_nobody_in_and_makes_nothing_fail() {
    let store = store();
    for nonsense in ["", "{}", r#"{"idle":1,"idle_until":9,"expires_at":9}"#, "\"idle\":x"] {
        store.create(&key(1), session("alice", 100, 100, 0), 0).await.unwrap();
        store.command::<()>("SET", &[&store.key(1), nonsense]).await;
        assert_eq!(store.load(&key(1), true, 0).await, Ok(None), "{nonsense}");
        assert_eq!(store.update(&key(1), &Change::EmptyCart, 0).await, Ok(None));
        assert_eq!(store.rotate(&key(1), &key(2), None, 0).await, Ok(None));
        assert_eq!(store.rows(0).await, Ok(vec![]), "{nonsense}");
        store.clear().await.unwrap();
    }
}

#[tokio::test]
async fn reading_a_session_and_pushing_it_on_is_one_command() {
    let server = StoreServer::start(Program::Redis);
    let redis = Redis::with_patience(&server.url(), Duration::from_secs(10)).unwrap();
    let store = RedisStore::new(Arc::new(redis), &of_visitors());
    store.create(&key(1), session("alice", 1000, 100, 0), 0).await.unwrap();
    let asked = || async {
        let stats: String = store.command("INFO", &["commandstats"]).await;
        let line = stats.lines().find(|line| line.starts_with("cmdstat_evalsha:calls=")).unwrap().to_owned();
        line.split(['=', ',']).nth(1).unwrap().parse::<u64>().unwrap()
    };
    let before = asked().await;
    for now in [5, 50, 60] {
        store.load(&key(1), true, now).await.unwrap().unwrap();
    }
    assert_eq!(asked().await - before, 3);
}

#[tokio::test]
async fn without_its_index_a_lab_has_no_login() {
    let store = store();
    for n in [1, 2] {
        store.create(&key(n), session("alice", 100, 100, 0), 0).await.unwrap();
    }
    store.command::<()>("ZREM", &[&store.index, key(1).reveal()]).await;
    assert_eq!(store.load(&key(1), true, 50).await, Ok(None), "one that is not listed is gone");
    assert!(store.load(&key(2), true, 50).await.unwrap().is_some());
    store.command::<()>("DEL", &[&store.index]).await;
    for n in [1, 2] {
        assert!(store.command::<bool>("EXISTS", &[&store.key(n)]).await, "though it lies there");
        assert_eq!(store.load(&key(n), true, 50).await, Ok(None));
        assert_eq!(store.update(&key(n), &Change::EmptyCart, 50).await, Ok(None));
        assert_eq!(store.rotate(&key(n), &key(9), None, 50).await, Ok(None));
        assert_eq!(store.delete(&key(n)).await, Ok(false));
    }
    store.create(&key(1), session("bob", 100, 100, 0), 0).await.expect("its key is free");
    assert_eq!(store.rows(0).await.unwrap().len(), 1);
}

async fn until_it_is_ready(stores: &Stores, is_ready: bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while stores.answers(StoreKind::Redis).await != is_ready {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(stores.answered(StoreKind::Redis), is_ready);
}

/// It says so at once, and everything can still be read.
#[tokio::test]
async fn one_that_takes_no_writes_is_not_ready_and_that_is_no_reason_to_leave_it_alone() {
    let server = StoreServer::start(Program::Redis);
    let mut stores = Stores::default();
    stores.use_redis(&server.url()).unwrap();
    let sessions = stores.open(StoreKind::Redis, of_visitors(), Arc::new(Keeping::new(Arc::default()))).unwrap();
    let [alice, bob] = [1, 2].map(|n| SessionId::from_bytes([n; 16]));
    sessions.create(&alice, session("alice", 100, 100, 0), 0).await.unwrap();
    let admin = RedisStore::new(Arc::new(Redis::new(&server.url()).unwrap()), &of_visitors());
    for (command, broken, mended) in [
        ("CONFIG", ["SET", "maxmemory", "1"].as_slice(), ["SET", "maxmemory", "64mb"].as_slice()),
        ("REPLICAOF", &["127.0.0.1", "1"], &["NO", "ONE"]),
    ] {
        until_it_is_ready(&stores, true).await;
        admin.command::<()>(command, broken).await;
        until_it_is_ready(&stores, false).await;
        for _ in 0..5 {
            let refused = sessions.create(&bob, session("bob", 100, 100, 0), 0).await;
            assert_eq!(refused, Err(StoreError::Unavailable));
        }
        assert!(sessions.load(&alice, false, 0).await.unwrap().is_some(), "who is logged in stays so");
        admin.command::<()>(command, mended).await;
    }
    until_it_is_ready(&stores, true).await;
}

/// What the script reads of a session, it finds by the order of the fields.
#[test]
fn a_session_ends_in_the_times_that_the_script_looks_for() {
    let lua = include_str!("session.lua");
    let pattern = lua.lines().find_map(|line| line.strip_prefix("local times = '")?.strip_suffix("}$'")).unwrap();
    let family = Family { next: "a".into(), login: String::new(), carrier: Carrier::Cookie, token_lifetime: 1 };
    let plain = session("alice", 7000, 600, 50);
    for session in [Session { refresh: Some(family), ..plain.clone() }, plain] {
        let Session { idle, idle_until, expires_at, .. } = session;
        let expected = [idle, idle_until, expires_at]
            .iter()
            .fold(pattern.to_owned(), |text, time| text.replacen("(%d+)", &time.to_string(), 1));
        assert!(json(&session).unwrap().ends_with(&format!("{expected}}}")), "{expected}");
    }
}

/// Short ones, too, where a second more or less is a tenth.
fn span() -> impl Strategy<Value = Seconds> {
    prop_oneof![1..60u64, 1..400_000u64]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_script_pushes_the_idle_limit_on_just_as_the_domain_does(
        cases in proptest::collection::vec((span(), span(), 0..3_000_000_000u64, 0..500_000u64), 1..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = store();
            for (n, (lifetime, idle, start, later)) in (0u8..).zip(cases) {
                let mut expected = session("alice", lifetime, idle, start);
                store.create(&key(n), expected.clone(), start).await.unwrap();
                let now = start + later % (idle + 2);
                let loaded = store.load(&key(n), true, now).await.unwrap();
                let live = expected.is_live(now);
                expected.touch(now);
                assert_eq!(loaded, live.then(|| expected.clone()));
                assert_eq!(store.load(&key(n), false, now).await.unwrap(), live.then_some(expected), "as it lies there");
            }
        });
    }
}
