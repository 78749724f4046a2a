//! How much of a claim is told to a room: the question first, then what is predicted, what is seen, and why.

use domain::lesson::claim::Claim;

/// What a slide shows, each stage with all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// The claim alone.
    Claim,
    /// What is predicted.
    Prediction,
    /// What is measured; where nothing can be, it was tried on the desk.
    Seen,
    /// What to look at, and the rule.
    Reason,
}

impl Stage {
    /// Those that a claim has.
    fn of(claim: &Claim) -> impl Iterator<Item = Self> {
        let (is_played, is_measured) = (!claim.play.is_empty(), !claim.behind.is_empty());
        [Self::Claim, Self::Prediction, Self::Seen, Self::Reason].into_iter().filter(move |stage| match stage {
            Self::Prediction => is_measured,
            Self::Seen => is_measured || is_played,
            Self::Claim | Self::Reason => true,
        })
    }

    /// The next one.
    pub(crate) fn after(self, claim: &Claim) -> Option<Self> {
        Self::of(claim).find(|stage| *stage > self)
    }

    /// The one before.
    pub(crate) fn before(self, claim: &Claim) -> Option<Self> {
        Self::of(claim).filter(|stage| *stage < self).last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::lesson::claim::claims;

    #[test]
    fn every_claim_is_told_from_its_words_to_its_reason_and_back() {
        for (_, claim) in claims() {
            let mut stage = Stage::Claim;
            while let Some(next) = stage.after(claim) {
                assert_eq!(next.before(claim), Some(stage), "{}", claim.id);
                stage = next;
            }
            assert_eq!(stage, Stage::Reason, "{}", claim.id);
            assert_eq!(Stage::Claim.before(claim), None);
        }
    }

    #[test]
    fn what_is_measured_is_predicted_first() {
        for (_, claim) in claims().filter(|(_, claim)| !claim.behind.is_empty()) {
            assert_eq!(Stage::Claim.after(claim), Some(Stage::Prediction), "{}", claim.id);
        }
    }
}
