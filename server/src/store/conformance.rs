//! The contract of [`SessionStore`], run over every implementation.

use super::{
    Cluster, Database, LOGINS, MemoryStore, Namespace, Population, SessionKey, SessionStore, StoreError,
    memcached::{Memcached, MemcachedStore},
    redis::{Redis, RedisStore},
    servers::{Program, Server},
    sqlite::SqliteStore,
};
use domain::{
    cookie::CookieOptions,
    scheme::Carrier,
    session::{Change, Family, Session, SessionId},
    topology::Link,
    user::{CART_ITEMS, CartError, ITEM_BYTES, Role, User},
};
use proptest::prelude::*;
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

type Store = Arc<dyn SessionStore>;

const LIFETIME: u64 = 1000;
const IDLE: u64 = 100;

fn key(n: u8) -> SessionKey {
    SessionKey::of(&SessionId::from_bytes([n; 16]), false)
}

fn session_of(name: &str, now: u64) -> Session {
    let user = User { name: name.to_owned(), role: Role::User };
    Session::begin(user, CookieOptions::default(), LIFETIME, IDLE, now)
}

fn add(item: &str) -> Change {
    Change::AddToCart(item.to_owned())
}

async fn with_alice(store: Store) -> Store {
    store.create(&key(1), session_of("alice", 0), 0).await.unwrap();
    store
}

async fn create_refuses_a_key_that_exists(store: Store) {
    let store = with_alice(store).await;
    assert_eq!(store.create(&key(1), session_of("bob", 0), 0).await, Err(StoreError::Exists));
    assert_eq!(store.load(&key(1), true, 0).await.unwrap().unwrap().user.name, "alice");
    store.create(&key(1), session_of("bob", IDLE), IDLE).await.expect("the key of a login that is over is free");
}

async fn update_never_brings_a_row_back(store: Store) {
    let store = with_alice(store).await;
    assert!(store.delete(&key(1)).await.unwrap());
    assert!(!store.delete(&key(1)).await.unwrap());
    assert_eq!(store.update(&key(1), &add("late"), 1).await, Ok(None));
    assert_eq!(store.update(&key(2), &add("never"), 1).await, Ok(None));
    assert_eq!(store.load(&key(1), true, 1).await, Ok(None));
    assert!(store.rows(1).await.unwrap().is_empty());
}

async fn updates_at_once_lose_nothing(store: Store) {
    let store = with_alice(store).await;
    let tasks: Vec<_> = (0..32)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.update(&key(1), &add(&format!("item {n}")), 1).await.unwrap().unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut cart = store.load(&key(1), false, 1).await.unwrap().unwrap().cart;
    cart.sort();
    cart.dedup();
    assert_eq!(cart.len(), 32);
}

async fn one_key_is_given_once_however_many_want_it(store: Store) {
    store.create(&key(100), session_of("bob", 0), 0).await.unwrap();
    let tasks: Vec<_> = (0..32u8)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                if n == 0 {
                    return store.rotate(&key(100), &key(1), None, 0).await.map(drop);
                }
                store.create(&key(1), session_of(&format!("user {n}"), 0), 0).await
            })
        })
        .collect();
    let mut given = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => given += 1,
            refused => assert_eq!(refused, Err(StoreError::Exists)),
        }
    }
    assert_eq!(given, 1);
    let rows = store.rows(0).await.unwrap();
    let moved = rows.iter().any(|row| row.user == "bob" && row.key == key(1).reveal());
    assert_eq!(rows.len(), if moved { 1 } else { 2 });
}

async fn at_once_there_is_not_more_room_than_one_after_the_other(store: Store) {
    let tasks: Vec<_> = (0..80u8)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.create(&key(n), session_of("alice", 0), 0).await })
        })
        .collect();
    let mut full = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => {}
            refused => {
                assert_eq!(refused, Err(StoreError::Full));
                full += 1;
            }
        }
    }
    assert_eq!((full, store.rows(0).await.unwrap().len()), (80 - LOGINS, LOGINS));
    assert_eq!(store.keys_of("alice").await.unwrap().len(), LOGINS, "none is unlisted, and none that was refused");
}

