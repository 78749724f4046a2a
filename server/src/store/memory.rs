//! A node's own memory: fast, and gone with the node.

use super::{SessionKey, revision::Revised, row};
use domain::{Seconds, session::Session, view::Row};
use std::collections::HashMap;

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
    pub(super) fn live(&mut self, key: &SessionKey, now: Seconds) -> Option<&mut Session> {
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

    pub(super) fn delete(&mut self, key: &SessionKey) -> bool {
        self.by_key.remove(key).is_some()
    }

    pub(super) fn become_as(&mut self, key: &SessionKey, revised: &Revised) {
        if let (Some(stored), Revised::As(key, session)) = (self.by_key.remove(key), revised) {
            self.by_key.insert(key.clone(), Stored { session: session.clone(), ..stored });
        }
    }

    /// Every row, live or not, in the order in which they were written.
    pub(super) fn all(&self) -> impl Iterator<Item = (&SessionKey, &Session)> {
        let mut all: Vec<_> = self.by_key.iter().collect();
        all.sort_by_key(|(_, stored)| stored.turn);
        all.into_iter().map(|(key, stored)| (key, &stored.session))
    }

    pub(super) fn shown(&self, now: Seconds) -> Vec<Row> {
        self.all().filter(|(_, session)| session.is_live(now)).map(|(key, session)| row(key, session, None)).collect()
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
