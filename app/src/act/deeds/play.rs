//! The play of a claim: the desk's own buttons, pressed one after the other, slowly enough to follow.

use super::pressed;
use crate::{
    browser,
    measure::{self, Of},
    state::{bench::Bench, guide::Tour},
};
use domain::lesson::{
    claim::{Claim, named},
    press::Press,
    said::Said,
};
use leptos::prelude::*;

/// How long a button is shown before it is pressed, and what came of it before the next one.
const BEFORE_MS: i32 = 500;
const AFTER_MS: i32 = 700;

/// How often, and how far apart, it is looked whether the lab has kept what was seen: for three seconds at the most.
const LOOKS: u8 = 60;
const LOOK_MS: i32 = 50;

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

/// Puts back what was before.
pub(super) async fn had_back(bench: Bench, of: Of) {
    let done = match measure::one_at_a_time(bench).await {
        Ok(_lock) => measure::put_back(bench, of).await,
        // It is still at it, and puts back what it changes.
        Err(_) if of == Of::Run => return,
        Err(failure) => Err(failure),
    };
    bench.begin_flow();
    bench.say(done.map_or_else(Said::Failed, |()| Said::PutBack));
}
