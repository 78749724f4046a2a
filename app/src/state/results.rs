//! What was measured in this lab, and the run that is under way.

use domain::{
    cookie::CookieOptions,
    lesson::{
        experiment::{Experiment, Trial},
        measured::{Entry, entry, same},
        saved::Saved,
    },
    scheme::Scheme,
    view::Defences,
};
use leptos::prelude::*;

/// What a run changes and puts back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) scheme: Scheme,
    pub(crate) options: CookieOptions,
    pub(crate) defences: Defences,
}

/// A run that is under way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Running {
    /// What is being measured: nothing yet, one trial, or those that wait together.
    pub(crate) now: Vec<(Experiment, Trial)>,
    /// How many trials are over, of all that this run has.
    pub(crate) done: usize,
    pub(crate) of: usize,
    /// Seconds that have to pass before it goes on.
    pub(crate) waiting: Option<u32>,
}

/// What this page and the server agreed on last, and what is to be done about it.
#[derive(Debug, Default)]
pub(crate) struct Agreed {
    pub(crate) version: u64,
    pub(crate) saved: Saved,
    pub(crate) is_busy: bool,
    /// Read first, write then. `None` where nothing is to be done.
    pub(crate) wanted: Option<bool>,
}

/// The state of the experiments. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Experiments {
    /// The last outcome of each trial, in the order in which they were first run.
    pub(crate) entries: RwSignal<Vec<Entry>>,
    pub(crate) running: RwSignal<Option<Running>>,
    /// Whether the visitor wants the run to end.
    pub(crate) stopping: RwSignal<bool>,
    /// What the visitor had chosen when the run began.
    pub(crate) kept: RwSignal<Option<Kept>>,
    /// What of this the lab keeps.
    pub(crate) agreed: StoredValue<Agreed>,
}

impl Default for Experiments {
    fn default() -> Self {
        Self {
            entries: RwSignal::new(Vec::new()),
            running: RwSignal::new(None),
            stopping: RwSignal::new(false),
            kept: RwSignal::new(None),
            agreed: StoredValue::new(Agreed::default()),
        }
    }
}

impl Experiments {
    /// The outcome of just this trial, if it was run.
    pub(crate) fn entry(self, trial: &Trial) -> Option<Entry> {
        self.entries.with(|all| entry(all, trial).cloned())
    }

    pub(crate) fn take(self, entry: Entry) {
        self.entries.update(|all| match all.iter_mut().find(|known| same(&known.trial, &entry.trial)) {
            Some(known) => *known = entry,
            None => all.push(entry),
        });
    }

    /// Whether the lab keeps that this claim was seen.
    pub(crate) fn has_kept(self, claim: &str) -> bool {
        self.agreed.with_value(|agreed| agreed.saved.seen.contains(claim))
    }

    pub(crate) fn is_running(self) -> bool {
        self.running.with(Option::is_some)
    }
}
