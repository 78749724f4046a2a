//! Whether rows may say something else of their users than the lab does, and until when that is not sure.

use crate::{lock::lock, store::Passes};
use std::sync::Mutex;
use tokio::time::Instant;

/// It is over after two passes over all rows, as [`Passes`] says, if nothing became unsure meanwhile.
#[derive(Debug, Default)]
pub(super) struct Unreconciled {
    /// How often it became unsure or sure; and where it is unsure, the passes since.
    state: Mutex<(u64, Option<Passes>)>,
}

/// One pass over all rows: of which generation it is, and when it began.
pub(super) type Pass = (u64, Instant);

impl Unreconciled {
    /// It is not sure any more, or it is.
    pub(super) fn set(&self, unsure: bool) {
        let mut state = lock(&self.state);
        *state = (state.0.wrapping_add(1), unsure.then(Passes::default));
    }

    pub(super) fn is_unsure(&self) -> bool {
        lock(&self.state).1.is_some()
    }

    /// A pass begins, if there is need of one.
    pub(super) fn begin(&self) -> Option<Pass> {
        let (generation, passes) = *lock(&self.state);
        passes.map(|_| (generation, Instant::now()))
    }

    /// A pass has ended. Where it did not get through, or the users were others meanwhile, the time runs anew.
    pub(super) fn ended(&self, (generation, began): &Pass, is_through: bool) {
        let mut state = lock(&self.state);
        if let (current, Some(passes)) = &mut *state
            && *current == *generation
        {
            if !is_through {
                *passes = Passes::default();
            } else if passes.through(*began) {
                state.1 = None;
            }
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
