//! The nodes' own memory. Either each node has its own sessions and tells nobody; or all of them keep all sessions and
//! send every change to every other node, asynchronously: session clustering.
//!
//! What is sent is the row as it is after the change, and of two versions of a row the later one stays, as in
//! Tomcat's `DeltaManager` with whole sessions. So two nodes that change one row before they heard of each
//! other lose one of the changes: that is what asynchronous replication costs, and the lab shows it.

use super::{
    Found, Population, Revision, SessionKey, SessionStore, StoreError, lock, memory::MemoryRows, revision::Revised,
};
use crate::bounds;
use async_trait::async_trait;
use domain::{
    Seconds,
    balance::NodeId,
    session::{Change, Session},
    topology::{LONGEST_DELAY, Link, StoreKind},
    view::{Fate, Message, RECENT_MESSAGES, Replication, Row},
};
use futures::future::OptionFuture;
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    fmt,
    ops::ControlFlow,
    sync::{
        Arc, Mutex, MutexGuard, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until},
};

/// How long after its death a row's news may still come: a node that has not heard of the death until the longest delay
/// has passed may have sent some just before.
const LATEST_NEWS: Duration = Duration::from_millis(2 * LONGEST_DELAY + 1000);

/// Nodes that keep sessions in their own memory.
pub(crate) struct Cluster {
    population: Population,
    state: Mutex<ClusterState>,
    /// Hears when a message arrives.
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct ClusterState {
    members: BTreeMap<NodeId, Member>,
    /// What nodes that are not linked still hold when they have stopped, by their run. It is there for those only who
    /// came before that, and takes no room.
    stopped: BTreeMap<u64, Replica>,
    runs: u64,
    /// Over which they send each other what changes, if they do.
    link: Option<Link>,
    lottery: fastrand::Rng,
    /// Bytes of all parcels there are.
    held: Arc<AtomicUsize>,
    cost: Replication,
}

/// A node that is up.
struct Member {
    /// A node that starts again begins another.
    run: u64,
    replica: Replica,
    /// What is on its way to it, in the order in which it arrives.
    inbox: VecDeque<Envelope>,
    mail: Arc<Notify>,
}

/// What one node knows.
#[derive(Default)]
struct Replica {
    node: NodeId,
    /// So many keys that are dead are remembered, however long it is since they died.
    most_dead: usize,
    rows: MemoryRows,
    versions: HashMap<SessionKey, Version>,
    /// Keys that are dead: news of them that arrive late bring nothing back.
    dead: HashSet<SessionKey>,
    /// The same in the order in which they died, and when that was heard. The oldest is forgotten when there are too many
    /// and no news of it can be under way any more.
    died: VecDeque<(SessionKey, Instant)>,
    /// What the other nodes have yet to hear of the change that is being made.
    told: Option<Box<News>>,
}

/// How often a row was changed, and by whom last: of two versions the greater is the later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Version(u64, NodeId);

struct Envelope {
    number: u64,
    from: NodeId,
    due: Instant,
    parcel: Arc<Parcel>,
}

/// News under way. All to whom they go share them, so that their bytes count once, for as long as anybody waits.
struct Parcel {
    news: News,
    bytes: usize,
    held: Arc<AtomicUsize>,
}

impl Parcel {
    fn new(news: News, held: &Arc<AtomicUsize>) -> Self {
        let bytes = news.bytes();
        held.fetch_add(bytes, Ordering::Relaxed);
        Self { news, bytes, held: Arc::clone(held) }
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// What a node tells the others.
#[derive(Serialize)]
struct News {
    #[serde(skip_serializing_if = "Option::is_none")]
    dead: Option<SessionKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<(SessionKey, Session, Version)>,
}

impl News {
    fn bytes(&self) -> usize {
        serde_json::to_vec(self).map_or(0, |json| json.len())
    }

    /// What is under way is revised like what has arrived: else it would bring back what was before. Nothing where it
    /// stays as it is.
    fn revised(&self, revision: &Revision, now: Seconds) -> Option<Self> {
        let row = self.row.as_ref();
        let becomes = row.and_then(|(key, session, _)| revision.of(key, session, now).ok().flatten());
        let dead = self.dead.as_ref().and_then(|key| revision.of_dead(key));
        // Unless this is what says that it was moved there.
        let dead = dead.filter(|dead| row.is_none_or(|(key, ..)| key != dead));
        if dead.is_none() && becomes.is_none() {
            return None;
        }
        let row = match (becomes, row) {
            (Some(Revised::As(key, session)), Some((.., version))) => Some((key, session, *version)),
            (Some(_), _) => None,
            (None, row) => row.cloned(),
        };
        // A row that moves back to where it was has not died there.
        let dead = dead.or_else(|| self.dead.clone()).filter(|dead| row.as_ref().is_none_or(|(key, ..)| key != dead));
        Some(Self { dead, row })
    }
}

impl Replica {
    fn of(node: NodeId, population: Population) -> Self {
        // Twice as many as there can be rows.
        Self { node, most_dead: population.room() * 2, ..Self::default() }
    }

    /// Notes that a row was written here, and which key died by that.
    fn written(&mut self, key: &SessionKey, session: &Session, dead: Option<SessionKey>) {
        self.dead.remove(key);
        let version = self.versions.entry(key.clone()).or_default();
        *version = Version(version.0.saturating_add(1), self.node);
        self.told = Some(Box::new(News { dead, row: Some((key.clone(), session.clone(), *version)) }));
    }

    /// Has a row be another one now, or gone. One that moves takes its version along: else one that was moved where the
    /// latest change had not arrived yet could pass for the later one.
    fn become_as(&mut self, key: &SessionKey, revised: &Revised) {
        self.rows.become_as(key, revised);
        match revised {
            Revised::Gone => {
                self.bury(key);
                self.told = Some(Box::new(News { dead: Some(key.clone()), row: None }));
            }
            Revised::As(new, session) => {
                let dead = (new != key).then(|| key.clone());
                if dead.is_some() {
                    let version = self.versions.get(key).copied().unwrap_or_default();
                    self.bury(key);
                    self.versions.insert(new.clone(), version);
                }
                self.written(new, session, dead);
            }
        }
    }

    /// A row that is dead here may still be moved elsewhere, and come back under its other key. That a key is dead
    /// because its row was moved says nothing about the other one.
    fn revise_dead(&mut self, revision: &Revision) {
        for (key, _) in &mut self.died {
            if let Some(other) = revision.of_dead(key).filter(|other| !self.versions.contains_key(other)) {
                self.dead.remove(key);
                self.dead.insert(other.clone());
                *key = other;
            }
        }
    }

    /// Notes that a row is gone for good.
    fn bury(&mut self, key: &SessionKey) {
        self.versions.remove(key);
        if self.dead.insert(key.clone()) {
            self.died.push_back((key.clone(), Instant::now()));
        }
        while self.died.len() > self.most_dead {
            let is_too_much = self.died.len() > self.most_dead.saturating_add(bounds::LAB_DEAD);
            let is_old = |(_, died): &mut (SessionKey, Instant)| is_too_much || died.elapsed() > LATEST_NEWS;
            let Some((oldest, _)) = self.died.pop_front_if(is_old) else { break };
            self.dead.remove(&oldest);
        }
    }

    /// Takes in what another node says.
    fn learn(&mut self, news: &News) {
        if let Some(key) = &news.dead {
            self.rows.delete(key);
            self.bury(key);
        }
        if let Some((key, session, version)) = &news.row
            && !self.dead.contains(key)
            && self.versions.get(key).is_none_or(|known| known < version)
        {
            self.rows.put(key.clone(), session.clone());
            self.versions.insert(key.clone(), *version);
        }
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster").field("population", &self.population).finish_non_exhaustive()
    }
}

impl Cluster {
    /// Nodes each of which has its own sessions.
    pub(crate) fn unlinked(population: Population) -> Arc<Self> {
        Arc::new(Self { population, state: Mutex::default(), changed: watch::Sender::default() })
    }

    /// Nodes that send each other what changes.
    pub(crate) fn linked(population: Population, link: Link, changed: watch::Sender<()>) -> Arc<Self> {
        let cluster = Self { population, state: Mutex::default(), changed };
        cluster.state().set_link(link);
        Arc::new(cluster)
    }

    /// How many rows lie in all of them, over or not.
    pub(crate) fn rows(&self) -> usize {
        self.state().members.values().map(|member| member.replica.rows.len()).sum()
    }

    /// Which kind of store they make.
    pub(crate) fn kind(&self) -> StoreKind {
        if self.state().link.is_some() { StoreKind::Replicated } else { StoreKind::Memory }
    }

    fn state(&self) -> MutexGuard<'_, ClusterState> {
        // Each change below is whole before the lock is given back.
        lock(&self.state)
    }

    /// Other links from now on, if there are any; what is under way is not touched.
    pub(crate) fn set_link(&self, link: Link) {
        let mut state = self.state();
        if state.link.is_some_and(|before| before != link) {
            state.set_link(link);
        }
    }

    /// A node starts. Linked to others, it gets the whole state of one of them first, and what that is about to hear.
    pub(crate) fn join(self: &Arc<Self>, node: NodeId) -> Arc<dyn SessionStore> {
        self.leave(node);
        let mail = Arc::new(Notify::new());
        let mut replica = Replica::of(node, self.population);
        let mut state = self.state();
        if let Some(peer) = state.members.values().next().filter(|_| state.link.is_some()) {
            let mut bytes = 0;
            for (key, session) in peer.replica.rows.all() {
                let version = peer.replica.versions.get(key).copied().unwrap_or_default();
                let news = News { dead: None, row: Some((key.clone(), session.clone(), version)) };
                bytes += news.bytes();
                replica.learn(&news);
            }
            for (key, _) in &peer.replica.died {
                replica.bury(key);
            }
            for envelope in &peer.inbox {
                bytes += envelope.parcel.bytes;
                replica.learn(&envelope.parcel.news);
            }
            state.cost.transfers += 1;
            state.cost.transfer_bytes = state.cost.transfer_bytes.saturating_add(bytes as u64);
        }
        state.runs = state.runs.wrapping_add(1);
        let (run, is_linked) = (state.runs, state.link.is_some());
        state.members.insert(node, Member { run, replica, inbox: VecDeque::new(), mail: Arc::clone(&mail) });
        drop(state);
        if is_linked {
            tokio::spawn(deliver(Arc::downgrade(self), node, run, mail));
        }
        Arc::new(NodeStore { node, run, cluster: Arc::clone(self) })
    }

    /// A node stops: its memory is gone, and with it what it had sent and nobody has received.
    pub(crate) fn leave(&self, node: NodeId) {
        let mut state = self.state();
        let Some(gone) = state.members.remove(&node) else { return };
        gone.mail.notify_one();
        if state.link.is_none() {
            state.stopped.insert(gone.run, gone.replica);
        }
        let mut lost: Vec<u64> = gone.inbox.iter().map(|envelope| envelope.number).collect();
        for member in state.members.values_mut() {
            lost.extend(member.inbox.iter().filter(|envelope| envelope.from == node).map(|envelope| envelope.number));
            member.inbox.retain(|envelope| envelope.from != node);
        }
        for number in lost {
            state.end(number, Fate::Lost);
        }
    }

    /// Every node forgets what it knows, nothing is under way any more, and the counters start anew.
    pub(crate) fn start_anew(&self, seed: u64) {
        let mut state = self.state();
        for (node, member) in &mut state.members {
            member.replica = Replica::of(*node, self.population);
            member.inbox.clear();
        }
        state.lottery = fastrand::Rng::with_seed(seed);
        state.held = Arc::default();
        state.cost = Replication::default();
    }

    /// How many nodes have stopped and still hold what they had.
    #[cfg(test)]
    pub(crate) fn stopped_nodes(&self) -> usize {
        self.state().stopped.len()
    }

    /// What replication has cost.
    pub(crate) fn view(&self) -> Replication {
        self.state().cost.clone()
    }

    /// Revises the rows of every node at once, and what is under way to it: an administrator's change waits for no
    /// link, and none of it may be undone by what was sent before. Each node tells the others as after any change. How
    /// many rows it was, each counted once.
    fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        let mut state = self.state();
        let of_member = |member: &Member| revision.of_all(member.replica.rows.all(), now);
        let all = state.members.values().map(of_member).collect::<Result<Vec<_>, _>>()?;
        state.revise_parcels(revision, now);
        let mut told = Vec::new();
        for ((node, member), revised) in state.members.iter_mut().zip(&all) {
            member.replica.revise_dead(revision);
            for (key, becomes) in revised {
                member.replica.become_as(key, becomes);
                told.extend(member.replica.told.take().map(|news| (*node, *news)));
            }
        }
        for (node, news) in told {
            state.send(node, news);
        }
        Ok(all.iter().flatten().map(|(key, _)| key).collect::<HashSet<_>>().len())
    }

