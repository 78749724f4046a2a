//! Whether a store that may be out of reach is asked at all: after some failures in a row it is left alone for a while.

use super::{PATIENCE, StoreError, lock};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// So many failures in a row, and the store counts as out of reach.
const FAILURES: u32 = 3;

/// How long it is then left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// Shared by all who use the same backend, for it is the backend that does not answer, and not a lab's part of it.
#[derive(Debug)]
pub(super) struct Breaker {
    /// Of the backend, for the log.
    name: &'static str,
    state: Mutex<BreakerState>,
    /// How many answers came, whoever had asked.
    heard: AtomicU64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BreakerState {
    /// It answers, but for so many failures since it last did.
    Closed { failures: u32 },
    /// It is left alone until then.
    Open { until: Instant },
    /// One call is under way that finds out whether it answers again.
    Probing,
}

impl Default for BreakerState {
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

impl BreakerState {
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
#[derive(Debug)]
pub(super) struct Call {
    breaker: Arc<Breaker>,
    admitted: Admitted,
    since: Instant,
    /// How many answers had come before it.
    heard: u64,
    outcome: Outcome,
}

impl Call {
    /// Learns from how it ended.
    pub(super) fn ended<T>(mut self, result: &Result<T, StoreError>) {
        self.outcome = match result {
            Err(StoreError::Timeout | StoreError::Unavailable) => Outcome::Failed,
            // A refusal is an answer, too.
            _ => Outcome::Answered,
        };
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let (now, breaker) = (Instant::now(), &self.breaker);
        if self.outcome == Outcome::Unknown && now.duration_since(self.since) >= PATIENCE {
            self.outcome = Outcome::Failed;
        }
        // Where others were answered meanwhile, the store is well: this one asked for too much, or had to wait its turn.
        if self.outcome == Outcome::Failed && breaker.heard.load(Ordering::Acquire) != self.heard {
            self.outcome = Outcome::Answered;
        }
        let mut state = lock(&breaker.state);
        let before = *state;
        state.learn(self.admitted, self.outcome, now);
        let after = *state;
        drop(state);
        let store = breaker.name;
        match (before, after) {
            (BreakerState::Closed { .. }, BreakerState::Open { .. }) => {
                tracing::warn!(store, "a store does not answer, and is left alone");
            }
            (BreakerState::Probing, BreakerState::Closed { .. }) => tracing::info!(store, "a store answers again"),
            _ => {}
        }
    }
}

impl Breaker {
    pub(super) fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self { name, state: Mutex::default(), heard: AtomicU64::new(0) })
    }

    /// An answer came from the backend, whatever it says.
    pub(super) fn heard(&self) {
        self.heard.fetch_add(1, Ordering::AcqRel);
    }

    /// Lets a call through, or refuses it at once.
    pub(super) fn admit(self: &Arc<Self>) -> Result<Call, StoreError> {
        let (since, heard) = (Instant::now(), self.heard.load(Ordering::Acquire));
        let admitted = lock(&self.state).admit(since).ok_or(StoreError::Unavailable)?;
        Ok(Call { breaker: Arc::clone(self), admitted, since, heard, outcome: Outcome::Unknown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happens in a test, with how many milliseconds go by before it.
    fn after(state: BreakerState, ms: u64, start: Instant) -> (BreakerState, Instant) {
        (state, start + Duration::from_millis(ms))
    }

    fn failed_so_often(times: u32, now: Instant) -> BreakerState {
        let mut state = BreakerState::default();
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
        assert_eq!(state, BreakerState::default());
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
        assert_eq!(state, BreakerState::default());
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

    /// Has a call done as `Sessions` does it, with an answer at once or none at all.
    async fn call<T>(breaker: &Arc<Breaker>, answer: Option<Result<T, StoreError>>) -> Result<T, StoreError> {
        let call = breaker.admit()?;
        let answer = match answer {
            Some(answer) => answer,
            None => tokio::time::timeout(PATIENCE, std::future::pending()).await.unwrap_or(Err(StoreError::Timeout)),
        };
        call.ended(&answer);
        answer
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_does_not_answer_is_left_alone_for_a_while() {
        let breaker = Breaker::new("test");
        for _ in 0..FAILURES {
            assert_eq!(call::<()>(&breaker, None).await, Err(StoreError::Timeout));
        }
        assert_eq!(call(&breaker, Some(Ok(7))).await, Err(StoreError::Unavailable));
        tokio::time::sleep(PAUSE).await;
        assert_eq!(call(&breaker, Some(Ok(7))).await, Ok(7));
        assert_eq!(call(&breaker, Some(Ok(8))).await, Ok(8));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_an_answer() {
        let breaker = Breaker::new("test");
        for error in [StoreError::Full, StoreError::Exists, StoreError::Busy].repeat(5) {
            assert_eq!(call::<()>(&breaker, Some(Err(error))).await, Err(error));
        }
        assert_eq!(call(&breaker, Some(Ok(()))).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_got_nowhere_while_others_were_answered_says_nothing_about_the_store() {
        let breaker = Breaker::new("test");
        for _ in 0..10 {
            let (lost, ()) = tokio::join!(call::<()>(&breaker, None), async { breaker.heard() });
            assert_eq!(lost, Err(StoreError::Timeout));
        }
        assert_eq!(*lock(&breaker.state), BreakerState::default());
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_goes_away_early_is_no_failure_and_leaves_the_next_probe_free() {
        let breaker = Breaker::new("test");
        for _ in 0..10 {
            assert!(tokio::time::timeout(PATIENCE / 2, call::<()>(&breaker, None)).await.is_err());
        }
        assert_eq!(*lock(&breaker.state), BreakerState::default());
        for _ in 0..FAILURES {
            let _ = call::<()>(&breaker, None).await;
        }
        tokio::time::sleep(PAUSE).await;
        assert!(tokio::time::timeout(PATIENCE / 2, call::<()>(&breaker, None)).await.is_err());
        assert_eq!(call(&breaker, Some(Ok(()))).await, Ok(()), "the probe's place is free again");
    }

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn that_a_store_goes_and_comes_is_logged_once_however_many_ask() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || {
            let breaker = Breaker::new("test");
            for _ in 0..1000 {
                if let Ok(call) = breaker.admit() {
                    call.ended(&Err::<(), _>(StoreError::Timeout));
                }
            }
            for outcome in [Err(StoreError::Timeout), Ok(()), Ok(())] {
                if let BreakerState::Open { until } = &mut *lock(&breaker.state) {
                    *until = Instant::now();
                }
                breaker.admit().unwrap().ended(&outcome);
            }
        });
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.contains("WARN") && log.contains("INFO"));
    }
}
