//! The experiments on the page: what was measured, and the run that is under way.

use crate::{bench::Bench, boot::Boot, text::Text};
use domain::{
    balance::NodeId,
    cookie::Origin,
    exchange::Exchange,
    lesson::experiment::{Axis, Experiment, Finding, Prediction, Setting, Trial, Verdict, judge, predict, trials},
    scheme::Scheme,
    topology::StoreKind,
};
use leptos::prelude::*;
use std::sync::Arc;

pub(crate) use rig::FRAMES;
pub(crate) use run::{answer, run, run_all, stop};
pub(crate) use servers::ASKED;
pub(crate) use tally::{Chosen, Ending, Kept, Tally};

mod asking;
mod before;
mod carrier;
mod credential;
mod http;
mod probes;
mod rig;
mod run;
mod servers;
mod surroundings;
mod tally;

/// What a run found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    /// The answer.
    pub(crate) finding: Finding,
    /// Figures that belong to it, each with what it counts; the words are the page's.
    pub(crate) figures: Vec<(Figure, u64)>,
    /// Which host and port was asked, as the browser said there; its record is not the wire's.
    pub(crate) asked: Option<String>,
    /// What was read, literally.
    pub(crate) read: Option<String>,
    /// The cart's items, the bytes of a request's credential, the bytes of the server's row: a line of the chart.
    pub(crate) growth: Vec<Growth>,
    /// What went over the wire for it.
    pub(crate) exchanges: Vec<Arc<Exchange>>,
}

impl Measured {
    pub(crate) fn new(finding: impl Into<Finding>) -> Self {
        Self {
            finding: finding.into(),
            figures: Vec::new(),
            asked: None,
            read: None,
            growth: Vec::new(),
            exchanges: Vec::new(),
        }
    }

    /// The figures as they are shown, and what was read.
    pub(crate) fn words(&self, t: &Text) -> Vec<String> {
        let figure = |(figure, n): &(Figure, u64)| format!("{}: {}", (t.experiments.figure)(*figure), figure.value(*n));
        let asked = self.asked.iter().map(|asked| format!("{}: {asked}", t.experiments.asked));
        let figures = self.figures.iter().map(figure);
        let read = self.read.iter().map(|read| format!("{}: {read}", t.experiments.read));
        asked.chain(figures).chain(read).collect()
    }

    pub(crate) fn with(mut self, figure: Figure, value: u64) -> Self {
        self.figures.push((figure, value));
        self
    }
}

/// What a figure beside a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// The status of the answer that decided.
    Status,
    /// Credentials that came along with the request that decided.
    CameAlong,
    /// The status of the answer with the credential.
    StatusWith,
    /// The status of the answer without it.
    StatusWithout,
    /// The status with it again.
    StatusAgain,
    /// The status of the answer to the credential that was not forged.
    StatusGenuine,
    /// Bytes with an empty cart.
    BytesEmpty,
    /// Bytes with the fullest cart.
    BytesFull,
    /// Items in the cart when it happened.
    Items,
    /// Bytes of name and value of the largest cookie that was kept.
    LargestKept,
    /// Bytes of name and value of the cookie that was dropped.
    Dropped,
    /// Seconds until a copy is dead by itself.
    SecondsLeft,
    /// Bytes that the attacker got.
    BytesTaken,
    /// The browser itself sent the request again, so often.
    SentAgainByBrowser,
    /// Credentials that were found where they were looked for.
    Found,
    /// Credentials that were found in the page's own localStorage, in the same way.
    FoundAtHome,
    /// The node that was stopped.
    Stopped,
    /// Of a few requests ([`ASKED`]) before it stopped, those that met a node which knew the login.
    KnownBefore,
    /// Of as many after it.
    KnownAfter,
    /// Numbers of a crowd that could be held against theory.
    Judged,
    /// Rows in the session store.
    Rows,
    /// Requests that met this node, which knew the login.
    Knew(NodeId),
    /// Requests that met this node, which did not know it.
    DidNotKnow(NodeId),
}

impl Figure {
    /// As it is shown: a status with its reason phrase (RFC 9110 §15), everything else as a number.
    fn value(self, n: u64) -> String {
        let is_status = matches!(
            self,
            Self::Status | Self::StatusWith | Self::StatusWithout | Self::StatusAgain | Self::StatusGenuine
        );
        let phrase = match n {
            200 => "OK",
            204 => "No Content",
            303 => "See Other",
            304 => "Not Modified",
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            _ => "",
        };
        if is_status && !phrase.is_empty() { format!("{n} {phrase}") } else { n.to_string() }
    }
}

/// How much travels and how much is stored at one size of the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Growth {
    pub(crate) items: u64,
    pub(crate) request_bytes: u64,
    pub(crate) row_bytes: u64,
}

