//! The guide: one list of claims, each to be seen by one press.

use crate::{
    act,
    browser::{self, Clicked},
    state::{bench::Bench, boot::Room, lazy::Lazy},
    ui::parts::{lazily::Lazily, tour::Tour},
};
use domain::lesson::claim::{Chapter, TO_BE_SEEN};
use leptos::prelude::*;

pub(crate) mod behind;
#[cfg(feature = "ssr")]
pub(crate) mod list;
pub(crate) mod sentence;

/// The element in which the claims stand.
pub(crate) const CLAIMS: &str = "claims";

/// The list of claims, its chapters and its search.
#[component]
pub(crate) fn Guide(bench: Bench) -> impl IntoView {
    let text = &bench.text().guide;
    let first = bench.guide.claim.get_untracked().map_or(Chapter::Cookie, |claim| chapter_of(&claim));
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
    let is_measurable = move || bench.guide.claim.get().is_some_and(|claim| is_measurable(&claim));
    let seen = move || (text.seen)(bench.guide.seen.with(std::collections::BTreeSet::len), TO_BE_SEEN);
    // Back from the slides, the claim that stood on the last one is open.
    Effect::new(move |was: Option<Room>| {
        let room = bench.room.get();
        if was == Some(Room::Slides)
            && room == Room::Desk
            && let Some(claim) = bench.guide.claim.get_untracked()
        {
            wanted.set(String::new());
            browser::only_with(CLAIMS, "");
            chapter.set(chapter_of(&claim));
            browser::after(0, move || browser::point_at(&format!("tick-{claim}")));
        }
        room
    });
    // What is told is searched, too.
    Effect::new(move || {
        if bench.guide.tells.get() {
            wanted.with_untracked(|wanted| browser::only_with(CLAIMS, wanted));
        }
    });
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
                    act::ask_for_told(bench);
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
            <Lazily bench what=Lazy::Behind when=Signal::derive(is_measurable) />
        </section>
    }
    .into_any()
}

/// The claims in words, which the server writes. The browser takes them over from the server's page as they stand.
#[cfg(feature = "ssr")]
fn claims_html(bench: Bench) -> String {
    list::html(bench)
}

#[cfg(not(feature = "ssr"))]
fn claims_html(_: Bench) -> &'static str {
    ""
}

/// The chapter that a claim is in.
#[cfg(feature = "ssr")]
fn chapter_of(claim: &str) -> Chapter {
    domain::lesson::claim::named(claim).map_or(Chapter::Cookie, |claim| claim.place().0)
}

/// The browser knows it from the list.
#[cfg(not(feature = "ssr"))]
fn chapter_of(claim: &str) -> Chapter {
    let name = browser::around(&format!("claim-{claim}"), "data-chapter").unwrap_or_default();
    Chapter::ALL.into_iter().find(|chapter| chapter.name() == name).unwrap_or(Chapter::Cookie)
}

/// Whether there is something to be measured behind a claim.
fn is_measurable(claim: &str) -> bool {
    browser::around(&format!("claim-{claim}"), "data-measure").is_some()
}

fn clicked(bench: Bench, clicked: Option<Clicked>) {
    match clicked {
        Some(Clicked::Button { name, value, in_window }) => match name.as_str() {
            "measure" => act::measure_claim(bench, value, in_window),
            "slides" => act::show_slide(bench, value),
            _ => act::try_it(bench, value, in_window),
        },
        Some(Clicked::Summary { of, will_open }) => {
            if let Some(claim) = of.strip_prefix("claim-") {
                act::open_claim(bench, will_open.then(|| claim.to_owned()));
                if will_open {
                    browser::after(0, move || browser::show(&of));
                }
            }
        }
        None => {}
    }
}
