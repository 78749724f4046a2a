//! The guide's own buttons: a claim is opened, told, tried, measured and put back.

use super::{
    address,
    deeds::{self, Deed},
    in_turn,
};
use crate::{
    browser::{self, Outgoing},
    measure::{self, Of},
    state::{bench::Bench, boot::Room, guide::Tour},
};
use leptos::{prelude::*, task::spawn_local};

/// A claim was opened, or the one that was open is closed.
pub(crate) fn open_claim(bench: Bench, id: Option<String>) {
    if id.is_some() {
        ask_for_told(bench);
    }
    bench.guide.claim.set(id);
    address::write(bench);
}

/// Fetches what is told of the claims, for who wants to read it, unless it is on its way.
pub(crate) fn ask_for_told(bench: Bench) {
    if !bench.guide.is_asked.get_value() {
        spawn_local(async move {
            tell(bench).await;
        });
    }
}

/// Sees to it that the list tells what each claim says; whether it does. Where it did not come, that is said.
pub(crate) async fn tell(bench: Bench) -> bool {
    let tells = fetch_told(bench).await;
    if !tells {
        say_missing(bench);
    }
    tells
}

/// The same before it is asked for: that it did not come is said only where somebody waits for it by then.
#[cfg(feature = "hydrate")]
pub(super) async fn prepare(bench: Bench) {
    let is_wanted = || bench.guide.claim.with_untracked(Option::is_some) || bench.room.get_untracked() == Room::Slides;
    if !fetch_told(bench).await && is_wanted() {
        say_missing(bench);
    }
}

/// A slide has nothing to show then.
fn say_missing(bench: Bench) {
    if bench.room.get_untracked() == Room::Slides {
        bench.room.set(Room::Desk);
        address::write(bench);
    }
    bench.say_not_loaded();
}

async fn fetch_told(bench: Bench) -> bool {
    if bench.guide.tells.get_untracked() {
        return true;
    }
    bench.guide.is_asked.set_value(true);
    let url = format!("/guide/{}", bench.lang.tag());
    let answer = browser::fetch(Outgoing { method: "GET", url, ..Outgoing::default() }).await;
    bench.guide.is_asked.set_value(false);
    // Another call may have brought it meanwhile.
    if !bench.guide.tells.get_untracked() {
        let is_here = answer.is_ok_and(|answer| answer.ok() && browser::put(&answer.body));
        bench.guide.tells.set(is_here);
    }
    bench.guide.tells.get_untracked()
}

/// Measures what is behind a claim. Called by a click: only then may a window be opened.
pub(crate) fn measure_claim(bench: Bench, claim: String, in_window: bool) {
    measure::claim(bench, claim, in_window);
}

/// Shows a claim on the desk. Called by a click: only then may a window be opened.
pub(crate) fn try_it(bench: Bench, claim: String, in_window: bool) {
    if bench.guide.tour.with_untracked(Option::is_some) || bench.experiments.running.with_untracked(Option::is_some) {
        return;
    }
    if in_window {
        measure::open_window(bench);
    }
    bench.guide.stopping.set(false);
    bench.guide.tour.set(Some(Tour::default()));
    spawn_local(async move {
        deeds::done(bench, Deed::Try(claim)).await;
        bench.guide.tour.set(None);
    });
}

/// Ends it after what is being pressed.
pub(crate) fn stop_tour(bench: Bench) {
    bench.guide.stopping.set(true);
}

/// Puts back what was before the first claim was tried.
pub(crate) fn put_back(bench: Bench) {
    bench.guide.can_put_back.set(false);
    in_turn(bench, Deed::PutBack(Of::Tour));
}

/// Looks after what a page left that went away in the middle: what a run changed is put back, what a claim changed can
/// be.
pub(super) fn look_after(bench: Bench) {
    bench.guide.can_put_back.set(Of::Tour.is_noted(bench));
    if Of::Run.is_noted(bench) {
        in_turn(bench, Deed::PutBack(Of::Run));
    }
}