    /// Delivers what is due for a node in this run, and says until when nothing else is. It breaks off where the node
    /// has left: one of the same number that started later has a messenger of its own.
    fn deliver_due(&self, node: NodeId, run: u64, now: Instant) -> ControlFlow<(), Option<Instant>> {
        let mut state = self.state();
        let mut any = false;
        let next = loop {
            let member = state.members.get_mut(&node).filter(|member| member.run == run);
            let Some(member) = member else { return ControlFlow::Break(()) };
            let Some(envelope) = member.inbox.pop_front_if(|envelope| envelope.due <= now) else {
                break member.inbox.front().map(|envelope| envelope.due);
            };
            member.replica.learn(&envelope.parcel.news);
            state.end(envelope.number, Fate::Arrived);
            any = true;
        };
        drop(state);
        if any {
            self.changed.send_replace(());
        }
        ControlFlow::Continue(next)
    }
}

impl ClusterState {
    fn set_link(&mut self, link: Link) {
        self.link = Some(link);
        self.lottery = fastrand::Rng::with_seed(link.seed);
    }

    /// Whether there is room for one more row, once those that are over have gone. Nodes that are not linked share it.
    fn has_room(&mut self, store: &NodeStore, now: Seconds) -> bool {
        let room = store.cluster.population.room();
        let mut counted: Vec<_> = if let Some(stopped) = self.stopped.get_mut(&store.run) {
            vec![&mut stopped.rows]
        } else {
            let is_own = |node: NodeId| self.link.is_none() || node == store.node;
            let own = self.members.iter_mut().filter(|(node, _)| is_own(**node));
            own.map(|(_, member)| &mut member.replica.rows).collect()
        };
        let all: usize = counted.iter().map(|rows| rows.len()).sum();
        all < room || all - counted.iter_mut().map(|rows| rows.sweep(now)).sum::<usize>() < room
    }

