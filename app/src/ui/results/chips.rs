//! Under which setting a comparison is made, as chips.

use crate::{state::bench::Bench, text::Text};
use domain::{
    lesson::{
        experiment::{Difference, Experiment, Setting, Trial},
        tally::Chosen,
    },
    scheme::Scheme,
    topology::Topology,
};
use leptos::prelude::*;
use std::mem::{Discriminant, discriminant};

/// Where a setting is not the usual one.
pub(crate) fn setting(t: &Text, setting: &Setting) -> Option<AnyView> {
    let differences = setting.differences();
    (!differences.is_empty()).then(|| chips(differences.into_iter().map(t.experiments.difference)))
}

fn chips(words: impl IntoIterator<Item = String>) -> AnyView {
    let chips = words.into_iter().map(|words| view! { <span class="flag">{words}</span> " " }).collect_view();
    view! { <p class="differences">{chips}</p> }.into_any()
}

/// What is worth saying about the setting of an experiment's first comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FirstSetting {
    /// The usual one, and nothing that the visitor has set would matter here.
    Usual,
    /// The usual one, though the visitor has set otherwise what the experiment compares.
    NotYours,
    /// Another.
    Other(Vec<Difference>),
}

impl FirstSetting {
    /// Of these trials; `own` is the visitor's own setting.
    fn of(trials: &[Trial], own: &Setting) -> Self {
        let differences = trials.first().map(|first| first.setting.differences()).unwrap_or_default();
        if !differences.is_empty() {
            return Self::Other(differences);
        }
        let kind = |difference: Difference| -> Discriminant<Difference> { discriminant(&difference) };
        let compared: Vec<_> = trials.iter().flat_map(|trial| trial.setting.differences()).map(kind).collect();
        let is_set = own.differences().into_iter().map(kind).any(|kind| compared.contains(&kind));
        if is_set { Self::NotYours } else { Self::Usual }
    }

    /// It as chips, where there is something to say.
    pub(crate) fn shown(self, t: &Text) -> Option<AnyView> {
        match self {
            Self::Usual => None,
            Self::NotYours => Some(chips([t.experiments.usual_not_yours.to_owned()])),
            Self::Other(differences) => Some(chips(differences.into_iter().map(t.experiments.difference))),
        }
    }
}

/// What the visitor has set of the servers. A run sets them for its trials and puts them back, so while one is under
/// way it is what was set before.
pub(crate) fn servers(bench: Bench) -> Memo<Topology> {
    Memo::new(move |before: Option<&Topology>| match before {
        Some(before) if bench.experiments.is_running() => *before,
        _ => bench.view.with(|view| view.topology),
    })
}

/// Under which setting an experiment's first comparison is made with a scheme.
pub(crate) fn of_first(chosen: &Chosen, servers: Topology, experiment: Experiment, scheme: Scheme) -> FirstSetting {
    let own = Setting { scheme, topology: servers, ..chosen.set.clone() };
    FirstSetting::of(&chosen.trials(experiment, scheme), &own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        cookie::{CookieOptions, Engine, Origin},
        topology::StoreKind,
        view::Defences,
    };

    fn first(experiment: Experiment, change: impl FnOnce(&mut Setting)) -> FirstSetting {
        let origin = Origin::parse("http://localhost:3000").unwrap();
        let usual = Setting::usual(Scheme::ALL[0], Engine::Blink, origin);
        let mut own = usual.clone();
        change(&mut own);
        // As the page has it: the servers are not part of what is chosen for an experiment.
        let set = Setting { topology: usual.topology, ..own.clone() };
        let chosen = Chosen { set, stores: vec![StoreKind::Sqlite] };
        of_first(&chosen, own.topology, experiment, Scheme::ALL[0])
    }

    #[test]
    fn nothing_is_said_where_all_is_as_usual() {
        assert_eq!(first(Experiment::Restart, |_| ()), FirstSetting::Usual);
        assert_eq!(first(Experiment::ScriptReads, |_| ()), FirstSetting::Usual);
    }

    #[test]
    fn what_the_visitor_has_set_is_said_where_it_is_measured() {
        let open = |own: &mut Setting| own.options = CookieOptions { http_only: false, ..own.options };
        assert_eq!(first(Experiment::ScriptReads, open), FirstSetting::Other(vec![Difference::NoHttpOnly]));
    }

    #[test]
    fn that_it_is_not_the_visitors_is_said_only_where_the_experiment_compares_it() {
        let shared = |own: &mut Setting| own.topology.store = StoreKind::Sqlite;
        assert_eq!(first(Experiment::Restart, shared), FirstSetting::NotYours);
        assert_eq!(first(Experiment::Fixation, shared), FirstSetting::Usual);
        let denylist = |own: &mut Setting| own.defences = Defences { denylist: true, ..own.defences };
        assert_eq!(first(Experiment::RoleChange, denylist), FirstSetting::NotYours);
        assert_eq!(first(Experiment::Restart, denylist), FirstSetting::Usual);
    }
}
