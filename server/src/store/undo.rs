//! What a store may have done after its caller had given up: rows that nobody holds. Each is taken back when the store
//! answers, and looked for once more when all must have come.

use super::{Passes, lock, revision::Undo};
use crate::bounds;
use domain::session::SessionId;
use std::{collections::VecDeque, sync::Mutex};
use tokio::time::Instant;

/// What is still to be taken back.
#[derive(Debug, Default)]
pub(super) struct Undos {
    open: Mutex<VecDeque<(Undo, Passes)>>,
    /// Held by who works on it.
    pub(super) at_work: tokio::sync::Mutex<()>,
}

impl Undos {
    pub(super) fn add(&self, undo: Undo) {
        let mut open = lock(&self.open);
        open.push_back((undo, Passes::default()));
        if open.len() > bounds::LAB_UNDOS {
            open.pop_front();
        }
    }

    pub(super) fn all(&self) -> Vec<Undo> {
        lock(&self.open).iter().map(|(undo, _)| undo.clone()).collect()
    }

    /// Whoever held this id leaves: a row that was to move back there goes instead, wherever it lies by now. Whether
    /// there is one.
    pub(super) fn owner_leaves(&self, id: &SessionId) -> bool {
        let (gone, mut found) = (Undo::of(id, None), false);
        for (undo, passes) in lock(&self.open).iter_mut().filter(|(undo, _)| undo.from.as_ref() == Some(&gone.row)) {
            (undo.from, *passes, found) = (None, Passes::default(), true);
        }
        if found {
            self.add(gone);
        }
        found
    }

    /// A pass that began then went through all rows for the sake of these.
    pub(super) fn through(&self, asked: &[Undo], began: Instant) {
        lock(&self.open).retain_mut(|(undo, passes)| !asked.contains(undo) || !passes.through(began));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LATE;

    fn id(n: u16) -> SessionId {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        SessionId::from_bytes(bytes)
    }

    fn undo(n: u16) -> Undo {
        Undo::of(&id(n), None)
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_over_after_a_second_pass_that_began_when_nothing_late_can_come_any_more() {
        let undos = Undos::default();
        undos.add(undo(1));
        undos.add(undo(2));
        for _ in 0..2 {
            undos.through(&[undo(1)], Instant::now());
            assert_eq!(undos.all(), [undo(1), undo(2)], "what is late may still come");
        }
        let early = Instant::now();
        tokio::time::advance(LATE).await;
        undos.through(&[undo(1)], early);
        assert_eq!(undos.all(), [undo(1), undo(2)], "it may have been past the row before that came");
        undos.through(&undos.all(), Instant::now());
        assert_eq!(undos.all(), [undo(2)]);
    }

    #[test]
    fn of_too_many_the_oldest_is_forgotten() {
        let undos = Undos::default();
        (0..300).for_each(|n| undos.add(undo(n)));
        let open = undos.all();
        assert_eq!((open.len(), &open[0]), (bounds::LAB_UNDOS, &undo(300 - 256)));
    }

    #[test]
    fn a_row_whose_old_owner_leaves_goes_instead_of_moving_back_also_when_it_is_just_asked_for() {
        let (old, new) = (id(1), id(2));
        let undos = Undos::default();
        let back = Undo::of(&new, Some(&old));
        undos.add(back.clone());
        let began = Instant::now();
        assert!(!undos.owner_leaves(&new) && undos.owner_leaves(&old));
        undos.through(&[back], began);
        assert_eq!(undos.all(), [undo(2), undo(1)]);
    }
}
