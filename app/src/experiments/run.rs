//! Running experiments: one after the other, each trial under its own setting, and the settings put back afterwards.

use super::{Ending, Entry, Failure, Kept, Measured, Running, carrier, credential, http, probes, servers};
use super::{
    rig::{Rig, good},
    surroundings::Surroundings,
    tally, trials_of,
};
use crate::{
    bench::{Bench, held},
    browser,
    said::Said,
};
use domain::{
    api::{LoggedOut, Login, Me},
    cookie::{AFFINITY, CookieOptions},
    experiment::{Axis, Experiment, Trial, What},
    scheme::{Carrier, Credential, Scheme},
    user::demo_password,
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeSet;

/// As whom trials log in.
const RUN_AS: [&str; 3] = ["alice", "bob", "carol"];

/// What the visitor had before the run.
struct Before {
    scheme: Scheme,
    options: CookieOptions,
    surroundings: Surroundings,
    login: Option<(Scheme, Me)>,
}

/// Runs one experiment with one scheme. Called by a click: only then may a window be opened.
pub(crate) fn run(bench: Bench, experiment: Experiment, scheme: Scheme) {
    let trials = trials_of(bench, experiment, scheme);
    start(bench, trials.into_iter().map(|trial| (experiment, trial)).collect(), false);
}

/// Runs every experiment with every scheme.
pub(crate) fn run_all(bench: Bench) {
    let mut all: Vec<(Experiment, Trial)> = Vec::new();
    for experiment in Experiment::ALL {
        for scheme in Scheme::ALL {
            for trial in trials_of(bench, experiment, scheme) {
                if !all.iter().any(|(_, known)| tally::same(known, &trial)) {
                    all.push((experiment, trial));
                }
            }
        }
    }
    // What has to wait comes last, so that the table fills in first.
    all.sort_by_key(|(_, trial)| trial.what.takes_minutes());
    start(bench, all, true);
}

/// Ends the run after what is under way.
pub(crate) fn stop(bench: Bench) {
    bench.experiments.stopping.set(true);
}

fn start(bench: Bench, trials: Vec<(Experiment, Trial)>, sweep: bool) {
    let state = bench.experiments;
    let Some((experiment, first)) = trials.first().cloned() else { return };
    if state.running.with_untracked(Option::is_some) {
        return;
    }
    state.stopping.set(false);
    let needs_window = trials.iter().any(|(experiment, _)| experiment.needs_window());
    if needs_window && !bench.view.with_untracked(|view| view.attacker.window) {
        let origin = bench.view.with_untracked(|view| view.attacker.origin.clone());
        browser::open_window(&format!("{origin}{}", bench.path("window")));
    }
    let scheme = first.setting.scheme;
    state.kept.set(Some(Kept {
        scheme: bench.scheme.get_untracked(),
        options: bench.options.get_untracked(),
        defences: bench.view.with_untracked(|view| view.defences),
    }));
    state.running.set(Some(Running { experiment, scheme, trial: first, done: 0, of: trials.len(), waiting: None }));
    spawn_local(async move {
        let before = remember(bench).await;
        for (done, (experiment, trial)) in trials.iter().enumerate() {
            state.running.update(|running| {
                if let Some(running) = running {
                    running.experiment = *experiment;
                    running.scheme = trial.setting.scheme;
                    running.trial = trial.clone();
                    running.done = done;
                    running.waiting = None;
                }
            });
            let outcome = measure(bench, trial).await;
            let stopped = outcome == Err(Failure::Stopped);
            if !stopped {
                let entry =
                    Entry { experiment: *experiment, trial: trial.clone(), outcome, at: browser::unix_seconds() };
                state.take(entry);
            }
            if stopped || state.stopping.get_untracked() {
                break;
            }
        }
        let stopped = state.stopping.get_untracked();
        state.stopping.set(false);
        let is_back = put_back(bench, before, needs_window, sweep).await;
        state.running.set(None);
        state.kept.set(None);
        let ending = match is_back {
            Ok(()) => untrack(|| Ending::of(state, &trials, sweep, stopped)),
            Err(failure) => Some(Ending::NotPutBack(failure)),
        };
        if let Some(ending) = ending {
            bench.say(Said::Ran(ending));
        }
    });
}

/// One trial, whatever it is.
async fn measure(bench: Bench, trial: &Trial) -> Result<Measured, Failure> {
    let rig = Rig::new(bench);
    let measured = match trial.what {
        What::ProbesKept
        | What::ProbesVisible
        | What::ProbesFetched
        | What::ProbesFramed
        | What::ProbesCross(_)
        | What::ProbesLater => probes::measure(&rig, trial).await?,
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

async fn remember(bench: Bench) -> Before {
    bench.look_at_arrivals().await;
    let scheme = bench.browser.with_untracked(|browser| held(browser).first().map(|held| held.scheme));
    let rig = Rig::new(bench);
    let login = match scheme {
        Some(scheme) => {
            let answer = rig.lesson("GET", "api/me", None).await;
            answer.ok().and_then(|answer| serde_json::from_str(&answer.body).ok()).map(|me| (scheme, me))
        }
        None => None,
    };
    Before {
        scheme: bench.scheme.get_untracked(),
        options: bench.options.get_untracked(),
        surroundings: Surroundings::of(&bench.view.get_untracked()),
        login,
    }
}

/// A login whose cookie the browser did not keep has a row that nobody can end any more but all at once. The
/// balancer's cookie goes with the first request that meets another routing.
async fn end_what_is_left(rig: &Rig) -> Result<(), Failure> {
    let users: BTreeSet<String> = rig.refresh_view().await?.rows().map(|row| row.user.clone()).collect();
    // A JWT is known to every node, whatever the routing.
    let scheme = Scheme::new(Credential::Jwt, Carrier::LocalStorage);
    for name in users.iter().filter(|name| RUN_AS.contains(&name.as_str())) {
        rig.log_in(Login::new(name, &demo_password(name), scheme)).await?;
        let LoggedOut { .. } = good(&rig.lesson("POST", "api/logout-everywhere", None).await?)?;
        rig.bench.keep(None);
    }
    if rig.bench.browser.with_untracked(|browser| browser.arrived.iter().any(|cookie| cookie.name == AFFINITY)) {
        rig.lesson("GET", "api/catalog", None).await?;
    }
    Ok(())
}

/// As far as it can be: a login is made anew, for the old one had to end. Each step is worth trying, whatever became
/// of the one before it; the first that failed is reported.
async fn put_back(bench: Bench, before: Before, close_window: bool, sweep: bool) -> Result<(), Failure> {
    let rig = Rig::new(bench);
    let mut steps = vec![
        rig.log_everything_out().await,
        rig.refresh_view().await.map(drop),
        before.surroundings.arrange(&rig).await,
        end_what_is_left(&rig).await,
    ];
    if sweep {
        steps.push(rig.command("DELETE", "loot").await);
    }
    if close_window {
        steps.push(rig.command("DELETE", "attacks").await);
        // The next run would take a window that is about to close for an open one. One that the visitor has closed
        // is missed a little later, which is no harm.
        let _ = rig.view_when(|view| !view.attacker.window).await;
    }
    if let Some((scheme, me)) = before.login {
        steps.push(log_in_anew(&rig, scheme, before.options, &me).await);
    }
    bench.options.set(before.options);
    bench.scheme.set(before.scheme);
    bench.look_at_arrivals().await;
    steps.into_iter().collect()
}

async fn log_in_anew(rig: &Rig, scheme: Scheme, options: CookieOptions, me: &Me) -> Result<(), Failure> {
    let name = &me.user.name;
    rig.log_in(Login { cookie: options, ..Login::new(name, &demo_password(name), scheme) }).await?;
    for item in &me.cart {
        rig.add_to_cart(item).await?;
    }
    Ok(())
}
