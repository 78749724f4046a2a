//! The words of the guide: what each claim says.

use super::{Lang, T, en, ko};

/// What a claim says.
pub(crate) struct Told {
    /// The claim's id, for the words lie in a list of their own.
    pub(crate) id: T,
    /// The claim: one sentence.
    pub(crate) claim: T,
    /// Terms at their first use in the guide, each with one line.
    pub(crate) glosses: &'static [(T, T)],
    /// What to look at when it was tried; where nothing can be tried, why not.
    pub(crate) look: T,
    /// The rule behind it, in one to three sentences.
    pub(crate) why: T,
    /// What each row of the comparisons behind it is called.
    pub(crate) rows: &'static [T],
}

impl Lang {
    /// What each claim says, in the guide's order.
    pub(crate) fn told(self) -> impl Iterator<Item = &'static Told> {
        let chapters: [&[Told]; 7] = match self {
            Self::En => en::CLAIMS,
            Self::Ko => ko::CLAIMS,
        };
        chapters.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::lesson::claim::claims;
    use std::collections::HashSet;

    #[test]
    fn every_claim_has_its_words_in_both_languages_in_the_guide_s_order() {
        for lang in Lang::ALL {
            let told: Vec<_> = lang.told().collect();
            assert!(told.iter().map(|told| told.id).eq(claims().map(|(_, claim)| claim.id)), "{lang:?}");
            for ((_, claim), told) in claims().zip(&told) {
                assert_eq!(told.rows.len(), claim.behind.len(), "{lang:?} {}", claim.id);
                for words in [told.claim, told.look, told.why] {
                    assert!(words.chars().count() > 5, "{lang:?} {}", claim.id);
                }
            }
            let sentences: HashSet<_> = told.iter().map(|told| told.claim).collect();
            assert_eq!(sentences.len(), told.len(), "{lang:?}: no claim is said twice");
        }
    }

    #[test]
    fn a_term_is_explained_once() {
        for lang in Lang::ALL {
            let mut seen = HashSet::new();
            for told in lang.told() {
                for (term, meaning) in told.glosses {
                    assert!(seen.insert(*term), "{lang:?} {}: {term}", told.id);
                    assert!(!meaning.is_empty() && meaning.chars().count() <= 90, "{lang:?}: {term}");
                }
            }
        }
    }

    #[test]
    fn a_claim_is_short_and_so_is_all_that_is_said_of_it() {
        for lang in Lang::ALL {
            for told in lang.told() {
                assert!(told.claim.chars().count() <= 120, "{lang:?} {}", told.id);
                for words in [told.look, told.why] {
                    assert!(words.chars().count() <= 420, "{lang:?} {}", told.id);
                }
                for row in told.rows {
                    assert!((1..=60).contains(&row.chars().count()), "{lang:?} {}: {row}", told.id);
                }
            }
        }
    }
}
