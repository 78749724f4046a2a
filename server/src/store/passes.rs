//! Until when it is not sure that something holds of all rows: what a store was asked may come late.

use super::LATE;
use tokio::time::Instant;

/// What has to be done to all rows, also to those that come late: it is over after a second pass that began when
/// everything that the store was asked before the first one's end must have come. It knows when that was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Passes(Option<Instant>);

impl Passes {
    /// Whether one that begins now counts.
    pub(crate) fn is_due(self) -> bool {
        self.0.is_none_or(|first| Instant::now() >= first + LATE)
    }

    /// A pass that began then is through. Whether that was the last one.
    pub(crate) fn through(&mut self, began: Instant) -> bool {
        began >= *self.0.get_or_insert_with(Instant::now) + LATE
    }
}

/// Whether something may not hold of all rows. It is over after two passes over them, as [`Passes`] says, if nothing
/// became unsure meanwhile.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unsure {
    /// How often it became unsure or sure.
    generation: u64,
    /// Where it is unsure, the passes since.
    passes: Option<Passes>,
}

/// One pass over all rows: of which generation it is, and when it began.
pub(crate) type Pass = (u64, Instant);

impl Unsure {
    /// It is not sure any more, or it is.
    pub(crate) fn set(&mut self, unsure: bool) {
        *self = Self { generation: self.generation.wrapping_add(1), passes: unsure.then(Passes::default) };
    }

    pub(crate) fn is_unsure(self) -> bool {
        self.passes.is_some()
    }

    /// A pass begins, if there is need of one.
    pub(crate) fn begin(self) -> Option<Pass> {
        self.passes.map(|_| (self.generation, Instant::now()))
    }

    /// A pass has ended. Where it did not get through, or something became unsure meanwhile, the time runs anew.
    pub(crate) fn ended(&mut self, (generation, began): Pass, is_through: bool) {
        let Some(passes) = self.passes.as_mut().filter(|_| self.generation == generation) else { return };
        if !is_through {
            *passes = Passes::default();
        } else if passes.through(began) {
            self.passes = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pass, and whether it is still unsure then.
    fn pass(unsure: &mut Unsure) -> bool {
        let pass = unsure.begin().unwrap();
        unsure.ended(pass, true);
        unsure.is_unsure()
    }

    fn unsure() -> Unsure {
        let mut unsure = Unsure::default();
        assert!(unsure.begin().is_none());
        unsure.set(true);
        unsure
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_over_after_a_second_pass_that_began_when_nothing_late_can_come_any_more() {
        let mut unsure = unsure();
        assert!(pass(&mut unsure));
        let early = unsure.begin().unwrap();
        tokio::time::advance(LATE).await;
        unsure.ended(early, true);
        assert!(unsure.is_unsure(), "it may have been past a row before that came");
        assert!(!pass(&mut unsure));
        assert!(unsure.begin().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn what_became_unsure_during_a_pass_is_not_made_sure_by_it() {
        let mut unsure = unsure();
        assert!(pass(&mut unsure));
        tokio::time::advance(LATE).await;
        let before = unsure.begin().unwrap();
        unsure.set(true);
        unsure.ended(before, true);
        assert!(unsure.is_unsure());
        assert!(pass(&mut unsure), "it is the first one again");
        tokio::time::advance(LATE).await;
        assert!(!pass(&mut unsure));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pass_that_failed_has_the_time_run_anew() {
        let mut unsure = unsure();
        assert!(pass(&mut unsure));
        tokio::time::advance(LATE).await;
        let failed = unsure.begin().unwrap();
        unsure.ended(failed, false);
        assert!(pass(&mut unsure));
        tokio::time::advance(LATE).await;
        assert!(!pass(&mut unsure));
    }
}
