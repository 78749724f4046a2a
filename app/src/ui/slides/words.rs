//! The words of a claim. The server has them; the browser reads them from the guide, which the server wrote, so that
//! none of them is in the page's own code.

use crate::state::bench::Bench;
use domain::lesson::claim::Claim;

/// What a slide says of a claim.
#[derive(Default)]
pub(super) struct Words {
    pub(super) claim: String,
    pub(super) glosses: Vec<(String, String)>,
    pub(super) look: String,
    pub(super) why: String,
    pub(super) rows: Vec<String>,
}

impl Words {
    #[cfg(feature = "ssr")]
    pub(super) fn of(bench: Bench, claim: &Claim) -> Self {
        let Some(told) = bench.lang.told().find(|told| told.id == claim.id) else { return Self::default() };
        Self {
            claim: told.claim.to_owned(),
            glosses: told.glosses.iter().map(|(term, meant)| ((*term).to_owned(), (*meant).to_owned())).collect(),
            look: told.look.to_owned(),
            why: told.why.to_owned(),
            rows: told.rows.iter().map(|row| (*row).to_owned()).collect(),
        }
    }

    #[cfg(not(feature = "ssr"))]
    pub(super) fn of(_: Bench, claim: &Claim) -> Self {
        let all = |selector: &str| crate::browser::texts(&format!("claim-{}", claim.id), selector);
        let one = |selector: &str| all(selector).into_iter().next().unwrap_or_default();
        Self {
            claim: one(".sentence"),
            glosses: all(".gloss dfn").into_iter().zip(all(".gloss span")).collect(),
            look: one(".look"),
            why: one(".rule"),
            rows: all(".m th span"),
        }
    }
}
