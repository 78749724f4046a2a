//! One visitor's world: its users, keys, nodes, clock and wire record, apart from every other visitor's.

use crate::{
    bounds,
    lab::{
        crowds::Crowds,
        denylist::DenylistFull,
        guesses::Guesses,
        keys::KeyRing,
        node::Running,
        record::{Budget, Record},
        results::Results,
    },
    lock::lock,
    origins::Origins,
    store::{Cluster, Namespace, Population, Sessions, StoreError, StoreFaults, Stores, Unsure},
};
use bytes::Bytes;
use domain::{
    Seconds,
    api::{LONGEST, LONGEST_FAULT},
    balance::{self, NodeId, Routing},
    topology::{StoreKind, Topology, TopologyError},
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use storage::Storage;
use tokio::{
    sync::{Semaphore, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

pub(crate) use attacker::{Attacker, NoWindow};
pub(crate) use crowd::Gathering;
pub(crate) use keys::Secret;
pub(crate) use world::{World, fresh_jti};

mod arrange;
mod attacker;
mod change;
pub(crate) mod copies;
mod crowd;
pub(crate) mod crowds;
pub(crate) mod denylist;
pub(crate) mod guesses;
mod keys;
pub(crate) mod loot;
pub(crate) mod node;
pub(crate) mod orders;
pub(crate) mod record;
pub(crate) mod results;
mod storage;
mod view;
mod world;

#[derive(Debug, thiserror::Error)]
pub(crate) enum LabError {
    #[error("there is no user of this name; GET control/view lists them")]
    UnknownUser,
    #[error("there is no node of this number; GET control/view lists them")]
    UnknownNode,
    #[error("advance is 1 to {LONGEST} seconds")]
    Advance,
    #[error("the clock went forward by 100 years in all, and that is the most; reset the lab")]
    EndOfTime,
    #[error("store_delay_ms is at most {LONGEST_FAULT}")]
    Fault,
    #[error("{} is not configured here: {}", .0.name(), Stores::how_to_get(*.0))]
    NotConfigured(StoreKind),
    #[error(transparent)]
    Topology(#[from] TopologyError),
    #[error(transparent)]
    Denylist(#[from] DenylistFull),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Every node; those that are up run.
type Nodes = BTreeMap<NodeId, Option<Arc<Running>>>;

/// What all labs of a process share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) secret: Arc<Secret>,
    pub(crate) stores: Arc<Stores>,
    pub(crate) origins: Arc<Origins>,
    pub(crate) budget: Arc<Budget>,
}

#[derive(Debug)]
pub(crate) struct Lab {
    pub(crate) id: String,
    world: Mutex<World>,
    nodes: Mutex<Nodes>,
    stores: Arc<Stores>,
    faults: Arc<StoreFaults>,
    visitors: Storage,
    pub(crate) crowd: Storage,
    pub(crate) crowds: Arc<Crowds>,
    /// Held while nodes are started and stopped, so that nobody finds them half arranged.
    arranging: tokio::sync::Mutex<()>,
    /// Held while a key is made.
    rotating: tokio::sync::Mutex<()>,
    /// Whether rows may say something else of their users than the lab does.
    unreconciled: Mutex<Unsure>,
    /// Whether somebody waits for the end of the lab to clean up after it.
    has_heir: AtomicBool,
    /// Whether the shared store answered when it was last looked at.
    answered: AtomicBool,
    pub(crate) record: Arc<Record>,
    pub(crate) attacker: Attacker,
    pub(crate) results: Results,
    pub(crate) changed: watch::Sender<()>,
    /// Ends with the lab.
    pub(crate) closed: CancellationToken,
    /// Whether anybody has logged in since it began.
    has_logins: AtomicBool,
    pub(crate) guesses: Guesses,
    /// Places for event streams, for passwords that are being checked, and for requests under way.
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) passwords: Semaphore,
    pub(crate) work: Arc<Semaphore>,
    /// How often it was looked at.
    views: AtomicU64,
    /// The view as it was last written for all who look at it, when that was, and what has changed since.
    shown: tokio::sync::Mutex<Option<(Bytes, Instant, watch::Receiver<()>)>>,
}

impl Lab {
    pub(crate) fn new(id: &str, shared: &Shared) -> Self {
        let faults = Arc::new(StoreFaults::default());
        let storage = |population| Storage::new(Namespace { lab: id.to_owned(), population }, Arc::clone(&faults));
        let lab = Self {
            id: id.to_owned(),
            world: Mutex::new(World::new(KeyRing::new(Arc::clone(&shared.secret), id))),
            nodes: Mutex::default(),
            stores: Arc::clone(&shared.stores),
            visitors: storage(Population::Visitors),
            crowd: storage(Population::Crowd),
            faults,
            crowds: Arc::default(),
            arranging: tokio::sync::Mutex::default(),
            rotating: tokio::sync::Mutex::default(),
            unreconciled: Mutex::default(),
            has_heir: AtomicBool::new(false),
            answered: AtomicBool::new(true),
            record: Record::new(&shared.budget),
            attacker: Attacker::new(Arc::clone(&shared.origins)),
            results: Results::default(),
            changed: watch::Sender::new(()),
            closed: CancellationToken::new(),
            has_logins: AtomicBool::new(false),
            guesses: Guesses::default(),
            streams: Arc::new(Semaphore::new(bounds::LAB_STREAMS)),
            passwords: Semaphore::new(bounds::LAB_PASSWORDS),
            work: Arc::new(Semaphore::new(bounds::LAB_REQUESTS)),
            views: AtomicU64::new(0),
            shown: tokio::sync::Mutex::default(),
        };
        lab.set_size(Topology::default().nodes);
        lab
    }

    /// Looks at or changes the world; nothing waits in there.
    pub(crate) fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut lock(&self.world))
    }

    pub(crate) fn now(&self) -> Seconds {
        self.world(World::now)
    }

    /// Tells the event streams that the view is another.
    pub(crate) fn has_changed(&self) {
        self.changed.send_replace(());
    }

    pub(crate) fn somebody_logged_in(&self) {
        self.has_logins.store(true, Ordering::Release);
    }

    pub(crate) fn streams(&self) -> usize {
        bounds::LAB_STREAMS - self.streams.available_permits()
    }

    fn clusters(&self) -> [Arc<Cluster>; 2] {
        [self.visitors.cluster(), self.crowd.cluster()]
    }

    /// How many sessions lie in its nodes' own memory, over or not.
    pub(crate) fn in_memory(&self) -> usize {
        self.clusters().iter().map(|cluster| cluster.rows()).sum()
    }

    /// Whether somebody has logged in or listens: such a lab is dropped last.
    pub(crate) fn is_lived_in(&self) -> bool {
        self.has_logins.load(Ordering::Acquire) || self.streams() > 0
    }

    /// The lab goes: whoever still holds on to it holds nothing that is large.
    pub(crate) fn close(&self) {
        self.closed.cancel();
        self.record.clear();
        self.results.reset();
        self.crowds.forget();
        self.stop_all();
    }

    /// Every node, up or down.
    pub(crate) fn nodes(&self) -> Nodes {
        lock(&self.nodes).clone()
    }

    pub(crate) fn running(&self) -> Vec<Arc<Running>> {
        lock(&self.nodes).values().flatten().cloned().collect()
    }

    /// The node for the next request, and how it was chosen; `None` when none is up.
    pub(crate) fn pick(&self, affinity: Option<NodeId>) -> Option<(Arc<Running>, Routing)> {
        let running = self.running();
        let healthy: Vec<NodeId> = running.iter().map(|node| node.id).collect();
        let (routing, turn) = self.world(|world| {
            let turn = world.turn;
            world.turn = turn.wrapping_add(1);
            (world.topology.routing, turn)
        });
        let chosen = balance::pick(routing, affinity, &healthy, turn)?;
        running.into_iter().find(|node| node.id == chosen).map(|node| (node, routing))
    }

    fn kept(&self, population: Population) -> &Storage {
        match population {
            Population::Visitors => &self.visitors,
            Population::Crowd => &self.crowd,
        }
    }

    /// The way to every store in which sessions of a population lie: the shared one, or each node's own.
    pub(crate) fn all_sessions(&self, population: Population) -> Vec<Sessions> {
        match self.kept(population).shared() {
            Some(shared) => vec![shared],
            None => self.running().iter().map(|node| node.sessions(population).clone()).collect(),
        }
    }

    /// Deletes what is over. Whether there was anything.
    pub(crate) async fn sweep(&self) -> Result<bool, StoreError> {
        let now = self.now();
        let mut any = self.world(|world| world.denylist.prune(now));
        self.reconcile().await?;
        for population in [Population::Visitors, Population::Crowd] {
            self.kept(population).keeping.settle(&self.all_sessions(population), now).await?;
        }
        for sessions in self.all_sessions(Population::Visitors) {
            any |= sessions.sweep(now).await? > 0;
        }
        Ok(any)
    }

    /// Whether the store that is in use does its work, whatever outage is played. A node's own memory always does.
    pub(crate) async fn store_answers(&self) -> bool {
        let kind = self.world(|world| world.topology.store);
        !kind.is_shared() || self.stores.answers(kind).await
    }

    /// Whether the store has gone or come back since this was last asked: then the view is another without a request.
    pub(crate) async fn store_came_or_went(&self) -> bool {
        let answers = self.store_answers().await;
        self.answered.swap(answers, Ordering::AcqRel) != answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        origins::{self, Configured},
        store::{Database, Revision},
    };
    use domain::{
        api::{ChangeUser, SetFaults},
        topology::ChangeTopology,
    };
    use domain::{
        cookie::CookieOptions,
        scheme::Carrier,
        session::{Change, Family, Session, SessionId},
        topology::StoreKind,
        user::{Role, User},
    };

    fn to(store: StoreKind) -> ChangeTopology {
        ChangeTopology { store: Some(store), ..ChangeTopology::default() }
    }

    fn lab(stores: &Arc<Stores>) -> Arc<Lab> {
        let origins = Arc::new(Origins::new(Configured::default(), origins::ADDR, origins::ATTACKER_ADDR));
        let (secret, stores) = (Arc::new(Secret(vec![1; 32])), Arc::clone(stores));
        Arc::new(Lab::new("lab", &Shared { secret, stores, origins, budget: Arc::default() }))
    }

    fn alices(now: Seconds) -> Session {
        let user = User { name: "alice".into(), role: Role::User };
        Session::begin(user, CookieOptions::default(), 1000, 1000, now)
    }

    /// A lab whose sessions lie in the database, with one of alice's.
    async fn in_database(stores: &Arc<Stores>) -> Arc<Lab> {
        let lab = lab(stores);
        lab.arrange(to(StoreKind::Sqlite)).await.unwrap();
        let now = lab.now();
        let sessions = lab.all_sessions(Population::Visitors);
        sessions[0].create(&SessionId::from_bytes([1; 16]), alices(now), now).await.unwrap();
        lab
    }

    async fn rows(lab: &Lab) -> usize {
        lab.view().await.rows().count()
    }

    #[tokio::test]
    async fn of_two_views_the_later_one_says_so_also_after_a_reset() {
        let lab = lab(&Arc::new(Stores::with_sqlite(Database::in_memory().unwrap())));
        let (first, second) = (lab.view().await, lab.view().await);
        assert!(first.is_older_than(&second) && !second.is_older_than(&first) && !first.is_older_than(&first));
        lab.reset().await.unwrap();
        let fresh = lab.view().await;
        assert!(second.is_older_than(&fresh) && !fresh.is_older_than(&second));
    }

    #[tokio::test]
    async fn a_lab_that_goes_leaves_no_row_in_a_shared_store() {
        let stores = Arc::new(Stores::with_sqlite(Database::in_memory().unwrap()));
        let gone = in_database(&stores).await;
        let next = lab(&stores);
        next.arrange(to(StoreKind::Sqlite)).await.unwrap();
        assert_eq!(rows(&next).await, 1, "of the same id, and in the same store");
        gone.closed.cancel();
        let cleared = async {
            while rows(&next).await > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), cleared).await.expect("its rows go with it");
    }

    #[tokio::test]
    async fn rows_from_before_the_process_say_what_the_users_are_now() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sessions.sqlite");
        let stores = || Arc::new(Stores::with_sqlite(Database::open(&file).unwrap()));
        let before = stores();
        let gone = in_database(&before).await;
        let admin = ChangeUser { role: Some(Role::Admin), disabled: None };
        gone.change_user("alice", admin).await.unwrap();
        before.close();
        let lab = lab(&stores());
        lab.arrange(to(StoreKind::Sqlite)).await.unwrap();
        let rows = lab.view().await.rows().map(|row| (row.user.clone(), row.role)).collect::<Vec<_>>();
        assert_eq!(rows, [("alice".to_owned(), Role::User)]);
    }

    #[tokio::test]
    async fn a_session_of_a_clock_ahead_does_not_outlive_the_process_and_does_not_come_back_with_the_clock() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sessions.sqlite");
        let stores = || Arc::new(Stores::with_sqlite(Database::open(&file).unwrap()));
        let before = stores();
        let gone = lab(&before);
        gone.world(|world| world.advance(LONGEST)).unwrap();
        gone.arrange(to(StoreKind::Sqlite)).await.unwrap();
        let [session, family] = [1, 2].map(|n| SessionId::from_bytes([n; 16]));
        let (now, sessions) = (gone.now(), gone.all_sessions(Population::Visitors).remove(0));
        let row = Family { next: "a".into(), login: String::new(), carrier: Carrier::Cookie, token_lifetime: 60 };
        sessions.create(&session, alices(now), now).await.unwrap();
        sessions.create(&family, Session { refresh: Some(row), ..alices(now) }, now).await.unwrap();
        assert!(sessions.load(&session, false, now).await.unwrap().is_some());
        before.close();
        let lab = lab(&stores());
        let finds = async || {
            let (now, sessions) = (lab.now(), lab.all_sessions(Population::Visitors).remove(0));
            let session = sessions.load(&session, true, now).await.unwrap();
            session.is_some() || sessions.load_family(&family, now).await.unwrap().is_some()
        };
        lab.arrange(to(StoreKind::Sqlite)).await.unwrap();
        assert!(!finds().await);
        lab.world(|world| world.advance(LONGEST)).unwrap();
        assert!(!finds().await, "its clock is ahead now, too");
        assert_eq!(rows(&lab).await, 0);
    }

    #[tokio::test]
    async fn a_node_that_stops_while_nobody_asks_it_leaves_none_of_its_rows_in_memory() {
        let lab = lab(&Arc::new(Stores::default()));
        let now = lab.now();
        let sessions = lab.all_sessions(Population::Visitors).remove(0);
        sessions.create(&SessionId::from_bytes([1; 16]), alices(now), now).await.unwrap();
        drop(sessions);
        lab.restart().await;
        lab.stop_node(1).await.unwrap();
        assert_eq!(lab.clusters().map(|cluster| cluster.stopped_nodes()), [0, 0]);
    }

    #[tokio::test]
    async fn of_two_who_set_faults_at_once_what_is_shown_is_what_is_done() {
        let lab = lab(&Arc::new(Stores::default()));
        lab.arrange(ChangeTopology::default()).await.unwrap();
        lab.set_size(1);
        let id = SessionId::from_bytes([1; 16]);
        for _ in 0..200 {
            std::thread::scope(|threads| {
                for down in [true, false] {
                    let change = SetFaults { store_down: Some(down), ..SetFaults::default() };
                    let lab = &lab;
                    threads.spawn(move || lab.set_faults(change).unwrap());
                }
            });
            let shown = lab.world(|world| world.faults.store_down);
            let found = lab.all_sessions(Population::Visitors)[0].load(&id, false, 0).await;
            assert_eq!(found.is_err(), shown);
        }
    }

    #[tokio::test]
    async fn rows_are_looked_at_until_nothing_late_can_come_to_them_any_more() {
        let stores = Arc::new(Stores::with_sqlite(Database::in_memory().unwrap()));
        let lab = in_database(&stores).await;
        // As a change does that comes after its caller gave up.
        let late = async || {
            let sessions = lab.all_sessions(Population::Visitors);
            let admin = Revision::Change("alice".into(), Change::SetRole(Role::Admin));
            sessions[0].revise(&admin, lab.now()).await.unwrap();
        };
        let role = async || lab.view().await.rows().next().map(|row| row.role);
        lock(&lab.unreconciled).set(true);
        lab.sweep().await.unwrap();
        late().await;
        let user = User { name: "alice".into(), role: Role::Admin };
        assert_eq!(lab.reconciled(user.clone()).map(|user| user.role), Some(Role::User));
        tokio::time::pause();
        tokio::time::advance(crate::store::LATE).await;
        tokio::time::resume();
        lab.sweep().await.unwrap();
        assert_eq!(role().await, Some(Role::User));
        assert_eq!(lab.reconciled(user).map(|user| user.role), Some(Role::Admin), "it is over");
    }

    #[tokio::test]
    async fn a_store_that_goes_is_noticed_once_without_any_request() {
        let mut stores = Stores::default();
        // Nothing listens there.
        stores.use_redis("redis://127.0.0.1:1").unwrap();
        let lab = lab(&Arc::new(stores));
        assert!(!lab.store_came_or_went().await, "in its own memory");
        lab.arrange(to(StoreKind::Redis)).await.unwrap();
        assert!(lab.store_came_or_went().await);
        assert!(!lab.store_came_or_went().await);
        lab.arrange(to(StoreKind::Memory)).await.unwrap();
        assert!(lab.store_came_or_went().await);
    }

    #[tokio::test]
    async fn a_login_does_not_come_back_when_its_store_is_chosen_again() {
        let stores = Arc::new(Stores::with_sqlite(Database::in_memory().unwrap()));
        let lab = in_database(&stores).await;
        lab.arrange(to(StoreKind::Memory)).await.unwrap();
        lab.arrange(to(StoreKind::Sqlite)).await.unwrap();
        assert_eq!(rows(&lab).await, 0);
    }

    #[tokio::test]
    async fn what_comes_late_to_a_store_that_was_left_goes_too() {
        let stores = Arc::new(Stores::with_sqlite(Database::in_memory().unwrap()));
        let lab = in_database(&stores).await;
        let left = lab.all_sessions(Population::Visitors).remove(0);
        lab.arrange(to(StoreKind::Memory)).await.unwrap();
        left.create(&SessionId::from_bytes([2; 16]), alices(0), 0).await.unwrap();
        stores.check_all().await;
        left.create(&SessionId::from_bytes([3; 16]), alices(0), 0).await.unwrap();
        tokio::time::pause();
        tokio::time::advance(crate::store::LATE).await;
        tokio::time::resume();
        stores.check_all().await;
        assert_eq!(left.count(0).await, Ok(0));
        left.create(&SessionId::from_bytes([4; 16]), alices(0), 0).await.unwrap();
        stores.check_all().await;
        assert_eq!(left.count(0).await, Ok(1), "and then the store has rest");
    }

    #[tokio::test]
    async fn what_is_to_be_taken_back_in_a_store_that_was_left_is_when_that_is_chosen_again() {
        let stores = Arc::new(Stores::with_sqlite(Database::in_memory().unwrap()));
        let lab = in_database(&stores).await;
        let left = lab.all_sessions(Population::Visitors).remove(0);
        for store in [StoreKind::Memory, StoreKind::Sqlite] {
            lab.arrange(to(store)).await.unwrap();
        }
        let now = lab.now();
        // Given up before there is an answer; and the store does it all the same.
        let given_up = |id: &SessionId| futures::FutureExt::now_or_never(left.create(id, alices(now), now)).is_none();
        let id = (2..100).map(|n| SessionId::from_bytes([n; 16])).find(given_up).unwrap();
        let _ = left.create(&id, alices(now), now).await;
        // What was given up may have been answered, and nobody heard of it yet: then it is the next sweep that knows.
        let taken_back = async {
            while lab.view().await.rows().any(|row| row.key == id.reveal()) {
                lab.sweep().await.unwrap();
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), taken_back).await.expect("it is taken back");
    }
}
