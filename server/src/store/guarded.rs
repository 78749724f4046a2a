//! What stands between the labs and a store that may be out of reach: it waits for no answer longer than
//! [`PATIENCE`], and stops asking for a while when none comes.

use super::{Promise, SessionKey, SessionStore, StoreError};
use domain::{
    Seconds,
    session::{Change, Session},
    view::Row,
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long an answer may take: less than what requests wait at the most, so that it is this that gives up
/// and not the request, and the breaker learns of it.
pub(crate) const PATIENCE: Duration = Duration::from_millis(250);

/// So many failures in a row, and the store counts as out of reach.
const FAILURES: u32 = 3;

/// How long it is then left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// Whether a store is asked at all. Shared by everybody who uses the same backend, for it is the backend that
/// does not answer, and not a lab's part of it.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It answers, but for so many failures since it last did.
    Closed { failures: u32 },
    /// It is left alone until then.
    Open { until: Instant },
    /// One call is under way that finds out whether it answers again.
    Probing,
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

/// In which state a call was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admitted {
    AsUsual,
    AsProbe,
}

/// What is known of a call that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Answered,
    Failed,
    /// Whoever asked went away before there could be an answer.
    Unknown,
}

impl State {
    /// Whether a call may go through now.
    fn admit(&mut self, now: Instant) -> Option<Admitted> {
        match *self {
            Self::Closed { .. } => Some(Admitted::AsUsual),
            Self::Open { until } if until <= now => {
                *self = Self::Probing;
                Some(Admitted::AsProbe)
            }
            Self::Open { .. } | Self::Probing => None,
        }
    }

    fn learn(&mut self, admitted: Admitted, outcome: Outcome, now: Instant) {
        *self = match (*self, admitted, outcome) {
            (Self::Probing, Admitted::AsProbe, Outcome::Answered)
            | (Self::Closed { .. }, Admitted::AsUsual, Outcome::Answered) => Self::Closed { failures: 0 },
            (Self::Probing, Admitted::AsProbe, Outcome::Failed) => Self::Open { until: now + PAUSE },
            // The next one may try.
            (Self::Probing, Admitted::AsProbe, Outcome::Unknown) => Self::Open { until: now },
            (Self::Closed { failures }, Admitted::AsUsual, Outcome::Failed) if failures + 1 >= FAILURES => {
                Self::Open { until: now + PAUSE }
            }
            (Self::Closed { failures }, Admitted::AsUsual, Outcome::Failed) => Self::Closed { failures: failures + 1 },
            // What was asked before the breaker opened says nothing about now.
            (state, ..) => state,
        };
    }
}

/// A call that was let through. Dropped without an outcome, it was given up.
struct Call<'a> {
    breaker: &'a Breaker,
    admitted: Admitted,
    since: Instant,
    outcome: Outcome,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        let gave_up_late = self.outcome == Outcome::Unknown && now.duration_since(self.since) >= PATIENCE;
        let outcome = if gave_up_late { Outcome::Failed } else { self.outcome };
        self.breaker.state().learn(self.admitted, outcome, now);
    }
}

impl Breaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks, if the store is asked at all, and waits for the answer no longer than [`PATIENCE`].
    pub(crate) async fn guard<T, F>(&self, ask: impl FnOnce() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let since = Instant::now();
        let admitted = self.state().admit(since).ok_or(StoreError::Unavailable)?;
        let mut call = Call { breaker: self, admitted, since, outcome: Outcome::Unknown };
        let result = tokio::time::timeout(PATIENCE, ask()).await.unwrap_or(Err(StoreError::Timeout));
        call.outcome = match result {
            Err(StoreError::Timeout | StoreError::Unavailable) => Outcome::Failed,
            // A refusal is an answer, too.
            Ok(_) | Err(StoreError::Exists | StoreError::Full | StoreError::Cart(_)) => Outcome::Answered,
        };
        result
    }
}

/// A store behind its backend's breaker.
#[derive(Debug)]
pub(crate) struct Guarded<S> {
    store: S,
    breaker: Arc<Breaker>,
}

impl<S> Guarded<S> {
    pub(crate) const fn new(store: S, breaker: Arc<Breaker>) -> Self {
        Self { store, breaker }
    }
}

impl<S: SessionStore> Guarded<S> {
    fn guard<'a, T: Send + 'a>(&'a self, ask: impl FnOnce() -> Promise<'a, T> + Send + 'a) -> Promise<'a, T> {
        Box::pin(self.breaker.guard(ask))
    }
}

impl<S: SessionStore> SessionStore for Guarded<S> {
    fn create<'a>(&'a self, key: &'a SessionKey, session: Session, now: Seconds) -> Promise<'a, ()> {
        self.guard(move || self.store.create(key, session, now))
    }

    fn load<'a>(&'a self, key: &'a SessionKey, touch: bool, now: Seconds) -> Promise<'a, Option<Session>> {
        self.guard(move || self.store.load(key, touch, now))
    }

