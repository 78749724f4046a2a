//! What the visitor has chosen, as the comparisons take it, and what they come to.

use crate::state::bench::Bench;
use domain::{
    cookie::Origin,
    lesson::{
        experiment::{Experiment, Setting, Trial, trials},
        results::Table,
        tally::Chosen,
    },
    scheme::{Credential, Scheme},
    topology::{StoreKind, Strategy},
};
use leptos::prelude::*;

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

/// The shared stores that can be had here, the best one first.
pub(crate) fn stores(bench: Bench) -> Vec<StoreKind> {
    bench.view.with(|view| {
        let is_there = |kind: &StoreKind| view.stores.iter().any(|offer| offer.kind == *kind && offer.available);
        StoreKind::SHARED.into_iter().filter(is_there).collect()
    })
}

/// The shared store that is used, else the one that was picked, else the best.
pub(crate) fn shared_store(bench: Bench) -> Option<StoreKind> {
    let used = Some(bench.view.with(|view| view.topology.store)).filter(|kind| kind.is_shared());
    used.or_else(|| bench.shared.get()).or_else(|| stores(bench).first().copied())
}

/// Which strategy the servers follow at this moment.
pub(crate) fn strategy(bench: Bench) -> Strategy {
    let is_token = bench.scheme.get().credential == Credential::Jwt;
    Strategy::of(bench.view.with(|view| view.topology), is_token)
}

/// The trials of an experiment as things are set now.
pub(crate) fn trials_of(bench: Bench, experiment: Experiment, scheme: Scheme) -> Vec<Trial> {
    untrack(|| trials(experiment, &setting(bench, scheme), &stores(bench)))
}

/// What the visitor has chosen. While a run changes it, what was chosen before.
pub(crate) fn chosen(bench: Bench) -> Chosen {
    let scheme = bench.experiments.kept.get().map_or_else(|| bench.scheme.get(), |kept| kept.scheme);
    Chosen { set: setting(bench, scheme), stores: stores(bench) }
}

/// What it all comes to.
pub(crate) fn tables(bench: Bench, chosen: &Chosen) -> Vec<Table> {
    bench.experiments.entries.with(|entries| Table::all(entries, chosen))
}