    /// Changes a node's own rows, and tells every other node. One that has stopped changes nothing that anybody sees.
    fn change<T>(
        &mut self,
        store: &NodeStore,
        act: impl FnOnce(&mut Replica) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let member = self.members.get_mut(&store.node).filter(|member| member.run == store.run);
        let stopped = self.stopped.get_mut(&store.run);
        let replica = stopped.or(member.map(|member| &mut member.replica)).ok_or(StoreError::Unavailable)?;
        let answer = act(replica)?;
        if let Some(news) = replica.told.take() {
            self.send(store.node, *news);
        }
        Ok(answer)
    }

    /// Sends to every other node. On a link without delay it is there at once.
    fn send(&mut self, from: NodeId, news: News) {
        let Some(link) = self.link else { return };
        let removes = news.row.is_none();
        let (parcel, due) =
            (Arc::new(Parcel::new(news, &self.held)), Instant::now() + Duration::from_millis(link.delay_ms));
        let bytes = parcel.bytes;
        let too_much = self.held.load(Ordering::Relaxed) > bounds::LAB_MESSAGE_BYTES;
        let others: Vec<NodeId> = self.members.keys().copied().filter(|to| *to != from).collect();
        for to in others {
            self.cost.messages += 1;
            self.cost.bytes = self.cost.bytes.saturating_add(bytes as u64);
            self.cost.in_flight += 1;
            let number = self.cost.messages;
            if self.cost.recent.len() >= RECENT_MESSAGES {
                self.cost.recent.remove(0);
            }
            self.cost.recent.push(Message { number, from, to, bytes, removes, fate: Fate::InFlight });
            let lost = self.lottery.f64() < link.loss || too_much || self.cost.in_flight > bounds::LAB_MESSAGES as u64;
            match self.members.get_mut(&to) {
                Some(member) if !lost && link.delay_ms == 0 => {
                    member.replica.learn(&parcel.news);
                    self.end(number, Fate::Arrived);
                }
                Some(member) if !lost => {
                    member.inbox.push_back(Envelope { number, from, due, parcel: Arc::clone(&parcel) });
                    member.mail.notify_one();
                }
                _ => self.end(number, Fate::Lost),
            }
        }
    }

