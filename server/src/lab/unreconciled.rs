//! Whether rows may say something else of their users than the lab does, and until when that is not sure.

use crate::store::Passes;
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::time::Instant;

/// It is over after two passes over all rows, as [`Passes`] says, if nothing became unsure meanwhile.
#[derive(Debug, Default)]
pub(super) struct Unreconciled {
    /// For requests.
    unsure: AtomicBool,
    /// How often it became unsure or sure, and the passes since.
    state: Mutex<(u64, Passes)>,
}

/// One pass over all rows.
#[derive(Debug)]
pub(super) struct Pass {
    generation: u64,
    began: Instant,
}

impl Unreconciled {
    fn state(&self) -> MutexGuard<'_, (u64, Passes)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is not sure any more, or it is.
    pub(super) fn set(&self, unsure: bool) {
        let mut state = self.state();
        *state = (state.0.wrapping_add(1), Passes::default());
        self.unsure.store(unsure, Ordering::Release);
    }

    /// Whether it is not sure.
    pub(super) fn is_unsure(&self) -> bool {
        self.unsure.load(Ordering::Acquire)
    }

    /// A pass begins, if there is need of one.
    pub(super) fn begin(&self) -> Option<Pass> {
        let generation = self.state().0;
        self.is_unsure().then(|| Pass { generation, began: Instant::now() })
    }

    /// A pass has ended. Where it did not get through, or the users were others meanwhile, the time runs anew.
    pub(super) fn ended(&self, pass: &Pass, is_through: bool) {
        let mut state = self.state();
        if state.0 != pass.generation {
            return;
        }
        if !is_through {
            state.1 = Passes::default();
        } else if state.1.through(pass.began) {
            self.unsure.store(false, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LATE;

    /// A pass, and whether it is still unsure then.
    fn pass(unreconciled: &Unreconciled) -> bool {
        let pass = unreconciled.begin().unwrap();
        unreconciled.ended(&pass, true);
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
        unreconciled.ended(&early, true);
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
        unreconciled.ended(&before, true);
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
        unreconciled.ended(&unreconciled.begin().unwrap(), false);
        assert!(pass(&unreconciled));
        tokio::time::advance(LATE).await;
        assert!(!pass(&unreconciled));
    }
}