/// Whatever was acknowledged under the old key is in the row under the new one; what came too late was
/// told so.
async fn rotation_under_way_loses_nothing(store: Store) {
    for _ in 0..20 {
        let store = Arc::clone(&store);
        store.create(&key(1), session_of("alice", 0), 0).await.unwrap();
        let updates: Vec<_> = (0..8)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.update(&key(1), &add(&n.to_string()), 1).await.unwrap().is_some() })
            })
            .collect();
        let rotated = {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.rotate(&key(1), &key(2), Some(session_of("alice", 1)), 1).await.unwrap() })
        };
        let mut acknowledged = 0;
        for update in updates {
            acknowledged += usize::from(update.await.unwrap());
        }
        assert!(rotated.await.unwrap().is_some());
        assert_eq!(store.load(&key(1), false, 1).await, Ok(None), "the old key is dead");
        assert_eq!(store.load(&key(2), false, 1).await.unwrap().unwrap().cart.len(), acknowledged);
        store.delete(&key(2)).await.unwrap();
    }
}

async fn rotation_gives_fresh_limits_or_none(store: Store) {
    let store = with_alice(store).await;
    store.update(&key(1), &add("pen"), 0).await.unwrap();
    let renamed = store.rotate(&key(1), &key(2), None, 50).await.unwrap().unwrap();
    assert_eq!((renamed.created_at, renamed.idle_until, renamed.cart.len()), (0, IDLE, 1));
    let renewed = store.rotate(&key(2), &key(3), Some(session_of("alice", 60)), 60).await.unwrap().unwrap();
    assert_eq!((renewed.created_at, renewed.idle_until, renewed.cart.len()), (60, 60 + IDLE, 1));
    assert_eq!(store.load(&key(3), false, 60).await, Ok(Some(renewed)));
}

async fn rotation_takes_no_key_and_revives_no_row(store: Store) {
    let store = with_alice(store).await;
    store.create(&key(2), session_of("bob", 0), 0).await.unwrap();
    assert_eq!(store.rotate(&key(1), &key(2), None, 1).await, Err(StoreError::Exists));
    assert_eq!(store.load(&key(1), false, 1).await.unwrap().unwrap().user.name, "alice");
    assert_eq!(store.load(&key(2), false, 1).await.unwrap().unwrap().user.name, "bob");
    assert_eq!(store.rotate(&key(9), &key(8), Some(session_of("mallory", 1)), 1).await, Ok(None));
    assert_eq!(store.rotate(&key(1), &key(7), None, IDLE).await, Ok(None), "it is over");
    assert_eq!(store.load(&key(8), false, 1).await, Ok(None));
}

async fn a_row_is_over_at_its_limit_and_not_a_second_later(store: Store) {
    let store = with_alice(store).await;
    assert!(store.load(&key(1), false, IDLE - 1).await.unwrap().is_some());
    assert_eq!(store.load(&key(1), false, IDLE).await, Ok(None));
    store.create(&key(2), session_of("alice", 0), 0).await.unwrap();
    assert_eq!(store.update(&key(2), &add("pen"), IDLE).await, Ok(None));
}

async fn use_pushes_the_idle_limit_on_but_not_the_absolute_one(store: Store) {
    let store = with_alice(store).await;
    for now in (0..LIFETIME).step_by(90) {
        assert!(store.load(&key(1), true, now).await.unwrap().is_some(), "at {now}");
    }
    assert!(store.load(&key(1), true, LIFETIME - 1).await.unwrap().is_some());
    assert_eq!(store.load(&key(1), true, LIFETIME).await, Ok(None));
}

