//! What `Sessions` makes of any store. What it makes of a real one stands in `conformance` and `outages`.

use super::*;
use crate::store::{Cluster, Found, Population, StoreFaults};
use domain::{
    cookie::CookieOptions,
    scheme::Carrier,
    session::Family,
    user::{Role, User},
};
use std::{
    slice,
    sync::atomic::{AtomicU64, Ordering},
};

fn session() -> Session {
    let user = User { name: "alice".into(), role: Role::User };
    Session::begin(user, CookieOptions::default(), 100, 100, 0)
}

fn keeping() -> Arc<Keeping> {
    Arc::new(Keeping::new(Arc::default()))
}

fn in_memory(keeping: &Arc<Keeping>) -> Sessions {
    Sessions::new(StoreKind::Memory, Cluster::unlinked(Population::Visitors).join(1), Arc::clone(keeping))
}

#[tokio::test]
async fn a_store_that_is_made_to_be_down_lets_nobody_in_and_has_lost_nothing_when_it_is_back() {
    let faults = Arc::new(StoreFaults::default());
    let keeping = Arc::new(Keeping::new(Arc::clone(&faults)));
    let sessions = in_memory(&keeping);
    let id = SessionId::from_bytes([1; 16]);
    sessions.create(&id, session(), 0).await.unwrap();
    faults.set(true, 0);
    assert_eq!(sessions.load(&id, true, 0).await, Err(StoreError::Unavailable));
    assert_eq!(sessions.delete(&id).await, Err(StoreError::Unavailable));
    faults.set(false, 0);
    assert!(sessions.load(&id, true, 0).await.unwrap().is_some());
}

#[tokio::test]
async fn a_refresh_token_s_row_is_no_session_and_a_session_no_refresh_token_s_row() {
    let sessions = in_memory(&keeping());
    let [session_id, family_id] = [1, 2].map(|n| SessionId::from_bytes([n; 16]));
    let family = Family { next: "x".into(), login: String::new(), carrier: Carrier::Cookie, token_lifetime: 60 };
    sessions.create(&session_id, session(), 0).await.unwrap();
    sessions.create(&family_id, Session { refresh: Some(family), ..session() }, 0).await.unwrap();
    assert!(sessions.load(&session_id, true, 0).await.unwrap().is_some());
    assert_eq!(sessions.load(&family_id, true, 0).await, Ok(None));
    assert_eq!(sessions.load_family(&session_id, 0).await, Ok(None));
    assert!(sessions.load_family(&family_id, 0).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_slow_store_is_waited_for_but_not_longer_than_the_patience() {
    let faults = Arc::new(StoreFaults::default());
    let sessions = in_memory(&Arc::new(Keeping::new(Arc::clone(&faults))));
    let id = SessionId::from_bytes([1; 16]);
    faults.set(false, 299);
    sessions.create(&id, session(), 0).await.unwrap();
    faults.set(false, 301);
    assert_eq!(sessions.load(&id, true, 0).await, Err(StoreError::Timeout));
}

/// A store that takes its time, before it does what it is asked or before it says so; and one that does it later,
/// though nobody waits any more.
#[derive(Debug)]
struct Wayward {
    store: Arc<dyn SessionStore>,
    breaker: Arc<Breaker>,
    before: AtomicU64,
    after: AtomicU64,
    later: AtomicU64,
}

const FOR_EVER: u64 = u64::MAX / 2;

impl Wayward {
    fn new() -> Arc<Self> {
        let store = Cluster::unlinked(Population::Visitors).join(1);
        let [before, after, later] = [(); 3].map(|()| AtomicU64::new(0));
        Arc::new(Self { store, breaker: Breaker::new("test"), before, after, later })
    }

    fn sessions(self: &Arc<Self>, keeping: &Arc<Keeping>) -> Sessions {
        self.with_patience(keeping, PATIENCE)
    }

    fn with_patience(self: &Arc<Self>, keeping: &Arc<Keeping>, patience: Duration) -> Sessions {
        let store: Arc<dyn SessionStore> = Arc::clone(self) as _;
        let (keeping, breaker) = (Arc::clone(keeping), Some(Arc::clone(&self.breaker)));
        Sessions::in_common(StoreKind::Redis, store, keeping, breaker, Arc::default(), patience)
    }

    fn takes(&self, before: u64, after: u64) {
        self.before.store(before, Ordering::Relaxed);
        self.after.store(after, Ordering::Relaxed);
    }

    async fn first(&self) {
        tokio::time::sleep(Duration::from_millis(self.before.load(Ordering::Relaxed))).await;
    }

    async fn then<T>(&self, result: T) -> T {
        tokio::time::sleep(Duration::from_millis(self.after.load(Ordering::Relaxed))).await;
        self.breaker.heard();
        result
    }

    /// Has something done after a while, whether anybody waits or not.
    async fn later(&self, work: impl Future<Output = ()> + Send + 'static) {
        let late = self.later.load(Ordering::Relaxed);
        if late > 0 {
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(late)).await;
                work.await;
            });
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait::async_trait]
impl SessionStore for Wayward {
    async fn create(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError> {
        let (store, late, again) = (Arc::clone(&self.store), key.clone(), session.clone());
        self.later(async move { store.create(&late, again, now).await.unwrap() }).await;
        self.first().await;
        self.then(self.store.create(key, session, now).await).await
    }
    async fn load(&self, key: &SessionKey, touch: bool, now: Seconds) -> Found {
        self.first().await;
        self.then(self.store.load(key, touch, now).await).await
    }
    async fn update(&self, key: &SessionKey, change: &Change, now: Seconds) -> Found {
        self.first().await;
        self.then(self.store.update(key, change, now).await).await
    }
    async fn rotate(&self, old: &SessionKey, new: &SessionKey, fresh: Option<Session>, now: Seconds) -> Found {
        self.first().await;
        self.then(self.store.rotate(old, new, fresh, now).await).await
    }
    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.first().await;
        self.then(self.store.delete(key).await).await
    }
    async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        let (store, late) = (Arc::clone(&self.store), revision.clone());
        self.later(async move { store.revise(&late, now).await.map(drop).unwrap() }).await;
        self.first().await;
        self.then(self.store.revise(revision, now).await).await
    }
    async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        self.first().await;
        self.then(self.store.rows(now).await).await
    }
    async fn count(&self, now: Seconds) -> Result<usize, StoreError> {
        self.first().await;
        self.then(self.store.count(now).await).await
    }
    async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        self.first().await;
        self.then(self.store.sweep(now).await).await
    }
    async fn clear(&self) -> Result<(), StoreError> {
        self.first().await;
        self.then(self.store.clear().await).await
    }
}

