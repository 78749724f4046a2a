use crate::{act, browser, state::bench::Bench, ui::parts::tour::Tour};
use leptos::{prelude::*, task::spawn_local};

/// The claim that the visitor is at, to be tried where the list is out of sight: the one that is open, else the first
/// that was not seen yet.
#[component]
pub(crate) fn Sentence(bench: Bench) -> impl IntoView {
    let t = &bench.text().guide;
    let guide = bench.guide;
    let now = Memo::new(move |_| {
        let next = || guide.seen.with(|seen| to_try().into_iter().find(|claim| !seen.contains(claim.as_str())));
        guide.claim.get().or_else(next)
    });
    let words =
        Memo::new(move |_| now.with(|claim| claim.as_deref().map(|claim| words(bench, claim)).unwrap_or_default()));
    let is_on = move || guide.tour.with(Option::is_some);
    let can_be_tried = move || now.with(|claim| claim.as_deref().is_some_and(can_be_tried));
    view! {
        <div class="at" hidden=move || !guide.is_open.get() || now.with(Option::is_none)>
            <p><a href="#guide">{words}</a></p>
            <button
                type="button"
                class="primary"
                disabled=move || !bench.hydrated.get()
                hidden=move || is_on() || !can_be_tried()
                aria-label=move || format!("{}: {}", t.try_it, words.get())
                on:click=move |_| {
                    if let Some(claim) = now.get_untracked() {
                        // It is the same as in the list, which may have to be told first.
                        spawn_local(async move {
                            if act::tell(bench).await {
                                browser::click(&format!("#claim-{claim} button.primary"));
                            }
                        });
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

/// What the list says of a claim that can be tried.
#[cfg(not(feature = "ssr"))]
const TRY: &str = "data-try";

#[cfg(feature = "ssr")]
mod known {
    use crate::state::bench::Bench;
    use domain::lesson::claim::{claims, named};

    pub(super) fn to_try() -> Vec<String> {
        claims().filter(|(_, claim)| claim.can_be_tried()).map(|(_, claim)| claim.id.to_owned()).collect()
    }

    pub(super) fn can_be_tried(claim: &str) -> bool {
        named(claim).is_some_and(domain::lesson::claim::Claim::can_be_tried)
    }

    pub(super) fn words(bench: Bench, claim: &str) -> String {
        bench.lang.told().find(|told| told.id == claim).map_or_else(String::new, |told| told.claim.to_owned())
    }
}

/// The browser knows it from the list, which the server wrote.
#[cfg(not(feature = "ssr"))]
mod known {
    use super::TRY;
    use crate::{browser, state::bench::Bench, ui::guide::CLAIMS};

    pub(super) fn to_try() -> Vec<String> {
        let all = browser::ids(&format!("#{CLAIMS} [{TRY}]"));
        all.iter().filter_map(|id| id.strip_prefix("claim-")).map(str::to_owned).collect()
    }

    pub(super) fn can_be_tried(claim: &str) -> bool {
        browser::around(&format!("claim-{claim}"), TRY).is_some()
    }

    pub(super) fn words(_: Bench, claim: &str) -> String {
        browser::texts(&format!("claim-{claim}"), ".sentence").into_iter().next().unwrap_or_default()
    }
}

use known::{can_be_tried, to_try, words};
