//! A node's own memory: fast, and gone with the node. The room for logins is the lab's, whichever node has them.

use super::{Found, Population, Revision, SessionKey, SessionStore, StoreError, revision::Revised, row};
use async_trait::async_trait;
use domain::{
    Seconds,
    balance::NodeId,
    session::{Change, Session},
    view::Row,
};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The rows of one node, in the order in which they were written.
#[derive(Default)]
pub(super) struct MemoryRows {
    by_key: HashMap<SessionKey, Stored>,
    written: u64,
}

struct Stored {
    session: Session,
    /// In which order the rows were written.
    turn: u64,
}

impl MemoryRows {
    fn live(&mut self, key: &SessionKey, now: Seconds) -> Option<&mut Session> {
        if self.by_key.get(key).is_some_and(|stored| !stored.session.is_live(now)) {
            self.by_key.remove(key);
        }
        self.by_key.get_mut(key).map(|stored| &mut stored.session)
    }

    /// A row that is written again keeps its place among the others.
    pub(super) fn put(&mut self, key: SessionKey, session: Session) {
        self.written = self.written.wrapping_add(1);
        let turn = self.by_key.get(&key).map_or(self.written, |stored| stored.turn);
        self.by_key.insert(key, Stored { session, turn });
    }

    /// Adds a row, if there is room for one more.
    pub(super) fn create(
        &mut self,
        key: &SessionKey,
        session: Session,
        now: Seconds,
        has_room: bool,
    ) -> Result<(), StoreError> {
        if self.live(key, now).is_some() {
            return Err(StoreError::Exists);
        }
        if !has_room {
            return Err(StoreError::Full);
        }
        self.put(key.clone(), session);
        Ok(())
    }

    /// The row, and whether looking at it changed it.
    pub(super) fn load(&mut self, key: &SessionKey, touch: bool, now: Seconds) -> Option<(Session, bool)> {
        self.live(key, now).map(|session| {
            let touched = touch && session.touch(now);
            (session.clone(), touched)
        })
    }

    pub(super) fn update(&mut self, key: &SessionKey, change: &Change, now: Seconds) -> Found {
        let changed = self.live(key, now).map(|session| session.apply(change, now).map(|()| session.clone()));
        changed.transpose().map_err(StoreError::from)
    }

    pub(super) fn rotate(&mut self, old: &SessionKey, new: &SessionKey, fresh: Option<Session>, now: Seconds) -> Found {
        if self.live(new, now).is_some() {
            return Err(StoreError::Exists);
        }
        if self.live(old, now).is_none() {
            return Ok(None);
        }
        let Some(Stored { session, turn }) = self.by_key.remove(old) else { return Ok(None) };
        let session = session.moved(fresh);
        self.by_key.insert(new.clone(), Stored { session: session.clone(), turn });
        Ok(Some(session))
    }

    pub(super) fn delete(&mut self, key: &SessionKey) -> bool {
        self.by_key.remove(key).is_some()
    }

    /// What a revision makes of them, in their order; nothing is changed yet.
    pub(super) fn revised(&self, revision: &Revision, now: Seconds) -> Result<Vec<(SessionKey, Revised)>, StoreError> {
        let mut revised = Vec::new();
        for (key, stored) in self.in_order() {
            revised.extend(revision.of(key, &stored.session, now)?.map(|becomes| (key.clone(), becomes)));
        }
        Ok(revised)
    }

    pub(super) fn become_as(&mut self, key: &SessionKey, revised: &Revised) {
        if let (Some(stored), Revised::As(key, session)) = (self.by_key.remove(key), revised) {
            self.by_key.insert(key.clone(), Stored { session: session.clone(), ..stored });
        }
    }

    fn in_order(&self) -> Vec<(&SessionKey, &Stored)> {
        let mut all: Vec<_> = self.by_key.iter().collect();
        all.sort_by_key(|(_, stored)| stored.turn);
        all
    }

    /// Every row, live or not, in the order in which they were written.
    pub(super) fn all(&self) -> impl Iterator<Item = (&SessionKey, &Session)> {
        self.in_order().into_iter().map(|(key, stored)| (key, &stored.session))
    }

    pub(super) fn shown(&self, now: Seconds) -> Vec<Row> {
        self.all().filter(|(_, session)| session.is_live(now)).map(|(key, session)| row(key, session)).collect()
    }

    pub(super) fn count(&self, now: Seconds) -> usize {
        self.by_key.values().filter(|stored| stored.session.is_live(now)).count()
    }

    pub(super) fn sweep(&mut self, now: Seconds) -> usize {
        let before = self.by_key.len();
        self.by_key.retain(|_, stored| stored.session.is_live(now));
        before - self.by_key.len()
    }

    /// How many there are, live or not.
    pub(super) fn len(&self) -> usize {
        self.by_key.len()
    }
}

/// What the nodes of a lab hold, each its own, in one room. One lock makes every operation atomic; none waits while
/// holding it.
pub(crate) struct Memories {
    room: usize,
    nodes: Mutex<Nodes>,
}

