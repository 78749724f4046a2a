//! What the buttons around the experiments do: showing one, the lecture, the attacker's loot, the report.

use crate::{
    act::{control, in_turn, report as tell, steer},
    browser,
    state::{bench::Bench, results::Slide},
};
use domain::{
    attack::Replayed,
    cookie::SameSite,
    lesson::{
        experiment::{Experiment, Setting},
        press::Press,
        said::Said,
    },
    scheme::{Carrier, Scheme},
};
use leptos::{prelude::*, task::spawn_local};

/// The element in which the lecture stands, and its heading.
pub(crate) const LECTURE: &str = "lecture-title";

/// An address that opens an experiment with these settings in a lab of its own, whoever follows it; never a
/// credential, and not this lab's id, which would hand the lab over.
pub(crate) fn address_of(set: &Setting, experiment: Experiment) -> String {
    let Setting { scheme, options, .. } = set;
    let mut address = format!("/?scheme={scheme}&experiment={}", experiment.name());
    if scheme.carrier == Carrier::Cookie {
        let flags = [
            (!options.http_only, "&http-only=off"),
            (options.secure, "&secure=on"),
            (options.host_prefix, "&host-prefix=on"),
        ];
        address.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, flag)| flag));
        if options.same_site != SameSite::default() {
            address.push_str("&same-site=");
            address.push_str(options.same_site.name());
        }
    }
    address
}

/// Says in the address which scheme and which experiment is looked at.
pub(super) fn write_address(bench: Bench) {
    let state = bench.experiments;
    let mut query = format!("?scheme={}", bench.scheme.get_untracked());
    let slide = state.lecture.get_untracked().map(|slide| slide.experiment);
    if let Some(experiment) = slide.or(state.linked.get_untracked()) {
        query.push_str("&experiment=");
        query.push_str(experiment.name());
    }
    if slide.is_some() {
        query.push_str("&lecture=1");
    }
    browser::replace_query(&query);
}

/// An experiment's reasons were opened or closed.
pub(crate) fn link_experiment(bench: Bench, experiment: Experiment, open: bool) {
    let linked = bench.experiments.linked;
    if open {
        linked.set(Some(experiment));
    } else if linked.get_untracked() == Some(experiment) {
        linked.set(None);
    }
    write_address(bench);
}

/// Goes to an experiment's card.
pub(crate) fn show_experiment(bench: Bench, experiment: Experiment) {
    bench.experiments.filter.set(None);
    link_experiment(bench, experiment, true);
    // What has just become visible can be scrolled to from the next turn on.
    browser::after(0, move || browser::go_to(&format!("experiment-{}", experiment.name())));
}

/// Goes to an experiment's card, and moves the switch to the scheme that it is to be seen with, which is said. While
/// something runs the switch stays where it is.
pub(crate) fn visit(bench: Bench, experiment: Experiment, scheme: Scheme) {
    let moves = bench.scheme.get_untracked() != scheme;
    if moves && bench.experiments.running.with_untracked(Option::is_none) {
        super::press(bench, Press::Switch(scheme));
    }
    show_experiment(bench, experiment);
}

pub(crate) fn open_lecture(bench: Bench) {
    let first = bench.experiments.linked.get_untracked().unwrap_or(Experiment::ALL[0]);
    show_slide(bench, Slide::of(first));
    browser::after(0, || browser::go_to(LECTURE));
}

pub(crate) fn leave_lecture(bench: Bench) {
    let Some(slide) = bench.experiments.lecture.get_untracked() else { return };
    bench.experiments.lecture.set(None);
    show_experiment(bench, slide.experiment);
}

pub(crate) fn show_slide(bench: Bench, slide: Slide) {
    bench.experiments.lecture.set(Some(slide));
    write_address(bench);
}

/// The attacker sends what it has taken.
pub(crate) fn replay(bench: Bench, loot: u64) {
    spawn_local(replayed(bench, loot));
}

/// The same with what it took last.
pub(super) async fn replay_newest(bench: Bench) {
    if let Some(loot) = bench.view.with_untracked(|view| view.attacker.loot.last().map(|loot| loot.id)) {
        replayed(bench, loot).await;
    }
}

async fn replayed(bench: Bench, loot: u64) {
    let Some(answer) = control(bench, "POST", &format!("loot/{loot}/replay"), None).await else { return };
    tell(bench, &answer, |Replayed { status, user }| Said::Replayed { status, user });
}

/// What the attacker has is forgotten.
pub(crate) fn empty_loot(bench: Bench) {
    in_turn(async move { steer(bench, "DELETE", "loot", None, Said::LootEmptied).await });
}
