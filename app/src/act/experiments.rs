//! What the buttons around the experiments do: showing one, the lecture, the attacker's loot, the report.

use crate::{
    act::{control, in_turn, report as tell, steer},
    browser,
    state::{
        bench::{Bench, Room},
        results::Slide,
    },
};
use domain::{attack::Replayed, lesson::said::Said};
use leptos::{prelude::*, task::spawn_local};

/// The element in which the lecture stands, and its heading.
pub(crate) const LECTURE: &str = "lecture-title";

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
    if let Some(claim) = bench.guide.claim.get_untracked() {
        query.push_str("&claim=");
        query.push_str(claim);
    }
    browser::replace_query(&query);
}

pub(crate) fn leave_lecture(bench: Bench) {
    bench.experiments.lecture.set(None);
    super::enter(bench, Room::Desk);
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