/// Why a run has no finding. Each is said with what to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// The server gave no answer.
    Unreachable,
    /// The browser did not open the attacker's window, or it was closed.
    NoWindow,
    /// The attacker's origin cannot be reached from here.
    NoAttacker,
    /// It cannot be measured at this address: the attacker is no other site, or there is no other port of the
    /// page's host.
    NotHere,
    /// The server refused a step of the run that should have worked.
    Refused { status: u16, detail: String },
    /// A forged credential was refused, but not for what is wrong with it: that says nothing about the forgery.
    RefusedOtherwise { why: String },
    /// The browser calculates no signatures for a page that came by plain http from another machine.
    NoSignatures,
    /// Something else happened to the lab while a crowd ran, or the crowd was stopped: theory has no say on it.
    Disturbed,
    /// Something that should have come did not.
    TimedOut,
    /// The visitor stopped it.
    Stopped,
}

/// What came of a trial.
pub(crate) type Outcome = Result<Measured, Failure>;

/// A trial and what came of it last.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) experiment: Experiment,
    pub(crate) trial: Trial,
    pub(crate) outcome: Outcome,
    /// When, in seconds since 1970 by the browser's clock.
    pub(crate) at: f64,
}

impl Entry {
    pub(crate) fn predicted(&self) -> Option<Prediction> {
        predict(self.trial.what, &self.trial.setting)
    }

    /// Beside its prediction; `None` where there is no finding.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        let measured = self.outcome.as_ref().ok()?;
        Some(judge(self.predicted().as_ref(), &measured.finding))
    }
}

/// A run that is under way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Running {
    pub(crate) experiment: Experiment,
    pub(crate) scheme: Scheme,
    pub(crate) trial: Trial,
    /// How many trials are over, of all that this run has.
    pub(crate) done: usize,
    pub(crate) of: usize,
    /// Seconds that have to pass before it goes on.
    pub(crate) waiting: Option<u32>,
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
    /// The experiments that are shown; `None` is all of them.
    pub(crate) filter: RwSignal<Option<Axis>>,
    /// The experiment that the page's address names.
    pub(crate) linked: RwSignal<Option<Experiment>>,
    /// Where the lecture is; `None` when there is none.
    pub(crate) lecture: RwSignal<Option<Slide>>,
}

/// Where a lecture is: the experiment, and how much of it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slide {
    pub(crate) experiment: Experiment,
    /// The prediction is shown.
    pub(crate) predicted: bool,
    /// The reason is shown.
    pub(crate) explained: bool,
}

impl Slide {
    pub(crate) fn of(experiment: Experiment) -> Self {
        Self { experiment, predicted: false, explained: false }
    }
}

impl Default for Experiments {
    fn default() -> Self {
        Self {
            entries: RwSignal::new(Vec::new()),
            running: RwSignal::new(None),
            stopping: RwSignal::new(false),
            kept: RwSignal::new(None),
            filter: RwSignal::new(None),
            linked: RwSignal::new(None),
            lecture: RwSignal::new(None),
        }
    }
}

impl Experiments {
    /// As the page's address asks for them.
    pub(crate) fn of(boot: &Boot) -> Self {
        let state = Self::default();
        state.linked.set(boot.experiment);
        let slide = boot.lecture.then(|| Slide::of(boot.experiment.unwrap_or(Experiment::ALL[0])));
        state.lecture.set(slide);
        state
    }

    /// The outcome of just this trial, if it was run.
    pub(crate) fn entry(self, trial: &Trial) -> Option<Entry> {
        self.entries.with(|all| all.iter().find(|entry| tally::same(&entry.trial, trial)).cloned())
    }

    fn take(self, entry: Entry) {
        self.entries.update(|all| match all.iter_mut().find(|known| tally::same(&known.trial, &entry.trial)) {
            Some(known) => *known = entry,
            None => all.push(entry),
        });
    }

    pub(crate) fn is_running(self) -> bool {
        self.running.with(Option::is_some)
    }
}

/// The setting that the visitor has chosen, with this scheme.
pub(crate) fn setting(bench: Bench, scheme: Scheme) -> Setting {
    let boot = bench.boot();
    let origin = Origin::parse(&boot.origin).unwrap_or(Origin { https: false, host: "localhost".to_owned() });
    let kept = bench.experiments.kept.get();
    Setting {
        options: kept.map_or_else(|| bench.options.get(), |kept| kept.options),
        defences: kept.map_or_else(|| bench.view.with(|view| view.defences), |kept| kept.defences),
        third_party: bench.view.with(|view| view.attacker.third_party),
        ..Setting::usual(scheme, boot.engine, origin)
    }
}

/// The shared stores that can be had here.
pub(crate) fn stores(bench: Bench) -> Vec<StoreKind> {
    bench.view.with(|view| {
        let shared = view.stores.iter().filter(|offer| offer.available && offer.kind.is_shared());
        shared.map(|offer| offer.kind).collect()
    })
}

/// The trials of an experiment as things are set now.
pub(crate) fn trials_of(bench: Bench, experiment: Experiment, scheme: Scheme) -> Vec<Trial> {
    untrack(|| trials(experiment, &setting(bench, scheme), &stores(bench)))
}
