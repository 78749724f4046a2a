//! Where the visitor is in the guide.

use crate::state::{boot::Boot, stage::Stage};
use domain::lesson::claim::{
    self, Claim, claims,
    seen::{Done, by_hand},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// How many presses are remembered: more than any play has.
const HISTORY: usize = 48;

/// The guide's state. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Guide {
    /// Whether it is shown.
    pub(crate) is_open: RwSignal<bool>,
    /// The claim that is open, by its id.
    pub(crate) claim: RwSignal<Option<String>>,
    /// How much of it is told, where it stands on a slide.
    pub(crate) stage: RwSignal<Stage>,
    /// The claims that came true before the visitor's eyes.
    pub(crate) seen: RwSignal<BTreeSet<&'static str>>,
    /// What *Try it* presses at this moment.
    pub(crate) tour: RwSignal<Option<Tour>>,
    /// Whether the visitor wants it to end.
    pub(crate) stopping: RwSignal<bool>,
    /// What was pressed by hand, oldest first.
    pub(crate) history: StoredValue<Vec<Done>>,
    /// Whether what was before can be had back.
    pub(crate) can_put_back: RwSignal<bool>,
    /// Whether the list tells what each claim says.
    pub(crate) tells: RwSignal<bool>,
    /// Whether that is on its way.
    pub(crate) is_asked: StoredValue<bool>,
}

/// How far the claim is that is being tried.
#[derive(Clone, Default)]
pub(crate) struct Tour {
    /// Which of its presses it is at, counted from 1; 0 before the first.
    pub(crate) at: usize,
    /// How many it has.
    pub(crate) of: usize,
    /// The button that it presses, by its id.
    pub(crate) button: String,
}

impl Guide {
    /// As the page's address asks for it.
    pub(crate) fn of(boot: &Boot) -> Self {
        Self {
            is_open: RwSignal::new(true),
            claim: RwSignal::new(boot.claim.clone()),
            stage: RwSignal::new(Stage::Claim),
            seen: RwSignal::new(BTreeSet::new()),
            tour: RwSignal::new(None),
            stopping: RwSignal::new(false),
            history: StoredValue::new(Vec::new()),
            can_put_back: RwSignal::new(false),
            tells: RwSignal::new(boot.tells),
            is_asked: StoredValue::new(false),
        }
    }

    /// Notes what was pressed by hand, and ticks the claims that came true by it.
    pub(crate) fn note(self, done: Done) {
        self.history.update_value(|history| {
            let over = (history.len() + 1).saturating_sub(HISTORY);
            history.drain(..over);
            history.push(done);
        });
        let new: Vec<_> = self.history.with_value(|history| {
            let is_new = |id: &&str| self.seen.with_untracked(|seen| !seen.contains(id));
            claims()
                .filter(|(_, claim)| by_hand(claim.play, history))
                .map(|(_, claim)| claim.id)
                .filter(is_new)
                .collect()
        });
        if !new.is_empty() {
            self.seen.update(|seen| seen.extend(new));
        }
    }

    /// The claim that stands on the slide: the one that is open, else the first.
    pub(crate) fn on_slide(self) -> &'static Claim {
        self.claim.get().as_deref().and_then(claim::named).unwrap_or(claim::first())
    }
}
