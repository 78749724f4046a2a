//! What a crowd has measured so far.

use crate::{
    crowd::visitor::{Errand, Judged, PlannedErrand, VisitorVerdict},
    lab::crowds::Outage,
};
use bytes::Bytes;
use domain::{balance::NodeId, crowd::Outcomes, theory::Premises};
use http::{HeaderMap, StatusCode};
use std::{collections::BTreeMap, time::Duration};

/// A request that was answered.
pub(super) struct Answered {
    pub(super) step: PlannedErrand,
    pub(super) status: StatusCode,
    pub(super) node: Option<NodeId>,
    pub(super) took: Duration,
    pub(super) brought_session: bool,
    pub(super) needed_store: bool,
    /// How the store was being made to fail before and after.
    pub(super) outage: (Outage, Outage),
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) is_orphan: bool,
    /// Which run of a node answered.
    pub(super) by: Option<u64>,
}

/// The counts of a crowd. All but the times are as many as there are nodes.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) outcomes: Outcomes,
    pub(super) logins: u32,
    pub(super) nodes: BTreeMap<NodeId, u64>,
    /// What theory is to know of them, as far as it is counted here.
    pub(super) premises: Premises,
    pub(super) stale: u64,
    pub(super) mistaken_logins: u64,
    /// Requests that a node answered with `503`, the logins among them.
    pub(super) unavailable: u64,
    micros: Vec<f64>,
}

impl Tally {
    pub(super) fn count(&mut self, answered: &Answered, heard: Judged) {
        let (_, errand) = answered.step;
        let node = answered.node.filter(|_| heard.verdict != VisitorVerdict::CutOff);
        if let Some(node) = node {
            *self.nodes.entry(node).or_default() += 1;
        }
        let (before, after) = answered.outage;
        // Without a node that answers, nobody asks the store.
        if answered.needed_store && node.is_some() {
            self.premises.surely_unanswered += u64::from(before.surely(after));
            self.premises.maybe_unanswered += u64::from(before.maybe(after));
        }
        self.unavailable += u64::from(heard.verdict == VisitorVerdict::Unavailable && node.is_some());
        if errand == Errand::LogIn {
            self.logins += u32::from(heard.verdict == VisitorVerdict::Known);
            self.mistaken_logins += u64::from(heard.verdict == VisitorVerdict::Mistaken);
            return;
        }
        self.premises.asked += u64::from(answered.brought_session);
        self.micros.push(answered.took.as_secs_f64() * 1e6);
        self.premises.writes += u64::from(errand == Errand::Write && heard.verdict == VisitorVerdict::Known);
        self.premises.reads_after_writes += u64::from(heard.stale.is_some());
        self.stale += u64::from(heard.stale == Some(true));
        let outcome = match heard.verdict {
            VisitorVerdict::Known => &mut self.outcomes.known,
            VisitorVerdict::Refused => &mut self.outcomes.refused,
            VisitorVerdict::CutOff => &mut self.outcomes.cut_off,
            VisitorVerdict::Unavailable => &mut self.outcomes.unavailable,
            VisitorVerdict::Failed => &mut self.outcomes.failed,
            VisitorVerdict::Mistaken => &mut self.outcomes.mistaken,
        };
        *outcome += 1;
    }

    /// How many were told who asked, or that nobody is known.
    pub(super) fn judged(&self) -> u64 {
        self.outcomes.known + self.outcomes.refused + self.outcomes.mistaken
    }

    /// The time that these percents of the requests stayed below, in microseconds; nothing without a request.
    pub(super) fn quantiles(&mut self, percents: [usize; 3]) -> Option<[f64; 3]> {
        self.micros.sort_unstable_by(f64::total_cmp);
        let last = self.micros.len().checked_sub(1)?;
        Some(percents.map(|percent| self.micros.get(last * percent / 100).copied().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_what_was_measured() {
        let mut tally = Tally { micros: (0..=100).rev().map(f64::from).collect(), ..Tally::default() };
        assert_eq!(tally.quantiles([50, 90, 99]), Some([50.0, 90.0, 99.0]));
        assert_eq!(Tally::default().quantiles([50, 90, 99]), None);
        assert_eq!(Tally { micros: vec![7.0], ..Tally::default() }.quantiles([50, 90, 99]), Some([7.0; 3]));
    }
}