async fn looking_without_touching_changes_nothing(store: Store) {
    let store = with_alice(store).await;
    let looked = store.load(&key(1), false, 50).await.unwrap().unwrap();
    assert_eq!(looked.idle_until, IDLE);
    let used = store.load(&key(1), true, 50).await.unwrap().unwrap();
    assert_eq!(used.idle_until, 50 + IDLE);
}

async fn a_sweep_takes_what_is_over_and_nothing_else(store: Store) {
    let store = with_alice(store).await;
    store.create(&key(2), session_of("bob", 50), 50).await.unwrap();
    assert_eq!(store.rows(IDLE).await.unwrap().len(), 1, "what is over is not shown even before the sweep");
    assert_eq!(store.sweep(IDLE).await, Ok(1));
    assert_eq!(store.sweep(IDLE).await, Ok(0));
    assert!(store.load(&key(2), false, IDLE).await.unwrap().is_some());
}

async fn it_holds_sixty_four_live_logins(store: Store) {
    for n in 0..u8::try_from(LOGINS).unwrap() {
        store.create(&key(n), session_of("alice", 0), 0).await.unwrap();
    }
    assert_eq!(store.create(&key(200), session_of("alice", 0), 0).await, Err(StoreError::Full));
    assert_eq!(store.rows(0).await.unwrap().len(), LOGINS);
    assert!(store.rotate(&key(0), &key(201), None, 0).await.unwrap().is_some(), "moving needs no room");
    store.create(&key(200), session_of("alice", IDLE), IDLE).await.expect("logins that are over make room");
}

async fn what_the_cart_refuses_changes_nothing(store: Store) {
    let store = with_alice(store).await;
    for _ in 0..CART_ITEMS {
        store.update(&key(1), &add("pen"), 0).await.unwrap();
    }
    assert_eq!(store.update(&key(1), &add("pen"), 0).await, Err(StoreError::Cart(CartError::Full)));
    assert_eq!(store.update(&key(1), &add(""), 0).await, Err(StoreError::Cart(CartError::Item)));
    assert_eq!(store.load(&key(1), false, 0).await.unwrap().unwrap().cart.len(), CART_ITEMS);
    assert_eq!(store.update(&key(1), &Change::EmptyCart, 0).await.unwrap().unwrap().cart.len(), 0);
}

async fn a_user_s_rows_are_found_and_nobody_else_s(store: Store) {
    let store = with_alice(store).await;
    store.create(&key(2), session_of("alice", 0), 0).await.unwrap();
    store.create(&key(3), session_of("alice-2", 0), 0).await.unwrap();
    let keys = store.keys_of("alice").await.unwrap();
    assert_eq!(keys.len(), 2);
    assert!(keys.contains(&key(1)) && keys.contains(&key(2)));
    let changed = store.update(&key(1), &Change::SetRole(Role::Admin), 50).await.unwrap().unwrap();
    assert_eq!((changed.user.role, changed.idle_until), (Role::Admin, IDLE), "somebody else's change is no use");
}

async fn any_text_comes_back_as_it_went_in(store: Store) {
    let texts = ["연필 ✏️", "a;b=c,\"d\" \\ é\u{202e}", "\u{10ffff}", "'; DROP TABLE sessions; --"];
    let user = session_of("앨리스 O'Neil", 0);
    store.create(&key(1), user.clone(), 0).await.unwrap();
    for text in texts {
        store.update(&key(1), &add(text), 0).await.unwrap().unwrap();
    }
    let loaded = store.load(&key(1), false, 0).await.unwrap().unwrap();
    assert_eq!((loaded.cart.as_slice(), loaded.user), (texts.map(String::from).as_slice(), user.user));
}

