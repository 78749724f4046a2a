//! Slides: one claim at a time, for a room full of people.

use super::{address, tour};
use crate::{
    browser,
    state::{bench::Bench, boot::Room, stage::Stage},
};
use domain::lesson::claim::Claim;
use leptos::prelude::*;

/// Shows this claim on a slide, from its beginning.
pub(crate) fn show_slide(bench: Bench, claim: String) {
    // What is tried on one slide does not go on behind another.
    tour::stop_tour(bench);
    tour::ask_for_told(bench);
    bench.guide.stage.set(Stage::Claim);
    bench.guide.claim.set(Some(claim));
    bench.room.set(Room::Slides);
    address::push(bench);
}

/// Back to the desk, with the same claim open.
pub(crate) fn leave_slides(bench: Bench) {
    tour::stop_tour(bench);
    bench.room.set(Room::Desk);
    address::push(bench);
}

/// The slide so many places on, as far as there is one.
pub(crate) fn turn(bench: Bench, by: isize) {
    if let Some(claim) = untrack(|| bench.guide.on_slide()).beside(by) {
        // What was said is about the slide before.
        bench.hush();
        show_slide(bench, claim.id.to_owned());
    }
}

/// Shows as much more as comes next, then the next slide. What is to be measured or tried is done where it is called for,
/// and nobody has to wait for it: the step after it can be taken at once.
pub(crate) fn step(bench: Bench, is_measured: bool) {
    let claim = untrack(|| bench.guide.on_slide());
    let Some(stage) = bench.guide.stage.get_untracked().after(claim) else { return turn(bench, 1) };
    bench.guide.stage.set(stage);
    if stage == Stage::Seen && !is_measured {
        try_or_measure(bench, claim);
    }
}

/// Tries what a slide is about: where something can be measured, that.
fn try_or_measure(bench: Bench, claim: &Claim) {
    if claim.behind.is_empty() {
        tour::try_it(bench, claim.id.to_owned(), claim.tries_in_window());
    } else {
        tour::measure_claim(bench, claim.id.to_owned(), claim.measures_in_window());
    }
}

/// Takes a step back; from the first one to the slide before.
pub(crate) fn step_back(bench: Bench) {
    match bench.guide.stage.get_untracked().before(untrack(|| bench.guide.on_slide())) {
        Some(stage) => bench.guide.stage.set(stage),
        None => turn(bench, -1),
    }
}

/// Follows the address after *Back* or *Forward*.
pub(super) fn follow(bench: Bench) {
    let claim = browser::asked("claim").filter(|claim| browser::is_there(&format!("claim-{claim}")));
    let room = Room::ASKED.into_iter().find(|room| browser::asked(room.name()).is_some()).unwrap_or_default();
    if bench.room.get_untracked() == Room::Slides
        && (room != Room::Slides || bench.guide.claim.get_untracked() != claim)
    {
        tour::stop_tour(bench);
    }
    if bench.guide.claim.get_untracked() != claim {
        bench.guide.stage.set(Stage::Claim);
        bench.guide.claim.set(claim);
    }
    if room == Room::Slides || bench.guide.claim.with_untracked(Option::is_some) {
        tour::ask_for_told(bench);
    }
    if bench.room.get_untracked() != room {
        bench.room.set(room);
    }
    // The switch may stand elsewhere by now.
    address::write(bench);
}
