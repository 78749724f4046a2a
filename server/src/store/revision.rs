//! Changes of many rows at once: data, so that each store carries them out in one operation of its own.

use super::{SessionKey, StoreError};
use domain::{
    Seconds,
    session::{Change, Session, SessionId},
    view::UserView,
};

/// What is to become of all rows.
#[derive(Clone, Debug)]
pub(crate) enum Revision {
    /// Every row of this user goes; with 0 for the time, those that are over go, too.
    End(String),
    /// Every row of this user is changed.
    Change(String, Change),
    /// Rows of users who are not among these or are disabled go; every other row has its user's present role.
    Reconcile(Vec<UserView>),
    /// Rows from a clock ahead of this one go: those of a process that has ended, for a lab's own clock never goes back.
    /// Before anybody can log in: a row that is written meanwhile could be taken for such.
    EndAhead,
    /// Rows whose keys are ids move to the hashes of these.
    HashKeys,
    /// Rows whose keys are hashes go, for a hash cannot be turned back into an id.
    DropHashes,
    /// Rows that nobody was told of go, or move back.
    TakeBack(Vec<Undo>),
}

/// A row that nobody was told of, by both keys under which it may lie. It goes; or, if it has moved there, it moves
/// back, so that who holds the old id is still logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Undo {
    pub(super) row: [SessionKey; 2],
    pub(super) from: Option<[SessionKey; 2]>,
}

impl Undo {
    pub(super) fn of(id: &SessionId, from: Option<&SessionId>) -> Self {
        Self { row: SessionKey::both(id), from: from.map(SessionKey::both) }
    }

    fn undone(&self, key: &SessionKey, row: &Session) -> Option<Revised> {
        let form = self.row.iter().position(|row| row == key)?;
        let back = self.from.as_ref().and_then(|from| from.get(form));
        Some(back.map_or(Revised::Gone, |back| Revised::As(back.clone(), row.clone())))
    }
}

/// What becomes of one row that does not stay as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Revised {
    Gone,
    As(SessionKey, Session),
}

impl Revision {
    /// What becomes of a row; nothing when it stays as it is, as one that is over does.
    pub(super) fn of(&self, key: &SessionKey, row: &Session, now: Seconds) -> Result<Option<Revised>, StoreError> {
        if !row.is_live(now) {
            return Ok(None);
        }
        // Only a row that changes is copied.
        Ok(match self {
            Self::End(user) if row.user.name == *user => Some(Revised::Gone),
            Self::EndAhead if row.is_from_a_clock_ahead(now) => Some(Revised::Gone),
            Self::Change(user, change) if row.user.name == *user => {
                let mut changed = row.clone();
                changed.apply(change, now)?;
                (changed != *row).then(|| Revised::As(key.clone(), changed))
            }
            Self::Reconcile(users) => match users.iter().find(|user| user.name == row.user.name && !user.disabled) {
                Some(user) if user.role == row.user.role => None,
                Some(user) => {
                    let mut changed = row.clone();
                    changed.user.role = user.role;
                    Some(Revised::As(key.clone(), changed))
                }
                None => Some(Revised::Gone),
            },
            Self::HashKeys => key.hashed().map(|hash| Revised::As(hash, row.clone())),
            Self::DropHashes if key.hashed().is_none() => Some(Revised::Gone),
            Self::TakeBack(undos) => undos.iter().find_map(|undo| undo.undone(key, row)),
            Self::End(_) | Self::EndAhead | Self::Change(..) | Self::DropHashes => None,
        })
    }

    /// What becomes of those that do not stay as they are.
    pub(super) fn of_all<'a>(
        &self,
        rows: impl Iterator<Item = (&'a SessionKey, &'a Session)>,
        now: Seconds,
    ) -> Result<Vec<(SessionKey, Revised)>, StoreError> {
        rows.filter_map(|(key, row)| Some(self.of(key, row, now).transpose()?.map(|to| (key.clone(), to)))).collect()
    }

    /// The key of a row that is gone, for those who have yet to hear of it.
    pub(super) fn of_dead(&self, key: &SessionKey) -> Option<SessionKey> {
        if matches!(self, Self::HashKeys) { key.hashed() } else { None }
    }
}
