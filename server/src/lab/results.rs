//! What was measured in a lab, as the page keeps it: a document that nobody here looks into, with a version.

use crate::bounds;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// What the results of all labs hold together.
#[derive(Debug, Default)]
pub(crate) struct ResultsBudget(AtomicUsize);

impl ResultsBudget {
    /// Counts so many bytes more in place of so many, if there is room.
    fn exchange(&self, before: usize, after: usize) -> bool {
        let fits = |held: usize| {
            let held = held.saturating_sub(before).saturating_add(after);
            (held <= bounds::RESULTS || after <= before).then_some(held)
        };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok()
    }
}

/// Why results are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotKept {
    #[error(
        "the results are of version {0} by now: GET control/results, put yours to them, and send them with that version"
    )]
    Stale(u64),
    #[error("the results are over 512 KiB, and that is the most")]
    TooLarge,
    #[error("the server keeps as many results of other labs as it has room for: try again later")]
    Full,
}

/// The results of one lab.
#[derive(Debug)]
pub(crate) struct Results {
    kept: Mutex<Kept>,
    budget: Arc<ResultsBudget>,
}

#[derive(Debug, Default)]
struct Kept {
    version: u64,
    json: Option<Arc<str>>,
}

impl Kept {
    fn bytes(&self) -> usize {
        self.json.as_ref().map_or(0, |json| json.len())
    }
}

impl Results {
    pub(crate) fn new(budget: &Arc<ResultsBudget>) -> Self {
        Self { kept: Mutex::default(), budget: Arc::clone(budget) }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The version, and the document as JSON.
    pub(crate) fn read(&self) -> (u64, Option<Arc<str>>) {
        let kept = self.kept();
        (kept.version, kept.json.clone())
    }

    /// Keeps another document in place of the one of this version, and returns the new version.
    ///
    /// # Errors
    /// [`NotKept`]; then what was kept before is kept.
    pub(crate) fn keep(&self, version: u64, json: String) -> Result<u64, NotKept> {
        if json.len() > bounds::LAB_RESULTS {
            return Err(NotKept::TooLarge);
        }
        let mut kept = self.kept();
        if kept.version != version {
            return Err(NotKept::Stale(kept.version));
        }
        if !self.budget.exchange(kept.bytes(), json.len()) {
            return Err(NotKept::Full);
        }
        *kept = Kept { version: version.saturating_add(1), json: Some(json.into()) };
        Ok(kept.version)
    }

    /// Forgets everything but the version, which goes on: whoever has read before learns of it.
    pub(crate) fn reset(&self) {
        let mut kept = self.kept();
        if kept.json.is_none() {
            return;
        }
        self.budget.exchange(kept.bytes(), 0);
        *kept = Kept { version: kept.version.saturating_add(1), json: None };
    }
}

impl Drop for Results {
    fn drop(&mut self) {
        self.budget.exchange(self.kept().bytes(), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_counts_until_it_is_replaced_forgotten_or_its_lab_is_gone() {
        let budget = Arc::new(ResultsBudget::default());
        let held = || budget.0.load(Ordering::Relaxed);
        let results = Results::new(&budget);
        assert_eq!(results.keep(0, "{\"a\":1}".to_owned()), Ok(1));
        assert_eq!(held(), 7);
        assert_eq!(results.keep(0, "{}".to_owned()), Err(NotKept::Stale(1)));
        assert_eq!(results.keep(1, "{}".to_owned()), Ok(2));
        assert_eq!(held(), 2);
        results.reset();
        assert_eq!((held(), results.read()), (0, (3, None)));
        results.keep(3, "{}".to_owned()).unwrap();
        drop(results);
        assert_eq!(held(), 0);
    }

    #[test]
    fn the_process_keeps_so_much_and_no_more() {
        let budget = Arc::new(ResultsBudget::default());
        let whole = || "x".repeat(bounds::LAB_RESULTS);
        let all: Vec<_> = (0..bounds::RESULTS / bounds::LAB_RESULTS).map(|_| Results::new(&budget)).collect();
        assert!(all.iter().all(|results| results.keep(0, whole()) == Ok(1)));
        let one_more = Results::new(&budget);
        assert_eq!(one_more.keep(0, whole()), Err(NotKept::Full));
        assert_eq!(all[0].keep(1, whole()), Ok(2), "in place of as much there is room");
        all[0].reset();
        assert_eq!(one_more.keep(0, whole()), Ok(1));
    }
}
