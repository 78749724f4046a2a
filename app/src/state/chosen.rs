//! What the visitor has chosen, as the comparisons take it, and what they come to.

use crate::state::bench::Bench;
use domain::{
    cookie::Origin,
    lesson::{
        experiment::{Experiment, Setting, Trial, trials},
        tally::{Chosen, Tally},
    },
    scheme::Scheme,
    topology::StoreKind,
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

/// What the visitor has chosen. While a run changes it, what was chosen before.
pub(crate) fn chosen(bench: Bench) -> Chosen {
    let scheme = bench.experiments.kept.get().map_or_else(|| bench.scheme.get(), |kept| kept.scheme);
    Chosen { set: setting(bench, scheme), stores: stores(bench) }
}

/// What there is to say about an experiment with one scheme.
pub(crate) fn tally(bench: Bench, chosen: &Chosen, experiment: Experiment, scheme: Scheme) -> Option<Tally> {
    bench.experiments.entries.with(|entries| Tally::of(entries, chosen, experiment, scheme))
}
