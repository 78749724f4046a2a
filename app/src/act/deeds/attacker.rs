//! What the attacker's buttons do.

use super::requests::{control, report as tell};
use crate::state::bench::Bench;
use domain::{attack::Replayed, lesson::said::Said};
use leptos::prelude::*;

/// The attacker sends what it took last.
pub(super) async fn replay_newest(bench: Bench) {
    if let Some(loot) = bench.view.with_untracked(|view| view.attacker.loot.last().map(|loot| loot.id)) {
        replayed(bench, loot).await;
    }
}

/// The same with what it has taken.
pub(super) async fn replayed(bench: Bench, loot: u64) {
    let Some(answer) = control(bench, "POST", &format!("loot/{loot}/replay"), None).await else { return };
    tell(bench, &answer, |Replayed { status, user }| Said::Replayed { status, user });
}
