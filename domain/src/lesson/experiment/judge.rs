//! Holding a measurement against its prediction.

use super::{Finding, Prediction, Repeated, What};
use crate::attack::Attack;

/// What a measurement is beside its prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same.
    AsPredicted,
    /// Another; for probes, of how many.
    NotAsPredicted {
        /// How many answers differ.
        differ: usize,
    },
    /// There was nothing to hold it against.
    MeasuredOnly,
}

/// Holds a measurement against what was predicted.
#[must_use]
pub fn judge(predicted: Option<&Prediction>, measured: &Finding) -> Verdict {
    let Some(predicted) = predicted else { return Verdict::MeasuredOnly };
    let differ = match (&predicted.finding, measured) {
        (Finding::Probes(predicted), Finding::Probes(measured)) => predicted.symmetric_difference(measured).count(),
        (predicted, measured) => usize::from(predicted != measured),
    };
    if differ == 0 { Verdict::AsPredicted } else { Verdict::NotAsPredicted { differ } }
}

/// Whether an answer is good news for the visitor; `None` where it is neither.
#[must_use]
pub fn better(what: What, finding: &Finding) -> Option<bool> {
    let yes = match finding {
        Finding::Yes => true,
        Finding::No => false,
        Finding::Count(count) => return better_count(what, *count),
        Finding::Micros(_) | Finding::Probes(_) => return None,
    };
    match what {
        What::KnownBeforeScript
        | What::SurvivesRestart
        | What::RefreshWorks
        | What::RefreshInTwoTabs
        | What::NotModified
        | What::SameAnswer
        | What::AliveBefore(_) => Some(yes),
        // A link that opens a page is meant to; a family that ends after a theft is the defence at work.
        What::OtherSite(Attack::Link)
        | What::RefreshAfterTheft
        | What::UseProlongs
        | What::RowGrows
        | What::Remembered
        | What::PayloadReads => None,
        _ => Some(!yes),
    }
}

fn better_count(what: What, count: u64) -> Option<bool> {
    match what {
        What::Done(Repeated::Post | Repeated::PostWithKey) => Some(count == 1),
        What::KnownRequests => Some(count == super::READS),
        What::CrowdUnlikeTheory => Some(count == 0),
        _ => None,
    }
}