    /// Revises what is under way: each parcel once, for all to whom it goes.
    fn revise_parcels(&mut self, revision: &Revision, now: Seconds) {
        // Each as it was is kept as long as this takes: else a new one could lie where it lay, and pass for it.
        let mut seen: HashMap<*const Parcel, (Arc<Parcel>, Option<Arc<Parcel>>)> = HashMap::new();
        let held = Arc::clone(&self.held);
        for envelope in self.members.values_mut().flat_map(|member| &mut member.inbox) {
            let (_, becomes) = seen.entry(Arc::as_ptr(&envelope.parcel)).or_insert_with(|| {
                let becomes = envelope.parcel.news.revised(revision, now);
                (Arc::clone(&envelope.parcel), becomes.map(|news| Arc::new(Parcel::new(news, &held))))
            });
            if let Some(parcel) = becomes {
                envelope.parcel = Arc::clone(parcel);
            }
        }
    }

    /// A message is no longer under way.
    fn end(&mut self, number: u64, fate: Fate) {
        self.cost.in_flight = self.cost.in_flight.saturating_sub(1);
        self.cost.lost += u64::from(fate == Fate::Lost);
        if let Some(message) = self.cost.recent.iter_mut().find(|message| message.number == number) {
            message.fate = fate;
        }
    }
}

/// Brings a node its messages, until it leaves or the cluster is gone.
async fn deliver(cluster: Weak<Cluster>, node: NodeId, run: u64, mail: Arc<Notify>) {
    while let Some(cluster) = cluster.upgrade() {
        let ControlFlow::Continue(next) = cluster.deliver_due(node, run, Instant::now()) else { return };
        drop(cluster);
        tokio::select! {
            () = mail.notified() => {}
            Some(()) = OptionFuture::from(next.map(sleep_until)) => {}
        }
    }
}

/// One node's memory, from its start on. It goes when nobody holds it any more.
#[derive(Debug)]
struct NodeStore {
    node: NodeId,
    run: u64,
    cluster: Arc<Cluster>,
}

impl Drop for NodeStore {
    fn drop(&mut self) {
        self.cluster.state().stopped.remove(&self.run);
    }
}

#[async_trait]
impl SessionStore for NodeStore {
    async fn create(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError> {
        let mut state = self.cluster.state();
        let has_room = state.has_room(self, now);
        state.change(self, |replica| {
            if replica.rows.live(key, now).is_some() {
                return Err(StoreError::Exists);
            }
            if !has_room {
                return Err(StoreError::Full);
            }
            replica.rows.put(key.clone(), session.clone());
            replica.written(key, &session, None);
            Ok(())
        })
    }

    async fn load(&self, key: &SessionKey, touch: bool, now: Seconds) -> Found {
        self.cluster.state().change(self, |replica| {
            let Some(row) = replica.rows.live(key, now) else { return Ok(None) };
            let touched = touch && row.touch(now);
            let session = row.clone();
            if touched {
                replica.written(key, &session, None);
            }
            Ok(Some(session))
        })
    }

    async fn update(&self, key: &SessionKey, change: &Change, now: Seconds) -> Found {
        self.cluster.state().change(self, |replica| {
            let Some(row) = replica.rows.live(key, now) else { return Ok(None) };
            row.apply(change, now)?;
            let session = row.clone();
            replica.written(key, &session, None);
            Ok(Some(session))
        })
    }

    async fn rotate(&self, old: &SessionKey, new: &SessionKey, fresh: Option<Session>, now: Seconds) -> Found {
        self.cluster.state().change(self, |replica| {
            if replica.rows.live(new, now).is_some() {
                return Err(StoreError::Exists);
            }
            let Some(row) = replica.rows.live(old, now) else { return Ok(None) };
            let session = row.clone().moved(fresh);
            replica.become_as(old, &Revised::As(new.clone(), session.clone()));
            Ok(Some(session))
        })
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.cluster.state().change(self, |replica| {
            let was_there = replica.rows.delete(key);
            if was_there {
                replica.become_as(key, &Revised::Gone);
            }
            Ok(was_there)
        })
    }

    async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        self.cluster.revise(revision, now)
    }

    async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        self.cluster.state().change(self, |replica| Ok(replica.rows.shown(now)))
    }

    async fn count(&self, now: Seconds) -> Result<usize, StoreError> {
        self.cluster.state().change(self, |replica| Ok(replica.rows.count(now)))
    }

    async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        // Every node judges by the same clock, so nobody needs to be told.
        self.cluster.state().change(self, |replica| {
            let swept = replica.rows.sweep(now);
            let live: HashSet<&SessionKey> = replica.rows.all().map(|(key, _)| key).collect();
            replica.versions.retain(|key, _| live.contains(key));
            Ok(swept)
        })
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.cluster.state().change(self, |replica| {
            *replica = Replica::of(self.node, self.cluster.population);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