async fn what_is_as_large_as_allowed_fits(store: Store) {
    let name = "\"\\".repeat(64);
    let items: Vec<_> = (0..CART_ITEMS).map(|n| format!("{n:03}{}", "\"".repeat(ITEM_BYTES - 3))).collect();
    let session = Session { cart: items[1..].to_vec(), ..session_of(&name, 0) };
    store.create(&key(1), session, 0).await.unwrap();
    let full = store.update(&key(1), &add(&items[0]), 50).await.unwrap().unwrap();
    assert_eq!((full.cart.len(), full.idle_until), (CART_ITEMS, 50 + IDLE));
    let touched = store.load(&key(1), true, 90).await.unwrap().unwrap();
    assert_eq!(touched, Session { idle_until: 90 + IDLE, ..full });
    let moved = store.rotate(&key(1), &key(2), None, 90).await.unwrap();
    assert_eq!(moved, Some(touched.clone()));
    assert_eq!(store.load(&key(2), false, 90).await, Ok(Some(touched)));
    assert_eq!(store.keys_of(&name).await, Ok(vec![key(2)]));
    assert_eq!(store.rows(90).await.unwrap()[0].cart.len(), CART_ITEMS);
}

fn family_of(name: &str, next: &str) -> Session {
    let family =
        Family { next: next.to_owned(), login: String::new(), carrier: Carrier::LocalStorage, token_lifetime: 60 };
    let user = User { name: name.to_owned(), role: Role::User };
    Session::begin_family(user, CookieOptions::default(), family, LIFETIME, 0)
}

fn refresh(presented: &str, next: &str) -> Change {
    Change::Refresh { presented: presented.to_owned(), next: next.to_owned() }
}

/// Whether this refresh succeeded, by the row that it left.
fn succeeded(row: Option<&Session>, next: &str) -> bool {
    row.is_some_and(|row| row.is_live(1) && row.refresh.as_ref().is_some_and(|family| family.next == next))
}

async fn of_two_refreshes_with_one_secret_exactly_one_succeeds(store: Store) {
    for round in 0..10u8 {
        let key = key(round);
        store.create(&key, family_of("alice", "first"), 0).await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let (store, key, next) = (Arc::clone(&store), key.clone(), format!("next {n}"));
                tokio::spawn(async move {
                    let row = store.update(&key, &refresh("first", &next), 1).await.unwrap();
                    succeeded(row.as_ref(), &next)
                })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            won += usize::from(task.await.unwrap());
        }
        assert_eq!(won, 1);
        for now in [0, 1] {
            assert_eq!(store.load(&key, false, now).await, Ok(None), "the family is over, whatever the clock said");
        }
        for n in 0..8 {
            assert_eq!(store.update(&key, &refresh(&format!("next {n}"), "more"), 1).await, Ok(None));
        }
    }
    assert_eq!(store.count(0).await, Ok(0));
}

async fn a_family_goes_on_from_secret_to_secret_until_one_is_used_twice(store: Store) {
    store.create(&key(1), family_of("alice", "a"), 0).await.unwrap();
    for (presented, next) in [("a", "b"), ("b", "c"), ("c", "d")] {
        let row = store.update(&key(1), &refresh(presented, next), 1).await.unwrap();
        assert!(succeeded(row.as_ref(), next));
        assert_eq!(store.load(&key(1), true, 1).await, Ok(row));
    }
    let ended = store.update(&key(1), &refresh("b", "x"), 1).await.unwrap();
    assert!(!succeeded(ended.as_ref(), "x") && ended.is_none_or(|row| !row.is_live(0)));
    assert_eq!(store.update(&key(1), &refresh("d", "e"), 1).await, Ok(None), "not even the newest works any more");
    store.create(&key(1), session_of("alice", 1), 1).await.expect("it leaves its key free");
}

