//! What the attacker's buttons do.

use crate::{
    act::{
        deeds::{self, Deed},
        in_turn,
        requests::{control, report as tell},
    },
    state::bench::Bench,
};
use domain::{attack::Replayed, lesson::said::Said};
use leptos::{prelude::*, task::spawn_local};

/// The attacker sends what it has taken.
pub(crate) fn replay(bench: Bench, loot: u64) {
    spawn_local(deeds::done(bench, Deed::Replay(loot)));
}

/// The same with what it took last.
pub(super) async fn replay_newest(bench: Bench) {
    if let Some(loot) = bench.view.with_untracked(|view| view.attacker.loot.last().map(|loot| loot.id)) {
        replayed(bench, loot).await;
    }
}

pub(super) async fn replayed(bench: Bench, loot: u64) {
    let Some(answer) = control(bench, "POST", &format!("loot/{loot}/replay"), None).await else { return };
    tell(bench, &answer, |Replayed { status, user }| Said::Replayed { status, user });
}

/// What the attacker has is forgotten.
pub(crate) fn empty_loot(bench: Bench) {
    in_turn(bench, Deed::EmptyLoot);
}
