//! What only a memcached has. The contract is held in `conformance`.

use super::*;
use crate::store::{
    conformance::of_visitors,
    servers::{Program, StoreServer},
};
use domain::{
    cookie::CookieOptions,
    session::SessionId,
    user::{Role, User},
};
use std::time::Instant;

fn key(n: u8) -> SessionKey {
    SessionKey::of(&SessionId::from_bytes([n; 16]), false)
}

fn session(lifetime: Seconds, idle: Seconds, now: Seconds) -> Session {
    let user = User { name: "alice".to_owned(), role: Role::User };
    Session::begin(user, CookieOptions::default(), lifetime, idle, now)
}

fn store() -> MemcachedStore {
    let memcached = Memcached::new(&StoreServer::shared(Program::Memcached).url()).unwrap();
    MemcachedStore::new(Arc::new(memcached), &of_visitors())
}

async fn lies_there(store: &MemcachedStore, n: u8) -> Option<Item> {
    store.0.get(&store.0.key(key(n).reveal())).await.unwrap()
}

#[tokio::test]
async fn what_is_shown_is_what_lies_there_and_it_ends_by_the_server_s_own_clock_too() {
    let store = store();
    store.create(&key(1), session(5000, 900, 70), 70).await.unwrap();
    let held = store.rows(70).await.unwrap().remove(0).held.unwrap();
    assert!(held.key.starts_with("login-lab:lab-") && held.key.contains(":session:"), "{}", held.key);
    assert_eq!(lies_there(&store, 1).await.unwrap().value, held.value);
    assert!((900..=901).contains(&held.ttl.unwrap()), "{held:?}");
    let index = store.0.get(&store.0.index).await.unwrap().unwrap();
    assert_eq!(index.value, key(1).reveal());
    assert!((5000..=5001).contains(&index.ttl.unwrap()), "the index outlives it");
    store.update(&key(1), &Change::EmptyCart, 470).await.unwrap().unwrap();
    assert!((900..=901).contains(&lies_there(&store, 1).await.unwrap().ttl.unwrap()), "pushed on with the row");
}

#[tokio::test]
async fn a_life_of_more_than_thirty_days_is_no_date_in_the_past() {
    let store = store();
    for (n, days) in [(1, 29), (2, 30), (3, 31), (4, 365)] {
        let life = days * 24 * 60 * 60;
        store.create(&key(n), session(life, life, 0), 0).await.unwrap();
        let ttl = lies_there(&store, n).await.expect("it is there").ttl.unwrap();
        assert!((life - 1..=life + 3).contains(&ttl), "{days} days are {ttl} s");
    }
}

