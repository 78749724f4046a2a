//! Whether rows may say something else of their users than the lab does, and until when that is not sure.

use crate::store::LATE;
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::time::Instant;

/// It is over when two passes made all rows say what the lab does, the second of which began when everything that was
/// asked of the store before the first must have come, and nothing became unsure meanwhile.
#[derive(Debug, Default)]
pub(super) struct Unreconciled {
    /// The same as in the state, for requests.
    unsure: AtomicBool,
    state: Mutex<UnsureState>,
}

#[derive(Debug, Default)]
struct UnsureState {
    /// How often it became unsure or sure.
    generation: u64,
    /// When the first pass of this generation was through.
    through: Option<Instant>,
}

/// One pass over all rows.
#[derive(Debug)]
pub(super) struct Pass {
    generation: u64,
    began: Instant,
}

impl Unreconciled {
    fn state(&self) -> MutexGuard<'_, UnsureState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is not sure any more, or it is.
    pub(super) fn set(&self, unsure: bool) {
        let mut state = self.state();
        state.generation = state.generation.wrapping_add(1);
        state.through = None;
        self.unsure.store(unsure, Ordering::Release);
    }

    /// Whether it is not sure.
    pub(super) fn is_unsure(&self) -> bool {
        self.unsure.load(Ordering::Acquire)
    }

    /// A pass begins, if there is need of one.
    pub(super) fn begin(&self) -> Option<Pass> {
        let state = self.state();
        self.is_unsure().then(|| Pass { generation: state.generation, began: Instant::now() })
    }

    /// A pass is through all rows.
    pub(super) fn through(&self, pass: &Pass) {
        let mut state = self.state();
        if state.generation != pass.generation {
            return;
        }
        let first = *state.through.get_or_insert_with(Instant::now);
        if pass.began >= first + LATE {
            self.unsure.store(false, Ordering::Release);
        }
    }

    /// A pass did not get through, or the users were others meanwhile.
    pub(super) fn failed(&self, pass: &Pass) {
        let mut state = self.state();
        if state.generation == pass.generation {
            state.through = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pass, and whether it is still unsure then.
    fn pass(unreconciled: &Unreconciled) -> bool {
        let pass = unreconciled.begin().unwrap();
        unreconciled.through(&pass);
        unreconciled.is_unsure()
    }

    fn unsure() -> Unreconciled {
        let unreconciled = Unreconciled::default();
        assert!(unreconciled.begin().is_none());
        unreconciled.set(true);
        unreconciled
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_over_after_a_second_pass_that_began_when_nothing_late_can_come_any_more() {
        let unreconciled = unsure();
        assert!(pass(&unreconciled));
        let early = unreconciled.begin().unwrap();
        tokio::time::advance(LATE).await;
        unreconciled.through(&early);
        assert!(unreconciled.is_unsure(), "it may have been past a row before that came");
        assert!(!pass(&unreconciled));
        assert!(unreconciled.begin().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn what_became_unsure_during_a_pass_is_not_made_sure_by_it() {
        let unreconciled = unsure();
        assert!(pass(&unreconciled));
        tokio::time::advance(LATE).await;
        let before = unreconciled.begin().unwrap();
        unreconciled.set(true);
        unreconciled.through(&before);
        assert!(unreconciled.is_unsure());
        assert!(pass(&unreconciled), "it is the first one again");
        tokio::time::advance(LATE).await;
        assert!(!pass(&unreconciled));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pass_that_failed_has_the_time_run_anew() {
        let unreconciled = unsure();
        assert!(pass(&unreconciled));
        tokio::time::advance(LATE).await;
        unreconciled.failed(&unreconciled.begin().unwrap());
        assert!(pass(&unreconciled));
        tokio::time::advance(LATE).await;
        assert!(!pass(&unreconciled));
    }
}
