//! One visitor's world: its users, keys, nodes, clock and wire record, apart from every other visitor's.

use crate::{
    lab::{
        crowds::Crowds,
        denylist::{DeniedAll, DenylistFull},
        guesses::Guesses,
        node::{Node, Running},
        record::{Budget, Record},
    },
    origins::Origins,
    store::{Namespace, Population, Sessions, StoreError, StoreFaults, Stores},
};
use bytes::Bytes;
use domain::{
    Seconds,
    api::{ChangeDefences, ChangeUser, LONGEST, LONGEST_FAULT, SetFaults},
    balance::{self, NodeId, Routing},
    session::Change,
    topology::{ChangeTopology, StoreKind, Topology, TopologyError},
    user::User,
    view::{Faults, NodeView, ServerView, StoreView},
};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use storage::Storage;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

pub(crate) use attacker::{Attacker, NoWindow};
pub(crate) use crowd::Gathering;
pub(crate) use keys::Secret;
pub(crate) use world::{World, fresh_jti};

mod attacker;
mod crowd;
pub(crate) mod crowds;
pub(crate) mod denylist;
pub(crate) mod guesses;
mod keys;
pub(crate) mod loot;
pub(crate) mod node;
pub(crate) mod orders;
pub(crate) mod record;
mod storage;
mod world;

/// Why something is not done to a lab.
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

/// How long a view is good where nothing has changed: its clock goes on.
const SHOWN_FOR: Duration = Duration::from_secs(1);

/// The most passwords of a lab that are checked or wait for it.
const PASSWORDS: usize = 24;
/// The most requests of a lab that are under way.
const WORK: usize = 256;
/// The most event streams that a lab has open.
const STREAMS: usize = 32;

/// One lab.
#[derive(Debug)]
pub(crate) struct Lab {
    pub(crate) id: String,
    world: Mutex<World>,
    nodes: Mutex<Vec<Arc<Node>>>,
    stores: Arc<Stores>,
    faults: Arc<StoreFaults>,
    visitors: Storage,
    crowd: Storage,
    pub(crate) crowds: Arc<Crowds>,
    /// Held while nodes are started and stopped, so that nobody finds them half arranged.
    arranging: tokio::sync::Mutex<()>,
    /// Whether rows may say something else of their users than the lab does.
    unreconciled: AtomicBool,
    /// Whether somebody waits for the end of the lab to clean up after it.
    has_heir: AtomicBool,
    /// Whether the shared store answered when it was last looked at.
    answered: AtomicBool,
    pub(crate) record: Arc<Record>,
    pub(crate) attacker: Attacker,
    changed: watch::Sender<()>,
    /// Ends with the lab.
    pub(crate) closed: CancellationToken,
    streams: Arc<Semaphore>,
    /// Whether anybody has logged in since it began.
    has_logins: AtomicBool,
    pub(crate) guesses: Guesses,
    /// Places for passwords that are being checked, and for requests under way.
    passwords: Arc<Semaphore>,
    work: Arc<Semaphore>,
    shown: tokio::sync::Mutex<Option<Shown>>,
}

/// The view as it was last written, for all who look at it.
#[derive(Debug)]
struct Shown {
    json: Bytes,
    at: Instant,
    changes: watch::Receiver<()>,
}

impl Lab {
    pub(crate) fn new(
        id: &str,
        secret: Arc<Secret>,
        stores: Arc<Stores>,
        origins: Arc<Origins>,
        budget: &Arc<Budget>,
    ) -> Self {
        let faults = Arc::new(StoreFaults::default());
        let lab = Self {
            id: id.to_owned(),
            world: Mutex::new(World::new(secret, id)),
            nodes: Mutex::default(),
            stores,
            visitors: Storage::new(Population::Visitors, Arc::clone(&faults)),
            crowd: Storage::new(Population::Crowd, Arc::clone(&faults)),
            faults,
            crowds: Arc::default(),
            arranging: tokio::sync::Mutex::default(),
            unreconciled: AtomicBool::new(false),
            has_heir: AtomicBool::new(false),
            answered: AtomicBool::new(true),
            record: Record::new(budget),
            attacker: Attacker::new(origins),
            changed: watch::Sender::new(()),
            closed: CancellationToken::new(),
            streams: Arc::new(Semaphore::new(STREAMS)),
            has_logins: AtomicBool::new(false),
            guesses: Guesses::default(),
            passwords: Arc::new(Semaphore::new(PASSWORDS)),
            work: Arc::new(Semaphore::new(WORK)),
            shown: tokio::sync::Mutex::default(),
        };
        lab.set_size(Topology::default().nodes);
        lab
    }