#[derive(Default)]
struct Nodes {
    /// By the run of a node: one that starts again begins another.
    by_run: BTreeMap<u64, Memory>,
    runs: u64,
}

struct Memory {
    node: NodeId,
    /// When its node has stopped, it is there for those only who came before that, and takes no room.
    stopped: bool,
    rows: MemoryRows,
}

impl fmt::Debug for Memories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memories").field("room", &self.room).finish_non_exhaustive()
    }
}

impl Memories {
    pub(crate) fn new(population: Population) -> Self {
        Self { room: population.room(), nodes: Mutex::default() }
    }

    fn nodes(&self) -> MutexGuard<'_, Nodes> {
        // Each change below is whole before the lock is given back, so a panic leaves nothing half done.
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The memory of a node that starts: empty.
    pub(crate) fn open(self: &Arc<Self>, node: NodeId) -> Arc<dyn SessionStore> {
        self.close(node);
        let mut nodes = self.nodes();
        nodes.runs = nodes.runs.wrapping_add(1);
        let run = nodes.runs;
        nodes.by_run.insert(run, Memory { node, stopped: false, rows: MemoryRows::default() });
        Arc::new(MemoryStore { memories: Arc::clone(self), run })
    }

    /// A node stops: what it holds leaves its room.
    pub(crate) fn close(&self, node: NodeId) {
        for memory in self.nodes().by_run.values_mut().filter(|memory| memory.node == node) {
            memory.stopped = true;
        }
    }
}

/// One node's memory, from its start on. It goes when nobody holds it any more.
struct MemoryStore {
    memories: Arc<Memories>,
    run: u64,
}

impl Drop for MemoryStore {
    fn drop(&mut self) {
        self.memories.nodes().by_run.remove(&self.run);
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("run", &self.run).finish_non_exhaustive()
    }
}

impl MemoryStore {
    fn at<T>(&self, nodes: &mut Nodes, act: impl FnOnce(&mut MemoryRows) -> T) -> Result<T, StoreError> {
        nodes.by_run.get_mut(&self.run).map(|memory| act(&mut memory.rows)).ok_or(StoreError::Unavailable)
    }

    fn rows<T>(&self, act: impl FnOnce(&mut MemoryRows) -> T) -> Result<T, StoreError> {
        self.at(&mut self.memories.nodes(), act)
    }

    /// Whether there is room for one more row, once those that are over have gone.
    fn has_room(&self, nodes: &mut Nodes, now: Seconds) -> bool {
        let stopped = nodes.by_run.get(&self.run).is_none_or(|memory| memory.stopped);
        let counts = |run: u64, memory: &Memory| if stopped { run == self.run } else { !memory.stopped };
        let mut in_room: Vec<_> = nodes.by_run.iter_mut().filter(|(run, memory)| counts(**run, memory)).collect();
        let room = self.memories.room;
        let is_full =
            |all: &[(&u64, &mut Memory)]| all.iter().map(|(_, memory)| memory.rows.len()).sum::<usize>() >= room;
        if is_full(&in_room) {
            for (_, memory) in &mut in_room {
                memory.rows.sweep(now);
            }
        }
        !is_full(&in_room)
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn create(&self, key: &SessionKey, session: Session, now: Seconds) -> Result<(), StoreError> {
        let mut nodes = self.memories.nodes();
        let has_room = self.has_room(&mut nodes, now);
        self.at(&mut nodes, |rows| rows.create(key, session, now, has_room))?
    }

    async fn load(&self, key: &SessionKey, touch: bool, now: Seconds) -> Found {
        self.rows(|rows| rows.load(key, touch, now).map(|(session, _)| session))
    }

    async fn update(&self, key: &SessionKey, change: &Change, now: Seconds) -> Found {
        self.rows(|rows| rows.update(key, change, now))?
    }

    async fn rotate(&self, old: &SessionKey, new: &SessionKey, fresh: Option<Session>, now: Seconds) -> Found {
        self.rows(|rows| rows.rotate(old, new, fresh, now))?
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.rows(|rows| rows.delete(key))
    }

    async fn revise(&self, revision: &Revision, now: Seconds) -> Result<usize, StoreError> {
        self.rows(|rows| {
            let revised = rows.revised(revision, now)?;
            for (key, becomes) in &revised {
                rows.become_as(key, becomes);
            }
            Ok(revised.len())
        })?
    }

    async fn rows(&self, now: Seconds) -> Result<Vec<Row>, StoreError> {
        self.rows(|rows| rows.shown(now))
    }

    async fn count(&self, now: Seconds) -> Result<usize, StoreError> {
        self.rows(|rows| rows.count(now))
    }

    async fn sweep(&self, now: Seconds) -> Result<usize, StoreError> {
        self.rows(|rows| rows.sweep(now))
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.rows(|rows| *rows = MemoryRows::default())
    }
}