    fn update<'a>(&'a self, key: &'a SessionKey, change: &'a Change, now: Seconds) -> Promise<'a, Option<Session>> {
        self.guard(move || self.store.update(key, change, now))
    }

    fn rotate<'a>(
        &'a self,
        old: &'a SessionKey,
        new: &'a SessionKey,
        fresh: Option<Session>,
        now: Seconds,
    ) -> Promise<'a, Option<Session>> {
        self.guard(move || self.store.rotate(old, new, fresh, now))
    }

    fn delete<'a>(&'a self, key: &'a SessionKey) -> Promise<'a, bool> {
        self.guard(move || self.store.delete(key))
    }

    fn keys_of<'a>(&'a self, user: &'a str) -> Promise<'a, Vec<SessionKey>> {
        self.guard(move || self.store.keys_of(user))
    }

    fn rows(&self, now: Seconds) -> Promise<'_, Vec<Row>> {
        self.guard(move || self.store.rows(now))
    }

    fn count(&self, now: Seconds) -> Promise<'_, usize> {
        self.guard(move || self.store.count(now))
    }

    fn sweep(&self, now: Seconds) -> Promise<'_, usize> {
        self.guard(move || self.store.sweep(now))
    }

    fn clear(&self) -> Promise<'_, ()> {
        self.guard(move || self.store.clear())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happens in a test, with how many milliseconds go by before it.
    fn after(state: State, ms: u64, start: Instant) -> (State, Instant) {
        (state, start + Duration::from_millis(ms))
    }

    fn failed_so_often(times: u32, now: Instant) -> State {
        let mut state = State::default();
        for _ in 0..times {
            let admitted = state.admit(now).expect("it is closed");
            state.learn(admitted, Outcome::Failed, now);
        }
        state
    }

    #[test]
    fn it_opens_after_three_failures_in_a_row_and_one_answer_forgets_them() {
        let now = Instant::now();
        let mut state = failed_so_often(FAILURES - 1, now);
        assert_eq!(state.admit(now), Some(Admitted::AsUsual));
        state.learn(Admitted::AsUsual, Outcome::Answered, now);
        assert_eq!(state, State::default());
        assert_eq!(failed_so_often(FAILURES, now).admit(now), None);
    }

    #[test]
    fn open_it_lets_one_call_through_after_a_second_and_no_other_until_that_one_is_back() {
        let start = Instant::now();
        let (mut state, now) = after(failed_so_often(FAILURES, start), 999, start);
        assert_eq!(state.admit(now), None);
        let (mut state, now) = after(state, 1000, start);
        assert_eq!(state.admit(now), Some(Admitted::AsProbe));
        assert_eq!(state.admit(now), None);
        state.learn(Admitted::AsProbe, Outcome::Failed, now);
        assert_eq!(state.admit(now + Duration::from_millis(999)), None);
        assert_eq!(state.admit(now + PAUSE), Some(Admitted::AsProbe));
        state.learn(Admitted::AsProbe, Outcome::Answered, now + PAUSE);
        assert_eq!(state, State::default());
    }

    #[test]
    fn what_was_asked_before_it_opened_neither_closes_it_nor_keeps_it_open() {
        let now = Instant::now();
        let mut state = failed_so_often(FAILURES, now);
        for outcome in [Outcome::Answered, Outcome::Failed, Outcome::Unknown] {
            let before = state;
            state.learn(Admitted::AsUsual, outcome, now + PAUSE / 2);
            assert_eq!(state, before);
        }
    }

    async fn frozen() -> Result<(), StoreError> {
        std::future::pending().await
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_does_not_answer_is_given_up_in_time_and_then_left_alone() {
        let breaker = Breaker::default();
        let start = Instant::now();
        for _ in 0..FAILURES {
            assert_eq!(breaker.guard(frozen).await, Err(StoreError::Timeout));
        }
        assert_eq!(start.elapsed(), PATIENCE * FAILURES);
        let mut asked = false;
        let refused = breaker.guard(|| {
            asked = true;
            frozen()
        });
        assert_eq!(refused.await, Err(StoreError::Unavailable));
        assert_eq!((start.elapsed(), asked), (PATIENCE * FAILURES, false));
        tokio::time::sleep(PAUSE).await;
        assert_eq!(breaker.guard(|| async { Ok(7) }).await, Ok(7));
        assert_eq!(breaker.guard(|| async { Ok(8) }).await, Ok(8));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_an_answer() {
        let breaker = Breaker::default();
        for _ in 0..10 {
            assert_eq!(breaker.guard(|| async { Err::<(), _>(StoreError::Full) }).await, Err(StoreError::Full));
        }
        assert_eq!(breaker.guard(|| async { Ok(()) }).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_goes_away_early_is_no_failure_and_leaves_the_next_probe_free() {
        let breaker = Breaker::default();
        for _ in 0..10 {
            assert!(tokio::time::timeout(PATIENCE / 2, breaker.guard(frozen)).await.is_err());
        }
        assert_eq!(*breaker.state(), State::default());
        for _ in 0..FAILURES {
            let _ = breaker.guard(frozen).await;
        }
        tokio::time::sleep(PAUSE).await;
        assert!(tokio::time::timeout(PATIENCE / 2, breaker.guard(frozen)).await.is_err());
        assert_eq!(breaker.guard(|| async { Ok(()) }).await, Ok(()), "the probe's place is free again");
    }
}