async fn a_family_is_kept_like_any_row_and_a_session_is_none(store: Store) {
    store.create(&key(1), family_of("alice", "a"), 0).await.unwrap();
    store.create(&key(2), session_of("alice", 0), 0).await.unwrap();
    assert_eq!(store.update(&key(2), &refresh("a", "b"), 1).await, Ok(Some(session_of("alice", 0))));
    assert_eq!(store.keys_of("alice").await.unwrap().len(), 2);
    let changed = store.update(&key(1), &Change::SetRole(Role::Admin), 1).await.unwrap().unwrap();
    assert_eq!(changed.refresh, family_of("alice", "a").refresh);
    let moved = store.rotate(&key(1), &key(3), None, 1).await.unwrap();
    assert_eq!((store.load(&key(3), true, IDLE).await, moved.as_ref()), (Ok(moved.clone()), Some(&changed)));
    let rows = store.rows(1).await.unwrap();
    let kinds: HashSet<_> = rows.iter().map(|row| (row.key.as_str(), row.refresh)).collect();
    assert_eq!(kinds, HashSet::from([(key(3).reveal(), true), (key(2).reveal(), false)]));
    assert_eq!(store.load(&key(3), false, LIFETIME).await, Ok(None));
}

async fn a_row_that_is_deleted_leaves_room_and_no_trace(store: Store) {
    let store = with_alice(store).await;
    store.create(&key(2), session_of("alice", 0), 0).await.unwrap();
    assert!(store.delete(&key(1)).await.unwrap());
    assert_eq!(store.sweep(0).await, Ok(0), "there is nothing left to sweep");
    assert_eq!(store.keys_of("alice").await, Ok(vec![key(2)]));
    assert_eq!(store.count(0).await, Ok(1));
    store.clear().await.unwrap();
    assert_eq!((store.count(0).await, store.load(&key(2), false, 0).await), (Ok(0), Ok(None)));
    store.clear().await.expect("an empty store can be cleared, too");
    store.create(&key(2), session_of("alice", 0), 0).await.expect("its keys are free");
}

async fn rows_say_what_is_stored_oldest_first(store: Store) {
    let store = with_alice(store).await;
    store.create(&key(9), session_of("bob", 10), 10).await.unwrap();
    let rows = store.rows(10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.user.as_str()).collect::<Vec<_>>(), ["alice", "bob"]);
    let row = &rows[1];
    assert_eq!((row.created_at, row.idle_until, row.expires_at), (10, 10 + IDLE, 10 + LIFETIME));
    assert!(row.bytes > row.key.len());
}

/// Any sequence of operations leaves what a plain list of the same operations would, however the time jumps.
async fn it_behaves_like_its_simplest_model(store: Store, operations: Vec<(u8, u8, u8, u64)>) {
    let mut model: Vec<(u8, Session)> = Vec::new();
    // A row that is over may be dropped at any time, so whether deleting it finds one is not said.
    let mut over = HashSet::new();
    let mut now = 0;
    for (what, a, b, passes) in operations {
        now += passes;
        let (a, b) = (a % 4, b % 4);
        over.extend(model.iter().filter(|(_, session)| !session.is_live(now)).map(|(n, _)| *n));
        model.retain(|(_, session)| session.is_live(now));
        let at = model.iter().position(|(n, _)| *n == a);
        match what % 5 {
            0 => {
                let created = store.create(&key(a), session_of("alice", now), now).await;
                assert_eq!(created, if at.is_some() { Err(StoreError::Exists) } else { Ok(()) });
                if at.is_none() {
                    model.push((a, session_of("alice", now)));
                    over.remove(&a);
                }
            }
            1 => {
                let updated = store.update(&key(a), &add("pen"), now).await.unwrap();
                let expected = at.map(|at| {
                    model[at].1.apply(&add("pen"), now).unwrap();
                    model[at].1.clone()
                });
                assert_eq!(updated, expected);
            }
            2 => {
                let moved = store.rotate(&key(a), &key(b), None, now).await;
                match (model.iter().any(|(n, _)| *n == b), at) {
                    (true, _) => assert_eq!(moved, Err(StoreError::Exists)),
                    (false, Some(at)) => {
                        assert_eq!(moved, Ok(Some(model[at].1.clone())));
                        model[at].0 = b;
                        over.remove(&b);
                    }
                    (false, None) => assert_eq!(moved, Ok(None)),
                }
            }
            3 => {
                let touch = b.is_multiple_of(2);
                let loaded = store.load(&key(a), touch, now).await.unwrap();
                let expected = at.map(|at| {
                    if touch {
                        model[at].1.touch(now);
                    }
                    model[at].1.clone()
                });
                assert_eq!(loaded, expected);
            }
            _ => {
                let deleted = store.delete(&key(a)).await.unwrap();
                assert!(deleted == at.is_some() || over.remove(&a));
                model.retain(|(n, _)| *n != a);
            }
        }
        let rows: Vec<_> = store.rows(now).await.unwrap().into_iter().map(|row| (row.key, row.idle_until)).collect();
        let expected: Vec<_> = model.iter().map(|(n, s)| (key(*n).reveal().to_owned(), s.idle_until)).collect();
        assert_eq!(rows, expected);
        assert_eq!(store.count(now).await, Ok(model.len()));
    }
}

