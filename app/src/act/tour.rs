//! *Try it*: presses the desk's own buttons one after the other, slowly enough to follow.

use super::{
    address,
    deeds::{self, Deed},
    in_turn, pressed,
};
use crate::{
    browser::{self, Outgoing},
    measure::{self, Of},
    state::{bench::Bench, boot::Room, guide::Tour},
};
use domain::lesson::{
    claim::{Claim, named},
    press::Press,
    said::Said,
};
use leptos::{prelude::*, task::spawn_local};

/// How long a button is shown before it is pressed, and what came of it before the next one.
const BEFORE_MS: i32 = 500;
const AFTER_MS: i32 = 700;

/// How often, and how far apart, it is looked whether the lab has kept what was seen: for three seconds at the most.
const LOOKS: u8 = 60;
const LOOK_MS: i32 = 50;

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

/// Tries a claim, unless another tab is at it.
pub(super) async fn tried(bench: Bench, id: &str) {
    let Some(claim) = named(id) else { return };
    let whole = match measure::one_at_a_time(bench).await {
        Ok(_lock) => toured(bench, claim).await,
        Err(failure) => {
            bench.say(Said::Failed(failure));
            false
        }
    };
    if whole {
        bench.guide.tour.set(None);
        saw(bench, claim);
    }
}

fn saw(bench: Bench, claim: &'static Claim) {
    bench.guide.seen.update(|seen| {
        seen.insert(claim.id);
    });
}

/// Whether it came to its end.
async fn toured(bench: Bench, claim: &'static Claim) -> bool {
    // What is seen is kept, also where the last press is a reload: so what keeps it has to be there by then.
    bench.keeps_results.set(true);
    if !bench.guide.can_put_back.get_untracked() {
        if let Err(failure) = measure::remember(bench).await {
            bench.say(Said::Failed(failure));
            return false;
        }
        bench.guide.can_put_back.set(true);
    }
    for (at, one) in claim.play.iter().enumerate() {
        let button = one.button();
        browser::point_at(&button);
        bench.guide.tour.set(Some(Tour { at: at + 1, of: claim.play.len(), button }));
        browser::pause(BEFORE_MS).await;
        if bench.guide.stopping.get_untracked() {
            return false;
        }
        // After it there is nobody left to note it, and what the page has not handed over goes with it.
        if *one == Press::Reload {
            saw(bench, claim);
            for _ in 0..LOOKS {
                if bench.experiments.has_kept(claim.id) {
                    break;
                }
                browser::pause(LOOK_MS).await;
            }
        }
        pressed::done(bench, one.clone()).await;
        if bench.said.with_untracked(|said| matches!(said, Some(Said::Failed(_) | Said::Unreachable))) {
            return false;
        }
        browser::pause(AFTER_MS).await;
    }
    browser::close_menus();
    true
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

pub(super) async fn had_back(bench: Bench, of: Of) {
    let done = match measure::one_at_a_time(bench).await {
        Ok(_lock) => measure::put_back(bench, of).await,
        // It is still at it, and puts back what it changes.
        Err(_) if of == Of::Run => return,
        Err(failure) => Err(failure),
    };
    bench.say(done.map_or_else(Said::Failed, |()| Said::PutBack));
}
