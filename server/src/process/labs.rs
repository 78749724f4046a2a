//! All labs: made by a visit, dropped when idle, bounded in number.

use crate::{
    lab::{Lab, Shared},
    lock::lock,
};
use lru::LruCache;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;

/// Whether this can be the id of a lab: 22 characters of base64url.
pub(crate) fn is_lab_id(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[derive(Debug)]
pub(crate) struct Labs {
    held: Mutex<ByUse>,
    shared: Shared,
    most: usize,
    idle: Duration,
}

/// Each with when it was used, in that order.
type ByUse = LruCache<String, (Arc<Lab>, Instant)>;

/// The lab of this id; it counts as used.
fn touch(held: &mut ByUse, id: &str) -> Option<Arc<Lab>> {
    let (lab, used) = held.get_mut(id)?;
    *used = Instant::now();
    Some(Arc::clone(lab))
}

/// Takes out the one that lay idle longest, of those in which nobody has logged in or listens if there are any.
fn pop(held: &mut ByUse) -> Option<Arc<Lab>> {
    let unused = held.iter().rev().find(|(_, (lab, _))| !lab.is_lived_in());
    let first = unused.or_else(|| held.peek_lru())?.0.clone();
    held.pop(&first).map(|(lab, _)| lab)
}

impl Labs {
    pub(crate) fn new(shared: Shared, most: u64, idle: Duration) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
        Self { held: Mutex::new(LruCache::unbounded()), shared, most, idle }
    }

    /// The lab of this id, made if need be; it counts as used. The id is a valid one.
    pub(crate) fn lab(&self, id: &str) -> Arc<Lab> {
        let mut held = lock(&self.held);
        if let Some(lab) = touch(&mut held, id) {
            return lab;
        }
        let gone = if held.len() >= self.most { pop(&mut held) } else { None };
        let lab = Arc::new(Lab::new(id, &self.shared));
        held.put(id.to_owned(), (Arc::clone(&lab), Instant::now()));
        drop(held);
        if let Some(gone) = gone {
            gone.close();
        }
        lab
    }

    /// The lab of this id, if it is there; it counts as used.
    pub(crate) fn existing(&self, id: &str) -> Option<Arc<Lab>> {
        touch(&mut lock(&self.held), id)
    }

    /// How often whoever uses a lab without a request has to say so.
    pub(crate) fn touch_every(&self) -> Duration {
        self.idle / 3
    }

    /// Every lab, without counting it as used.
    pub(crate) fn all(&self) -> Vec<Arc<Lab>> {
        lock(&self.held).iter().map(|(_, (lab, _))| Arc::clone(lab)).collect()
    }

    pub(crate) fn tidy(&self) {
        let mut gone = Vec::new();
        let mut held = lock(&self.held);
        while held.peek_lru().is_some_and(|(_, (_, used))| used.elapsed() >= self.idle) {
            gone.extend(held.pop_lru());
        }
        drop(held);
        for (_, (lab, _)) in &gone {
            lab.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lab::Secret,
        origins::{self, Configured, Origins},
    };

    fn labs(most: u64, idle: Duration) -> Labs {
        let origins = Origins::new(Configured::default(), origins::ADDR, origins::ATTACKER_ADDR);
        let (secret, origins) = (Arc::new(Secret(vec![1; 32])), Arc::new(origins));
        Labs::new(Shared { secret, stores: Arc::default(), origins, budget: Arc::default() }, most, idle)
    }

    #[test]
    fn with_too_many_labs_the_one_that_lay_idle_longest_goes_and_its_streams_end() {
        let labs = labs(2, Duration::from_mins(1));
        let (a, b) = (labs.lab("a"), labs.lab("b"));
        labs.existing("a");
        labs.lab("c");
        assert!(b.closed.is_cancelled() && !a.closed.is_cancelled());
        assert!(Arc::ptr_eq(&a, &labs.lab("a")));
    }

    #[test]
    fn however_many_are_made_one_with_a_login_or_a_listener_stays() {
        let labs = labs(3, Duration::from_mins(1));
        let (logged_in, listening) = (labs.lab("a"), labs.lab("b"));
        logged_in.somebody_logged_in();
        let _stream = listening.streams.try_acquire().unwrap();
        for n in 0..100 {
            labs.lab(&n.to_string());
        }
        assert!(!logged_in.closed.is_cancelled() && !listening.closed.is_cancelled());
        assert_eq!(labs.all().len(), 3);
        let newer: Vec<_> = ["c", "d", "e"].map(|id| labs.lab(id)).into();
        for lab in &newer {
            lab.somebody_logged_in();
        }
        labs.lab("f");
        assert!(logged_in.closed.is_cancelled(), "of those the one that lay idle longest goes, too");
        assert_eq!(labs.all().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_uses_goes_and_what_somebody_uses_stays() {
        let labs = labs(10, Duration::from_mins(1));
        let (used, idle) = (labs.lab("a"), labs.lab("b"));
        idle.somebody_logged_in();
        for _ in 0..3 {
            tokio::time::advance(Duration::from_secs(30)).await;
            labs.existing("a");
            labs.tidy();
        }
        assert!(idle.closed.is_cancelled() && !used.closed.is_cancelled());
        assert!(labs.existing("b").is_none());
    }

    #[test]
    fn only_twenty_two_characters_of_base64url_name_a_lab() {
        assert!(is_lab_id("AAAAAAAAAAAAAAAAAAAA-_"));
        for text in ["", "short", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA.", "가가가가가가가A"] {
            assert!(!is_lab_id(text), "{text}");
        }
    }
}