fn operations() -> impl Strategy<Value = Vec<(u8, u8, u8, u64)>> {
    let passes = prop_oneof![6 => 0..3u64, 3 => 3..30u64, 1 => 30..LIFETIME];
    proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), passes), 0..60)
}

/// Fewer cases where each operation goes through the network.
fn cases(store: &str) -> u32 {
    if matches!(store, "redis" | "memcached") { 32 } else { 256 }
}

/// The parts of one store that belong to others know nothing of each other: another lab, another population.
async fn parts_are_apart(part: impl Fn(&str, Population) -> Store) {
    let (lab, other) = (fresh_lab(), fresh_lab());
    // The second is another way to the same part, as another node has it.
    let [mine, again, theirs, crowd] = [
        part(&lab, Population::Visitors),
        part(&lab, Population::Visitors),
        part(&other, Population::Visitors),
        part(&lab, Population::Crowd),
    ];
    for (store, name) in [(&mine, "mine"), (&theirs, "theirs"), (&crowd, "crowd")] {
        store.create(&key(1), session_of(name, 0), 0).await.expect("the same key, elsewhere");
    }
    assert_eq!(again.create(&key(1), session_of("mine", 0), 0).await, Err(StoreError::Exists));
    assert_eq!(mine.keys_of("theirs").await, Ok(vec![]));
    mine.update(&key(1), &add("pen"), 0).await.unwrap().unwrap();
    assert_eq!(again.load(&key(1), false, 0).await.unwrap().unwrap().cart, ["pen"]);
    assert_eq!(mine.rotate(&key(1), &key(2), None, 0).await.unwrap().unwrap().user.name, "mine");
    assert_eq!((mine.sweep(IDLE).await, mine.sweep(IDLE).await), (Ok(1), Ok(0)));
    mine.create(&key(3), session_of("mine", 0), 0).await.unwrap();
    mine.clear().await.unwrap();
    assert_eq!(again.rows(0).await, Ok(vec![]));
    for (store, name) in [(&theirs, "theirs"), (&crowd, "crowd")] {
        let rows = store.rows(0).await.unwrap();
        assert_eq!(rows.iter().map(|row| (row.user.as_str(), row.cart.len())).collect::<Vec<_>>(), [(name, 0)]);
    }
    theirs.delete(&key(1)).await.unwrap();
    assert_eq!(crowd.load(&key(1), false, 0).await.unwrap().unwrap().user.name, "crowd");
    for n in 1..=u8::try_from(LOGINS).unwrap() {
        crowd.create(&key(n.wrapping_add(1)), session_of("crowd", 0), 0).await.expect("a crowd has more room");
    }
    assert_eq!(crowd.count(0).await, Ok(LOGINS + 1));
}

macro_rules! held_by {
    ($store:ident, $make:expr, $($promise:ident),+ $(,)?) => {
        mod $store {
            use super::*;

            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $promise() {
                    super::$promise($make).await;
                }
            )+

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(cases(stringify!($store))))]
                #[test]
                fn it_behaves_like_its_simplest_model(operations in operations()) {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async { super::it_behaves_like_its_simplest_model($make, operations).await });
                }
            }
        }
    };
}

