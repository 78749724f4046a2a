//! The contract of [`SessionStore`], run over every implementation.

use super::{
    Cluster, Database, Keeping, Namespace, Population, Revision, SessionKey, SessionStore, Sessions, StoreError,
    memcached::{Memcached, MemcachedStore},
    redis::{Redis, RedisStore},
    servers::{Program, StoreServer},
    sqlite::SqliteStore,
};
use crate::bounds::LAB_LOGINS;
use domain::{
    cookie::CookieOptions,
    scheme::Carrier,
    session::{Change, Family, Session, SessionId},
    topology::{Link, StoreKind},
    user::{CART_ITEMS, CartError, ITEM_BYTES, Role, User},
    view::UserView,
};
use proptest::prelude::*;
use std::{
    collections::HashSet,
    slice,
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
    assert_eq!((full, store.rows(0).await.unwrap().len()), (80 - LAB_LOGINS, LAB_LOGINS));
    let ended = store.revise(&Revision::End("alice".to_owned()), 0).await;
    assert_eq!(ended, Ok(LAB_LOGINS), "none is unlisted, and none that was refused");
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
    for n in 0..u8::try_from(LAB_LOGINS).unwrap() {
        store.create(&key(n), session_of("alice", 0), 0).await.unwrap();
    }
    assert_eq!(store.create(&key(200), session_of("alice", 0), 0).await, Err(StoreError::Full));
    assert_eq!(store.rows(0).await.unwrap().len(), LAB_LOGINS);
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

/// The users and keys of all rows, oldest first.
async fn listed(store: &Store, now: u64) -> Vec<(String, SessionKey)> {
    let rows = store.rows(now).await.unwrap();
    rows.iter().map(|row| (row.user.clone(), SessionKey(row.key.clone()))).collect()
}

fn end(user: &str) -> Revision {
    Revision::End(user.to_owned())
}

async fn with_two_of_alice_s_and_one_of_another_s(store: Store) -> Store {
    let store = with_alice(store).await;
    store.create(&key(2), session_of("alice-2", 0), 0).await.unwrap();
    store.create(&key(3), family_of("alice", "a"), 0).await.unwrap();
    store
}

async fn every_row_of_a_user_ends_and_nobody_else_s(store: Store) {
    let store = with_two_of_alice_s_and_one_of_another_s(store).await;
    assert_eq!(store.revise(&end("alice"), 0).await, Ok(2));
    assert_eq!(store.revise(&end("alice"), 0).await, Ok(0));
    assert_eq!(listed(&store, 0).await, [("alice-2".to_owned(), key(2))]);
    assert_eq!(store.load(&key(3), false, 0).await, Ok(None));
    assert_eq!(store.update(&key(1), &add("late"), 0).await, Ok(None));
    store.create(&key(1), session_of("alice", 0), 0).await.expect("its key is free");
}

async fn every_row_of_a_user_is_changed_and_nobody_else_s(store: Store) {
    let store = with_two_of_alice_s_and_one_of_another_s(store).await;
    let admin = Revision::Change("alice".to_owned(), Change::SetRole(Role::Admin));
    assert_eq!(store.revise(&admin, 50).await, Ok(2));
    assert_eq!(store.revise(&admin, 50).await, Ok(0), "there is nothing to change any more");
    for (n, role) in [(1, Role::Admin), (2, Role::User), (3, Role::Admin)] {
        assert_eq!(store.load(&key(n), false, 50).await.unwrap().unwrap().user.role, role);
    }
    assert_eq!(store.load(&key(1), false, 50).await.unwrap().unwrap().idle_until, IDLE, "it is no use of the session");
    assert_eq!(listed(&store, 50).await.into_iter().map(|(_, key)| key).collect::<Vec<_>>(), [key(1), key(2), key(3)]);
    assert_eq!(store.revise(&admin, IDLE).await, Ok(0), "what is over stays over");
    assert_eq!(store.load(&key(1), false, IDLE).await, Ok(None));
}

async fn a_revision_that_one_row_does_not_take_changes_none(store: Store) {
    let store = with_alice(store).await;
    store.create(&key(2), Session { cart: vec!["pen".into(); CART_ITEMS], ..session_of("alice", 0) }, 0).await.unwrap();
    store.create(&key(3), session_of("alice", 0), 0).await.unwrap();
    let change = Revision::Change("alice".to_owned(), add("mug"));
    assert_eq!(store.revise(&change, 0).await, Err(StoreError::Cart(CartError::Full)));
    for n in [1, 3] {
        assert!(store.load(&key(n), false, 0).await.unwrap().unwrap().cart.is_empty(), "{n}");
    }
}

async fn rows_become_what_the_users_are(store: Store) {
    for (n, name) in [(1, "alice"), (2, "bob"), (3, "carol"), (4, "mallory")] {
        store.create(&key(n), session_of(name, 0), 0).await.unwrap();
    }
    store.create(&key(5), family_of("bob", "a"), 0).await.unwrap();
    let user = |name: &str, role, disabled| UserView { name: name.to_owned(), role, disabled };
    let users = [user("alice", Role::User, false), user("bob", Role::Admin, false), user("carol", Role::User, true)];
    let reconcile = Revision::Reconcile(users.to_vec());
    assert_eq!(store.revise(&reconcile, 0).await, Ok(4));
    let rows = store.rows(0).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.user.as_str(), row.role)).collect();
    assert_eq!(rows, [("alice", Role::User), ("bob", Role::Admin), ("bob", Role::Admin)]);
    assert_eq!(store.revise(&reconcile, 0).await, Ok(0));
}

