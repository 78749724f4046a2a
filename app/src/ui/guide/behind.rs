use crate::{
    browser,
    state::{bench::Bench, chosen::chosen},
    ui::parts::behind::row,
};
use domain::lesson::claim::named;
use leptos::prelude::*;

/// Fills in what was predicted and measured of the claim that is open.
#[component]
pub(crate) fn Behind(bench: Bench) -> impl IntoView {
    Effect::new(move || show(bench));
}

fn show(bench: Bench) {
    // It stands in what is told of the claim.
    bench.guide.tells.track();
    let Some(claim) = bench.guide.claim.get().as_deref().and_then(named) else { return };
    let chosen = chosen(bench);
    let t = bench.text();
    let mut whole = !claim.behind.is_empty();
    for (at, part) in claim.behind.iter().enumerate() {
        let row = row(bench, &chosen, part);
        whole &= row.is_whole && !row.is_unlike;
        let measured = if row.measured.is_empty() { t.guide.not_measured.to_owned() } else { row.measured.join("\n") };
        let class = match (row.is_unlike, row.measured.is_empty()) {
            (true, _) => "unlike",
            (_, true) => "soft",
            _ => "",
        };
        browser::fill(&format!("measured-{}-{at}", claim.id), class, &measured);
        browser::fill(&format!("predicted-{}-{at}", claim.id), "", &row.predicted.join("\n"));
    }
    if whole {
        bench.guide.seen.update(|seen| {
            seen.insert(claim.id);
        });
    }
}