#[tokio::test]
async fn a_session_goes_by_itself_and_then_it_is_swept_off_the_index() {
    let store = store();
    store.create(&key(1), session(1, 1, 0), 0).await.unwrap();
    store.create(&key(2), session(100, 100, 0), 0).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(6);
    while lies_there(&store, 1).await.is_some() {
        assert!(Instant::now() < deadline, "it stays");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(store.load(&key(1), false, 0).await, Ok(None), "though the lab's clock says it is live");
    assert_eq!((store.count(0).await, store.sweep(0).await, store.sweep(0).await), (Ok(1), Ok(1), Ok(0)));
}

#[tokio::test]
async fn without_its_index_a_lab_has_no_login() {
    let store = store();
    store.create(&key(1), session(100, 100, 0), 0).await.unwrap();
    store.0.ask(Ask::Delete { key: &store.0.index, version: None }).await.unwrap();
    for _ in 0..2 {
        assert!(lies_there(&store, 1).await.is_some());
        assert_eq!(store.load(&key(1), true, 0).await, Ok(None), "nobody could list it, so nobody could end it");
        assert_eq!(store.update(&key(1), &Change::EmptyCart, 0).await, Ok(None));
        assert_eq!(store.rotate(&key(1), &key(9), None, 0).await, Ok(None));
        // Another index does not bring it back.
        store.create(&key(2), session(100, 100, 0), 0).await.unwrap();
        assert_eq!(store.count(0).await, Ok(1));
        store.delete(&key(2)).await.unwrap();
    }
    store.create(&key(1), session(100, 100, 0), 0).await.expect("its key is free");
    assert!(store.load(&key(1), true, 0).await.unwrap().is_some());
}

#[tokio::test]
async fn however_much_else_memcached_has_to_hold_no_login_is_left_that_is_not_listed() {
    let server = StoreServer::start(Program::Memcached);
    let store = MemcachedStore::new(Arc::new(Memcached::new(&server.url()).unwrap()), &of_visitors());
    for n in 0..40 {
        store.create(&key(n), session(5000, 5000, 0), 0).await.unwrap();
    }
    // Reading a row keeps it there; nobody reads the index, or so it was.
    let much = "x".repeat(500_000);
    for n in 0..400 {
        let filler = Ask::Set { key: &format!("filler-{n}"), value: &much, flags: 0, expires: 100, only: Only::Always };
        store.0.ask(filler).await.unwrap();
        if n % 10 == 0 {
            let mut live = 0;
            for n in 0..40 {
                live += usize::from(store.load(&key(n), false, 0).await.unwrap().is_some());
            }
            assert_eq!(store.count(0).await, Ok(live));
        }
    }
}

/// A row that is about to be filled is neither there nor free, and nobody who logs out everywhere passes it
/// by.
#[tokio::test]
async fn whoever_wants_a_claimed_row_waits_until_it_is_filled() {
    let store = store();
    let mut claim = store.0.claim(key(1).reveal(), 0).await.unwrap();
    claim.flags = store.0.enlist(key(1).reveal(), None, 100, 0).await.unwrap();
    assert_eq!(store.rows(0).await, Ok(vec![]));
    assert_eq!(store.sweep(1_000_000).await, Ok(0));
    let ending = tokio::spawn({
        let store = store.clone();
        async move { store.revise(&Revision::End("alice".to_owned()), 0).await }
    });
    tokio::task::yield_now().await;
    store.0.swap(key(1).reveal(), &claim, &session(100, 100, 0), 0).await.unwrap();
    assert_eq!(ending.await.unwrap(), Ok(1));
    assert_eq!(store.load(&key(1), false, 0).await, Ok(None));
}

/// While a revision waits for the first row, the second one moves.
#[tokio::test]
async fn a_row_that_moves_while_all_are_revised_is_revised_where_it_is_then() {
    for moves in [vec![(2, 3)], vec![(2, 3), (3, 4)], vec![(2, 3), (3, 2)]] {
        let store = store();
        let mut claim = store.0.claim(key(1).reveal(), 0).await.unwrap();
        claim.flags = store.0.enlist(key(1).reveal(), None, 100, 0).await.unwrap();
        store.create(&key(2), session(100, 100, 0), 0).await.unwrap();
        let ending = tokio::spawn({
            let store = store.clone();
            async move { store.revise(&Revision::End("alice".to_owned()), 0).await }
        });
        tokio::time::sleep(Duration::from_millis(30)).await;
        for (old, new) in moves {
            assert!(store.rotate(&key(old), &key(new), None, 0).await.unwrap().is_some());
        }
        store.0.swap(key(1).reveal(), &claim, &session(100, 100, 0), 0).await.unwrap();
        assert_eq!(ending.await.unwrap(), Ok(2));
        assert_eq!(store.rows(0).await, Ok(vec![]));
    }
}

/// The first revision waits for a row that is claimed, and nobody waits for it any more.
#[tokio::test]
async fn a_revision_that_nobody_waits_for_is_done_before_the_next_one_begins() {
    let store = store();
    let mut claim = store.0.claim(key(1).reveal(), 0).await.unwrap();
    claim.flags = store.0.enlist(key(1).reveal(), None, 100, 0).await.unwrap();
    store.create(&key(2), session(100, 100, 0), 0).await.unwrap();
    let set = |role| Revision::Change("alice".to_owned(), Change::SetRole(role));
    let first = async { store.revise(&set(Role::Admin), 0).await };
    assert!(tokio::time::timeout(Duration::from_millis(30), first).await.is_err());
    // The second one does not come by the claimed row.
    let index = store.0.index().await.unwrap();
    store.0.write_index(&index, &[key(2).reveal().to_owned()], 100).await.unwrap();
    let second = tokio::spawn({
        let (store, set) = (store.clone(), set(Role::User));
        async move { store.revise(&set, 0).await }
    });
    tokio::time::sleep(Duration::from_millis(30)).await;
    store.0.swap(key(1).reveal(), &claim, &session(100, 100, 0), 0).await.unwrap();
    second.await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let row = store.load(&key(2), false, 0).await.unwrap().unwrap();
    assert_eq!(row.user.role, Role::User, "who came last has the last word");
}

#[tokio::test]
async fn what_is_begun_is_done_also_when_nobody_waits_for_it() {
    let store = store();
    store.create(&key(1), session(100, 100, 0), 0).await.unwrap();
    // Polled once, and dropped.
    let moving = async { store.rotate(&key(1), &key(2), None, 0).await };
    assert!(futures::FutureExt::now_or_never(moving).is_none());
    let deadline = Instant::now() + Duration::from_secs(5);
    while store.load(&key(2), false, 0).await.unwrap().is_none() {
        assert!(Instant::now() < deadline, "it is lost");
        tokio::time::sleep(A_MOMENT).await;
    }
    assert_eq!(store.load(&key(1), false, 0).await, Ok(None));
}

#[tokio::test]
async fn what_somebody_else_wrote_there_lets_nobody_in_and_makes_nothing_fail() {
    let store = store();
    for nonsense in ["", "{}", "claimed", "\u{0}"] {
        store.create(&key(1), session(100, 100, 0), 0).await.unwrap();
        let item = lies_there(&store, 1).await.unwrap();
        let name = store.0.key(key(1).reveal());
        let only = Only::If(item.version);
        store.0.ask(Ask::Set { key: &name, value: nonsense, flags: item.flags, expires: 100, only }).await.unwrap();
        assert_eq!(store.load(&key(1), true, 0).await, Ok(None), "{nonsense}");
        assert_eq!(store.update(&key(1), &Change::EmptyCart, 0).await, Ok(None));
        assert_eq!(store.rows(0).await, Ok(vec![]));
    }
    let index = store.0.index().await.unwrap();
    let names = ["a\u{7}b", &"x".repeat(300), key(1).reveal()].map(String::from);
    assert!(store.0.write_index(&index, &names, 100).await.unwrap().is_some());
    assert!(store.create(&key(2), session(100, 100, 0), 0).await.is_ok());
    assert_eq!(store.count(0).await, Ok(1), "names that cannot be ours are passed by");
}
