//! Running experiments: one after the other, each trial under its own setting, and the settings put back afterwards.

use crate::{
    browser::{self, Lock},
    measure::{
        before::{Before, Of},
        carrier, credential,
        hand::open_window,
        http,
        later::Later,
        minutes, probes,
        rig::Rig,
        servers,
    },
    state::{
        bench::Bench,
        chosen::trials_of,
        lazy::NotLoaded,
        results::{Kept, Running},
    },
};
use domain::{
    lesson::{
        claim::named,
        experiment::{Axis, Experiment, Trial, What},
        measured::{Entry, Failure, Measured, same},
        part::Part,
        said::Said,
        tally::Ending,
    },
    scheme::Scheme,
};
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};

/// What a run goes through.
type Trials = Vec<(Experiment, Trial)>;

/// What is to be run. The trials follow from it and from how things are set, and those are looked at twice.
#[derive(Debug)]
enum Plan {
    /// What is behind the claim with this id.
    Claim(String),
    /// Every experiment with every scheme.
    Everything,
}

impl Plan {
    fn trials(&self, bench: Bench) -> Trials {
        in_order(match self {
            Self::Claim(claim) => {
                let behind = named(claim).map_or(&[][..], |claim| claim.behind);
                let of = |part: &'static Part| {
                    let trials = part.of(trials_of(bench, part.experiment, part.scheme));
                    trials.into_iter().map(move |trial| (part.experiment, trial))
                };
                behind.iter().flat_map(of).collect()
            }
            Self::Everything => everything(bench),
        })
    }
}

/// Runs what is behind a claim. Where another site has to ask, it does so from the attacker's window. Called by a click:
/// only then does the browser open one.
pub(crate) fn claim(bench: Bench, claim: String, needs_window: bool) {
    start(bench, Plan::Claim(claim), needs_window);
}

/// Runs every experiment with every scheme.
pub(crate) fn run_all(bench: Bench) {
    start(bench, Plan::Everything, true);
}

/// What is measured at one time: each trial alone, but for those that wait, which do so together at the end.
fn turns(trials: &[(Experiment, Trial)]) -> impl Iterator<Item = &[(Experiment, Trial)]> {
    let waits = trials.iter().position(|(_, trial)| trial.what.takes_minutes()).unwrap_or(trials.len());
    let (at_once, together) = trials.split_at(waits);
    at_once.chunks(1).chain((!together.is_empty()).then_some(together))
}

/// What has to wait comes last, so that the rest is there meanwhile. Of what waits the probes are first: they are set
/// while nobody is logged in.
fn in_order(mut trials: Trials) -> Trials {
    trials.sort_by_key(|(_, trial)| (trial.what.takes_minutes(), trial.what != What::ProbesLater));
    trials
}

fn everything(bench: Bench) -> Trials {
    let mut all = Trials::new();
    for experiment in Experiment::ALL {
        for scheme in Scheme::ALL {
            for trial in trials_of(bench, experiment, scheme) {
                if !all.iter().any(|(_, known)| same(known, &trial)) {
                    all.push((experiment, trial));
                }
            }
        }
    }
    all
}

/// Ends the run after what is under way.
pub(crate) fn stop(bench: Bench) {
    bench.experiments.stopping.set(true);
}

fn start(bench: Bench, plan: Plan, needs_window: bool) {
    let state = bench.experiments;
    if state.running.with_untracked(Option::is_some) {
        return;
    }
    state.stopping.set(false);
    if needs_window {
        open_window(bench);
    }
    state.kept.set(Some(Kept {
        scheme: bench.scheme.get_untracked(),
        options: bench.options.get_untracked(),
        defences: bench.view.with_untracked(|view| view.defences),
    }));
    state.running.set(Some(Running { now: Vec::new(), done: 0, of: 0, waiting: None }));
    spawn_local(async move {
        if let Ok(run) = whole(bench, plan, needs_window).await {
            run.await;
        } else {
            over(bench);
            bench.say_not_loaded();
        }
    });
}

/// Nothing runs any more.
fn over(bench: Bench) {
    let state = bench.experiments;
    state.stopping.set(false);
    state.running.set(None);
    state.kept.set(None);
    bench.begin_flow();
}

/// What changes the whole lab and puts it back is done by one tab at a time.
pub(crate) async fn one_at_a_time(bench: Bench) -> Result<Lock, Failure> {
    browser::lock(&format!("login-lab:{}", bench.lab())).await.ok_or(Failure::OtherTab)
}