    /// Looks at or changes the world; nothing waits in there.
    pub(crate) fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn now(&self) -> Seconds {
        self.world(World::now)
    }

    /// Tells the event streams that the view is another.
    pub(crate) fn has_changed(&self) {
        self.changed.send_replace(());
    }

    /// A place for one more event stream, if there is room.
    pub(crate) fn listen(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.streams).try_acquire_owned().ok()
    }

    /// A place to check a password, if there is room.
    pub(crate) fn check_password(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.passwords).try_acquire_owned().ok()
    }

    /// A place for one more request, if there is room.
    pub(crate) fn work(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.work).try_acquire_owned().ok()
    }

    /// Notes that somebody has logged in.
    pub(crate) fn somebody_logged_in(&self) {
        self.has_logins.store(true, Ordering::Release);
    }

    /// Whether somebody has logged in or listens: such a lab is dropped last.
    pub(crate) fn is_lived_in(&self) -> bool {
        self.has_logins.load(Ordering::Acquire) || self.streams.available_permits() < STREAMS
    }

    /// The lab goes: whoever still holds on to it holds nothing that is large.
    pub(crate) fn close(&self) {
        self.closed.cancel();
        self.record.clear();
        self.crowds.forget();
        for node in self.nodes() {
            self.stop(&node);
        }
    }

    /// Hears of changes from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Every node, up or down.
    pub(crate) fn nodes(&self) -> Vec<Arc<Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The nodes that are up.
    pub(crate) fn running(&self) -> Vec<Arc<Running>> {
        self.nodes().iter().filter_map(|node| node.running()).collect()
    }

    /// The node for the next request, and how it was chosen; `None` when none is up.
    pub(crate) fn pick(&self, affinity: Option<NodeId>) -> Option<(Arc<Running>, Routing)> {
        let running = self.running();
        let healthy: Vec<NodeId> = running.iter().map(|node| node.id).collect();
        let (routing, turn) = self.world(|world| (world.topology.routing, world.next_turn()));
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

    fn start(&self, node: &Node) {
        node.start(self.visitors.open(node.id), self.crowd.open(node.id));
        self.crowds.node_starts();
    }

    fn stop(&self, node: &Node) {
        if node.running().is_some() {
            self.crowds.node_stops();
        }
        node.stop();
        self.visitors.close(node.id);
        self.crowd.close(node.id);
    }

    /// So many nodes: those that are missing start, those that are too many stop.
    fn set_size(&self, size: u8) {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        for node in nodes.iter().filter(|node| node.id > size) {
            self.stop(node);
        }
        nodes.retain(|node| node.id <= size);
        let first = u8::try_from(nodes.len()).unwrap_or(size).saturating_add(1);
        for id in first..=size {
            let node = Arc::new(Node::new(id));
            self.start(&node);
            nodes.push(node);
        }
    }

    /// Stops every node, and then starts them: whatever was in their memory is gone.
    pub(crate) async fn restart(&self) {
        let _alone = self.arranging.lock().await;
        let nodes = self.nodes();
        for node in &nodes {
            self.stop(node);
        }
        for node in &nodes {
            self.start(node);
        }
    }

    /// Stops a node: what it was about to answer is never answered, and its memory is gone.
    pub(crate) async fn stop_node(&self, id: NodeId) -> Result<(), LabError> {
        let _alone = self.arranging.lock().await;
        self.stop(&*self.node(id)?);
        Ok(())
    }

    /// Starts a node that was stopped. One that runs goes on.
    pub(crate) async fn start_node(&self, id: NodeId) -> Result<(), LabError> {
        let _alone = self.arranging.lock().await;
        let node = self.node(id)?;
        if node.running().is_none() {
            self.start(&node);
        }
        Ok(())
    }

    fn node(&self, id: NodeId) -> Result<Arc<Node>, LabError> {
        self.nodes().into_iter().find(|node| node.id == id).ok_or(LabError::UnknownNode)
    }

    /// Another topology. With another store everything starts over, and no login from before holds; else the
    /// nodes that stay go on, with what they hold.
    pub(crate) async fn arrange(self: &Arc<Self>, change: ChangeTopology) -> Result<(), LabError> {
        let _alone = self.arranging.lock().await;
        let before = self.world(|world| world.topology);
        let after = before.with(change)?;
        if after != before {
            self.crowds.arranged();
        }
        if after.store == before.store {
            for kept in [&self.visitors, &self.crowd] {
                kept.set_link(after.replication);
            }
            self.world(|world| world.topology = after);
            self.set_size(after.nodes);
            return Ok(());
        }
        self.start_over_with(after, |_| {}).await?;
        self.leave_nothing_behind();
        Ok(())
    }

    /// When the lab goes, its rows go from the shared store too; those of a process that ends stay.
    fn leave_nothing_behind(self: &Arc<Self>) {
        if self.visitors.shared().is_some() && !self.has_heir.swap(true, Ordering::AcqRel) {
            let lab = Arc::clone(self);
            tokio::spawn(async move {
                lab.closed.cancelled().await;
                if let Some(sessions) = lab.visitors.shared()
                    && sessions.clear().await.is_err()
                {
                    let kind = lab.world(|world| world.topology.store);
                    lab.stores.clear_later(kind, lab.namespace());
                }
            });
        }
    }

    /// Whose rows the visitors' are, in a shared store.
    fn namespace(&self) -> Namespace {
        Namespace { lab: self.id.clone(), population: Population::Visitors }
    }

    /// Keeps sessions elsewhere, with empty stores. What is left in a shared store ends: if it does not answer
    /// now, it has to before it is chosen again.
    async fn start_over_with(&self, after: Topology, change: impl FnOnce(&mut World)) -> Result<(), LabError> {
        let before = self.world(|world| world.topology.store);
        let left = self.visitors.shared();
        let next = Storage::new(Population::Visitors, Arc::clone(&self.faults));
        self.keep(&next, after)?;
        self.stores.clear_first(after.store, &self.namespace()).await?;
        self.set_size(0);
        for kept in [&self.visitors, &self.crowd] {
            self.keep(kept, after)?;
        }
        // Nobody is let in between the two: no node is up.
        self.world(|world| {
            change(world);
            world.topology = after;
        });
        self.set_size(after.nodes);
        if let Some(sessions) = left
            && sessions.clear().await.is_err()
        {
            self.stores.clear_later(before, self.namespace());
        }
        // Rows may lie there from before the process was started again, when the users were others.
        self.unreconciled.store(self.visitors.shared().is_some(), Ordering::Release);
        let _ = self.reconcile().await;
        Ok(())
    }

    fn keep(&self, kept: &Storage, topology: Topology) -> Result<(), LabError> {
        kept.keep_in(topology, &self.stores, &self.id, &self.changed)
            .map_err(|storage::NotConfigured(kind)| LabError::NotConfigured(kind))
    }

    /// Has every row say what its user is like now, if that is not sure.
    async fn reconcile(&self) -> Result<(), StoreError> {
        if self.unreconciled.load(Ordering::Acquire) {
            let users = self.world(|world| world.users().to_vec());
            for sessions in self.all_sessions(Population::Visitors) {
                sessions.reconcile(&users, self.now()).await?;
            }
            self.unreconciled.store(false, Ordering::Release);
        }
        Ok(())
    }

    /// Makes things go wrong, or right again.
    pub(crate) fn set_faults(&self, change: SetFaults) -> Result<(), LabError> {
        let (before, faults) = self.world(|world| {
            let before = world.faults;
            world.faults = change.on(before).ok_or(LabError::Fault)?;
            Ok::<_, LabError>((before, world.faults))
        })?;
        if (before.store_down, before.store_delay_ms) != (faults.store_down, faults.store_delay_ms) {
            self.fail_stores(faults);
        }
        Ok(())
    }

    /// A crowd that runs has to know between which moments it was.
    fn fail_stores(&self, faults: Faults) {
        self.crowds.store_changes();
        self.faults.set(faults.store_down, faults.store_delay_ms);
        self.crowds.store_changed(faults.store_down, faults.store_delay_ms);
    }

    /// A fresh lab under the same id. The numbers of the exchanges go on, so that nobody takes a new one
    /// for an old one.
    pub(crate) async fn reset(&self) -> Result<(), LabError> {
        self.crowds.stop().await;
        let _alone = self.arranging.lock().await;
        self.crowds.forget();
        for kept in [&self.visitors, &self.crowd] {
            kept.keeping.hash_ids(false, &[], self.now()).await?;
        }
        self.start_over_with(Topology::default(), World::reset).await?;
        self.fail_stores(Faults::default());
        self.has_logins.store(false, Ordering::Release);
        self.attacker.reset();
        self.record.reset();
        Ok(())
    }

    /// Changes a user, and their logins with them: a session's row learns the new role at once, and a
    /// disabled user has no login left. A token knows nothing of it, unless the denylist is on.
    ///
    /// It happens as a whole or not at all. What a store did of a change that it did not take as a whole counts for
    /// nothing, and is taken back when the store answers again.
    pub(crate) async fn change_user(&self, name: &str, change: ChangeUser) -> Result<(), LabError> {
        let _alone = self.arranging.lock().await;
        let before = self.world(|world| world.users().iter().find(|user| user.name == name).cloned());
        let before = before.ok_or(LabError::UnknownUser)?;
        // The denylist first: it may be full, and then nothing has happened yet.
        let denied = if change.disabled == Some(true) { self.deny_all_of(name)? } else { None };
        self.world(|world| world.change_user(name, change))?;
        if let Err(error) = self.revise_rows_of(name, change).await {
            self.world(|world| world.put_user(before));
            if let Some(denied) = denied {
                self.take_back(name, denied);
            }
            self.unreconciled.store(true, Ordering::Release);
            let _ = self.reconcile().await;
            return Err(error.into());
        }
        Ok(())
    }

    async fn revise_rows_of(&self, name: &str, change: ChangeUser) -> Result<(), StoreError> {
        let now = self.now();
        for sessions in self.all_sessions(Population::Visitors) {
            if change.disabled == Some(true) {
                sessions.delete_all_of(name).await?;
            } else if let Some(role) = change.role {
                sessions.update_all_of(name, &Change::SetRole(role), now).await?;
            }
        }
        Ok(())
    }

    /// A user as the lab has them where a row may say something else of them; `None` for one who may not log in.
    pub(crate) fn reconciled(&self, user: User) -> Option<User> {
        if self.unreconciled.load(Ordering::Acquire) { self.world(|world| world.user(&user.name)) } else { Some(user) }
    }

    /// Ends every session of a user, in every store; and every token, if the denylist is on. Returns how many rows went,
    /// and until when the denylist's entry lies there. Where a store does not take it, no token has ended.
    pub(crate) async fn end_all_of(
        &self,
        user: &str,
        population: Population,
    ) -> Result<(usize, Option<Seconds>), LabError> {
        let denied = self.deny_all_of(user)?;
        let until = denied.as_ref().map(|denied| denied.until);
        let mut deleted = 0;
        for sessions in self.all_sessions(population) {
            match sessions.delete_all_of(user).await {
                Ok(rows) => deleted += rows,
                Err(error) => {
                    if let Some(denied) = denied {
                        self.take_back(user, denied);
                    }
                    return Err(error.into());
                }
            }
        }
        Ok((deleted, until))
    }

    fn take_back(&self, user: &str, denied: DeniedAll) {
        self.world(|world| world.denylist.take_back(user, denied));
    }

    /// Ends every token of a user that was issued so far, if the denylist is on.
    pub(crate) fn deny_all_of(&self, user: &str) -> Result<Option<DeniedAll>, DenylistFull> {
        self.world(|world| {
            if !world.defences.denylist {
                return Ok(None);
            }
            let now = world.now();
            // No token lives longer, whoever issued it.
            let until = now.saturating_add(LONGEST);
            world.denylist.deny_all_of(user, fresh_jti(), until, now).map(Some)
        })
    }

    /// Switches defences: all that are asked for, or none where the store does not take it.
    pub(crate) async fn defend(&self, change: ChangeDefences) -> Result<(), StoreError> {
        let _alone = self.arranging.lock().await;
        if let Some(on) = change.hash_ids {
            self.crowds.logins_may_end();
            let now = self.now();
            // The crowd's first: nobody sees under which keys its rows lie.
            for population in [Population::Crowd, Population::Visitors] {
                let all = self.all_sessions(population);
                let all: Vec<_> = all.iter().collect();
                self.kept(population).keeping.hash_ids(on, &all, now).await?;
            }
        }
        self.world(|world| world.defend(change));
        Ok(())
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

    /// Whether the store has gone, or come back, since this was last asked: then the view is another, though no
    /// request has been there.
    pub(crate) async fn store_came_or_went(&self) -> bool {
        let answers = self.store_answers().await;
        self.answered.swap(answers, Ordering::AcqRel) != answers
    }

    /// The view as JSON, made once for all who look at it between two changes.
    pub(crate) async fn shown(&self) -> Bytes {
        let mut shown = self.shown.lock().await;
        if let Some(shown) = &*shown
            && shown.at.elapsed() < SHOWN_FOR
            && shown.changes.has_changed().is_ok_and(|changed| !changed)
        {
            return shown.json.clone();
        }
        // What changes from here on is in the next one.
        let (changes, at) = (self.changed.subscribe(), Instant::now());
        let json = Bytes::from(serde_json::to_vec(&self.view().await).unwrap_or_default());
        *shown = Some(Shown { json: json.clone(), at, changes });
        json
    }

    /// Everything that the server side holds.
    pub(crate) async fn view(&self) -> ServerView {
        let now = self.now();
        let shared = self.visitors.shared();
        let mut nodes = Vec::new();
        for node in self.nodes() {
            nodes.push(match node.running() {
                None => NodeView { id: node.id, up: false, requests: 0, sessions: Vec::new(), crowd_sessions: 0 },
                Some(running) if shared.is_some() => NodeView {
                    id: node.id,
                    up: true,
                    requests: running.requests(),
                    sessions: Vec::new(),
                    crowd_sessions: 0,
                },
                // One that stopped just now has nothing any more.
                Some(running) => NodeView {
                    id: node.id,
                    up: true,
                    requests: running.requests(),
                    sessions: running.sessions(Population::Visitors).rows(now).await.unwrap_or_default(),
                    crowd_sessions: running.sessions(Population::Crowd).count(now).await.unwrap_or_default(),
                },
            });
        }
        let operations = self.visitors.keeping.operations();
        let (topology, is_down) = self.world(|world| (world.topology, world.faults.store_down));
        let store = match shared {
            None => None,
            Some(sessions) => {
                let rows = sessions.rows(now).await;
                // Who can only read lets nobody log in.
                let works = self.stores.answered(topology.store) || self.stores.answers(topology.store).await;
                Some(StoreView {
                    kind: topology.store,
                    address: self.stores.address(topology.store),
                    available: rows.is_ok() && !is_down && works,
                    listable: Stores::is_listable(topology.store),
                    sessions: rows.unwrap_or_default(),
                    operations: operations.iter().map(|operation| operation.count).sum(),
                })
            }
        };
        self.world(|world| ServerView {
            now,
            began: world.began(),
            topology: world.topology,
            nodes,
            store,
            operations,
            replication: self.visitors.replication(),
            faults: world.faults,
            crowd: self.crowds.view(),
            keys: world.keys.view(),
            users: world.users().to_vec(),
            denylist: world.denylist.view(),
            defences: world.defences,
            attacker: self.attacker.view(),
            stores: self.stores.offers(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        origins::{self, Configured},
        store::Database,
    };
    use domain::{
        cookie::CookieOptions,
        session::{Session, SessionId},
        topology::StoreKind,
        user::{Role, User},
    };

    fn to(store: StoreKind) -> ChangeTopology {
        ChangeTopology { store: Some(store), ..ChangeTopology::default() }
    }

    fn lab(stores: &Arc<Stores>) -> Arc<Lab> {
        let origins = Origins::new(Configured::default(), origins::ADDR, origins::ATTACKER_ADDR);
        let budget = Arc::default();
        Arc::new(Lab::new("lab", Arc::new(Secret(vec![1; 32])), Arc::clone(stores), Arc::new(origins), &budget))
    }

    /// A lab whose sessions lie in the database, with one of alice's.
    async fn in_database(stores: &Arc<Stores>) -> Arc<Lab> {
        let lab = lab(stores);
        lab.arrange(to(StoreKind::Sqlite)).await.unwrap();
        let user = User { name: "alice".into(), role: Role::User };
        let now = lab.now();
        let session = Session::begin(user, CookieOptions::default(), 1000, 1000, now);
        let sessions = lab.all_sessions(Population::Visitors);
        sessions[0].create(&SessionId::from_bytes([1; 16]), session, now).await.unwrap();
        lab
    }

    async fn rows(lab: &Lab) -> usize {
        lab.view().await.rows().count()
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
        let file = std::env::temp_dir().join(format!("login-lab-test-{}.sqlite", crate::auth::random::text().unwrap()));
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
        std::fs::remove_file(&file).unwrap();
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
}