fn id(n: u8) -> SessionId {
    SessionId::from_bytes([n; 16])
}

async fn pass(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_is_given_up_in_every_operation() {
    let (keeping, store) = (keeping(), Wayward::new());
    store.takes(FOR_EVER, 0);
    let sessions = Sessions::new(StoreKind::Memory, Arc::clone(&store) as _, Arc::clone(&keeping));
    let id = id(1);
    let start = Instant::now();
    assert_eq!(sessions.load(&id, true, 0).await, Err(StoreError::Timeout));
    assert_eq!(sessions.create(&id, session(), 0).await, Err(StoreError::Timeout));
    assert_eq!(sessions.rows(0).await, Err(StoreError::Timeout));
    assert_eq!(sessions.revise(&Revision::End("alice".into()), 0).await, Err(StoreError::Timeout));
    assert_eq!(start.elapsed(), PATIENCE * 4);
    let asked: Vec<_> = keeping.operations().iter().map(|o| (o.operation, o.count, o.failed)).collect();
    assert_eq!(asked, [(Operation::Create, 1, 1), (Operation::Load, 1, 1), (Operation::Find, 1, 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_frozen_is_left_alone_also_when_a_delay_is_played_before_it() {
    for delay in [0, 60, 250] {
        let (faults, store) = (Arc::new(StoreFaults::default()), Wayward::new());
        let sessions = store.sessions(&Arc::new(Keeping::new(Arc::clone(&faults))));
        faults.set(false, delay);
        store.takes(FOR_EVER, 0);
        for _ in 0..3 {
            let start = Instant::now();
            assert_eq!(sessions.load(&id(1), true, 0).await, Err(StoreError::Timeout));
            assert_eq!(start.elapsed(), PATIENCE, "the delay is not on top of it");
            pass(delay).await;
        }
        let start = Instant::now();
        assert_eq!(sessions.load(&id(1), true, 0).await, Err(StoreError::Unavailable), "{delay}");
        assert_eq!(start.elapsed(), Duration::from_millis(delay));
    }
}

#[tokio::test(start_paused = true)]
async fn a_played_delay_that_leaves_a_store_no_time_says_nothing_about_it() {
    let (faults, store) = (Arc::new(StoreFaults::default()), Wayward::new());
    let sessions = store.sessions(&Arc::new(Keeping::new(Arc::clone(&faults))));
    sessions.create(&id(1), session(), 0).await.unwrap();
    faults.set(false, 290);
    store.takes(20, 0);
    for _ in 0..10 {
        assert_eq!(sessions.load(&id(1), true, 0).await, Err(StoreError::Timeout));
    }
    faults.set(false, 0);
    assert!(sessions.load(&id(1), true, 0).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_store_may_take_as_long_as_it_was_given_and_a_played_delay_as_long_as_ever() {
    let (faults, store) = (Arc::new(StoreFaults::default()), Wayward::new());
    let keeping = Arc::new(Keeping::new(Arc::clone(&faults)));
    let sessions = store.with_patience(&keeping, PATIENCE * 9);
    store.takes(1000, 0);
    sessions.create(&id(1), session(), 0).await.unwrap();
    assert_eq!(sessions.rows(0).await.unwrap().len(), 1);
    store.takes(3000, 0);
    let start = Instant::now();
    assert_eq!(sessions.load(&id(1), true, 0).await, Err(StoreError::Timeout));
    assert_eq!(start.elapsed(), PATIENCE * 9);
    faults.set(false, 301);
    let start = Instant::now();
    assert_eq!(sessions.load(&id(1), true, 0).await, Err(StoreError::Timeout));
    assert_eq!(start.elapsed(), PATIENCE);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_changes_of_one_row_are_all_made_and_stand_in_no_other_row_s_way() {
    let store = Wayward::new();
    let sessions = store.sessions(&keeping());
    for n in [1, 2] {
        sessions.create(&id(n), session(), 0).await.unwrap();
    }
    store.takes(1, 0);
    let changes: Vec<_> = (0..100)
        .map(|n| {
            let sessions = sessions.clone();
            tokio::spawn(async move { sessions.update(&id(1), &Change::AddToCart(n.to_string()), 0).await })
        })
        .collect();
    pass(5).await;
    let start = Instant::now();
    assert!(sessions.load(&id(2), true, 0).await.unwrap().is_some());
    assert!(start.elapsed() <= Duration::from_millis(4));
    for change in changes {
        change.await.unwrap().unwrap().unwrap();
    }
    assert_eq!(sessions.load(&id(1), false, 0).await.unwrap().unwrap().cart.len(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_lab_that_asks_for_too_much_is_told_so_and_no_other_lab_notices() {
    let store = Wayward::new();
    let [greedy, other] = [(); 2].map(|()| store.sessions(&keeping()));
    other.create(&id(1), session(), 0).await.unwrap();
    store.takes(100, 0);
    let asked: Vec<_> = (0..200)
        .map(|_| {
            let greedy = greedy.clone();
            tokio::spawn(async move { greedy.count(0).await })
        })
        .collect();
    pass(50).await;
    for _ in 0..5 {
        let start = Instant::now();
        assert!(other.load(&id(1), true, 0).await.unwrap().is_some());
        assert_eq!(start.elapsed(), Duration::from_millis(100), "it waits for nobody");
    }
    let mut busy = 0;
    for asked in asked {
        match asked.await.unwrap() {
            Err(StoreError::Busy) => busy += 1,
            // Without an answer, it came in at the very end of its time.
            Ok(_) | Err(StoreError::Timeout) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(busy >= 200 - 4 * crate::bounds::LAB_STORE_QUESTIONS, "{busy}");
}

#[tokio::test(start_paused = true)]
async fn those_who_look_at_all_rows_at_once_are_answered_together_and_with_what_was_there_when_they_came() {
    let store = Wayward::new();
    let sessions = store.sessions(&keeping());
    store.takes(20, 0);
    let start = Instant::now();
    let looking: Vec<_> = (0..32)
        .map(|_| {
            let sessions = sessions.clone();
            tokio::spawn(async move { sessions.rows(0).await.map(|rows| rows.len()) })
        })
        .collect();
    pass(1).await;
    sessions.create(&id(1), session(), 0).await.unwrap();
    let late = sessions.rows(0).await.unwrap().len();
    assert_eq!(late, 1, "what began before it came is not enough");
    for looked in looking {
        looked.await.unwrap().unwrap();
    }
    assert!(start.elapsed() <= Duration::from_millis(100), "{:?}", start.elapsed());
    assert!(sessions.common.unwrap().looked.lock().await.is_none(), "and nothing is kept");
}

/// The ids of the rows that lie there.
async fn rows(store: &Wayward) -> Vec<String> {
    store.store.rows(0).await.unwrap().into_iter().map(|row| row.key).collect()
}

#[tokio::test(start_paused = true)]
async fn a_login_that_nobody_was_told_of_is_taken_back() {
    let store = Wayward::new();
    let sessions = store.sessions(&keeping());
    store.takes(0, 400);
    assert_eq!(sessions.create(&id(1), session(), 0).await, Err(StoreError::Timeout));
    assert_eq!(rows(&store).await.len(), 1, "it was written");
    store.takes(0, 0);
    pass(1).await;
    assert!(rows(&store).await.is_empty());
    // Slow for a while: it is tried again at each sweep.
    store.takes(400, 0);
    let late = 10_000;
    store.later.store(late, Ordering::Relaxed);
    assert_eq!(sessions.create(&id(2), session(), 0).await, Err(StoreError::Timeout));
    store.later.store(0, Ordering::Relaxed);
    store.takes(0, 0);
    pass(1000).await;
    sessions.sweep(0).await.unwrap();
    assert!(rows(&store).await.is_empty(), "it is not there yet");
    pass(late).await;
    assert_eq!(rows(&store).await, [id(2).reveal()]);
    sessions.sweep(0).await.unwrap();
    assert!(rows(&store).await.is_empty());
    pass(20_000).await;
    sessions.sweep(0).await.unwrap();
    sessions.create(&id(2), session(), 0).await.unwrap();
    pass(20_000).await;
    sessions.sweep(0).await.unwrap();
    assert_eq!(rows(&store).await, [id(2).reveal()], "what was taken back once is not taken again");
}

#[tokio::test(start_paused = true)]
async fn a_login_whose_node_stops_before_the_store_answers_is_taken_back() {
    let store = Wayward::new();
    let sessions = store.sessions(&keeping());
    store.takes(0, 100);
    let given_up = tokio::time::timeout(Duration::from_millis(50), sessions.create(&id(1), session(), 0)).await;
    assert!(given_up.is_err());
    assert_eq!(rows(&store).await.len(), 1);
    sessions.sweep(0).await.unwrap();
    assert!(rows(&store).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_row_that_moved_to_an_id_that_nobody_got_moves_back_with_its_cart() {
    for hashed in [false, true] {
        let (keeping, store) = (keeping(), Wayward::new());
        let sessions = store.sessions(&keeping);
        keeping.hash_ids(hashed, slice::from_ref(&sessions), 0).await.unwrap();
        sessions.create(&id(1), session(), 0).await.unwrap();
        sessions.update(&id(1), &Change::AddToCart("pen".into()), 0).await.unwrap();
        store.takes(0, 400);
        assert_eq!(sessions.rotate(&id(1), &id(2), session(), 0).await, Err(StoreError::Timeout));
        store.takes(0, 0);
        pass(1000).await;
        sessions.sweep(0).await.unwrap();
        assert_eq!(sessions.load(&id(1), true, 0).await.unwrap().unwrap().cart, ["pen"]);
        assert_eq!(sessions.load(&id(2), true, 0).await, Ok(None));
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_switch_of_the_keys_and_nobody_is_logged_out_by_it() {
    let (keeping, store) = (keeping(), Wayward::new());
    let sessions = store.sessions(&keeping);
    sessions.create(&id(1), session(), 0).await.unwrap();
    store.takes(100, 100);
    let switching = {
        let (keeping, sessions) = (Arc::clone(&keeping), sessions.clone());
        tokio::spawn(async move { keeping.hash_ids(true, slice::from_ref(&sessions), 0).await })
    };
    pass(1).await;
    store.takes(0, 0);
    let start = Instant::now();
    assert!(sessions.load(&id(1), true, 0).await.unwrap().is_some());
    sessions.create(&id(2), session(), 0).await.unwrap();
    assert!(start.elapsed() < Duration::from_millis(10));
    assert_eq!(switching.await.unwrap(), Ok(()));
    for n in [1, 2] {
        assert!(sessions.load(&id(n), true, 0).await.unwrap().is_some());
    }
    assert!(rows(&store).await.iter().all(|key| key.len() == 43), "no id lies there");
}

#[tokio::test(start_paused = true)]
async fn a_login_that_was_under_way_at_a_switch_of_the_keys_lands_in_the_new_form() {
    for on in [true, false] {
        let (keeping, store) = (keeping(), Wayward::new());
        let sessions = store.sessions(&keeping);
        keeping.hash_ids(!on, slice::from_ref(&sessions), 0).await.unwrap();
        sessions.create(&id(1), session(), 0).await.unwrap();
        store.takes(100, 0);
        let [creating, moving] = [false, true].map(|moves| {
            let sessions = sessions.clone();
            tokio::spawn(async move {
                if moves {
                    return sessions.rotate(&id(1), &id(2), session(), 0).await.map(|row| row.is_some());
                }
                sessions.create(&id(3), session(), 0).await.map(|()| true)
            })
        });
        pass(1).await;
        store.takes(0, 0);
        keeping.hash_ids(on, slice::from_ref(&sessions), 0).await.unwrap();
        assert_eq!(creating.await.unwrap(), Ok(true));
        moving.await.unwrap().unwrap();
        let keys = rows(&store).await;
        assert!(keys.iter().all(|key| key.len() == if on { 43 } else { 22 }), "{keys:?}");
        assert!(sessions.load(&id(3), true, 0).await.unwrap().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_switch_that_the_store_did_not_take_has_not_happened_and_ends_no_login() {
    let (keeping, store) = (keeping(), Wayward::new());
    let sessions = store.sessions(&keeping);
    for late in [FOR_EVER, 10_000] {
        sessions.create(&id(1), session(), 0).await.unwrap();
        store.later.store(late, Ordering::Relaxed);
        assert_eq!(keeping.hash_ids(true, slice::from_ref(&sessions), 0).await, Err(StoreError::Timeout));
        store.later.store(0, Ordering::Relaxed);
        sessions.create(&id(2), session(), 0).await.unwrap();
        assert!(rows(&store).await.iter().all(|key| key.len() == 22), "as before");
        // It may do it later, and be asked for other things before that.
        for _ in 0..4 {
            for n in [1, 2] {
                assert!(sessions.load(&id(n), true, 0).await.unwrap().is_some());
            }
            keeping.settle(slice::from_ref(&sessions), 0).await.unwrap();
            pass(5000).await;
        }
        for n in [1, 2] {
            assert!(sessions.delete(&id(n)).await.unwrap());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn once_all_keys_are_of_one_form_one_look_is_enough_again() {
    for on in [true, false] {
        let (keeping, store) = (keeping(), Wayward::new());
        let sessions = store.sessions(&keeping);
        keeping.hash_ids(on, slice::from_ref(&sessions), 0).await.unwrap();
        store.takes(10, 0);
        for looks in [2, 2, 1] {
            let start = Instant::now();
            assert_eq!(sessions.load(&id(9), true, 0).await, Ok(None));
            assert_eq!(start.elapsed(), Duration::from_millis(10 * looks));
            keeping.settle(slice::from_ref(&sessions), 0).await.unwrap();
            pass(6000).await;
        }
    }
}

#[tokio::test]
async fn hashing_keeps_everybody_logged_in_and_no_id_in_the_store() {
    let keeping = keeping();
    let sessions = in_memory(&keeping);
    let id = SessionId::from_bytes([1; 16]);
    sessions.create(&id, session(), 0).await.unwrap();
    keeping.hash_ids(true, slice::from_ref(&sessions), 0).await.unwrap();
    keeping.hash_ids(true, slice::from_ref(&sessions), 0).await.unwrap();
    assert!(sessions.load(&id, true, 0).await.unwrap().is_some());
    let key = sessions.rows(0).await.unwrap()[0].key.clone();
    assert_eq!(key.len(), 43);
    let stolen = SessionId::parse(&key);
    assert!(stolen.is_none(), "what the store shows does not even have the form of an id");
    keeping.hash_ids(false, slice::from_ref(&sessions), 0).await.unwrap();
    assert!(sessions.rows(0).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_waits_while_the_keys_become_hashes_finds_its_row_all_the_same() {
    for operation in 0..4 {
        let faults = Arc::new(StoreFaults::default());
        let keeping = Arc::new(Keeping::new(Arc::clone(&faults)));
        let sessions = in_memory(&keeping);
        sessions.create(&id(1), session(), 0).await.unwrap();
        faults.set(false, 200);
        let waiting = {
            let sessions = sessions.clone();
            tokio::spawn(async move {
                match operation {
                    0 => sessions.load(&id(1), true, 0).await.map(|row| row.is_some()),
                    1 => sessions.update(&id(1), &Change::EmptyCart, 0).await.map(|row| row.is_some()),
                    2 => sessions.rotate(&id(1), &id(2), session(), 0).await.map(|row| row.is_some()),
                    _ => sessions.delete(&id(1)).await,
                }
            })
        };
        pass(100).await;
        keeping.hash_ids(true, slice::from_ref(&sessions), 0).await.unwrap();
        assert_eq!(waiting.await.unwrap(), Ok(true), "{operation}");
        assert_eq!(sessions.load(&id(1), true, 0).await.unwrap().is_some(), operation < 2, "{operation}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_would_move_back_goes_when_whoever_held_its_old_id_leaves() {
    for is_found in [true, false] {
        let store = Wayward::new();
        let sessions = store.sessions(&keeping());
        sessions.create(&id(1), session(), 0).await.unwrap();
        store.takes(0, 400);
        assert_eq!(sessions.rotate(&id(1), &id(2), session(), 0).await, Err(StoreError::Timeout));
        // Nor is it taken back before they leave.
        store.takes(1000, 0);
        pass(1000).await;
        store.takes(0, 0);
        if is_found {
            assert_eq!(sessions.delete(&id(1)).await, Ok(false));
        } else {
            sessions.leave(&id(1)).await;
        }
        sessions.sweep(0).await.unwrap();
        assert!(rows(&store).await.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_back_waits_for_a_change_of_all_rows_that_is_under_way() {
    let store = Wayward::new();
    let sessions = store.sessions(&keeping());
    sessions.create(&id(1), session(), 0).await.unwrap();
    sessions.rotate(&id(1), &id(2), session(), 0).await.unwrap().unwrap();
    store.takes(200, 0);
    let changing = {
        let sessions = sessions.clone();
        let admin = Revision::Change("alice".into(), Change::SetRole(Role::Admin));
        tokio::spawn(async move { sessions.revise(&admin, 0).await })
    };
    pass(1).await;
    store.takes(0, 0);
    sessions.take_back(&id(2), Some(&id(1)), 0).await;
    assert!(changing.is_finished(), "it was beside it");
    changing.await.unwrap().unwrap();
    assert_eq!(sessions.load(&id(1), false, 0).await.unwrap().unwrap().user.role, Role::Admin);
}

#[tokio::test]
async fn a_sweep_takes_back_what_came_while_somebody_else_was_in_the_middle_of_it() {
    let store = Cluster::unlinked(Population::Visitors).join(1);
    let sessions = Sessions::in_common(StoreKind::Sqlite, store, keeping(), None, Arc::default(), PATIENCE);
    let id = SessionId::from_bytes([1; 16]);
    sessions.create(&id, session(), 0).await.unwrap();
    let undos = sessions.undos();
    undos.add(Undo::of(&id, None));
    let at_work = undos.at_work.lock().await;
    let mut sweep = Box::pin(sessions.sweep(0));
    assert!(futures::poll!(&mut sweep).is_pending());
    drop(at_work);
    sweep.await.unwrap();
    assert_eq!(sessions.knows(&id, 0).await, Ok(false));
}
