//! The guide: one list of claims, each to be seen by one press.

use crate::{
    act,
    browser::{self, Clicked},
    state::bench::{Bench, Room},
    text::Text,
};
use domain::lesson::{
    claim::{Chapter, Claim, claims},
    experiment::{Verdict, predict},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
mod list;

/// The element in which the claims stand.
const CLAIMS: &str = "claims";

/// The list of claims, its chapters and its search.
#[component]
pub(crate) fn Guide(bench: Bench) -> impl IntoView {
    let text = &bench.text().guide;
    let first = bench.guide.claim.get_untracked().and_then(chapter_of).unwrap_or(Chapter::Cookie);
    let chapter = RwSignal::new(first);
    let wanted = RwSignal::new(String::new());
    let is_searching = move || wanted.with(|wanted| !wanted.trim().is_empty());
    let tabs = Chapter::ALL.map(|one| {
        let is_on = move || chapter.get() == one && !is_searching();
        view! {
            <button
                type="button"
                role="tab"
                aria-selected=move || if is_on() { "true" } else { "false" }
                aria-controls=format!("chapter-{}", one.name())
                on:click=move |_| {
                    wanted.set(String::new());
                    browser::only_with(CLAIMS, "");
                    chapter.set(one);
                }
            >
                {(text.chapter)(one)}
            </button>
        }
    });
    let seen = move || {
        (text.seen)(
            bench.guide.seen.with(std::collections::BTreeSet::len),
            claims().filter(|(_, claim)| !claim.play.is_empty() || !claim.behind.is_empty()).count(),
        )
    };
    Effect::new(move || show_measured(bench));
    Effect::new(move || {
        for id in bench.guide.seen.get() {
            browser::fill(&format!("tick-{id}"), "tick seen", text.was_seen);
        }
    });
    view! {
        <section class="guide" id="guide" aria-labelledby="guide-title" hidden=move || !bench.guide.is_open.get() || bench.room.get() != Room::Desk>
            <header>
                <h2 id="guide-title">{text.title}</h2>
                <small>{seen}</small>
            </header>
            <input
                type="search"
                aria-label=text.search
                placeholder=text.search
                prop:value=move || wanted.get()
                on:input=move |event| {
                    let value = event_target_value(&event);
                    browser::only_with(CLAIMS, &value);
                    wanted.set(value);
                }
            />
            <div class="chapters" role="tablist" aria-label=text.chapters>{tabs.into_iter().collect_view()}</div>
            <Tour bench />
            <div
                class="claim-list"
                id=CLAIMS
                data-chapter=move || if is_searching() { "all" } else { chapter.get().name() }
                on:click=move |event| clicked(bench, browser::clicked(&event))
                inner_html=claims_html(bench)
            ></div>
        </section>
    }
    .into_any()
}

/// The claims in words, which the server writes; the browser leaves them as they came.
#[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "the browser has the words already"))]
fn claims_html(bench: Bench) -> String {
    #[cfg(feature = "ssr")]
    let html = list::html(bench.lang, bench.guide.claim.get_untracked());
    #[cfg(not(feature = "ssr"))]
    let html = browser::html_within(CLAIMS);
    html
}

fn chapter_of(id: &'static str) -> Option<Chapter> {
    claims().find(|(_, claim)| claim.id == id).map(|(chapter, _)| chapter)
}

fn named(id: &str) -> Option<&'static Claim> {
    claims().map(|(_, claim)| claim).find(|claim| claim.id == id)
}

fn clicked(bench: Bench, clicked: Option<Clicked>) {
    match clicked {
        Some(Clicked::Button { name, value }) => {
            let Some(claim) = named(&value) else { return };
            if name == "measure" { act::measure_claim(bench, claim) } else { act::try_it(bench, claim) }
        }
        Some(Clicked::Summary { of, will_open }) => {
            if let Some(claim) = of.strip_prefix("claim-").and_then(named) {
                act::open_claim(bench, will_open.then_some(claim.id));
            }
        }
        None => {}
    }
}

/// Shows what was predicted and measured of the claim that is open.
fn show_measured(bench: Bench) {
    let Some(claim) = bench.guide.claim.get().and_then(named) else { return };
    let chosen = crate::state::chosen::chosen(bench);
    let t = bench.text();
    let mut whole = !claim.behind.is_empty();
    for (at, part) in claim.behind.iter().enumerate() {
        let trials = part.of(chosen.trials(part.experiment, part.scheme));
        let alone = trials.len() == 1;
        let (mut measured, mut predicted, mut class) = (Vec::new(), Vec::new(), "");
        for trial in &trials {
            let what = (t.experiments.what)(trial.what);
            let named = |words: String| if alone { words } else { format!("{what}: {words}") };
            if let Some(prediction) = predict(trial.what, &trial.setting) {
                predicted.push(named((t.experiments.finding)(trial.what, &prediction.finding)));
            }
            let Some(entry) = bench.experiments.entry(trial) else {
                whole = false;
                continue;
            };
            whole &= entry.outcome.is_ok();
            measured.push(named(match &entry.outcome {
                Ok(measured) => (t.experiments.finding)(trial.what, &measured.finding),
                Err(failure) => (t.experiments.failure)(failure),
            }));
            if matches!(entry.verdict(), None | Some(Verdict::NotAsPredicted { .. })) {
                class = "unlike";
            }
        }
        let measured = if measured.is_empty() { t.guide.not_measured.to_owned() } else { measured.join("\n") };
        browser::fill(&format!("measured-{}-{at}", claim.id), class, &measured);
        browser::fill(&format!("predicted-{}-{at}", claim.id), "", &predicted.join("\n"));
    }
    if whole {
        bench.guide.seen.update(|seen| {
            seen.insert(claim.id);
        });
    }
}

/// What the guide presses at this moment, and how to stop it; afterwards, how to have back what was before.
#[component]
fn Tour(bench: Bench) -> impl IntoView {
    let t: &'static Text = bench.text();
    let guide = bench.guide;
    let is_on = move || guide.tour.with(Option::is_some);
    let how_far = move || guide.tour.get().map(|tour| (t.experiments.progress)(tour.at + 1, tour.claim.play.len()));
    view! {
        <p class="tour" hidden=move || !is_on() && !guide.can_put_back.get()>
            <span>{how_far}</span>
            <button type="button" hidden=move || !is_on() on:click=move |_| act::stop_tour(bench)>{t.guide.stop}</button>
            <button
                type="button"
                hidden=move || is_on() || !guide.can_put_back.get()
                on:click=move |_| act::put_back(bench)
            >
                {t.guide.put_back}
            </button>
        </p>
    }
    .into_any()
}
