//! What a store may have done after its caller had given up: rows that nobody holds. Each is taken back as soon as the
//! store answers again.

use crate::bounds;
use domain::session::SessionId;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long a store may still come to do what it was asked, once it answers others again.
pub(super) const LATE: Duration = Duration::from_secs(6);

/// How something is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Undo {
    /// Of a new row: it goes.
    Create(SessionId),
    /// Of a row that moved: it moves back, so that who holds the old id is still logged in.
    Rotate { old: SessionId, new: SessionId },
}

#[derive(Debug)]
struct Open {
    number: u64,
    undo: Undo,
    /// When the store first said that there was nothing to take back. It may still come.
    answered: Option<Instant>,
}

/// What is still to be taken back.
#[derive(Debug, Default)]
pub(super) struct Undos {
    state: Mutex<UndosState>,
    /// Held by who works on it.
    pub(super) at_work: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct UndosState {
    open: VecDeque<Open>,
    numbers: u64,
}

impl Undos {
    fn state(&self) -> MutexGuard<'_, UndosState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, undo: Undo) {
        let mut state = self.state();
        state.numbers = state.numbers.wrapping_add(1);
        let number = state.numbers;
        state.open.push_back(Open { number, undo, answered: None });
        if state.open.len() > bounds::LAB_UNDOS {
            state.open.pop_front();
        }
    }

    /// What is to be taken back now, each with its number.
    pub(super) fn open(&self) -> Vec<(u64, Undo)> {
        self.state().open.iter().map(|open| (open.number, open.undo.clone())).collect()
    }

    /// Whoever held this id leaves: a row that was to move back there goes instead. Whether there was one.
    pub(super) fn owner_leaves(&self, id: &SessionId) -> bool {
        let mut state = self.state();
        let mut found = false;
        for open in &mut state.open {
            if let Undo::Rotate { old, new } = &open.undo
                && old == id
            {
                (open.undo, open.answered, found) = (Undo::Create(new.clone()), None, true);
            }
        }
        found
    }

    /// The store answered: whether there was something. If not, it is asked once more when everything that was under
    /// way must have come.
    pub(super) fn answered(&self, number: u64, asked: &Undo, found: bool) {
        let now = Instant::now();
        self.state().open.retain_mut(|open| {
            // It may have become another one while it was asked for.
            if open.number != number || open.undo != *asked {
                return true;
            }
            let first = *open.answered.get_or_insert(now);
            !found && now.duration_since(first) < LATE
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undo(n: u16) -> Undo {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        Undo::Create(SessionId::from_bytes(bytes))
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_over_when_something_was_found_or_when_nothing_was_twice() {
        let undos = Undos::default();
        undos.add(undo(1));
        undos.add(undo(2));
        let [(first, _), (second, _)] = undos.open().try_into().unwrap();
        undos.answered(first, &undo(1), true);
        undos.answered(second, &undo(2), false);
        undos.answered(second, &undo(2), false);
        assert_eq!(undos.open(), [(second, undo(2))], "what is late may still come");
        tokio::time::advance(LATE).await;
        undos.answered(second, &undo(2), false);
        assert!(undos.open().is_empty());
    }

    #[test]
    fn of_too_many_the_oldest_is_forgotten() {
        let undos = Undos::default();
        (0..300).for_each(|n| undos.add(undo(n)));
        let open = undos.open();
        assert_eq!((open.len(), &open[0].1), (bounds::LAB_UNDOS, &undo(300 - 256)));
    }
    #[test]
    fn a_row_whose_old_owner_leaves_goes_instead_of_moving_back_also_when_it_is_just_asked_for() {
        let (Undo::Create(old), Undo::Create(new)) = (undo(1), undo(2)) else { unreachable!() };
        let undos = Undos::default();
        let back = Undo::Rotate { old: old.clone(), new: new.clone() };
        undos.add(back.clone());
        assert!(!undos.owner_leaves(&new) && undos.owner_leaves(&old));
        undos.answered(1, &back, true);
        assert_eq!(undos.open(), [(1, Undo::Create(new))]);
    }
}
