use crate::{act, state::bench::Bench, ui::parts::tour::Tour};
use domain::lesson::claim::{Claim, claims, named};
use leptos::prelude::*;

/// The claim that the visitor is at, to be tried where the list is out of sight: the one that is open, else the first
/// that was not seen yet.
#[component]
pub(crate) fn Sentence(bench: Bench) -> impl IntoView {
    let t = &bench.text().guide;
    let guide = bench.guide;
    let now = Memo::new(move |_| {
        let next = || {
            let mut to_try = claims().map(|(_, claim)| claim).filter(|claim| can_be_tried(claim));
            guide.seen.with(|seen| to_try.find(|claim| !seen.contains(claim.id))).map(|claim| claim.id)
        };
        guide.claim.get().or_else(next)
    });
    let claim = move || now.get().and_then(named);
    let words = Memo::new(move |_| claim().map(|claim| words(bench, claim)).unwrap_or_default());
    let is_on = move || guide.tour.with(Option::is_some);
    view! {
        <div class="at" hidden=move || !guide.is_open.get() || now.with(Option::is_none)>
            <p><a href="#guide">{words}</a></p>
            <button
                type="button"
                class="primary"
                disabled=move || !bench.hydrated.get()
                hidden=move || is_on() || !claim().is_some_and(can_be_tried)
                aria-label=move || format!("{}: {}", t.try_it, words.get())
                on:click=move |_| {
                    if let Some(claim) = untrack(claim) {
                        act::try_it(bench, claim);
                    }
                }
            >
                {t.try_it}
            </button>
            <Tour bench />
        </div>
    }
    .into_any()
}

fn can_be_tried(claim: &Claim) -> bool {
    !claim.play.is_empty() || !claim.behind.is_empty()
}

#[cfg(feature = "ssr")]
fn words(bench: Bench, claim: &Claim) -> String {
    bench.lang.told().find(|told| told.id == claim.id).map_or_else(String::new, |told| told.claim.to_owned())
}

/// The browser has them from the list, which the server wrote.
#[cfg(not(feature = "ssr"))]
fn words(_: Bench, claim: &Claim) -> String {
    crate::browser::texts(&format!("claim-{}", claim.id), ".sentence").into_iter().next().unwrap_or_default()
}
