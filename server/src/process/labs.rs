//! All labs: made when first touched, dropped when idle, bounded in number.

use crate::{
    lab::{Lab, Secret},
    origins::Origins,
    store::Stores,
};
use moka::{policy::EvictionPolicy, sync::Cache};
use std::{sync::Arc, time::Duration};

/// Whether this can be the id of a lab: 22 characters of base64url.
pub(crate) fn is_lab_id(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The labs of this process.
#[derive(Debug)]
pub(crate) struct Labs {
    by_id: Cache<String, Arc<Lab>>,
    secret: Arc<Secret>,
    stores: Arc<Stores>,
    origins: Arc<Origins>,
    idle: Duration,
}

impl Labs {
    pub(crate) fn new(
        secret: Arc<Secret>,
        stores: Arc<Stores>,
        origins: Arc<Origins>,
        most: u64,
        idle: Duration,
    ) -> Self {
        let by_id = Cache::builder()
            .max_capacity(most)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(idle)
            .eviction_listener(|_, lab: Arc<Lab>, _| lab.closed.cancel())
            .build();
        Self { by_id, secret, stores, origins, idle }
    }

    /// The lab of this id, made if need be; it counts as used. The id is a valid one.
    pub(crate) fn lab(&self, id: &str) -> Arc<Lab> {
        self.by_id.get_with_by_ref(id, || {
            let (secret, stores, origins) = (&self.secret, &self.stores, &self.origins);
            Arc::new(Lab::new(id, Arc::clone(secret), Arc::clone(stores), Arc::clone(origins)))
        })
    }

    /// The lab of this id, if it is there; it counts as used.
    pub(crate) fn existing(&self, id: &str) -> Option<Arc<Lab>> {
        self.by_id.get(id)
    }

    /// Says that a lab is in use.
    pub(crate) fn touch(&self, id: &str) {
        let _ = self.by_id.get(id);
    }

    /// How often whoever uses a lab without a request has to say so.
    pub(crate) fn touch_every(&self) -> Duration {
        self.idle / 3
    }

    /// Every lab, without counting it as used.
    pub(crate) fn all(&self) -> Vec<Arc<Lab>> {
        self.by_id.iter().map(|(_, lab)| lab).collect()
    }

    /// Drops what is idle or too many, now rather than at the next touch.
    pub(crate) fn tidy(&self) {
        self.by_id.run_pending_tasks();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origins::{self, Configured};

    fn labs(most: u64, idle: Duration) -> Labs {
        let origins = Origins::new(Configured::default(), origins::ADDR, origins::ATTACKER_ADDR);
        Labs::new(Arc::new(Secret(vec![1; 32])), Arc::default(), Arc::new(origins), most, idle)
    }

    #[test]
    fn with_too_many_labs_the_one_that_lay_idle_longest_goes_and_its_streams_end() {
        let labs = labs(2, Duration::from_mins(1));
        let (a, b) = (labs.lab("a"), labs.lab("b"));
        labs.tidy();
        labs.touch("a");
        labs.tidy();
        labs.lab("c");
        labs.tidy();
        assert!(b.closed.is_cancelled() && !a.closed.is_cancelled());
        assert!(Arc::ptr_eq(&a, &labs.lab("a")));
    }

    #[test]
    fn only_twenty_two_characters_of_base64url_name_a_lab() {
        assert!(is_lab_id("AAAAAAAAAAAAAAAAAAAA-_"));
        for text in ["", "short", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA.", "가가가가가가가A"] {
            assert!(!is_lab_id(text), "{text}");
        }
    }
}