async fn keys_become_hashes_and_the_rows_stay_as_they_are(store: Store) {
    let store = with_two_of_alice_s_and_one_of_another_s(store).await;
    store.update(&key(1), &add("pen"), 50).await.unwrap();
    let before = store.load(&key(1), false, 50).await;
    let hashed = |n: u8| SessionKey::of(&SessionId::from_bytes([n; 16]), true);
    assert_eq!(store.revise(&Revision::DropHashes, 50).await, Ok(0));
    assert_eq!(store.revise(&Revision::HashKeys, 50).await, Ok(3));
    assert_eq!(store.revise(&Revision::HashKeys, 50).await, Ok(0));
    let keys: Vec<_> = listed(&store, 50).await.into_iter().map(|(_, key)| key).collect();
    assert_eq!(keys, [1, 2, 3].map(hashed), "each keeps its place");
    assert_eq!((store.load(&hashed(1), false, 50).await, store.load(&key(1), false, 50).await), (before, Ok(None)));
    store.create(&key(4), session_of("bob", 50), 50).await.unwrap();
    assert_eq!(store.revise(&Revision::DropHashes, 50).await, Ok(3));
    assert_eq!(listed(&store, 50).await, [("bob".to_owned(), key(4))]);
}

/// Whatever was acknowledged, under the old key or the new one, is in the row.
async fn while_keys_become_hashes_no_change_is_lost(store: Store) {
    let hashed = SessionKey::of(&SessionId::from_bytes([1; 16]), true);
    for _ in 0..10 {
        let store = Arc::clone(&store);
        store.create(&key(1), session_of("alice", 0), 0).await.unwrap();
        let updates: Vec<_> = (0..8)
            .map(|n| {
                let (store, keys) = (Arc::clone(&store), [key(1), hashed.clone()]);
                tokio::spawn(async move {
                    for key in keys {
                        if store.update(&key, &add(&n.to_string()), 1).await.unwrap().is_some() {
                            return;
                        }
                    }
                    panic!("it is under one of them");
                })
            })
            .collect();
        assert_eq!(store.revise(&Revision::HashKeys, 1).await, Ok(1));
        for update in updates {
            update.await.unwrap();
        }
        assert_eq!(store.load(&hashed, false, 1).await.unwrap().unwrap().cart.len(), 8);
        store.delete(&hashed).await.unwrap();
    }
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
    let admin = Revision::Change(name.clone(), Change::SetRole(Role::Admin));
    assert_eq!(store.revise(&admin, 90).await, Ok(1));
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
    assert_eq!(listed(&store, 0).await, [("alice".to_owned(), key(2))]);
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
        match what % 6 {
            0 => {
                let user = if b == 0 { "bob" } else { "alice" };
                let created = store.create(&key(a), session_of(user, now), now).await;
                assert_eq!(created, if at.is_some() { Err(StoreError::Exists) } else { Ok(()) });
                if at.is_none() {
                    model.push((a, session_of(user, now)));
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
            4 => {
                let admin = Revision::Change("bob".to_owned(), Change::SetRole(Role::Admin));
                let revision = if b == 0 { end("bob") } else { admin };
                store.revise(&revision, now).await.unwrap();
                if b == 0 {
                    over.extend(model.iter().filter(|(_, session)| session.user.name == "bob").map(|(n, _)| *n));
                }
                model.retain(|(_, session)| b > 0 || session.user.name != "bob");
                for (_, session) in model.iter_mut().filter(|(_, session)| session.user.name == "bob") {
                    session.user.role = Role::Admin;
                }
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
    for revision in [end("theirs"), Revision::DropHashes] {
        assert_eq!(mine.revise(&revision, 0).await, Ok(0));
    }
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
    for n in 1..=u8::try_from(LAB_LOGINS).unwrap() {
        crowd.create(&key(n.wrapping_add(1)), session_of("crowd", 0), 0).await.expect("a crowd has more room");
    }
    assert_eq!(crowd.count(0).await, Ok(LAB_LOGINS + 1));
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
            every_row_of_a_user_ends_and_nobody_else_s,
            every_row_of_a_user_is_changed_and_nobody_else_s,
            rows_become_what_the_users_are,
            keys_become_hashes_and_the_rows_stay_as_they_are,
            while_keys_become_hashes_no_change_is_lost,
            a_switch_of_the_keys_logs_nobody_out,
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
    let cluster = Cluster::linked(Population::Visitors, link, watch::Sender::new(()));
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
the_contract_is_held_by!(memory, Cluster::unlinked(Population::Visitors).join(1));

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
    Arc::new(Redis::with_patience(&StoreServer::shared(Program::Redis).url(), LONG).unwrap())
}

fn way_to_memcached() -> Arc<Memcached> {
    Arc::new(Memcached::new(&StoreServer::shared(Program::Memcached).url()).unwrap())
}

the_contract_is_held_by!(redis, Arc::new(RedisStore::new(way_to_redis(), &of_visitors())));
the_contract_is_held_by!(memcached, Arc::new(MemcachedStore::new(way_to_memcached(), &of_visitors())));

#[tokio::test]
async fn a_revision_is_of_all_rows_or_of_none_wherever_a_store_can_do_several_things_at_once() {
    let redis: Store = Arc::new(RedisStore::new(way_to_redis(), &of_visitors()));
    let memory = Cluster::unlinked(Population::Visitors).join(1);
    for store in [redis, memory, in_a_file(), one_of_three()] {
        a_revision_that_one_row_does_not_take_changes_none(store).await;
    }
}

#[tokio::test]
async fn the_room_for_logins_is_the_lab_s_and_not_a_node_s() {
    for population in [Population::Visitors, Population::Crowd] {
        let memories = Cluster::unlinked(population);
        let nodes = [1, 2, 3].map(|node| memories.join(node));
        let key = |n: usize| SessionKey::of(&SessionId::from_bytes((n as u128).to_be_bytes()), false);
        let tasks: Vec<_> = (0..population.room() + 20)
            .map(|n| {
                let store = Arc::clone(&nodes[n % 3]);
                tokio::spawn(async move { store.create(&key(n), session_of("alice", 0), 0).await })
            })
            .collect();
        let mut full = 0;
        for task in tasks {
            full += usize::from(task.await.unwrap() == Err(StoreError::Full));
        }
        assert_eq!(full, 20);
        memories.leave(2);
        nodes[0].create(&key(5000), session_of("alice", 0), 0).await.expect("a node that stops leaves its room");
        nodes[1].create(&key(5001), session_of("alice", 0), 0).await.expect("who was under way there is answered");
        let mut more = 6000;
        while nodes[2].create(&key(more), session_of("alice", 0), 0).await.is_ok() {
            more += 1;
        }
        nodes[2].create(&key(5002), session_of("alice", IDLE), IDLE).await.expect("as do logins that are over");
        assert_eq!((nodes[0].count(0).await, nodes[2].count(IDLE).await), (Ok(0), Ok(1)));
    }
}

/// Who is logged in stays so, whatever becomes of the keys meanwhile, and who logs in is.
async fn a_switch_of_the_keys_logs_nobody_out(store: Store) {
    let keeping = Arc::new(Keeping::new(Arc::default()));
    let sessions = Sessions::in_common(StoreKind::Memory, store, Arc::clone(&keeping), None, Arc::default(), LONG);
    let id = |n: u8| SessionId::from_bytes([n; 16]);
    for n in 0..4 {
        sessions.create(&id(n), session_of("alice", 0), 0).await.unwrap();
    }
    let (stop, stopped) = watch::channel(false);
    let asking: Vec<_> = (0..4)
        .map(|n| {
            let (sessions, stopped) = (sessions.clone(), stopped.clone());
            tokio::spawn(async move {
                let mut asked = 0;
                while !*stopped.borrow() {
                    assert!(sessions.load(&id(n), true, 0).await.unwrap().is_some());
                    assert!(sessions.update(&id(n), &Change::EmptyCart, 0).await.unwrap().is_some());
                    let new = SessionId::from_bytes([n, asked, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
                    asked = asked.wrapping_add(1);
                    sessions.create(&new, session_of("bob", 0), 0).await.unwrap();
                    assert!(sessions.load(&new, true, 0).await.unwrap().is_some());
                    assert!(sessions.delete(&new).await.unwrap());
                }
            })
        })
        .collect();
    for on in [false, true, true] {
        tokio::time::sleep(Duration::from_millis(20)).await;
        keeping.hash_ids(on, slice::from_ref(&sessions), 0).await.unwrap();
    }
    stop.send(true).unwrap();
    for asked in asking {
        asked.await.unwrap();
    }
    assert!(sessions.rows(0).await.unwrap().iter().all(|row| row.key.len() == 43));
    keeping.hash_ids(false, slice::from_ref(&sessions), 0).await.unwrap();
    assert_eq!(sessions.rows(0).await, Ok(vec![]), "off ends every session");
}

#[tokio::test]
async fn the_labs_and_crowds_of_a_redis_are_apart() {
    let redis = way_to_redis();
    let part = |lab: &str, population| -> Store {
        Arc::new(RedisStore::new(Arc::clone(&redis), &Namespace { lab: lab.to_owned(), population }))
    };
    parts_are_apart(part).await;
}

#[tokio::test]
async fn the_labs_and_crowds_of_a_memcached_are_apart() {
    let memcached = way_to_memcached();
    let part = |lab: &str, population| -> Store {
        Arc::new(MemcachedStore::new(Arc::clone(&memcached), &Namespace { lab: lab.to_owned(), population }))
    };
    parts_are_apart(part).await;
}