/// A run from its beginning to its end. It and all that it needs is a file of its own, fetched when the first one
/// begins.
#[allow(clippy::unnecessary_wraps, reason = "it fails where it is called, when its file does not come")]
#[wasm_split(measure, wasm_split_path = leptos::wasm_split, fallible)]
fn whole(bench: Bench, plan: Plan, needs_window: bool) -> Result<Later<()>, NotLoaded> {
    Ok(Box::pin(async move {
        let ending = match one_at_a_time(bench).await {
            Err(failure) => Some(Ending::NotBegun(failure)),
            Ok(_lock) => measured(bench, plan, needs_window).await,
        };
        over(bench);
        if let Some(ending) = ending {
            bench.say(Said::Ran(ending));
        }
    }))
}

async fn measured(bench: Bench, plan: Plan, needs_window: bool) -> Option<Ending> {
    let state = bench.experiments;
    let before = match Before::of(bench).await {
        Ok(before) => before,
        Err(failure) => {
            if needs_window {
                let _ = Rig::to_tidy_up(bench).command("DELETE", "attacks").await;
            }
            return Some(Ending::NotBegun(failure));
        }
    };
    Of::Run.note(bench, &before);
    let has_window = needs_window && Rig::new(bench).view_when(|view| view.attacker.window).await.is_ok();
    // What the window's browser says of third-party cookies is part of the settings, so the plan is made anew.
    let trials = plan.trials(bench);
    let mut done = 0;
    for together in turns(&trials) {
        if state.stopping.get_untracked() {
            break;
        }
        state.running.set(Some(Running { now: together.to_vec(), done, of: trials.len(), waiting: None }));
        // Once is enough to wait for a window that does not come.
        let outcomes = match together {
            _ if !has_window && together.iter().any(|(_, trial)| trial.what.needs_window()) => {
                vec![Err(Failure::NoWindow); together.len()]
            }
            [(_, trial)] if !trial.what.takes_minutes() => vec![measure(bench, trial).await],
            _ => minutes::measure(bench, together).await,
        };
        if outcomes.contains(&Err(Failure::Stopped)) {
            break;
        }
        done += together.len();
        for ((experiment, trial), outcome) in together.iter().zip(outcomes) {
            state.take(Entry { experiment: *experiment, trial: trial.clone(), outcome, at: browser::unix_seconds() });
        }
    }
    let stopped = state.stopping.get_untracked();
    let put_back = before.put_back(bench, needs_window, matches!(plan, Plan::Everything)).await;
    Of::Run.forget(bench);
    match put_back {
        Ok(()) => untrack(|| state.entries.with(|entries| Ending::of(entries, &trials, stopped))),
        Err(failure) => Some(Ending::NotPutBack(failure)),
    }
}

/// One trial, whatever it is.
async fn measure(bench: Bench, trial: &Trial) -> Result<Measured, Failure> {
    let rig = Rig::new(bench);
    let measured = match trial.what {
        What::ProbesKept | What::ProbesVisible | What::ProbesFetched | What::ProbesFramed | What::ProbesCross(_) => {
            probes::measure(&rig, trial).await?
        }
        what => match axis(what) {
            Axis::Carrier => carrier::measure(&rig, trial).await?,
            Axis::Credential => credential::measure(&rig, trial).await?,
            Axis::Http => http::measure(&rig, trial).await?,
            Axis::Servers => servers::measure(&rig, trial).await?,
        },
    };
    rig.finish(measured).await
}

/// Where a question is answered.
const fn axis(what: What) -> Axis {
    match what {
        What::ScriptReads
        | What::LootWorks
        | What::ScriptActs
        | What::OtherSite(_)
        | What::OtherSiteLater
        | What::KnownBeforeScript
        | What::CookieDropped
        | What::PortGetsIt
        | What::HostGetsIt
        | What::PortReadsStorage => Axis::Carrier,
        What::Remembered
        | What::Done(_)
        | What::CatalogRequests
        | What::NotModified
        | What::MeRequests
        | What::CacheTells
        | What::CacheTellsIfAllowed
        | What::NodesAnswering
        | What::SameAnswer => Axis::Http,
        What::KnownRequests | What::LostWithNode | What::StoreOperations | What::Messages | What::CrowdUnlikeTheory => {
            Axis::Servers
        }
        _ => Axis::Credential,
    }
}