macro_rules! the_contract_is_held_by {
    ($store:ident, $make:expr) => {
        held_by!(
            $store,
            $make,
            create_refuses_a_key_that_exists,
            update_never_brings_a_row_back,
            updates_at_once_lose_nothing,
            one_key_is_given_once_however_many_want_it,
            at_once_there_is_not_more_room_than_one_after_the_other,
            rotation_under_way_loses_nothing,
            rotation_gives_fresh_limits_or_none,
            rotation_takes_no_key_and_revives_no_row,
            a_row_is_over_at_its_limit_and_not_a_second_later,
            use_pushes_the_idle_limit_on_but_not_the_absolute_one,
            looking_without_touching_changes_nothing,
            a_sweep_takes_what_is_over_and_nothing_else,
            it_holds_sixty_four_live_logins,
            what_the_cart_refuses_changes_nothing,
            a_user_s_rows_are_found_and_nobody_else_s,
            any_text_comes_back_as_it_went_in,
            what_is_as_large_as_allowed_fits,
            of_two_refreshes_with_one_secret_exactly_one_succeeds,
            a_family_goes_on_from_secret_to_secret_until_one_is_used_twice,
            a_family_is_kept_like_any_row_and_a_session_is_none,
            a_row_that_is_deleted_leaves_room_and_no_trace,
            rows_say_what_is_stored_oldest_first,
        );
    };
}

/// Node 2 of three that replicate at once.
fn one_of_three() -> Store {
    let link = Link { delay_ms: 0, ..Link::default() };
    let cluster = Arc::new(Cluster::new(Population::Visitors, link, watch::Sender::new(())));
    let [_, second, _] = [1, 2, 3].map(|node| cluster.join(node));
    second
}

/// A part of a database in a file, as the program has it.
fn in_a_file() -> Store {
    let namespace = Namespace { lab: "lab".to_owned(), population: Population::Visitors };
    Arc::new(SqliteStore::new(Arc::new(Database::temporary().unwrap()), namespace))
}

the_contract_is_held_by!(sqlite, in_a_file());
the_contract_is_held_by!(replicated, one_of_three());
the_contract_is_held_by!(memory, Arc::new(MemoryStore::new(Population::Visitors)));

/// The name of a lab that no test had before.
pub(super) fn fresh_lab() -> String {
    static LABS: AtomicU64 = AtomicU64::new(0);
    format!("lab-{}", LABS.fetch_add(1, Ordering::Relaxed))
}

pub(super) fn of_visitors() -> Namespace {
    Namespace { lab: fresh_lab(), population: Population::Visitors }
}

/// On a busy machine a test may wait; how long visitors do is held elsewhere.
const LONG: Duration = Duration::from_secs(10);

fn way_to_redis() -> Arc<Redis> {
    Arc::new(Redis::new(&Server::shared(Program::Redis).url(), LONG).unwrap())
}

fn way_to_memcached() -> Arc<Memcached> {
    Arc::new(Memcached::new(&Server::shared(Program::Memcached).url()).unwrap())
}

the_contract_is_held_by!(redis, Arc::new(RedisStore::new(way_to_redis(), of_visitors())));
the_contract_is_held_by!(memcached, Arc::new(MemcachedStore::new(way_to_memcached(), of_visitors())));

#[tokio::test]
async fn the_labs_and_crowds_of_a_redis_are_apart() {
    let redis = way_to_redis();
    let part = |lab: &str, population| -> Store {
        Arc::new(RedisStore::new(Arc::clone(&redis), Namespace { lab: lab.to_owned(), population }))
    };
    parts_are_apart(part).await;
}

#[tokio::test]
async fn the_labs_and_crowds_of_a_memcached_are_apart() {
    let memcached = way_to_memcached();
    let part = |lab: &str, population| -> Store {
        Arc::new(MemcachedStore::new(Arc::clone(&memcached), Namespace { lab: lab.to_owned(), population }))
    };
    parts_are_apart(part).await;
}
