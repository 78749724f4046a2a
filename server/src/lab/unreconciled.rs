//! Whether rows may say something else of their users than the lab does, and until when that is not sure.

use crate::{lab::lock, store::Passes};
use std::sync::Mutex;
use tokio::time::Instant;

/// It is over after two passes over all rows, as [`Passes`] says, if nothing became unsure meanwhile.
#[derive(Debug, Default)]
pub(super) struct Unreconciled(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// How often it was said that it is unsure or sure.
    generation: u64,
    /// The passes since, where it is unsure.
    unsure: Option<Passes>,
}

/// One pass over all rows: of which generation it is, and when it began.
pub(super) type Pass = (u64, Instant);

impl Unreconciled {
    /// It is not sure any more, or it is.
    pub(super) fn set(&self, unsure: bool) {
        let mut state = lock(&self.0);
        *state = State { generation: state.generation.wrapping_add(1), unsure: unsure.then(Passes::default) };
    }

    /// Whether it is not sure.
    pub(super) fn is_unsure(&self) -> bool {
        lock(&self.0).unsure.is_some()
    }

    /// A pass begins, if there is need of one.
    pub(super) fn begin(&self) -> Option<Pass> {
        let state = lock(&self.0);
        state.unsure.map(|_| (state.generation, Instant::now()))
    }

    /// A pass has ended. Where it did not get through, or the users were others meanwhile, the time runs anew.
    pub(super) fn ended(&self, (generation, began): &Pass, is_through: bool) {
        let mut state = lock(&self.0);
        if let Some(mut passes) = state.unsure.filter(|_| state.generation == *generation) {
            let is_over = is_through && passes.through(*began);
            state.unsure = (!is_over).then(|| if is_through { passes } else { Passes::default() });
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
